# SPDX-License-Identifier: MIT
"""C43: the makefile in README.md links an object of the compiler's default ABI, with objects behind
the script, whatever LD is."""

import os
import re
import shlex
import shutil
import subprocess

from common import (ABIS, ARCH, CC, HERE, IS_CLANG, LD, PREFIX, SOURCE, STAGE, TRIPLE,
                    fresh_directory, run, strangers_environment, tail)

PROGRAM = """#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;
volatile int result;

void _start(void);

void _start(void)
{
	result = percpu_init(1) || percpu_set_local_thread_pointer(0) || percpu_read(variable);
}
"""
# What the scripts' link addresses ask for; no ABI.
CFLAGS = {"x86_64": "-fno-pie -mcmodel=kernel", "aarch64": "-fno-pie",
          "riscv64": "-fno-pie -mcmodel=medany"}
LIBDIR = "/usr/local/lib/<triple>/pkgconfig"


def makefile():
    """The makefile in README.md."""
    with open(f"{SOURCE}/README.md", encoding="utf-8") as file:
        lines = re.search(r"^( +)PERCPU = .*\n(?:\1.*\n|\n)+", file.read(), re.M)
    return re.sub(rf"^{lines[1]}", "", lines[0], flags=re.M)


def default_abi():
    """Which of ABIS the compiler takes if it is not told."""
    macros = subprocess.run(CC + ["-dM", "-E", "-x", "c", "/dev/null"], capture_output=True,
                            text=True, check=True).stdout
    return "lp64d" if "__riscv_float_abi_double" in macros else ""


def ways():
    """What LD may be: linkers, and compilers with their flags. Clang takes GNU ld too."""
    linkers = [LD[0]] + ([f"{TRIPLE}-ld"] if IS_CLANG else [])
    yield from linkers
    for linker in linkers:
        path = [f"--ld-path={shutil.which(linker)}"] if IS_CLANG else []
        yield shlex.join(CC + path + ["-nostdlib", "-static"])


def link(directory, text, abi, way, flags=""):
    """Has make build the kernel by the makefile TEXT, of C and assembly, by make's own rules."""
    libdir = f"{STAGE}{PREFIX}/lib/{TRIPLE}/{abi}".rstrip("/") + "/pkgconfig"
    shutil.copy(f"{HERE}/{ARCH}/kernel.ld", directory)
    with open(f"{directory}/main.c", "w", encoding="ascii") as file:
        file.write(PROGRAM)
    with open(f"{directory}/Makefile", "w", encoding="ascii") as file:
        file.write(f"CFLAGS = -O2 -ffreestanding {CFLAGS[ARCH]} {flags}\n"
                   f"{text.replace(LIBDIR, libdir)}")
    with open(f"{directory}/start.S", "w", encoding="ascii") as file:
        file.write("#include <percpu/asm.h>\n\t.globl\tstart\nstart:\tnop\n")
    environment = strangers_environment(abi)
    del environment["PKG_CONFIG_LIBDIR"]
    return run(["make", "OBJECTS=start.o main.o", f"CC={shlex.join(CC)}", f"LD={way}"],
               f"{directory}/make.log", cwd=directory, env=environment)


def readme(tap):
    """README's makefile, by each way; and that what it says of the order and the ABI is so."""
    text, abi = makefile(), default_abi()
    tap.ok(LIBDIR in text and "-T kernel.ld" in text, "README.md has a makefile", text)
    for number, way in enumerate(ways()):
        out = fresh_directory(f"readme-{number}")
        passed, said = link(out, text, abi, way)
        tap.ok(passed and os.path.exists(f"{out}/kernel"), f"C43 README's makefile links by {way}",
               tail(said))
        for other in ABIS if ARCH == "riscv64" else []:
            told = f"-march=rv64gc -mabi={other or 'lp64'}"
            passed, said = link(fresh_directory(f"readme-{number}-told"), text, other, way, told)
            tap.ok(passed, f"C43 assembly is of the ABI of CFLAGS, {told}, by {way}", tail(said))
        for other in ABIS:
            if other != abi:
                passed, said = link(fresh_directory(f"readme-{number}-abi"), text, other, way)
                tap.ok(not passed and re.search("double-float modules|floating-point ABI", said),
                       f"C43 the library of another ABI is refused, in words, by {way}", tail(said))
        if "ld.lld" in way:
            continue
        early = text.replace(" -T", " $(shell $(PERCPU) --libs-only-l) -T", 1) \
            .replace(" \\\n\t\t$(shell $(PERCPU) --libs-only-l)", "")
        passed, said = link(fresh_directory(f"readme-{number}-early"), early, abi, way)
        tap.ok(not passed and "undefined reference to `percpu_init" in said,
               f"control: with -l before the objects it does not link by {way}", tail(said))


GROUPS = {"readme": readme}
