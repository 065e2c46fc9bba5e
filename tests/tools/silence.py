# SPDX-License-Identifier: MIT
"""Kernels of which percpu-check might say nothing: what is wrong is in a place that it could take
for the library's, or does not see. Each is called with percpu_check.py's bench."""

import glob
import os

from toolchain import Variant

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.join(os.path.dirname(os.path.dirname(HERE)), "lib")
MACHINES = {"x86_64": 62, "aarch64": 183, "riscv64": 243}
TOGETHER = Variant("-flto", gc=False, lto=True)


def sentence(bench, name, path, words, *options):
    """It is refused, in these words."""
    if path:
        status, _, text = bench.look(path, *options)
        bench.tap.ok(status == 2 and words in text, f"{name}: {words}", f"status {status}\n{text}")


def ours(bench):
    """The user's own code is not taken for the library's, by the name of a file or function."""
    part = bench.compile("memory.c")
    path = bench.kernel("ours", objects=[part.path])
    if path:
        _, findings, text = bench.look(path)
        wrong = {f["function"] for f in findings if f["rule"] == "direct-access"}
        bench.tap.ok({"reset", "percpu_stats_reset"} <= wrong,
                     "direct-access: in a memory.c of the user's, and in percpu_stats_reset", text)


def foreign(bench):
    """Accessors of percpu/linux.h on what is no per-CPU variable."""
    rule, words = ("gp-relative", "uses gp with offset") if bench.arch == "riscv64" else \
        ("register-relative", "where no per-CPU variable is")
    wrong, right = (bench.compile("foreign.c", f"-DFOREIGN={n}", *other(bench)) for n in (1, 0))
    bench.finds("an accessor on a global", bench.kernel("foreign1", objects=[wrong.path]), rule,
                words)
    bench.clean("one on a variable", bench.kernel("foreign0", objects=[right.path]))


def other(bench):
    """GCC's large model forms addresses by itself, not in the instruction. And there is code of 32
    bits, which is disassembled as of 64."""
    return ["-mcmodel=large", "-DCODE32"] if bench.arch == "x86_64" else []


def parts(bench):
    """What needs another part of the library, without and with it."""
    reserve = ["--defsym=PERCPU_DYNAMIC=4096"]
    for rule, level, wrong, right, link in (
            ("constructors-not-run", "error", ["-DCONSTRUCTS"], ["-DCONSTRUCTS", "-DUP"], []),
            ("nothing-to-allocate", "warning", ["-DALLOCATES"], ["-DALLOCATES", "-DGROWS"], []),
            ("nothing-to-allocate", "warning", ["-DALLOCATES"], ["-DALLOCATES"], reserve)):
        first, second = (bench.compile("parts.c", *flags) for flags in (wrong, right))
        name = rule + ("-reserve" if link else "")
        bench.finds(name, bench.kernel(f"{name}1", objects=[first.path]), rule, "in this kernel",
                    level=level)
        bench.clean(name, bench.kernel(f"{name}0", objects=[second.path], link=link))


def files(bench, right):
    """Files that lack what is looked at."""
    out, objcopy = bench.tools.out, os.environ["TEST_OBJCOPY"]
    words = "its local symbols have been dropped"
    sentence(bench, "ld -x", bench.kernel("dropped", ["-DDIRECT=1"], link=["-x"]), words)
    # With those that are hidden, and local after lld, all of the library's are gone.
    for option, name, said in (("--discard-all", "discarded", "symbols have been"),
                               ("--only-keep-debug", "debug", "debugging information only")):
        made = bench.tools.run([objcopy, option, right, f"{out}/{name}"], f"{out}/{name}")
        sentence(bench, option, made.path, said)
    for arch, number in MACHINES.items():
        if arch != bench.arch:
            with open(right, "rb") as file:
                data = bytearray(file.read())
            data[18:20] = number.to_bytes(2, "little")
            with open(f"{out}/{arch}", "wb") as file:
                file.write(data)
            sentence(bench, f"marked as of {arch}", f"{out}/{arch}", f"is for {bench.arch}")


def dying(bench, right):
    """An objdump that says half of it, and dies."""
    if bench.arch != "x86_64":
        return
    path = os.path.join(bench.tools.out, "dying")
    with open(path, "w", encoding="ascii") as file:
        file.write('#!/bin/sh\ncase $1 in -d) objdump "$@" | head -100; echo broken >&2; exit 3;;\n'
                   'esac\nexec objdump "$@"\n')
    os.chmod(path, 0o755)
    sentence(bench, "an objdump that dies", right, "status 3", "--objdump", path)
    sentence(bench, "an objdump that dies", right, "broken", "--objdump", path)


def together(bench):
    """Link-time optimisation of the kernel and the library's sources: one unit, and a function that
    binds the CPU and loads all that a call keeps is no context switch."""
    if bench.arch != "aarch64":
        return
    library = [bench.tools.compile(source, "-O2", "-g", "-flto", f"-I{LIBRARY}/image").path
               for place in ("", "smp", "image")
               for source in sorted(glob.glob(os.path.join(LIBRARY, place, "*.c")))]
    library.append(bench.compile("traps_aarch64.S", "-DHANDLER=handler").path)
    library.append(bench.compile("parts.c", "-flto", "-DUP", "-DALLOCATES").path)
    for number in (0, 2):
        part = bench.compile("kernel.c", "-flto", f"-DDIRECT={number}", "-DCALLS")
        made = bench.tools.link([part.path, *library], "scripts/user.ld", TOGETHER,
                                name=f"together{number}", library=False,
                                flags=[f"--defsym=LOAD_ADDRESS={bench.tools.load:#x}",
                                       "--defsym=PERCPU_DYNAMIC=4096"])
        if not bench.tap.ok(made.path, f"-flto, {number}: links", made.why()):
            continue
        if number:
            bench.finds("-flto", made.path, "direct-access", "writes big")
        else:
            bench.clean("-flto", made.path)


def silence(bench):
    """All of these."""
    right = bench.kernel("right")
    ours(bench)
    foreign(bench)
    parts(bench)
    if right:
        files(bench, right)
        dying(bench, right)
    together(bench)
