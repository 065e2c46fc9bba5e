#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Looks at what the compiler made. Called by make codegen-test, through prove.

The argument names what to look at: counts, order, widths, registers, library, publication,
cplusplus, sequences, images, barriers, blocks, cache or pie, each a module here with the function
check; with -restart behind it, in what was compiled for PERCPU_PREEMPT restart; with -pie, for a
static PIE, where that makes a difference. The rest is in the environment:

    TEST_ARCH      x86_64, aarch64 or riscv64
    TEST_COMPILER  gcc or clang
    TEST_OBJDUMP   GNU objdump for the architecture, whatever the compiler
    TEST_OBJECTS   the directory of the objects that codegen.mk makes of the files here; in it,
                   restart/ has those for PERCPU_PREEMPT restart; in either, pie/ those for a
                   static PIE
    TEST_TAKEN_IN  the objects of the library's source, by a user's flags; spaces between
    TEST_LIBRARIES MODE=PATH of the libpercpu.a of each mode, by the default OPT; spaces between
    TEST_BUILDS    build directories of a triple (libpercpu.a and, below, the kernels), each from
                   another OPT; spaces between
    TEST_BOARD     the directory of the kernels in each
"""

import importlib
import os
import sys

from disassembly import disassemble
from isa import ISAS
from tap import Tap

GROUPS = ("counts", "order", "widths", "registers", "library", "publication", "cplusplus",
          "images", "barriers", "blocks", "blocks-restart", "cache", "cache-restart",
          "counts-restart", "order-restart",
          "widths-restart", "cplusplus-restart", "sequences-restart", "pie-pie", "order-pie",
          "widths-pie", "pie-restart-pie", "order-restart-pie", "widths-restart-pie",
          "sequences-restart-pie")


class Settings:
    """The environment, and what is found through it."""

    def __init__(self, modes):
        self.mode = "restart" if "restart" in modes else "none"
        self.pie = "pie" in modes
        self.arch = os.environ["TEST_ARCH"]
        self.compiler = os.environ["TEST_COMPILER"]
        self.objdump = os.environ["TEST_OBJDUMP"]
        self.objects = os.environ["TEST_OBJECTS"]
        self.libraries = dict(pair.split("=") for pair in os.environ["TEST_LIBRARIES"].split())
        self.taken_in = os.environ["TEST_TAKEN_IN"].split()
        self.builds = [Build(path, os.environ["TEST_BOARD"])
                       for path in os.environ["TEST_BUILDS"].split()]
        self.isa = ISAS[self.arch]

    def object(self, name, pie=None):
        """The path of an object of tests/codegen; PIE says it otherwise than the argument did."""
        return os.path.join(self.objects, "restart" if self.mode == "restart" else "",
                            "pie" if (self.pie if pie is None else pie) else "", name + ".o")

    def functions(self, path):
        """The functions of an object, archive or program, by name."""
        return disassemble(self.objdump, path, self.isa)


class Build:
    """What make all made with one OPT."""

    def __init__(self, path, board):
        self.library = os.path.join(path, "libpercpu.a")
        self.kernels = os.path.join(path, board)
        # .../O2/riscv64-unknown-elf
        self.name = os.path.basename(os.path.dirname(path))

    def images(self):
        """The kernels' ELF files."""
        return sorted(os.path.join(self.kernels, name) for name in os.listdir(self.kernels)
                      if name.endswith(".elf"))

    def object(self, source):
        """The object of a kernels' source file."""
        return os.path.join(self.kernels, source + ".o")


def main():
    """One group."""
    if len(sys.argv) != 2 or sys.argv[1] not in GROUPS:
        sys.exit(f"usage: check.py {'|'.join(GROUPS)}")
    tap = Tap()
    group, *modes = sys.argv[1].split("-")
    importlib.import_module(group).check(tap, Settings(modes))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
