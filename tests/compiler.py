# SPDX-License-Identifier: MIT
"""Compiles, the way a user's makefile would, and keeps what the compiler says.

The settings come in the environment, for prove passes on nothing but a test's name:

    TEST_CC        the compiler, GCC or Clang, with its --target
    TEST_CFLAGS    the architecture's flags and -I for percpu.h, percpu/config.h, percpu_arch.h
    TEST_OUT       where output goes
"""

import dataclasses
import hashlib
import os
import re
import shlex
import subprocess

CFLAGS = ["-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
          "-fno-common", "-ffunction-sections", "-fdata-sections", "-fvisibility=hidden",
          "-Wall", "-Wextra"]
# The same warnings are errors for C and for C++.
LANGUAGES = {"C": ["-x", "c", "-std=gnu11"],
             "C++": ["-x", "c++", "-std=gnu++17", "-fno-exceptions", "-fno-rtti"],
             "assembly": ["-x", "assembler-with-cpp"]}


@dataclasses.dataclass
class Result:
    """What came of one command: its file, or None, and what it printed."""
    path: str
    text: str
    command: str

    def why(self):
        """For a failed test: the command and its words."""
        return f"{self.command}\n{self.text}"


class Compiler:
    """The compiler under test, for sources below the directory HERE."""

    def __init__(self, name, here):
        self.cc = shlex.split(os.environ["TEST_CC"])
        self.cflags = shlex.split(os.environ["TEST_CFLAGS"]) + CFLAGS
        self.out = os.path.abspath(os.path.join(os.environ["TEST_OUT"], name))
        self.is_clang = "clang" in os.path.basename(self.cc[0])
        self.here = here
        self.compiled = {}
        os.makedirs(self.out, exist_ok=True)

    def run(self, command, path):
        """Runs COMMAND, which makes PATH."""
        if os.path.exists(path):
            os.remove(path)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False,
                              env={**os.environ, "LC_ALL": "C"})
        text = done.stdout.decode("utf-8", "replace")
        return Result(path if done.returncode == 0 else None, text, shlex.join(command))

    def lacks(self, language):
        """Why LANGUAGE cannot be compiled here; None if it can."""
        if language != "C++" or self.is_clang:
            return None
        program = subprocess.run(self.cc + ["-print-prog-name=cc1plus"], check=True,
                                 capture_output=True, text=True).stdout.strip()
        return None if os.path.isabs(program) else f"{self.cc[0]} has no C++ compiler, cc1plus"

    def compile(self, source, *flags, language="C", lto=False):
        """An object of SOURCE, a path below HERE."""
        if source.endswith(".S"):
            language, lto = "assembly", False
        options = list(flags) + (["-flto"] if lto else [])
        if not any(flag.lower().startswith("-fpi") for flag in flags):
            options.append("-fno-pie")
        key = (source, language, *options)
        if key not in self.compiled:
            digest = hashlib.sha256(repr(key).encode()).hexdigest()[:8]
            path = os.path.join(self.out, f"{os.path.basename(source)}.{digest}.o")
            # The language of the file, and then of nothing else.
            command = self.cc + self.cflags + LANGUAGES[language] + options
            self.compiled[key] = self.run(
                command + ["-c", os.path.join(self.here, source), "-o", path], path)
        return self.compiled[key]


def refuse(tap, result, name, words):
    """The tool refused, with WORDS, a regular expression."""
    said = re.search(words, result.text)
    tap.ok(result.path is None and said, f"{name}: is refused with the words: {words}",
           ("It was accepted.\n" if result.path else "") + result.why())
