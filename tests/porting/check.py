#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the ports of docs/porting.md, and has the tests judge them. TAP; for prove, by make
porting-test.

The argument is a step of the page, first or table. A copy of this tree gets an empty folder in
place of ports/riscv64, and in it what the page's blocks with file=<step>/... say; the assembly of
the first step is for both. Then make builds and runs the kernels there, and more.

    TEST_OUT   where the copy goes
    TEST_JOBS  compilers, or runs of QEMU, at the same time
    TEST_MAKE  words for make: the compiler
"""

import os
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[1:1] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "docs")]

import pages
from tap import Tap

PAGE = f"{SOURCE}/docs/porting.md"
COPIED = ("Makefile", "config.mk", "arch", "boards", "include", "kernels", "ldscripts", "lib",
          "ports", "tests", "tools")
# What of codegen-test knows a port by its code, not by what the port of this tree has besides.
CODEGEN = "counts-restart order-restart widths-restart cplusplus-restart sequences-restart"
KERNELS = ["RUNS=smp@2 sweep@1", "OTHER_BOARDS=", "QEMU_TIMEOUT=300", "qemu-test"]
# What is to hold: make's words.
STEPS = {"first": {"every kernel's operation is right": ["PERCPU_PREEMPT=none", *KERNELS]},
         "table": {"an interrupted sequence starts over": ["PERCPU_PREEMPT=restart", *KERNELS],
                   "the code is as good as the machine": [
                       f"CODEGEN_CHECKS={CODEGEN}", "IMAGE_LEVELS=", "codegen-test"]}}


def read(path):
    """The text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def copy_tree(out):
    """A tree whose port is an empty folder."""
    shutil.rmtree(out, ignore_errors=True)
    for name in COPIED:
        place = f"{out}/{name}"
        os.makedirs(os.path.dirname(place), exist_ok=True)
        (shutil.copytree if os.path.isdir(f"{SOURCE}/{name}") else shutil.copy)(
            f"{SOURCE}/{name}", place)
    shutil.rmtree(f"{out}/ports/riscv64")
    os.makedirs(f"{out}/ports/riscv64")


def write_port(step, folder):
    """The page's files of one step; their names."""
    files = {block.file: block.code for block in pages.read(PAGE, read(PAGE)).blocks if block.file}
    wanted = {os.path.basename(name): code for name, code in files.items()
              if name.startswith((f"{step}/", "first/percpu_arch_asm"))}
    for name, code in wanted.items():
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(code)
    return sorted(wanted)


def make(out, words):
    """Runs make in the copy; (whether it succeeded, its last lines)."""
    command = ["make", "V=1", "ARCH=riscv64", f"JOBS={os.environ['TEST_JOBS']}",
               *shlex.split(os.environ["TEST_MAKE"]), *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=out, env=plain, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode == 0, "\n".join([shlex.join(command), *done.stdout.splitlines()[-25:]])


def main():
    """One step."""
    if len(sys.argv) != 2 or sys.argv[1] not in STEPS:
        sys.exit(f"usage: check.py {'|'.join(STEPS)}")
    tap, step = Tap(), sys.argv[1]
    out = os.path.abspath(os.path.join(os.environ["TEST_OUT"], step))
    copy_tree(out)
    names = write_port(step, f"{out}/ports/riscv64")
    tap.ok(names == ["percpu_arch.h", "percpu_arch_asm.h"], "the page has both files", names)
    for text, words in STEPS[step].items():
        passed, printed = make(out, words)
        tap.ok(passed, f"{step}: {text}", printed)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
