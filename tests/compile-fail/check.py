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
    by -I: LANGUAGE  GCC refuses it in this language only where the header is found by -I

All uses are compiled in one go first. What is refused there, with the words, at its own line, is
refused; the others, whose fault may hide behind another's, are compiled each by itself.
"""

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
BY_I = re.compile(r"^(?: \*|//) by -I: (.*)$", re.M)
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


def together(source, text, uses):
    """The program as FILE, with each use at a line of its own: those of number N at N hundred."""
    lines = []
    for line in text.splitlines():
        if "USE(" in line and uses and not line.startswith(" *"):
            lines += [f'#line {100 * n} "use"\n' + line.replace("USE(", f"USE_{n}(")
                      for n in range(1, len(uses) + 1)]
        else:
            lines.append(line)
    defines = [f"#define USE_{n}(X) {use}" for n, use in enumerate(uses, 1)]
    return "\n".join([*defines, f'#line 1 "{source}"', *lines, ""])


def refused_at(said, words):
    """The numbers of the uses at whose lines the compiler has an error with the words."""
    found = set()
    for error in re.split(r"^(?=.*\b(?:error|warning): )", said, flags=re.M):
        at = {int(line) for line in re.findall(r"\buse:(\d+)00:", error)}
        if re.match(r".*\berror: ", error) and re.search(words, error) and len(at) == 1:
            found |= at
    return found


def refused_together(way, source, text, uses, words, *flags, language):
    """The uses that need no compilation of their own, and what the compiler said to all."""
    if len(uses) < 2:
        return set(), None
    path = os.path.join(way.out, source)
    with open(path, "w", encoding="ascii") as file:
        file.write(together(source, text, uses))
    limit = ["-ferror-limit=0"] if way.is_clang else []
    done = way.compile(path, "-DWRONG", "-O0", *limit, *flags, language=language)
    return ({use for n, use in enumerate(uses, 1) if n in refused_at(done.text, words)}
            if done.path is None else set()), done


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
    if not compiler.is_clang and language in BY_I.findall(text):
        compilers = compilers[:1]
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
        for way in compilers if define == defines[0] else [compiler]:
            refused, said = refused_together(way, source, text, uses, words, *flags,
                                             language=language)
            by = "" if way is compiler else ", by -isystem"
            for use in uses or [""]:
                wrong = said if use in refused else way.compile(
                    source, "-DWRONG", "-O0", *flags, f"-DUSE(X)={use}", language=language)
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
