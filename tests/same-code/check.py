#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""That make same-code sees what it should, and nothing else. TAP; for prove, by make
same-code-test. The argument is the architecture.

planted.c is compiled as it is and with one word of it changed; and a library of this tree is
compared with itself, and with that of a copy in which one constant is another.

    TEST_CC      the compiler and its flags
    TEST_CONFIG  a percpu/config.h with PERCPU_PREEMPT restart
    TEST_OUT     where to build
    TEST_MAKE    words for make that a tree gets: the compiler
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

from run import SOURCE, TRIPLES, differences
from tap import Tap

# A tree that make builds the library of, and what is another line of it.
COPIED = ("Makefile", "config.mk", "arch", "boards", "include", "kernels", "ldscripts", "lib",
          "ports", "tests", "tools")
FILE = "lib/smp/areas.c"
OLD, NEW = "return PERCPU_ENOSPC;", "return PERCPU_EINVAL;"

# What is told otherwise; whether it is seen; what it is.
PLANTED = {"again": ([], False, "the same source"),
           "registers": (["-DFIRST=b", "-DSECOND=a"], False, "other registers"),
           "order": (["-DLATER"], False, "another order"),
           "instruction": (["-DUPDATE=percpu_or"], True, "another instruction"),
           "immediate": (["-DBY=2"], True, "another immediate"),
           "relocation": (["-DWHERE=second"], True, "another variable")}


def compiled(out, name, flags):
    """The object of planted.c."""
    path = f"{out}/{name}.o"
    config = f'-DPERCPU_CONFIG_FILE="{os.path.abspath(os.environ["TEST_CONFIG"])}"'
    subprocess.run([*shlex.split(os.environ["TEST_CC"]), config, *flags, "-S",
                    "tests/same-code/planted.c", "-o", f"{out}/{name}.s"], check=True)
    assembled(f"{out}/{name}.s", path)
    return path


def assembled(source, path):
    """The object of an assembly file."""
    subprocess.run([*shlex.split(os.environ["TEST_CC"]), "-Wno-unused-command-line-argument", "-c",
                    source, "-o", path], check=True)


def shortened(out, name):
    """The object of an assembly file, but in the table sequences are 4 bytes shorter; None if there
    is none."""
    with open(f"{out}/{name}.s", encoding="utf-8") as file:
        text, count = re.subn(r"(\.Lpercpu_end_(\d+) ?- ?\.Lpercpu_\2)\b", r"\1 - 4", file.read())
    if not count:
        return None
    with open(f"{out}/shortened.s", "w", encoding="utf-8") as file:
        file.write(text)
    assembled(f"{out}/shortened.s", f"{out}/shortened.o")
    return f"{out}/shortened.o"


def objects(tap, arch, out):
    """The objects of planted.c."""
    plain = compiled(out, "plain", [])
    for name, (flags, seen, text) in PLANTED.items():
        found = list(differences(arch, plain, compiled(out, name, flags)))
        tap.ok(bool(found) == seen, f"{text} is {'' if seen else 'not '}a difference",
               "\n".join(found))
    other = shortened(out, "plain")
    if other:
        tap.ok(any("a sequence of" in line for line in differences(arch, plain, other)),
               "a sequence of another length is a difference")
    else:
        tap.skip("a sequence of another length is a difference", f"{arch} has no sequences")


def compared(base, out, arch):
    """Whether make same-code says that the library is the same, and its words."""
    settings = {"TEST_BASE": base, "TEST_OUT": out, "TEST_GOALS": "library", "TEST_LEVELS": "O2"}
    done = subprocess.run([sys.executable, "tests/same-code/run.py", f"{arch}:none"],
                          env={**os.environ, **settings}, capture_output=True, text=True,
                          check=False)
    return done.returncode == 0, done.stdout + done.stderr


def trees(tap, arch, out):
    """Trees, of which the library is compared."""
    same, text = compared(SOURCE, out, arch)
    tap.ok(same, "a tree has the same code as itself", text)
    copy = f"{out}/copy"
    for name in COPIED:
        (shutil.copytree if os.path.isdir(name) else shutil.copy)(name, f"{copy}/{name}")
    with open(f"{copy}/{FILE}", encoding="utf-8") as file:
        text = file.read()
    if text.count(OLD) != 1:
        sys.exit(f"tests/same-code/check.py: {OLD} must be in {FILE} once")
    with open(f"{copy}/{FILE}", "w", encoding="utf-8") as file:
        file.write(text.replace(OLD, NEW))
    same, text = compared(copy, out, arch)
    tap.ok(not same and f"{FILE[:-2]}.o " in text, "a line of the library is found, and where",
           text)
    same, text = compared("no-such-commit", out, arch)
    tap.ok(not same and "neither a folder nor a commit" in text, "what is no tree is refused", text)


def main():
    """One architecture."""
    if len(sys.argv) != 2 or sys.argv[1] not in TRIPLES:
        sys.exit(f"usage: check.py {'|'.join(TRIPLES)}")
    tap, arch = Tap(), sys.argv[1]
    out = os.path.abspath(os.path.join(os.environ["TEST_OUT"], arch))
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(f"{out}/copy")
    objects(tap, arch, out)
    trees(tap, arch, out)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
