# SPDX-License-Identifier: MIT
"""Programs that must link, and what their ELF files must hold."""

import itertools
import os
import re
import struct

import judge
from compiler import refuse
from image import Image
from toolchain import COLLECTED, HERE, PLAIN, UPPER_HALF, VARIANTS

# The variables of programs/layout.c: range, and initial value as pack takes it.
VARIABLES = {"near_byte": ("near", "<B", 0xa1), "near_half": ("near", "<H", 0xa2a3),
             "near_word": ("near", "<I", 0xa4a5a6a7),
             "near_long": ("near", "<Q", 0xa8a9aaabacadaeaf), "near_flag": ("near", "<B", 1),
             "near_array": ("near", "<HHH", 1, 2, 3),
             "far_byte": ("far", "<B", 0xb1), "far_half": ("far", "<H", 0xb2b3),
             "far_word": ("far", "<I", 0xb4b5b6b7), "far_long": ("far", "<Q", 0xb8b9babbbcbdbebf),
             "far_zeros": ("far", "5000s", b""), "line_byte": ("near", "<B", 0xc1),
             "line_array": ("near", "<BB63x", 0xc2, 0xc3), "line_word": ("near", "<I", 0xc4c5c6c7),
             "page_word": ("far", "<I", 0xd1d2d3d4), "page_bytes": ("far", "4097s", b"page")}


def initial_values(image):
    """C4: what the file holds for each variable."""
    for name, (its_range, form, *values) in VARIABLES.items():
        wanted = struct.pack(form, *values)
        address = image.address(f"__percpu_{its_range}.{name}")
        held = image.bytes_at(address, len(wanted))
        yield held == wanted, f"{name} at {address:#x} is {held and held[:16]}"


def lines_are_owned(image):
    """No other variable's bytes are in the lines of one that owns its lines."""
    variables = image.variables()
    for owner in variables:
        if ".line_" not in owner.name:
            continue
        start = owner.address
        end = -(-(start + owner.size) // judge.LINE) * judge.LINE
        yield start % judge.LINE == 0, f"{owner.name} is at {start:#x}"
        for other in variables:
            apart = other.address >= end or other.address + other.size <= start
            yield other == owner or apart, f"{other.name} is in a line of {owner.name}"


def pages_are_owned(image):
    """Page variables start on pages, of the template and so of every area."""
    base = image.address("_percpu_load_start")
    for name in ("page_word", "page_bytes"):
        offset = image.address(f"__percpu_far.{name}") - base
        yield offset % judge.PAGE == 0, f"{name} is at offset {offset:#x}"
    yield (image.address("_percpu_align_end") - base) % judge.PAGE == 0, "areas are not on pages"


def judge_layout(tap, result, name, *, areas, load):
    """The properties of every program, and those of programs/layout.c."""
    image = judge.judge(tap, result, name, areas=areas, load=load)
    if not image:
        return None
    for text, checks in (("the file holds every initial value", initial_values(image)),
                         ("line variables own their lines", lines_are_owned(image)),
                         ("page variables start on pages", pages_are_owned(image))):
        complaints = judge.faults(checks)
        tap.ok(not complaints, f"{name}: {text}", complaints)
    return image


def layout(tap, tools):
    """programs/layout.c, low and in the upper half, with each script."""
    high, model = UPPER_HALF[tools.arch]
    offset = high - tools.load
    cases = [("user", tools.load, [], 8, []), ("user", high, model, 8, []),
             ("simple", tools.load, [], 64, []),
             ("simple", tools.load, [], 3, ["--defsym=CPU_NUM=3"]),
             ("physical", high, model, 64, [f"--defsym=OFFSET={offset}"]),
             ("memory", tools.load, [], 64, [])]
    for variant in VARIANTS:
        for script, load, flags, areas, options in cases:
            compiled = tools.compile("programs/layout.c", *flags, lto=variant.lto)
            name = f"{script}.{load:x}.{areas}"
            result = tools.link([compiled.path], f"scripts/{script}.ld", variant, name=name,
                                flags=[f"--defsym=LOAD_ADDRESS={load}", "--orphan-handling=error",
                                       *options])
            name = f"{script}.ld at {load:#x}, {areas} areas, {variant.name}"
            image = judge_layout(tap, result, name, areas=areas, load=load)
            if image and script == "physical":
                loads = [(s.p_vaddr, s.p_paddr) for s in image.segments]
                tap.ok(all(v - p == offset for v, p in loads),
                       f"{name}: every segment is loaded low", f"{loads}")


def language(tap, tools):
    """The same program in C++ is laid out alike."""
    if reason := tools.lacks("C++"):
        tap.skip("programs/layout.c in C++", reason)
        return
    for variant in VARIANTS:
        compiled = tools.compile("programs/layout.c", language="C++", lto=variant.lto)
        if tap.ok(compiled.path, "programs/layout.c compiles as C++", compiled.why()):
            result = tools.link([compiled.path], "scripts/user.ld", variant, name="cplusplus",
                                flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
            judge_layout(tap, result, f"C++, {variant.name}", areas=8, load=tools.load)


def alignment(tap, tools):
    """An alignment beyond the page, the library alone, and nothing of the library."""
    for variant in VARIANTS:
        for program in ("strict", "no_variables", "no_library"):
            compiled = tools.compile(f"programs/{program}.c", lto=variant.lto)
            result = tools.link([compiled.path], "scripts/user.ld", variant, name=program,
                                flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
            name = f"{program}, {variant.name}"
            # lld takes from the archive what the ASSERT about __global_pointer$ names.
            taken = tools.is_lld and tools.arch == "riscv64"
            if program == "no_library" and not taken:
                judge_empty(tap, result, name)
            elif (image := judge.judge(tap, result, name, areas=8, load=tools.load)) \
                    and program == "strict":
                places = [image.address(symbol) for symbol in
                          ("__percpu_far.strict", "_percpu_load_start", "_percpu_start")]
                tap.ok(all(place % 8192 == 0 for place in places),
                       f"{name}: variable, template and areas are aligned", f"{places}")


def bare(tap, tools):
    """C34: a script without PHDRS, and a program that has code and nothing but the library's data,
    so that the fragment's sections follow the code."""
    for variant, script in itertools.product(VARIANTS, ("simple", "memory")):
        compiled = tools.compile("programs/no_variables.c", lto=variant.lto)
        result = tools.link([compiled.path], f"scripts/{script}.ld", variant, name=f"bare.{script}",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        judge.judge(tap, result, f"{script}.ld, no data, {variant.name}", areas=64, load=tools.load)


def judge_empty(tap, result, name):
    """The fragment in a program without per-CPU variables, not even the library's."""
    if tap.ok(result.path, f"{name}: links", result.why()):
        image = Image(result.path)
        size = image.address("_percpu_end") - image.address("_percpu_start")
        tap.ok(size == 0 and ".percpu" not in image.sections, f"{name}: there are no areas",
               f"{size:#x} bytes")


def survival(tap, tools):
    """C3: what only another unit, assembly or a debugger names is there, with its value."""
    values = {"near.named_by_c": 0xe1e2e3e4, "near.named_by_assembly": 0xe5e6e7e8,
              "far.far_named_by_assembly": 0xe9eaebec, "near.named_by_a_debugger": 0xedeeeff0,
              "far.far_named_by_a_debugger": 0xf1f2f3f4,
              "near.line_named_by_a_debugger": 0xf5f6f7f8,
              "far.page_named_by_a_debugger": 0xf9fafbfc}
    for variant in VARIANTS:
        objects = [tools.compile(f"programs/{source}", lto=variant.lto).path
                   for source in ("defined.c", "named.c", "named.S")]
        result = tools.link(objects, "scripts/user.ld", variant, name="survival",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        image = judge.judge(tap, result, f"survival, {variant.name}", areas=8, load=tools.load)
        if not image:
            continue
        for name, value in values.items():
            held = [image.bytes_at(s.address, 4) for s in image.named(f"__percpu_{name}")]
            tap.ok(held == [struct.pack("<I", value)], f"{name}, {variant.name}: survives",
                   f"{held}")
        table = struct.unpack("<QQ", image.bytes_at(image.address("table"), 16))
        names = ("__percpu_near.named_by_assembly", "__percpu_far.far_named_by_assembly")
        tap.ok(table == tuple(image.address(name) for name in names),
               f"assembly has their addresses, {variant.name}", f"{table}")


def same_name(tap, tools):
    """Two units each have a static variable of one name: there are two, with their values."""
    for variant in VARIANTS:
        objects = [tools.compile(f"programs/same_name_{i}.c", lto=variant.lto) for i in (1, 2)]
        result = tools.link([o.path for o in objects], "scripts/user.ld", variant,
                            name="same_name", flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        image = judge.judge(tap, result, f"same name, {variant.name}", areas=8, load=tools.load)
        for name, wanted in (("near.counter", {0x11111111, 0x22222222}),
                             ("far.far_counter", {0x33333333, 0x44444444})):
            symbols = image.named(f"__percpu_{name}") if image else []
            values = {struct.unpack("<I", image.bytes_at(s.address, 4))[0] for s in symbols}
            tap.ok(len(symbols) == 2 and values == wanted, f"two {name}, {variant.name}",
                   f"{symbols} {values}")


def insert(tap, tools):
    """An addition to the linker's own script is right, or else refused in the fragment's words."""
    for variant in (PLAIN, COLLECTED):
        compiled = tools.compile("programs/layout.c")
        result = tools.link([compiled.path], "scripts/insert.ld", variant, name="insert",
                            flags=["-e", "_start"])
        if result.path:
            judge_layout(tap, result, f"insert.ld, {variant.name}", areas=64, load=1)
        else:
            refuse(tap, result, f"insert.ld, {variant.name}", "libpercpu: ")


def relative_to_gp(image):
    """How many loads and stores of .text have gp as their base."""
    text = image.contents[".text"][1]
    at = count = 0
    while at < len(text):
        if text[at] & 3 != 3:
            at += 2
            continue
        word = int.from_bytes(text[at:at + 4], "little")
        count += word & 0x7f in (0x03, 0x23) and word >> 15 & 31 == 3
        at += 4
    return count


def written(tools, name, text):
    """A file of that text; its path."""
    path = os.path.join(tools.out, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def small_data(tap, tools):
    """C45: with tp as the register GNU ld still reaches small data by gp, where the script has it
    as percpu.h says."""
    if tools.arch != "riscv64" or tools.is_lld:
        tap.skip("C45 small data by gp", "GNU ld for riscv64 alone does that")
        return
    with open(os.path.join(HERE, "scripts", "small_data.ld"), encoding="ascii") as file:
        right = file.read()
    with open(tools.config, encoding="ascii") as file:
        config = written(tools, "tp.h", re.sub(r"(RISCV_REG).*", r"\1 tp", file.read()))
    fragment, sbss = "\tINCLUDE percpu.ld\n", "*(.sbss .sbss.*)"
    apart = right.replace(f"\t\t{sbss}\n", "") \
        .replace(fragment, f"{fragment}\t.sbss : {{ {sbss} }}\n")
    scripts = {"right": right, "apart": apart,
               "none": apart.replace(fragment, "").replace(".data.*", ".data.* .percpu.*")}
    compiled = tools.compile("programs/small_data.c", "-msmall-data-limit=8",
                             f'-DPERCPU_CONFIG_FILE="{config}"')
    for variant in (PLAIN, COLLECTED):
        found = {}
        for name, text in scripts.items():
            result = tools.link([compiled.path], written(tools, f"{name}.ld", text), variant,
                                name=name, library=False,
                                flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
            if tap.ok(result.path, f"small data, {name}, {variant.name}: links", result.why()):
                found[name] = relative_to_gp(Image(result.path))
        right, apart, none = (found.get(name, 0) for name in ("right", "apart", "none"))
        tap.ok(right >= none > 24, f"C45 {right} accesses are relative to gp, {none} without the "
               f"fragment, {variant.name}")
        tap.ok(apart < none, f"control: with the fragment between .sdata and .sbss {apart} are, "
               f"{variant.name}")


# How a user may ask for debugging; the last is Clang's only.
DEBUGGING = ["-g", "-g3 -gdwarf-4", "-g3 -gdwarf-5", "-g3 -gdwarf-2 -gstrict-dwarf",
             "-g3 -gdwarf-4 -gsplit-dwarf", "-g3 -gdwarf-5 -gsplit-dwarf", "-g -gpubnames",
             "-g -ggnu-pubnames", "-g -gz", "-g -gdwarf-4 -fdebug-types-section",
             "-g -gdwarf-5 -fdebug-types-section", "-g3 -gdwarf-5 -fdebug-macro"]


def debugging(tap, tools):
    """C40: kernel.ld has a place for every debugging section, however they were asked for."""
    for flags in DEBUGGING if tools.is_clang else DEBUGGING[:-1]:
        compiled = tools.compile("programs/kernel.c", *flags.split())
        if "-gsplit-dwarf is unsupported" in compiled.text:
            tap.skip(flags, "Clang has it not for RISC-V with linker relaxation")
            continue
        if not tap.ok(compiled.path, f"C40 {flags}: compiles", compiled.why()):
            continue
        linked = tools.link([compiled.path], "kernel.ld", PLAIN,
                            name="debugging" + flags.replace(" ", ""),
                            flags=["--orphan-handling=error", "--defsym=CPU_NUM=8",
                                   f"--defsym=LOAD_ADDRESS={tools.load}"])
        tap.ok(linked.path, f"C40 {flags}: kernel.ld names every section", linked.why())


GROUPS = {"layout": layout, "small-data": small_data, "language": language,
          "alignment": alignment, "bare": bare, "survival": survival,
          "same-name": same_name, "insert": insert, "debugging": debugging}
