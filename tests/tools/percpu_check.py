#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""percpu-check on kernels with a fault each, on right ones beside them, on those of this tree, and
on files that are none. Called by make tools-test, through prove; the last argument names a group.
The settings are those of tests/link/toolchain.py, and

    TEST_KERNELS   the directories with kernels of this tree, and of strangers, if they are built
"""

import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "link"))

# pylint: disable=wrong-import-position
from patch import Patch
from silence import silence
from tap import Tap
from toolchain import PLAIN, Toolchain

TOOL = os.path.join(os.path.dirname(os.path.dirname(HERE)), "tools/percpu-check")
FRAGMENT = "percpu.ld"
TIMEOUT = 600
# What tests/install makes and does not boot, or with a fault: faults.py has a kernel clear its
# template, and cuts it; readme.py links one by README's line, where aarch64's, a PIE, is none.
FAULTY = re.compile(r"/(?:cleared|header|cut|readme-\d)\b")
NOBITS, PT_NULL = 8, 0


class Bench:
    """Builds small kernels, and has them looked at."""

    def __init__(self, name, tap):
        self.tap = tap
        self.tools = Toolchain(name)
        self.tools.here = HERE
        self.arch = self.tools.arch
        self.count = 0
        with open(self.tools.config, encoding="ascii") as file:
            self.restarts = "PERCPU_PREEMPT restart" in file.read() and self.arch != "x86_64"

    def compile(self, source, *flags):
        """An object, with debugging information."""
        return self.tools.compile(f"programs/{source}", "-O2", "-g", *flags)

    def script(self, edits, source="user.ld"):
        """A copy of a linker script, or of percpu.ld, with edits: what is there, what takes its
        place."""
        place = os.path.join(self.tools.scripts, FRAGMENT) if source == FRAGMENT else \
            os.path.join(os.path.dirname(HERE), "link/scripts", source)
        with open(place, encoding="ascii") as file:
            text = file.read()
        for old, new in edits:
            if old not in text:
                raise LookupError(f"{old!r} is not in {place}")
            text = text.replace(old, new, 1)
        self.count += 1
        directory = os.path.join(self.tools.out, f"script{self.count}")
        os.makedirs(directory, exist_ok=True)
        path = os.path.join(directory, source)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def kernel(self, name, flags=(), traps=("-DHANDLER=handler",), script="scripts/user.ld",
               fragment=None, objects=(), load=None, link=()):
        """A linked kernel's path, or None and a failed test."""
        parts = [self.compile("kernel.c", *flags), self.compile(f"traps_{self.arch}.S", *traps)]
        for part in parts:
            if not self.tap.ok(part.path, f"{name}: compiles", part.why()):
                return None
        address = self.tools.load if load is None else load
        result = self.tools.link([p.path for p in parts] + list(objects), script, PLAIN, name=name,
                                 fragment=fragment,
                                 flags=[f"--defsym=LOAD_ADDRESS={address:#x}", *link])
        self.tap.ok(result.path, f"{name}: links", result.why())
        return result.path

    def look(self, path, *options):
        """(exit status, findings, all that it said)."""
        status, text, error = run(path, "--json", *options)
        try:
            findings = json.loads(text)["findings"] if status in (0, 1) else []
        except ValueError:
            findings = []
        return status, findings, text + error

    def finds(self, name, path, rule, words, *options, level="error"):
        """The kernel at PATH breaks RULE, and no other; the words tell of it."""
        if not path:
            return
        status, findings, text = self.look(path, *options)
        serious = [f for f in findings if f["level"] != "note"]
        told = [f for f in findings if f["rule"] == rule and f["level"] == level]
        wanted = 0 if level == "note" else 1
        self.tap.ok(status == wanted and told and all(f["rule"] == rule for f in serious)
                    and any(words in f["what"] for f in told),
                    f"{name}: {rule}, {words}", f"{shlex.join([TOOL, path, *options])}\n{text}")

    def clean(self, name, path, *options):
        """The kernel at PATH is right."""
        if path:
            status, _, text = self.look(path, *options)
            self.tap.ok(status == 0, f"{name}: nothing found", text)


def run(*words):
    """(exit status, standard output, standard error) of percpu-check."""
    done = subprocess.run([sys.executable, TOOL, *words], capture_output=True, text=True,
                          check=False, timeout=TIMEOUT, errors="replace")
    return done.returncode, done.stdout, done.stderr


# ---- where things are ----

def image(bench):
    """The template, segments, and the near window."""
    right = bench.kernel("right")
    bench.clean("a right kernel", right)
    if not right:
        return
    out = bench.tools.out
    template = Patch(right).symbols["_percpu_load_start"]
    bench.finds("NOBITS", Patch(right).section_type(".percpu", NOBITS).write(f"{out}/nobits"),
                "template-not-loaded", "NOBITS")
    bench.finds("no PT_LOAD", Patch(right).segment(template, kind=PT_NULL).write(f"{out}/no-load"),
                "template-not-loaded", "in no PT_LOAD")
    if not bench.tools.is_lld:
        fragment = bench.script([(".percpu : ALIGN", ".percpu (NOLOAD) : ALIGN")], FRAGMENT)
        bench.finds("(NOLOAD)", bench.kernel("noload", fragment=os.path.dirname(fragment)),
                    "template-not-loaded", "NOBITS")
    wx = bench.script([("data PT_LOAD FLAGS(6)", "data PT_LOAD FLAGS(7)")])
    bench.finds("C34 writable and executable", bench.kernel("wx", script=wx), "writable-code",
                "both writable and executable")
    bench.finds("C5 address 0", bench.kernel("at-0", load=0), "address-0", "has address 0")
    # lld lays out a fragment that comes first as any other.
    if not bench.tools.is_lld:
        start, include = "\t. = LOAD_ADDRESS;\n", "\tINCLUDE percpu.ld\n"
        first = bench.script([(include, ""), (start, start + include)])
        bench.finds("INCLUDE percpu.ld as the first", bench.kernel("first", script=first),
                    "segments-overlap", "have the same memory")
    bench.finds("one physical address for two", Patch(right).segment(
        template, physical=bench.tools.load).write(f"{out}/physical"), "segments-overlap",
                "physical", level="warning")
    full = bench.kernel("full", ["-DNEAR_BYTES=1900"])
    bench.finds("a full near window", full, "near-window", "are left", level="warning")
    bench.clean("a full near window, which is allowed", full, "--near-left", "8")
    bench.clean("a full near window, by --allow", full, "--allow", "near-window")


def cleared(bench):
    """C31: what the kernel's symbols say that it clears."""
    include = "\tINCLUDE percpu.ld\n\t.bss : { *(.bss .bss.*) } :data\n"
    for start, end in (("__bss_start", "__bss_end"), ("__bss_start", "_end"),
                       ("_sbss", "_ebss"), ("edata", "end")):
        before = bench.script([(include, f"\t{start} = .;\n{include}\t{end} = .;\n")])
        bench.finds(f"{start} before the fragment", bench.kernel(f"before{start}{end}",
                    script=before), "template-cleared", f"between {start}")
        behind = bench.script([(include, include.replace("\t.bss", f"\t{start} = .;\n\t.bss")
                                + f"\t{end} = .;\n")])
        bench.clean(f"{start} behind it", bench.kernel(f"behind{start}{end}", script=behind))
    # A start that is not cleared from, for there is a better one.
    both = bench.script([(include, "\t_edata = .;\n" + include.replace(
        "\t.bss", "\t__bss_start = .;\n\t.bss") + "\t_end = .;\n")])
    bench.clean("_edata before it and __bss_start behind", bench.kernel("both", script=both))
    mine = bench.script([(include, f"\tmine_from = .;\n{include}\tmine_to = .;\n")])
    path = bench.kernel("mine", script=mine)
    bench.clean("symbols that nobody knows", path)
    bench.finds("--clears", path, "template-cleared", "between mine_from", "--clears",
                "mine_from,mine_to")
    status, _, error = run(path, "--clears", "mine_from,nobody")
    bench.tap.ok(status == 2 and "has no symbol nobody" in error, "--clears of no symbol", error)
    status, _, error = run(path, "--clears", "mine_to,mine_from")
    bench.tap.ok(status == 2 and "is not before mine_from" in error, "--clears END,START", error)


def libraries(bench):
    """Parts of several configurations, and the library twice."""
    other = os.path.join(bench.tools.out, "other.h")
    with open(bench.tools.config, encoding="ascii") as file, \
            open(other, "w", encoding="ascii") as copy:
        copy.write(file.read().replace("CACHE_LINE 64", "CACHE_LINE 128"))
    library = os.path.join(os.path.dirname(os.path.dirname(HERE)), "lib")
    source = os.path.join(library, "error.c")
    part = bench.tools.compile(source, "-g", f'-DPERCPU_CONFIG_FILE="{other}"',
                               f"-I{library}/image")
    bench.finds("another configuration", bench.kernel("mixed", objects=[part.path]),
                "configurations-mixed", "line 128")
    part = bench.tools.compile(source, "-g", "-Dpercpu_strerror=percpu_strerror_too",
                               "-D_percpu_strerror_of_areas=percpu_strerror_of_areas_too",
                               f"-I{library}/image")
    bench.clean("the same configuration", bench.kernel("same", objects=[part.path]))
    older = os.path.join(bench.tools.out, "older.o")
    bench.tools.run([os.environ["TEST_OBJCOPY"], *older_names(part.path), part.path, older], older)
    bench.finds("a part of an older version", bench.kernel("older", objects=[older]),
                "configurations-mixed", "ABI 1")
    twice(bench)
    bench.finds("the library's own percpu_panic", bench.kernel("silent"), "panic-without-words",
                "percpu_panic is the library's own", level="note")
    part = bench.tools.compile("../link/programs/panic.c", "-DOWN")
    path = bench.kernel("speaking", objects=[part.path])
    _, findings, text = bench.look(path)
    bench.tap.ok(path and "panic-without-words" not in {f["rule"] for f in findings},
                 "the kernel's own percpu_panic: nothing found", text)


def older_names(path):
    """Options of objcopy's: the functions have the names of ABI 1, without an ending."""
    with open(path, "rb") as file:
        names = set(re.findall(rb"\w+__(?:smp|sp)_\w+_v\d+", file.read()))
    for name in sorted(n.decode() for n in names):
        yield f"--redefine-sym={name}={name.rpartition('_v')[0]}"


def twice(bench):
    """A module that has a library of its own."""
    objcopy = os.environ["TEST_OBJCOPY"]
    module, hidden = (os.path.join(bench.tools.out, n) for n in ("module.o", "hidden.o"))
    work = bench.compile("kernel.c", "-D_start=module_start", "-Dwork=module_work",
                         "-Dhandler=module_handler", "-Dindirect=module_indirect",
                         "-Dordinary=module_ordinary", "-Dcleared=module_cleared",
                         "-Dkept=module_kept", "-Dhandlers=module_handlers")
    made = bench.tools.run([*bench.tools.ld, "-r", "-o", module, work.path, bench.tools.library],
                           module)
    if bench.tap.ok(made.path, "a module with the library in it", made.why()):
        script = ("load_start load_end near_end align_end stride_end reserve_start reserve_end "
                  "map_start start end sequences_start sequences_end data_end")
        keep = [f"--keep-global-symbol=_percpu_{s}" for s in script.split()]
        keep.append("--keep-global-symbol=module_start")
        done = bench.tools.run([objcopy, *keep, module, hidden], hidden)
        bench.tap.ok(done.path, "whose symbols are its own", done.why())
        bench.finds("the library twice", bench.kernel("twice", objects=[hidden]), "two-libraries",
                    "is there 2 times")


# ---- accesses ----

def accesses(bench):
    """Around the register."""
    for number, words in enumerate(("reads counter", "writes big", "reads numbers+8"), 1):
        bench.finds(f"direct {words}", bench.kernel(f"direct{number}", [f"-DDIRECT={number}"]),
                    "direct-access", words)
    bench.clean("by the accessors", bench.kernel("direct0", ["-DDIRECT=0"]))
    for level in ("-O0", "-O1", "-Os"):
        for number in (0, 1):
            flags, name = [f"-DDIRECT={number}", level], f"direct{number}{level}"
            path = bench.kernel(name, flags)
            if number:
                bench.finds(f"direct, {level}", path, "direct-access", "reads counter")
            else:
                bench.clean(f"by the accessors, {level}", path)
    bench.finds("a pointer to the template", bench.kernel("pointer", ["-DPOINTER=1"]),
                "address-in-data", "data at", level="warning")
    bench.clean("a pointer to a global", bench.kernel("pointer0", ["-DPOINTER=0"]))
    bench.finds("a list that begins in the template", bench.kernel("inside", ["-DINSIDE=1"]),
                "address-in-data", "the initial value of run_queue", level="warning")
    bench.clean("the same, allowed", bench.kernel("inside", ["-DINSIDE=1"]), "--allow",
                "address-in-data")
    script = bench.script([(
        "\tINCLUDE percpu.ld", "\t.init_array : { __init_array_start = .; KEEP(*(.init_array "
        ".init_array.*)) __init_array_end = .; } :data\n\tINCLUDE percpu.ld")])
    bench.finds("an initialiser", bench.kernel("constructor1", ["-DCONSTRUCTOR=1"], script=script),
                "initialiser", "writes counter")
    bench.clean("an initialiser that writes a copy",
                bench.kernel("constructor2", ["-DCONSTRUCTOR=2"], script=script))
    {"x86_64": x86_64, "riscv64": riscv64, "aarch64": lambda _: None}[bench.arch](bench)


def x86_64(bench):
    """Assembly without %gs:, and the stack protector."""
    for number, words in enumerate(("reads counter", "writes counter", "writes numbers"), 1):
        bench.finds(f"assembly {number} without %gs:",
                    bench.kernel(f"bare{number}", traps=["-DHANDLER=handler", f"-DBARE={number}"]),
                    "direct-access", words)
    bench.clean("assembly with it", bench.kernel("bare0", traps=["-DHANDLER=handler", "-DBARE=0"]))
    protected = ["-DPROTECTED", "-fstack-protector-all"]
    gs = bench.kernel("gs", [*protected, "-mstack-protector-guard=tls",
                             "-mstack-protector-guard-reg=gs"])
    bench.finds("a canary at %gs:40", gs, "stack-protector", "%gs:40")
    bench.clean("one at %fs:40", bench.kernel("fs", [*protected, "-mstack-protector-guard=tls",
                                                     "-mstack-protector-guard-reg=fs"]))
    for objdump in ("objdump", "llvm-objdump-16", "llvm-objdump-19"):
        if shutil.which(objdump):
            bench.finds(f"by {objdump}", gs, "stack-protector", "%gs:40", "--objdump", objdump)
            bench.finds(f"by {objdump}", bench.kernel("direct2", ["-DDIRECT=2"]), "direct-access",
                        "writes big", "--objdump", objdump)
    _, text, _ = run(gs, "--prove")
    bench.tap.ok("no restartable sequences" in text and "Nothing." not in text,
                 "--prove of a kernel without sequences, in words", text)
    status, _, error = run(gs, "--objdump", "/bin/true")
    bench.tap.ok(status == 2 and "no objdump" in error, "--objdump of what is none", error)


def riscv64(bench):
    """gp as the linker's."""
    fragment = os.path.dirname(bench.script([("DEFINED(libpercpu__register_gp)", "0")], FRAGMENT))
    script = bench.script([("\t.data : {", "\t.data : { __global_pointer$ = . + 0x400;")])
    path = bench.kernel("gp", script=script, fragment=fragment)
    bench.finds("C7 __global_pointer$", path, "gp-relative", "__global_pointer$ is defined")
    if path and not bench.tools.is_lld:
        bench.finds("C7 globals by gp", path, "gp-relative", "uses gp with offset")
    for outside in (-8, 1800):
        bench.finds(f"gp with offset {outside}",
                    bench.kernel(f"gp{outside}", traps=["-DHANDLER=handler",
                                                        f"-DOUTSIDE={outside}"]),
                    "gp-relative", f"offset {outside}")
    bench.clean("gp with offset 16", bench.kernel("gp16", traps=["-DHANDLER=handler",
                                                                 "-DOUTSIDE=16"]))


# ---- traps and sequences ----

def registers(bench):
    """C38: who writes the per-CPU register."""
    words = {"x86_64": "loaded into %gs", "aarch64": "from a frame", "riscv64": "from a frame"}
    restarts = ["-DRESTARTS"]
    bench.finds("C38 a trap that loads it from its frame",
                bench.kernel("gp1", restarts, ["-DHANDLER=handler", "-DGP=1"]),
                "register-restored", words[bench.arch])
    bench.clean("a trap that does not", bench.kernel("gp0", restarts))
    if bench.arch == "riscv64":
        path = bench.kernel("gp2", restarts, ["-DHANDLER=handler", "-DGP=2"])
        bench.clean("C38 only on the way to user mode", path)
        bench.finds("C38 only on the way to user mode", path, "register-written",
                    "outside of the library", level="note")
    if bench.arch == "x86_64":
        bench.finds("wrmsr of GS_BASE", bench.kernel("gp0", restarts), "register-written",
                    "outside of the library", level="note")
        for number, name in ((1, "wrmsr"), (2, "wrgsbase")):
            bench.finds(f"C38 a context switch that loads it, by {name}",
                        bench.kernel(f"switch{number}", restarts,
                                     ["-DHANDLER=handler", f"-DSWITCH={number}"]),
                        "register-restored", "a context switch")
        bench.clean("a context switch that loads user mode's, behind swapgs",
                    bench.kernel("switch3", restarts, ["-DHANDLER=handler", "-DSWITCH=3"]))
        return
    bench.finds("C38 a context switch that loads it",
                bench.kernel("switch1", restarts, ["-DHANDLER=handler", "-DSWITCH=1"]),
                "register-restored", "a context switch")


def sequences(bench):
    """The table, and traps. For a library of PERCPU_PREEMPT restart. On x86_64 only a kernel's own
    sequences are in the table: the assembly has two."""
    traps = ["-DHANDLER=handler", *(["-DSEQUENCES"] if bench.arch == "x86_64" else [])]
    right = bench.kernel("right", ["-DRESTARTS"], traps)
    bench.clean("a right kernel", right)
    if not right:
        return
    order(bench, right)
    if bench.arch == "x86_64":
        bench.clean("without sequences, a trap without percpu_restart",
                    bench.kernel("none", ["-DINDIRECT"]))
        bench.clean("a trap from user mode only", bench.kernel("user", ["-DINDIRECT"],
                                                               [*traps, "-DUSER"]))
    else:
        missing(bench, right)
    traps_without(bench, traps)


def order(bench, right):
    """The table as percpu_init wants it."""
    out = bench.tools.out
    table = Patch(right).symbols["_percpu_sequences_start"]
    first, second = sorted(Patch(right).entries())[:2]

    def swapped():
        patch = Patch(right)
        return patch.entry(first[0], *second[1:]).entry(second[0], *first[1:])
    bench.finds("an unsorted table that can be written", swapped().write(f"{out}/unsorted"),
                "sequences-unsorted", "not in the order", level="note")
    bench.finds("one that cannot", swapped().segment(table, flags=4).write(f"{out}/read-only"),
                "sequences-unsorted", "not in the order")
    at, start, _ = first
    bench.finds("sequences that overlap",
                Patch(right).entry(at, start, second[1] + 2 - start).write(f"{out}/overlap"),
                "sequences-unsorted", "overlap")


def missing(bench, right):
    """Accesses of several instructions that are not in it, or not whole."""
    out = bench.tools.out
    at, start, length = min(Patch(right).entries())
    for name, entry in (("no entry", (start, 0)), ("one that starts late", (start + 4, length - 4)),
                        ("one that ends early", (start, length - 2))):
        bench.finds(name, Patch(right).entry(at, *entry).write(f"{out}/missing"),
                    "sequence-missing", "is in no entry", level=level_of(bench, start, right))
    table = Patch(right).symbols["_percpu_sequences_start"]
    bench.finds("an empty table", Patch(right).symbol("_percpu_sequences_end", table)
                .write(f"{out}/empty"), "sequences-empty", "is empty")
    fragment = bench.script([("*(percpu_sequences percpu_sequences.*)", "")], FRAGMENT)
    if not bench.tools.is_lld:
        bench.finds("a script that does not collect the entries",
                    bench.kernel("uncollected", ["-DRESTARTS"], fragment=os.path.dirname(fragment)),
                    "sequences-empty", "is empty")


def traps_without(bench, traps):
    """Traps that do not come to percpu_restart."""
    never = bench.kernel("never", ["-DINDIRECT"], traps)
    bench.finds("a trap without percpu_restart", never, "restart-not-reached",
                "never comes to percpu_restart")
    path = bench.kernel("nowhere", (), traps, link=["--gc-sections", "-e", "_entry"])
    bench.finds("a kernel without it", path, "restart-not-reached",
                "which nothing in this kernel calls")
    bench.finds("a handler by a pointer",
                bench.kernel("pointer", ["-DRESTARTS"], ["-DHANDLER=indirect", *traps[1:]]),
                "restart-not-reached", "is not known", level="note")
    breakpoint_ = {"riscv64": "ebreak", "aarch64": "brk #0", "x86_64": "ud2"}[bench.arch]
    for stop in (1, 2):
        part = bench.compile("behind.c", f"-DSTOP={stop}", f'-DBREAK="{breakpoint_}"')
        bench.finds("a handler that ends before one with it",
                    bench.kernel(f"stop{stop}", (), ["-DHANDLER=panics", *traps[1:]],
                                 objects=[part.path]), "restart-not-reached", "never comes to")
    part = bench.compile("behind.c", "-DSTOP=0")
    bench.finds("a trap of no size, and zeros behind", bench.kernel(
        "unsized", (), ["-DHANDLER=handler", "-DUNSIZED", *traps[1:]], objects=[part.path]),
        "restart-not-reached", "never comes to")
    entry = {"riscv64": "trap", "aarch64": "from_kernel", "x86_64": "common"}[bench.arch]
    bench.clean("one that is allowed", never, "--allow", f"restart-not-reached:{entry}")


def level_of(bench, start, path):
    """Of what is missing: riscv64's near updates look like two operations."""
    if bench.arch != "riscv64":
        return "error"
    patch = Patch(path)
    word = int.from_bytes(patch.data[patch.offset(start):][:4], "little")
    delta = patch.symbols["__percpu_near.percpu_delta"] - patch.symbols["_percpu_load_start"]
    return "error" if word >> 20 == delta else "warning"


# ---- files ----

def built(bench):
    """The kernels of this tree, and of strangers, where they are built."""
    for directory in os.environ["TEST_KERNELS"].split():
        paths = sorted(os.path.join(place, name) for place, _, names in os.walk(directory)
                       for name in names if is_kernel(os.path.join(place, name))
                       and not FAULTY.search(place))
        if not paths:
            bench.tap.skip(f"kernels in {directory}", "none are built there")
        for path in paths:
            # What kernels/module exports to modules is a table of symbols, of variables too.
            exports = os.path.basename(path) == "module.elf"
            bench.clean(os.path.relpath(path), path,
                        *(["--allow", "address-in-data"] if exports else []))


def is_kernel(path):
    """Whether it is an ELF file of 64 bits, linked, with areas."""
    with open(path, "rb") as file:
        data = file.read()
    return data[:5] == b"\x7fELF\x02" and data[16] in (2, 3) and b"_percpu_load_start" in data


def refused(bench, name, path, words):
    """A sentence, status 2, and no traceback."""
    status, text, error = run(path)
    bench.tap.ok(status == 2 and words in error and "Traceback" not in error and not text
                 and error.count("\n") == 1, f"{name}: {words}", f"status {status}\n{text}{error}")


def bad(bench):
    """What is no kernel."""
    right = bench.kernel("right", ["-DRESTARTS"])
    if not right:
        return
    out = bench.tools.out
    files = {"text": b"no ELF at all\n", "nothing": b"", "magic": b"\x7fELF"}
    for name, data in files.items():
        with open(f"{out}/{name}", "wb") as file:
            file.write(data)
    refused(bench, "a text", f"{out}/text", "is no ELF file")
    refused(bench, "an empty file", f"{out}/nothing", "is no ELF file")
    refused(bench, "four bytes", f"{out}/magic", "is cut off")
    refused(bench, "a directory", out, "cannot be read")
    refused(bench, "no file", f"{out}/none", "cannot be read")
    objcopy = os.environ["TEST_OBJCOPY"]
    for option, words in (("--strip-all", "is stripped"),):
        bench.tools.run([objcopy, option, right, f"{out}/stripped"], f"{out}/stripped")
        refused(bench, option, f"{out}/stripped", words)
    names = [(name, re.sub(r"(_debug\d)_\w+(_v\d+)$", r"\1_host\2", name))
             for name in Patch(right).symbols if re.search(r"_debug\d_\w+_v\d+$", name)]
    bench.tools.run([objcopy, *(f"--redefine-sym={old}={new}" for old, new in names), right,
                     f"{out}/host"], f"{out}/host")
    refused(bench, "the host's port", f"{out}/host", "is for a Linux program")
    part = bench.compile("kernel.c")
    refused(bench, "an object", part.path, "not a linked kernel")
    patch = Patch(right)
    patch.data[18:20] = (8).to_bytes(2, "little")
    refused(bench, "MIPS", patch.write(f"{out}/mips"), "libpercpu is for x86_64, aarch64")
    bare(bench)
    damaged_table(bench, right)
    cut_off(bench, right)
    flipped(bench, right)


def bare(bench):
    """A program that has nothing to do with the library."""
    source = os.path.join(bench.tools.out, "bare.c")
    with open(source, "w", encoding="ascii") as file:
        file.write("void _entry(void);\nvoid _entry(void)\n{\n}\n")
    part = bench.tools.compile(source)
    path = os.path.join(bench.tools.out, "bare")
    bench.tools.run([*bench.tools.ld, *bench.tools.ldflags, "-o", path, "-e", "_entry", part.path],
                    path)
    refused(bench, "no per-CPU part", path, "has no per-CPU part")


def damaged_table(bench, right):
    """Entries that cannot be."""
    table = Patch(right).symbols["_percpu_sequences_start"]
    out = bench.tools.out
    refused(bench, "half an entry", Patch(right).symbol("_percpu_sequences_end", table + 4)
            .write(f"{out}/half"), "no whole entries")
    refused(bench, "a table that ends before it begins",
            Patch(right).symbol("_percpu_sequences_end", table - 8).write(f"{out}/back"),
            "no whole entries")
    if bench.restarts:
        at, start, _ = next(Patch(right).entries())
        refused(bench, "an entry for no code", Patch(right).entry(at, start + (1 << 28), 8)
                .write(f"{out}/nowhere"), "where no code is")
        refused(bench, "an entry that nothing has filled", Patch(right).entry(at, at, 8)
                .write(f"{out}/unfilled"), "where no code is")


def survives(data, path):
    """What is wrong with percpu-check's answer to DATA; None if nothing. In this process: a new one
    for each takes longer than the rest of it."""
    with open(path, "wb") as file:
        file.write(data)
    return run_here(path)


def run_here(path):
    """A traceback, or an answer that is none."""
    sys.path[:1] = [sys.path[0], os.path.dirname(TOOL)]
    import contextlib  # pylint: disable=import-outside-toplevel
    import io  # pylint: disable=import-outside-toplevel
    from percpu_tools import check  # pylint: disable=import-outside-toplevel
    out, error = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            status = check.main([path])
    except BaseException as exception:  # pylint: disable=broad-except
        return f"{type(exception).__name__}: {exception}"
    said = error.getvalue() if status == 2 else out.getvalue()
    return None if status in (0, 1, 2) and said.strip() else f"status {status}: {said!r}"


def cut_off(bench, right):
    """Cut off anywhere: in its header, its tables, or what they tell of."""
    data = bytes(Patch(right).data)
    path = os.path.join(bench.tools.out, "cut")
    chosen = random.Random(13)
    lengths = [*range(4, 128, 3), *chosen.sample(range(128, len(data)), 160)]
    wrong = []
    for length in lengths:
        complaint = survives(data[:length], path)
        if complaint:
            wrong.append(f"{length} bytes: {complaint}")
    bench.tap.none(wrong, f"cut off at {len(lengths)} places: an answer, and no traceback")
    with open(path, "wb") as file:
        file.write(data[:len(data) // 2])
    refused(bench, "half of a kernel", path, "is cut off")


def flipped(bench, right):
    """A byte changed: in the headers, the symbols, the code, the debugging information."""
    data = bytes(Patch(right).data)
    path = os.path.join(bench.tools.out, "flipped")
    patch = Patch(right)
    chosen = random.Random(31)
    headers = range(patch.header["e_shoff"], len(data))
    table = patch.sections[".symtab"][1]
    symbols = range(table["sh_offset"], table["sh_offset"] + table["sh_size"])
    places = [*range(16, 64), *range(64, 64 + 56 * len(patch.segments), 2),
              *chosen.sample(headers, 60), *chosen.sample(symbols, 60),
              *chosen.sample(range(64, len(data)), 60)]
    wrong = []
    for at in places:
        changed = bytearray(data)
        changed[at] ^= chosen.randrange(1, 256)
        complaint = survives(changed, path)
        if complaint:
            wrong.append(f"byte {at}: {complaint}")
    bench.tap.none(wrong, f"{len(places)} bytes changed, one at a time: an answer, no traceback")


def command(bench):
    """The command line."""
    right = bench.kernel("right", ["-DRESTARTS"])
    wrong = bench.kernel("wrong", ["-DDIRECT=1", "-DRESTARTS"])
    if not right or not wrong:
        return
    status, text, _ = run("--help")
    bench.tap.ok(status == 0 and "--json" in text and "--clears" in text, "--help", text)
    for words in ([], [right, "--near-left", "x"], [right, "--clears", "one"],
                  [right, "--allow", "no-such-rule"], ["--none", right]):
        status, text, error = run(*words)
        bench.tap.ok(status == 2 and error and not text, f"refused: {' '.join(words[1:]) or '-'}",
                     text + error)
    status, text, _ = run(wrong)
    bench.tap.ok(status == 1 and "error [direct-access] direct" in text and "kernel.c:" in text
                 and "1 error" in text, "an error has its function, file and line", text)
    status, text, _ = run(right)
    bench.tap.ok(status == 0 and f"{right}: {bench.arch}, smp, " in text, "a right one is named",
                 text)
    status, text, _ = run(wrong, "--json")
    found = json.loads(text)
    bench.tap.ok(status == 1 and found["status"] == 1 and found["architecture"] == bench.arch
                 and found["findings"][0]["rule"] == "direct-access"
                 and found["findings"][0]["function"] == "direct", "--json", text)
    status, text, _ = run(wrong, "--allow", "direct-access:direct")
    bench.tap.ok(status == 0, "--allow of a function", text)
    umlaut = os.path.join(bench.tools.out, "gr\xf6\xdfe.elf")
    shutil.copy(right, umlaut)
    done = subprocess.run([sys.executable, TOOL, umlaut], capture_output=True, text=True,
                          check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    bench.tap.ok(done.returncode == 0 and "gr\\xf6\\xdfe.elf: " in done.stdout,
                 "a name that the output's encoding does not have", done.stdout + done.stderr)
    status, text, _ = run(wrong, "--allow", "direct-access:another")
    bench.tap.ok(status == 1, "--allow of another", text)
    for out, wanted in (("/dev/full", 2), ("|", 1)):
        status, error = unread(wrong, out)
        bench.tap.ok(status == wanted and "Traceback" not in error and bool(error) == (wanted == 2),
                     f"an answer to {out} that nobody reads: {wanted}", f"{status}\n{error}")
    installed(bench, right)
    manual(bench)


def unread(path, out):
    """(exit status, standard error) where the answer goes to a full device, or a closed pipe."""
    if out == "|":
        end, start = os.pipe()
        os.close(end)
    else:
        start = os.open(out, os.O_WRONLY)
    done = subprocess.run([sys.executable, TOOL, path], stdout=start, stderr=subprocess.PIPE,
                          text=True, check=False, timeout=TIMEOUT)
    os.close(start)
    return done.returncode, done.stderr


def installed(bench, right):
    """Found by itself where it is installed, by a link too."""
    tools = os.path.dirname(TOOL)
    root = os.path.join(bench.tools.out, "root")
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(f"{root}/bin")
    shutil.copy(TOOL, f"{root}/bin")
    shutil.copytree(f"{tools}/percpu_tools", f"{root}/share/percpu/percpu_tools",
                    ignore=shutil.ignore_patterns("__pycache__"))
    os.symlink("bin/percpu-check", f"{root}/linked")
    for name in ("bin/percpu-check", "linked"):
        done = subprocess.run([f"{root}/{name}", right], capture_output=True, text=True,
                              check=False, timeout=TIMEOUT, cwd="/")
        bench.tap.ok(done.returncode == 0, f"installed: {name}", done.stdout + done.stderr)


def manual(bench):
    """docs/percpu-check.md has each rule."""
    root = os.path.dirname(os.path.dirname(HERE))
    _, text, _ = run("--help")
    names = text[text.index("docs/percpu-check.md:"):].split(":", 1)[1].replace(".", "")
    names = re.sub(r"-\s+", "-", names)  # it is cut there, too
    rules = {name.strip() for name in names.split(",")}
    with open(os.path.join(root, "docs/percpu-check.md"), encoding="utf-8") as file:
        page = file.read()
    missing = [rule for rule in sorted(rules) if f"`{rule}`" not in page]
    bench.tap.none(missing, f"the manual has each of {len(rules)} rules")


GROUPS = {"image": image, "cleared": cleared, "libraries": libraries, "accesses": accesses,
          "registers": registers, "sequences": sequences, "silence": silence, "built": built,
          "bad": bad, "command": command}


def main():
    """Runs one group."""
    name = sys.argv[1]
    tap = Tap()
    GROUPS[name](Bench(name, tap))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
