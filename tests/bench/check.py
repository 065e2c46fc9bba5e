#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compares what the kernel counted with the figures of tests/codegen. TAP; for prove.

The argument is the mode of PERCPU_PREEMPT. A figure there is how many instructions a function has,
here it is how many were executed: the same, unless a branch leaves some out. The rest is in the
environment: TEST_ARCH, TEST_COMPILER (gcc or clang), and TEST_RESULTS, where count.py has left
ARCH-MODE.json.
"""

import json
import os
import sys

from counts import read_golden
from tap import Tap

# What golden-*.txt calls an operation, where it is not the contestant's name and the operation's.
NAMES = {"near_ptr": ("near", "pointer"), "far_ptr": ("far", "pointer"),
         "near_index_read": ("near-index", "read"), "far_index_read": ("far-index", "read")}
# How many are left out: with interrupts off, one only brings the old value where it is not equal.
LEFT_OUT = {("riscv64", "none", "near_cmpxchg"): 1, ("riscv64", "none", "far_cmpxchg"): 1}


def main():
    """Every operation that both have."""
    mode, arch = sys.argv[1], os.environ["TEST_ARCH"]
    tap = Tap()
    path = os.path.join(os.environ["TEST_RESULTS"], f"{arch}-{mode}.json")
    with open(path, encoding="utf-8") as file:
        counted = json.load(file)["instructions"]
    compared = 0
    for name, _, figure in read_golden(mode, arch, os.environ["TEST_COMPILER"]):
        who, operation = NAMES.get(name, name.split("_", 1))
        executed = counted.get(who, {}).get(operation)
        if executed is None:
            continue
        compared += 1
        expected = figure - LEFT_OUT.get((arch, mode, name), 0)
        tap.ok(executed == expected, f"{name}: {expected} instructions are executed", executed)
    tap.ok(compared >= 9, "most operations are in both tables", compared)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
