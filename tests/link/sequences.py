# SPDX-License-Identifier: MIT
"""The table of restartable sequences, whatever tools the program went through: each sequence that
is in the program is in the table once, and nothing else is. For PERCPU_PREEMPT restart: the
library's, and users' own."""

import itertools
import os
import shlex
import shutil
import struct

import judge
import own
from compiler import refuse
from image import Image
from toolchain import COLLECTED, HERE, LTO, PLAIN

SHF_WRITE = 1

# The first and the last instruction of percpu_add on a near variable of 8 bytes, as (mask, value):
# the read of the register, or the load through it, and the store. On riscv64, for a static PIE, the
# forming of the address, and a store there, of 4 bytes or 2.
INSTRUCTIONS = {
    "aarch64": ([(0xffffffe0, 0xd538d080), (0xffffffe0, 0xd53cd040)], [(0xffc00000, 0xf9000000)]),
    "riscv64": ([(0x000ff07f, 0x0001b003), (0x000ff07f, 0x00023003), (0x000ff07f, 0x00018013)],
                [(0x000ff07f, 0x0001b023), (0x000ff07f, 0x00023023), (0xfe007fff, 0x00003023),
                 (0xfc63, 0xe000)])}


def instructions(code, arch):
    """(offset, size, bits) of each."""
    at = 0
    while at < len(code):
        size = 4 if arch == "aarch64" or code[at] & 3 == 3 else 2
        yield at, size, int.from_bytes(code[at:at + size], "little")
        at += size


def sequence_in(image, function, arch):
    """(start, length) of a function's sequence, by its instructions."""
    first, last = INSTRUCTIONS[arch]
    start = None
    for at, size, bits in instructions(image.bytes_at(function.address, function.size), arch):
        if start is None and any(bits & mask == value for mask, value in first):
            start = at
        if start is not None and any(bits & mask == value for mask, value in last):
            return function.address + start, at + size - start
    return None


def table(image):
    """(start, length) of each entry."""
    start, end = image.address("_percpu_sequences_start"), image.address("_percpu_sequences_end")
    for at in range(start, end, 8):
        distance, length = struct.unpack("<iI", image.bytes_at(at, 8))
        yield at + distance, length


def has_sequence(function, arch):
    """By its name. On x86_64 only users' own are of several instructions."""
    return function.size and function.name.startswith(
        ("live_", "dead_") if arch in INSTRUCTIONS else ("live_own", "dead_own"))


def is_in(entry, function):
    """Whether a function has all of the sequence, or it is of no bytes, the library's own."""
    start, length = entry
    return function.address <= start and start + length <= function.address + function.size


def entries_of(image, function, entries, arch):
    """Those of the sequence that its instructions are; on x86_64, those within it."""
    if arch not in INSTRUCTIONS:
        return [e for e in entries if e[1] and is_in(e, function)]
    return [e for e in entries if e == sequence_in(image, function, arch)]


def the_table_is_whole(image, arch, wanted):
    """WANTED are the functions that must be there; more of live_ and dead_ may be."""
    entries = list(table(image))
    functions = [s for s in image.symbols if has_sequence(s, arch)]
    for name in wanted:
        yield any(f.name.split(".")[0] == name for f in functions), f"{name} is not there"
    for function in functions:
        found = entries_of(image, function, entries, arch)
        yield len(found) == 1, f"{function.name}, at {function.address:#x}: {len(found)} entries"
    for start, length in entries:
        owners = [s for s in image.symbols if s.size and is_in((start, length), s)]
        yield owners, f"an entry for {length} bytes at {start:#x}, where no function is"
        yield not any(s.name.startswith(("plain_", "exit_")) for s in owners), \
            f"an entry for {owners[0].name if owners else 'nothing'}, which has no sequence"


def what_publishes_is_marked(image):
    """By a symbol at its entry: each dead_own, if it is there."""
    marked = [s.address for s in image.symbols if s.name.startswith("percpu_sequence_publishes.")]
    entries = dict(zip(itertools.count(image.address("_percpu_sequences_start"), 8), table(image)))
    for function in (s for s in image.symbols if s.size and s.name.startswith("dead_own")):
        own = [at for at, entry in entries.items() if entry[1] and is_in(entry, function)]
        yield own and own[0] in marked, f"{function.name}: the symbols are at {marked}, not {own}"
    yield set(marked) <= set(entries), f"symbols at {marked}, where no entry is"


def the_table_is_data(image):
    """percpu_init may sort it."""
    start = image.address("_percpu_sequences_start")
    yield any(s.p_vaddr <= start < s.p_vaddr + s.p_memsz and s.p_flags & 2
              for s in image.segments), f"no PT_LOAD has {start:#x} writable"
    section = image.sections[".percpu_sequences"]
    yield section["sh_flags"] & SHF_WRITE, ".percpu_sequences is not writable"


def judge_table(tap, tools, result, name, wanted):
    """The properties of every program, those of the segments, and the table."""
    if not tap.ok(result.path, f"{name}: links", result.why()):
        return
    image = Image(result.path)
    for text, checks in (("each sequence is in the table once, and nothing else is",
                          the_table_is_whole(image, tools.arch, wanted)),
                         ("what stores more than once is marked", what_publishes_is_marked(image)),
                         ("C34 no segment is both writable and executable",
                          judge.no_segment_is_writable_code(image)),
                         ("the table is data", the_table_is_data(image)),
                         ("nothing is relocated at run time",
                          judge.nothing_is_relocated_at_run_time(image))):
        complaints = judge.faults(checks)
        tap.ok(not complaints, f"{name}: {text}", f"{complaints}\n{result.command}")
    tap.ok("warning" not in result.text.replace("RWX", ""), f"{name}: without a warning",
           result.text)


WANTED = ["live_1", "live_2", "live_twin"]
CPLUSPLUS = ["live_inline"]

def objects_of(tools, *flags, lto=False, users=True):
    """The parts of the program, and the functions that must be in it; without those of USERS, the
    notes of operations alone keep each other."""
    inline = not tools.lacks("C++")
    others, wanted, languages = users_objects(tools, flags, lto) if users else ([], [], [])
    flags = [*flags, *(["-DCALL_INLINE"] if inline else []), *(["-DCALL_OWN"] if users else []),
             *(f"-DCALL_OWN_{'C' * n}" for n in range(1, len(languages) + 1))]
    parts = [tools.compile("programs/sequences.c", f"-DPART={part}", *flags, lto=lto)
             for part in range(1, 5)]
    parts += [tools.compile("programs/sequences.c", "-DPART=5", f"-DCALLER=call_inline_{unit}",
                            *flags, language="C++", lto=lto) for unit in (1, 2) if inline]
    if tools.arch in INSTRUCTIONS:
        wanted += WANTED + (CPLUSPLUS if inline else [])
    return parts + others, wanted


def users_objects(tools, flags, lto):
    """Sequences of a kernel's own: objects, the functions that must be there, and languages."""
    # In a static PIE of riscv64's by lld there is no %lo.
    languages = [] if tools.arch == "riscv64" and "-fPIE" in flags else ["C"]
    languages += ["C++"] if languages and not tools.lacks("C++") else []
    objects = [own.in_assembly(tools, *flags)]
    objects += [own.in_c(tools, *flags, language=language, lto=lto) for language in languages]
    return objects, ["live_own"] + ["live_own_" + "c" * n for n in range(1, len(languages) + 1)], \
        languages


# How a module is made, each a list of steps of one linker.
STEPS = {"-r": [["-r"]], "-r twice": [["-r"], ["-r"]],
         "-r --gc-sections -u": [["-r", "--gc-sections", "-u", "_start"]],
         "-r -T module.ld": [["-r", "-T", os.path.join(HERE, "scripts/module.ld")]]}


def partial(tools, ld, steps, objects, name):
    """One object of several, as LD makes it."""
    paths = objects
    for number, step in enumerate(steps):
        # The first time two modules, so that the second has something to do.
        groups = [paths[:2], paths[2:]] if number + 1 < len(steps) else [paths]
        made = []
        for group, members in enumerate(groups):
            out = os.path.join(tools.out, f"{name}.{number}.{group}.o")
            result = tools.run([ld, *step, "-o", out, *members], out)
            if not result.path:
                return result
            made.append(out)
        paths = made
    return result


def partial_linkers():
    """Both linkers, if they are there."""
    return [ld for ld in shlex.split(os.environ["TEST_PARTIAL_LDS"]) if shutil.which(ld)]


def modules(tap, tools):
    """C29: through ld -r, by either linker, and without; in either order; with and without
    sections of functions' own; with and without --gc-sections."""
    cases = itertools.product(("-ffunction-sections", "-fno-function-sections"), (False, True))
    for number, (sections, backwards) in enumerate(cases):
        # A user's note keeps what ld -r has put into one section with it. So once without them,
        # and a function first that nobody calls.
        parts, wanted = objects_of(tools, sections,
                                   users=backwards or tools.arch not in INSTRUCTIONS)
        for part in parts:
            if not tap.ok(part.path, "programs/sequences.c compiles", part.why()):
                return
        objects = [p.path for p in parts][::-1 if backwards else 1]
        # lld -r -T of C++ makes two relocation sections for one, which nothing can link.
        ways = [(None, "")] + [way for way in itertools.product(partial_linkers(), STEPS)
                               if not ("lld" in way[0] and "-T" in way[1])]
        for way, (ld, steps) in enumerate(ways):
            linked = partial(tools, ld, STEPS[steps], objects, f"m{number}.{way}") if ld else None
            name = f"C29 {ld or 'no'} {steps or '-r'}, {sections}" + ", backwards" * backwards
            if linked and not tap.ok(linked.path, f"{name}: makes an object", linked.why()):
                continue
            for variant in (PLAIN, COLLECTED):
                result = tools.link([linked.path] if linked else objects, "scripts/user.ld",
                                    variant, name=f"sequences.{number}.{way}",
                                    flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
                judge_table(tap, tools, result, f"{name}, {variant.name}", wanted)


def scripts(tap, tools):
    """With other scripts, with LTO, as a static PIE; and lld's --icf=all."""
    options = [[]] + ([["--icf=all"]] if tools.is_lld else [])
    for script, variant, extra in itertools.product(
            ("user", "simple", "memory"), (PLAIN, COLLECTED, LTO), options):
        parts, wanted = objects_of(tools, lto=variant.lto)
        # Link-time optimisation folds the twins into one, which has the sequence.
        result = tools.link([p.path for p in parts], f"scripts/{script}.ld", variant,
                            name=f"{script}{len(extra)}",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}", *extra])
        judge_table(tap, tools, result, " ".join([f"C29 {script}.ld, {variant.name}", *extra]),
                    wanted)
    if tools.arch == "riscv64" and not tools.is_lld:
        return
    for variant in (PLAIN, COLLECTED):
        parts, wanted = objects_of(tools, "-fPIE")
        result = tools.link([p.path for p in parts], "scripts/pie.ld", variant, pie=True,
                            name="pie", flags=["--defsym=LOAD_ADDRESS=0x10000"])
        judge_table(tap, tools, result, f"C29 static PIE, {variant.name}", wanted)


def discarded(tap, tools):
    """C35: what a script drops by name takes its entries along, and nothing else; also if it comes
    first, or from a module, and if it has the same sequence of a header as what stays. lld wants to
    know before it has laid out the table."""
    parts, wanted = objects_of(tools, "-DCALL_3")
    parts.insert(0, tools.compile("programs/sequences.c", "-DPART=6"))
    parts += [tools.compile(f"programs/shared_{part}.c") for part in ("exit", "live")]
    objects, wanted = [p.path for p in parts], wanted + ["live_3", "live_shared"]
    ways = [(objects, "")]
    ways += [([partial(tools, ld, STEPS["-r"], objects, f"d{n}").path], f"{ld} -r, ")
             for n, ld in enumerate(partial_linkers())]
    for (inputs, way), script, variant in itertools.product(
            ways, ("discard", "discard_late"), (PLAIN, COLLECTED)):
        result = tools.link(inputs, f"scripts/{script}.ld", variant, name=f"{script}.{way[:4]}",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        name = f"C35 {way}{script}.ld, {variant.name}"
        if tools.is_lld and script == "discard_late" and not variant.gc:
            refuse(tap, result, name, r"percpu_sequences.*: sh_link points to discarded section")
        else:
            judge_table(tap, tools, result, name, wanted)


def sequences(tap, tools):
    """All of it; on x86_64 for users' own, of which none is discarded."""
    modules(tap, tools)
    scripts(tap, tools)
    if tools.arch in INSTRUCTIONS:
        discarded(tap, tools)
    own.mistakes(tap, tools)


GROUPS = {"sequences": sequences}
