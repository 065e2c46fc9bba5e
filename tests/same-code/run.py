#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compares the machine code of every object that the tests build, of two trees. TAP, for prove.

For a change that is to move code about and nothing else: make same-code BASE=<commit or folder>.
An argument is an architecture or, for one configuration of those below, ARCH:CONFIGURATION; each
is a result at each level of optimisation. In both trees make builds the library, the kernels and
what tests/codegen looks at; then, for each function, the multisets of shape.py are to be equal.

    TEST_BASE   a commit of this repository, or the top of a tree
    TEST_OUT    where to build; the base tree's output is kept there for the next time
    TEST_MAKE   words for make that both trees get: the compiler
    TEST_GOALS  what make builds, if not all of it
    TEST_LEVELS levels of optimisation, if not O0 and O2
"""

import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.append(os.path.dirname(HERE))

from shape import shapes_of
from tap import Tap

TRIPLES = {"x86_64": "x86_64-linux-gnu", "aarch64": "aarch64-linux-gnu",
           "riscv64": "riscv64-unknown-elf"}

MODES = {"none": {}, "hooks": {"PERCPU_PREEMPT": "hooks"}, "restart": {"PERCPU_PREEMPT": "restart"},
         "sp": {"PERCPU_MODE": "sp"}, "zero": {"PERCPU_VMA": "zero"},
         "zero-restart": {"PERCPU_VMA": "zero", "PERCPU_PREEMPT": "restart"},
         "debug": {"PERCPU_DEBUG": "1"},
         "debug-restart": {"PERCPU_DEBUG": "1", "PERCPU_PREEMPT": "restart"}}
LSE = {"ARM_MARCH": "armv8.1-a"}
PIE = {"OPT": "-DPERCPU_RISCV_PIE=1"}
CONFIGURATIONS = {
    "x86_64": MODES,
    "aarch64": {**MODES, "el2": {"PERCPU_ARM_EL": "2"}, "lse": LSE,
                "lse-sp": {**LSE, **MODES["sp"]}, "lse-restart": {**LSE, **MODES["restart"]},
                "lse-zero": {**LSE, **MODES["zero"]}},
    "riscv64": {**MODES, "tp": {"PERCPU_RISCV_REG": "tp"}, "m": {"PERCPU_RISCV_LEVEL": "m"},
                "pie": PIE, "pie-restart": {**PIE, **MODES["restart"]}},
}
# Beside what make all builds; the last is at a level of its own.
CODEGEN = ("operations", "every_operation", "order", "user-O0")


def commit_of(base):
    """The commit's full name; nothing if BASE is none."""
    done = subprocess.run(["git", "-C", SOURCE, "rev-parse", "--verify", "--quiet",
                           f"{base}^{{commit}}"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def base_tree(base, out):
    """(the top of the base tree, where its output goes)."""
    if os.path.isdir(base):
        return os.path.abspath(base), f"{out}/base-{os.path.basename(os.path.abspath(base))}"
    commit = commit_of(base)
    if not commit:
        sys.exit(f"same-code: BASE={base} is neither a folder nor a commit of this repository: "
                 "give the commit before the change, such as BASE=main")
    tree = f"{out}/tree-{commit[:12]}"
    if not os.path.isdir(tree):
        os.makedirs(f"{tree}.part", exist_ok=True)
        archive = subprocess.run(["git", "-C", SOURCE, "archive", commit], check=True,
                                 capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", f"{tree}.part"], input=archive, check=True)
        os.rename(f"{tree}.part", tree)
    return tree, f"{out}/base-{commit[:12]}"


def build(tree, out, arch, configuration, level):
    """Has make build one configuration in OUT; None, or make's last words."""
    settings = dict(CONFIGURATIONS[arch][configuration])
    settings["OPT"] = f"-{level} {settings.get('OPT', '')}".strip()
    goals = os.environ.get("TEST_GOALS", "").split() or [
        "all", *(f"{out}/{TRIPLES[arch]}/codegen/{name}.o" for name in CODEGEN)]
    command = ["make", "-s", "-C", tree, f"ARCH={arch}", f"O={out}", "WERROR=",
               *(f"{name}={value}" for name, value in settings.items()),
               *shlex.split(os.environ.get("TEST_MAKE", "")), *goals]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=plain, check=False)
    return None if done.returncode == 0 else \
        "\n".join([f"in {tree}: {shlex.join(command)}", *done.stdout.splitlines()[-15:]])


def objects(out, arch):
    """The objects below OUT, by their place in it."""
    found = glob.glob(f"{out}/{TRIPLES[arch]}/**/*.o", recursive=True)
    return {os.path.relpath(path, out): path for path in found}


def stripped(arch, path):
    """The object's bytes, without what is for debuggers."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run([f"{TRIPLES[arch]}-objcopy", "--strip-debug", path, file.name], check=True)
        with open(file.name, "rb") as written:
            return written.read()


def differences(arch, before, after):
    """What is not the same in two objects, a line each: - the base's, + the tree's."""
    if stripped(arch, before) == stripped(arch, after):
        return
    objdump = f"{TRIPLES[arch]}-objdump"
    old, new = shapes_of(before, objdump), shapes_of(after, objdump)
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield f"{'+' if name in new else '-'} function {name}"
            continue
        for sign, lost in (("-", old[name] - new[name]), ("+", new[name] - old[name])):
            for shape, number in sorted(lost.items()):
                yield f"{sign} {name}: {number} of {shape}"


def compare(arch, before, after):
    """The differences of two output folders; how many objects are in both."""
    old, new = objects(before, arch), objects(after, arch)
    found = [f"{name} is in one tree only" for name in sorted(old.keys() ^ new.keys())]
    for name in sorted(old.keys() & new.keys()):
        found += [f"{re.sub('^[^/]*/', '', name)} {line}"
                  for line in differences(arch, old[name], new[name])]
    return found, len(old.keys() & new.keys())


def check(tap, arch, configuration, level):
    """One configuration at one level."""
    out = os.path.abspath(os.environ["TEST_OUT"])
    tree, base_out = base_tree(os.environ["TEST_BASE"], out)
    name = f"{arch}-{configuration}-{level}"
    places = f"{base_out}/{name}", f"{out}/this/{name}"
    for top, place in zip((tree, SOURCE), places):
        if failed := build(top, place, arch, configuration, level):
            tap.ok(False, f"{name}: both trees are built", failed)
            return
    found, count = compare(arch, *places)
    if count == 0:
        found = ["there is no object to compare"]
    tap.none(found, f"{name}: {count} objects have the same code")


def main():
    """The configurations that the arguments name."""
    tap = Tap()
    for word in sys.argv[1:]:
        arch, _, only = word.partition(":")
        there_are = CONFIGURATIONS.get(arch, {})
        if only and only not in there_are or not there_are:
            sys.exit(f"same-code: there is no configuration {word}: CONFIGURATIONS in "
                     "tests/same-code/run.py has those that there are")
        for configuration in [only] if only else there_are:
            for level in os.environ.get("TEST_LEVELS", "").split() or ("O2", "O0"):
                check(tap, arch, configuration, level)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
