#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compiles wrong uses of percpu.h, which must be refused. Called by make compile-fail-test, through
prove.

The last argument names a program beside this file, without its suffix: a .c is compiled as C11 and
as C++17, a .cc as C++17 only; or it is configurations, for configurations.py. A program compiles
as it is, at -O0 and -O2, without a warning, and with WRONG it does not, at -O0: the fault alone is
refused, and not for what an optimiser sees; with the header found by -I as by -isystem, where
compilers leave out warnings. Its first comment has lines with

    expect: WORDS    a regular expression for the compiler's words; on its own lines, all of them
                     alternatives, since compilers word things differently
    use: CODE        if there are any, the program is refused for each, with USE(X) being CODE; the
                     right way is compiled with all of them
    define: NAMES    if there are any, all of it is done with DEFINE being each of these macros
    only: WORDS      it is for this architecture, and compiler (gcc or clang), alone
    flags: FLAGS     what both ways are compiled with
"""

import itertools
import os
import re
import subprocess
import sys

import configurations

from compiler import Compiler, refuse
from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECT = re.compile(r"^(?: \*|//) expect: (.*)$", re.M)
USE = re.compile(r"^(?: \*|//) use: (.*)$", re.M)
DEFINE = re.compile(r"^(?: \*|//) define: (.*)$", re.M)
ONLY = re.compile(r"^(?: \*|//) only: (.*)$", re.M)
FLAGS = re.compile(r"^(?: \*|//) flags: (.*)$", re.M)


def find(name):
    """The program's file name and the languages it is for."""
    for suffix, languages in ((".c", ["C", "C++"]), (".cc", ["C++"])):
        if os.path.exists(os.path.join(HERE, name + suffix)):
            return name + suffix, languages
    sys.exit(f"There is no tests/compile-fail/{name}.c, nor {name}.cc.")


def architecture(compiler):
    """What it compiles for."""
    return subprocess.run(compiler.cc + ["-dumpmachine"], check=True, capture_output=True,
                          text=True).stdout.split("-")[0]


def unfit(compiler, text):
    """Whether the program is not for this architecture and compiler."""
    here = {architecture(compiler), "clang" if compiler.is_clang else "gcc"}
    return any(set(words.split()) - here for words in ONLY.findall(text))


class SystemHeader(Compiler):
    """A compiler that is told of the header by -isystem."""

    def __init__(self, name):
        super().__init__(f"{name}-isystem", HERE)
        self.cflags = [f"-isystem{flag[2:]}" if flag.startswith("-I") else flag
                       for flag in self.cflags]


def check(tap, compilers, source, language):
    """The right way of all uses in the program at once, and the wrong way of each."""
    with open(os.path.join(HERE, source), encoding="ascii") as file:
        text = file.read()
    compiler, uses, words = compilers[0], USE.findall(text), "|".join(EXPECT.findall(text))
    if not words or len(uses) != text.count("use: ") or bool(uses) != ("USE(" in text):
        sys.exit(f"{source}: no 'expect:', or a 'use:' is not at the start of a line.")
    if unfit(compiler, text):
        tap.skip(source, "is not for this architecture or compiler")
        return
    defines = " ".join(DEFINE.findall(text)).split() or [""]
    for define in defines:
        flags = " ".join(FLAGS.findall(text)).split() + ([f"-DDEFINE={define}"] if define else [])
        where = f"{define} in {language}".strip()
        for level in ("-O0", "-O2"):
            right = compiler.compile(source, "-Werror", "-Wno-unused-value", level, *flags,
                                     f"-DUSE(X)={'; '.join(uses)}", language=language)
            tap.ok(right.path, f"{source} {where} at {level}: the right way compiles",
                   right.why())
        # What differs by -isystem is what a compiler tells of the header: once for each use.
        ways = compilers if define == defines[0] else [compiler]
        for use, way in itertools.product(uses or [""], ways):
            wrong = way.compile(source, "-DWRONG", "-O0", *flags, f"-DUSE(X)={use}",
                                language=language)
            by = "" if way is compiler else ", by -isystem"
            refuse(tap, wrong, f"{use or source} {where}{by}", words)


def main():
    """Runs one program's checks."""
    name = sys.argv[1]
    tap, compiler = Tap(), Compiler(name, HERE)
    if name == "configurations":
        configurations.check(tap, compiler, architecture(compiler))
        return tap.done()
    source, languages = find(name)
    compilers = [compiler, SystemHeader(name)]
    for language in languages:
        if reason := compiler.lacks(language):
            tap.skip(f"{source} in {language}", reason)
            continue
        check(tap, compilers, source, language)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
