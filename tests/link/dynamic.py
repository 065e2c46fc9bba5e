# SPDX-License-Identifier: MIT
"""What dynamic variables and CPUs that come ask of the linker: the reserve, by every kind of script;
constructors, in their order; and that a program which has none of it has nothing for it."""

import os
import re
import struct

import judge
import members as parts_of
import pie
from compiler import refuse
from image import Image
from layouts import judge_layout
from refusals import configured_library
from toolchain import COLLECTED, PLAIN, UPPER_HALF, VARIANTS

# Bytes of the reserve, no multiple of anything.
RESERVE = 12345


def symbols(image):
    """The addresses of percpu.ld's symbols, by their names."""
    names = ("load_start", "load_end", "data_end", "reserve_start", "reserve_end", "stride_end",
             "start", "end", "map_start")
    return {name: image.address(f"_percpu_{name}") for name in names}


def the_hole_is_empty(image):
    """Behind the template there is room of the reserve's size, in which nothing lies."""
    at = symbols(image)
    start, end = at["reserve_start"], at["reserve_end"]
    yield start % 64 == 0 and RESERVE <= end - start < RESERVE + 128, f"{start:#x} to {end:#x}"
    yield at["load_end"] <= at["data_end"] <= start, f"contents to {at['data_end']:#x}, {start:#x}"
    for section in image.sections.values():
        low, high = section["sh_addr"], section["sh_addr"] + section["sh_size"]
        apart = low == 0 or high <= start or low >= end
        yield apart or section.name == ".percpu_areas", f"{section.name}, {low:#x} to {high:#x}, is in the hole"
    for load in image.segments:
        filled = load.p_vaddr + load.p_filesz
        yield load.p_vaddr >= end or filled <= start, f"the file has contents up to {filled:#x}"
    for symbol in image.symbols:
        named = symbol.name.startswith("_percpu_") or symbol.name in ("edata", "_edata")
        inside = start <= symbol.address < end
        yield named or not inside, f"{symbol.name} is in the hole"
    yield image.file_size < 1 << 20, f"the file has {image.file_size} bytes"


def each_area_has_it(image, areas):
    """At the same place in each, and the map of it lies behind all."""
    at = symbols(image)
    stride = at["stride_end"] - at["load_start"]
    yield at["end"] - at["start"] == areas * stride, f"{areas} areas, stride {stride:#x}"
    yield at["reserve_end"] <= at["stride_end"], "the reserve does not end in the area"
    yield at["start"] >= at["reserve_end"], "the areas begin in the hole"
    space = image.sections[".percpu_areas"]
    yield space["sh_addr"] <= at["reserve_start"], "the hole begins before .percpu_areas"
    room = space["sh_addr"] + space["sh_size"] - at["map_start"]
    granules = (at["reserve_end"] - at["reserve_start"]) // 8
    yield at["map_start"] >= at["end"] and at["map_start"] % 8 == 0, "the map is in an area"
    yield room >= 2 * 8 * -(-granules // 64), f"{room} bytes for the map of {granules} granules"


def judge_reserve(tap, image, name, areas):
    """The reserve's properties, of an image that has the others."""
    for text, checks in (("the hole behind the template is empty", the_hole_is_empty(image)),
                         ("each area has the reserve", each_area_has_it(image, areas))):
        complaints = judge.faults(checks)
        tap.ok(not complaints, f"{name}: {text}", complaints)


def reserve_flags(align=None):
    """For the linker."""
    return [f"--defsym=PERCPU_DYNAMIC={RESERVE}"] + \
        ([f"--defsym=PERCPU_DYNAMIC_ALIGN={align}"] if align else [])


def scripts(tap, tools):
    """With PHDRS and without, low and in the upper half, and with MEMORY."""
    high, model = UPPER_HALF[tools.arch]
    cases = [("user", tools.load, [], 8, [], 8192), ("simple", tools.load, [], 64, [], 65536),
             ("physical", high, model, 64, [f"--defsym=OFFSET={high - tools.load}"], 64),
             ("memory", tools.load, [], 64, [], 16384)]
    for variant in VARIANTS:
        for script, load, flags, areas, options, align in cases:
            compiled = tools.compile("programs/layout.c", *flags, lto=variant.lto)
            result = tools.link([compiled.path], f"scripts/{script}.ld", variant,
                                name=f"{script}.reserve",
                                flags=[f"--defsym=LOAD_ADDRESS={load}",
                                       "--orphan-handling=error", *options, *reserve_flags(align)])
            name = f"{script}.ld with a reserve, {variant.name}"
            if image := judge_layout(tap, result, name, areas=areas, load=load):
                judge_reserve(tap, image, name, areas)
                given = image.address("_percpu_align_end") - image.address("_percpu_load_start")
                tap.ok(given == max(align, judge.PAGE),
                       f"{name}: PERCPU_DYNAMIC_ALIGN {align} is what areas are aligned to", given)


def programs(tap, tools):
    """The library's part too, by a script, and as a static PIE."""
    for variant in VARIANTS:
        compiled = tools.compile("programs/dynamic.c", lto=variant.lto)
        result = tools.link([compiled.path], "scripts/user.ld", variant, name="dynamic",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}", *reserve_flags()])
        name = f"dynamic variables, {variant.name}"
        if image := judge.judge(tap, result, name, areas=8, load=tools.load):
            judge_reserve(tap, image, name, 8)
    # GNU ld for riscv64 links no static PIE.
    for variant in () if tools.arch == "riscv64" and not tools.is_lld else (PLAIN, COLLECTED):
        compiled = tools.compile("programs/dynamic.c", "-fPIE")
        result = tools.link([compiled.path], "scripts/pie.ld", variant, name="dynamic.pie", pie=True,
                            flags=[f"--defsym=LOAD_ADDRESS={pie.LOAD}", *reserve_flags()])
        name = f"dynamic variables in a static PIE, {variant.name}"
        if image := judge.judge(tap, result, name, areas=64, load=pie.LOAD):
            judge_reserve(tap, image, name, 64)


def single(tap, tools):
    """In PERCPU_MODE sp the hole itself is what is allocated."""
    library, config = configured_library(tools, "PERCPU_MODE", "sp")
    program = tools.compile("programs/dynamic.c", config)
    for variant in (PLAIN, COLLECTED):
        result = tools.link([o.path for o in [program, *library]], "scripts/user.ld", variant,
                            name="single", library=False,
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}", *reserve_flags()])
        name = f"sp with a reserve, {variant.name}"
        if tap.ok(result.path, f"{name}: links", result.why()):
            image = Image(result.path)
            complaints = judge.faults(the_hole_is_empty(image))
            tap.ok(not complaints, f"{name}: the hole behind the template is empty", complaints)
            at = symbols(image)
            tap.ok(at["start"] == at["end"] and any(
                load.p_vaddr <= at["reserve_start"] and
                at["reserve_end"] <= load.p_vaddr + load.p_memsz for load in image.segments),
                f"{name}: it is in a segment, and there are no areas", at)


WRONG = [("ALIGN=3", "PERCPU_DYNAMIC_ALIGN is a power of two, and at most 65536"),
         ("ALIGN=96", "PERCPU_DYNAMIC_ALIGN is a power of two, and at most 65536"
          "|alignment must be power of 2"),
         ("ALIGN=12288", "PERCPU_DYNAMIC_ALIGN is a power of two, and at most 65536"),
         ("ALIGN=131072", "PERCPU_DYNAMIC_ALIGN is a power of two, and at most 65536"),
         ("ALIGN=0", "PERCPU_DYNAMIC_ALIGN is a power of two, and at most 65536"),
         ("=-1", "less than 1 GiB, and not negative"),
         ("=-4096", "less than 1 GiB, and not negative"),
         ("=0x40000000", "less than 1 GiB, and not negative")]


def wrong(tap, tools):
    """What the two symbols cannot be."""
    compiled = tools.compile("programs/layout.c")
    for variant in (PLAIN, COLLECTED):
        for what, words in WRONG:
            symbol = f"PERCPU_DYNAMIC{'_' if what[0] != '=' else ''}{what}"
            result = tools.link([compiled.path], "scripts/user.ld", variant, name="wrong",
                                flags=[f"--defsym=LOAD_ADDRESS={tools.load}", f"--defsym={symbol}"])
            refuse(tap, result, f"{symbol}, {variant.name}", words)
        result = tools.link([compiled.path, "--defsym=PERCPU_DYNAMIC=4096"], "scripts/user.ld",
                            variant, name="late", flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        refuse(tap, result, f"PERCPU_DYNAMIC behind the script, {variant.name}",
               "PERCPU_DYNAMIC is given too late to count")


def reserve(tap, tools):
    """All of it."""
    scripts(tap, tools)
    programs(tap, tools)
    single(tap, tools)
    wrong(tap, tools)


# ---- Constructors ----

# In two units; the order is by level, then name.
UNITS = ("CONSTRUCTOR(50,b); CONSTRUCTOR(05,z); CONSTRUCTOR(50,aa);",
         "CONSTRUCTOR(99,a); CONSTRUCTOR(50,a); CONSTRUCTOR(00,last);")
# With functions of its own.
AGAIN = "static int u(size_t c){return (int)c;} static void d(size_t c){(void)c;} " \
    "PERCPU_CONSTRUCT(20,timer,u,d);"
ORDER = ["00_last", "05_z", "50_a", "50_aa", "50_b", "99_a"]


def entries(image):
    """The names of the functions that the table leads to, in its order."""
    start = image.address("_percpu_constructors_start")
    end = image.address("_percpu_constructors_end")
    for at in range(start, end, 8):
        for name, place in (("percpu__up_", at), ("percpu__down_", at + 4)):
            target = place + struct.unpack("<i", image.bytes_at(place, 4))[0]
            yield [s.name[len(name):].partition(".")[0] for s in image.symbols
                   if s.address == target and s.name.startswith(name)]


def constructors(tap, tools):
    """They come in their order, whichever the units' is; two of a level and name do not link."""
    for variant in VARIANTS:
        def link(name, *units, variant=variant):
            objects = [tools.compile("programs/constructors.c", f"-DCONSTRUCTORS={unit}",
                                     *["-DMAIN"] * (number == 0), lto=variant.lto).path
                       for number, unit in enumerate(units)]
            return tools.link(objects, "scripts/user.ld", variant, name=name,
                              flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])

        for units in (UNITS, UNITS[::-1]):
            result = link("constructors", *units)
            if tap.ok(result.path, f"constructors, {variant.name}: link", result.why()):
                found = list(entries(Image(result.path)))
                tap.ok(found == [[name] for name in ORDER for _ in range(2)],
                       f"constructors, {variant.name}: are in order", found)
        refuse(tap, link("twice", "CONSTRUCTOR(20,timer);", AGAIN),
               f"two constructors of one level and name, {variant.name}",
               "libpercpu__two_constructors_of_one_name_20_timer")


# ---- Who has none of it ----

def taken(tools, program, variant, call="percpu_init(1)"):
    """The members of libpercpu.a that a program has, and how it was linked."""
    compiled = tools.compile(f"programs/{program}", f"-DINIT={call}", lto=variant.lto)
    mapped = os.path.join(tools.out, "map")
    result = tools.link([compiled.path], "scripts/user.ld", variant, name="static",
                        flags=[f"--defsym=LOAD_ADDRESS={tools.load}", f"-Map={mapped}"])
    if not result.path:
        return None, result
    with open(mapped, encoding="utf-8") as file:
        return set(re.findall(r"libpercpu\.a\((\w+\.o)\)", file.read())), result


def static(tap, tools):
    """A program that only has variables of PERCPU_DEFINE has none of the other parts; in one that
    has them, they are found."""
    for variant in VARIANTS:
        for program in ("layout.c", "init.c", "no_variables.c", "checked.c"):
            members, result = taken(tools, program, variant)
            tap.ok(members and members <= parts_of.STATIC, f"{program} has none of the library's further "
                   f"parts, {variant.name}", members or result.why())
        members, result = taken(tools, "init.c", variant, "percpu_init_each((void *const *)0, 1)")
        tap.ok(members and "error_dynamic.o" in members, "who calls percpu_init_each has the "
               f"sentences of its errors, {variant.name}", members or result.why())
        members, result = taken(tools, "dynamic.c", variant)
        tap.ok(members and members >= parts_of.DYNAMIC, f"control: dynamic.c has them, {variant.name}",
               members or result.why())


GROUPS = {"reserve": reserve, "constructors": constructors, "static": static}
