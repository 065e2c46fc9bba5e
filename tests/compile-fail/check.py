#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compiles wrong uses of percpu.h, which must be refused. Called by make compile-fail-test, through
prove.

The last argument names a program beside this file, without its suffix: a .c is compiled as C11 and
as C++17, a .cc as C++17 only. It compiles as it is, at -O0 and -O2, without a warning, and with
WRONG it does not, at -O0: the fault alone is refused, and not for what an optimiser sees. Its first
comment has lines with

    expect: WORDS    a regular expression for the compiler's words; on its own lines, all of them
                     alternatives, since compilers word things differently
    use: CODE        if there are any, the program is refused for each, with USE(X) being CODE; the
                     right way is compiled with all of them
    define: NAMES    if there is one, all of it is done with DEFINE being each of these macros
"""

import os
import re
import sys

from compiler import Compiler, refuse
from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECT = re.compile(r"^(?: \*|//) expect: (.*)$", re.M)
USE = re.compile(r"^(?: \*|//) use: (.*)$", re.M)
DEFINE = re.compile(r"^(?: \*|//) define: (.*)$", re.M)


def find(name):
    """The program's file name and the languages it is for."""
    for suffix, languages in ((".c", ["C", "C++"]), (".cc", ["C++"])):
        if os.path.exists(os.path.join(HERE, name + suffix)):
            return name + suffix, languages
    sys.exit(f"There is no tests/compile-fail/{name}.c, nor {name}.cc.")


def check(tap, compiler, source, language):
    """The right way of all uses in the program at once, and the wrong way of each."""
    with open(os.path.join(HERE, source), encoding="ascii") as file:
        text = file.read()
    uses, words = USE.findall(text), "|".join(EXPECT.findall(text))
    if not words or len(uses) != text.count("use: ") or bool(uses) != ("USE(" in text):
        sys.exit(f"{source}: no 'expect:', or a 'use:' is not at the start of a line.")
    define_line = DEFINE.search(text)
    defines = define_line[1].split() if define_line else [""]
    for define in defines:
        flags = [f"-DDEFINE={define}"] if define else []
        where = f"{define} in {language}".strip()
        for level in ("-O0", "-O2"):
            right = compiler.compile(source, "-Werror", "-Wno-unused-value", level, *flags,
                                     f"-DUSE(X)={'; '.join(uses)}", language=language)
            tap.ok(right.path, f"{source} {where} at {level}: the right way compiles",
                   right.why())
        for use in uses or [""]:
            wrong = compiler.compile(source, "-DWRONG", "-O0", *flags, f"-DUSE(X)={use}",
                                     language=language)
            refuse(tap, wrong, f"{use or source} {where}", words)


def main():
    """Runs one program's checks."""
    name = sys.argv[1]
    source, languages = find(name)
    tap, compiler = Tap(), Compiler(name, HERE)
    for language in languages:
        if reason := compiler.lacks(language):
            tap.skip(f"{source} in {language}", reason)
            continue
        check(tap, compiler, source, language)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
