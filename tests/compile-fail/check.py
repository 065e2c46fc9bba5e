#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compiles wrong uses of percpu.h, which must be refused. Called by make compile-fail-test, through
prove.

The last argument names a program beside this file, without its suffix: a .c is compiled as C11 and
as C++17, a .cc as C++17 only, each at -O0 and at -O2. It compiles as it is, without a warning, and
with WRONG it does not: the fault alone is refused. Its first comment has lines with

    expect: WORDS    a regular expression for the compiler's words; on its own lines, all of them
                     alternatives, since compilers word things differently
    use: CODE        if there are any, the program is compiled for each with USE(X) being CODE
"""

import os
import re
import sys

from compiler import Compiler, refuse
from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECT = re.compile(r"^(?: \*|//) expect: (.*)$", re.M)
USE = re.compile(r"^(?: \*|//) use: (.*)$", re.M)
LEVELS = ["-O0", "-O2"]


def find(name):
    """The program's file name and the languages it is for."""
    for suffix, languages in ((".c", ["C", "C++"]), (".cc", ["C++"])):
        if os.path.exists(os.path.join(HERE, name + suffix)):
            return name + suffix, languages
    sys.exit(f"There is no tests/compile-fail/{name}.c, nor {name}.cc.")


def check(tap, compiler, source, language, level):
    """The right and the wrong way of each use in the program."""
    with open(os.path.join(HERE, source), encoding="ascii") as file:
        text = file.read()
    words = "|".join(EXPECT.findall(text))
    for use in USE.findall(text) or [""]:
        name = f"{use or source} in {language} at {level}"
        flags = [level] + ([f"-DUSE(X)={use}"] if use else [])
        right = compiler.compile(source, "-Werror", *flags, language=language)
        tap.ok(right.path, f"{name}: the right way compiles", right.why())
        wrong = compiler.compile(source, "-DWRONG", *flags, language=language)
        refuse(tap, wrong, name, words)


def main():
    """Runs one program's checks."""
    name = sys.argv[1]
    source, languages = find(name)
    tap, compiler = Tap(), Compiler(name, HERE)
    for language in languages:
        if reason := compiler.lacks(language):
            tap.skip(f"{source} in {language}", reason)
            continue
        for level in LEVELS:
            check(tap, compiler, source, language, level)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
