# SPDX-License-Identifier: MIT
"""Compiles and links, the way a user's makefile would, and keeps what the tools say.

The settings come in the environment, for prove passes on nothing but a test's name:

    TEST_ARCH      x86_64, aarch64 or riscv64
    TEST_CC        the compiler, GCC or Clang, with its --target
    TEST_CFLAGS    the architecture's flags and -I for percpu.h, percpu/config.h, percpu_arch.h
    TEST_LD        the linker, GNU ld or lld
    TEST_LDFLAGS   the architecture's linker flags
    TEST_LIBRARY   libpercpu.a
    TEST_CONFIG    the percpu/config.h that the library was built with
    TEST_SCRIPTS   the directory of percpu.ld and kernel.ld
    TEST_LOAD      a link address that suits the architecture's board
    TEST_OUT       where output goes
"""

import dataclasses
import hashlib
import os
import shlex
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))

CFLAGS = ["-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
          "-fno-common", "-ffunction-sections", "-fdata-sections", "-fvisibility=hidden",
          "-Wall", "-Wextra"]
# The same warnings are errors for C and for C++.
LANGUAGES = {"C": ["-x", "c", "-std=gnu11"],
             "C++": ["-x", "c++", "-std=gnu++17", "-fno-exceptions", "-fno-rtti"],
             "assembly": ["-x", "assembler-with-cpp"]}

# In the upper half: the link address, and the code model that reaches it.
UPPER_HALF = {"x86_64": (0xffffffff80000000, ["-mcmodel=kernel"]),
              "aarch64": (0xffff800008000000, []),
              "riscv64": (0xffffffff80000000, ["-mcmodel=medany"])}


@dataclasses.dataclass(frozen=True)
class Variant:
    """How a case is compiled and linked."""
    name: str
    gc: bool
    lto: bool


PLAIN = Variant("plain", gc=False, lto=False)
COLLECTED = Variant("--gc-sections", gc=True, lto=False)
# All three GCC have the LTO plugin, riscv64-unknown-elf-gcc of Debian too. GCC's LTO objects are
# linked by the gcc driver, which finds the plugin; Clang's by lld itself. Clang's LTO objects and
# GNU ld, or GCC's and lld, do not go together.
LTO = Variant("-flto --gc-sections", gc=True, lto=True)
VARIANTS = [PLAIN, COLLECTED, LTO]


@dataclasses.dataclass
class Result:
    """What came of one command: its file, or None, and what it printed."""
    path: str
    text: str
    command: str

    def why(self):
        """For a failed test: the command and its words."""
        return f"{self.command}\n{self.text}"


class Toolchain:
    """The compiler and the linker under test."""

    def __init__(self, name):
        self.arch = os.environ["TEST_ARCH"]
        self.cc = shlex.split(os.environ["TEST_CC"])
        self.cflags = shlex.split(os.environ["TEST_CFLAGS"]) + CFLAGS
        self.ld = shlex.split(os.environ["TEST_LD"])
        self.ldflags = shlex.split(os.environ["TEST_LDFLAGS"])
        self.library = os.environ["TEST_LIBRARY"]
        self.config = os.path.abspath(os.environ["TEST_CONFIG"])
        self.scripts = os.path.abspath(os.environ["TEST_SCRIPTS"])
        self.load = int(os.environ["TEST_LOAD"], 0)
        self.out = os.path.abspath(os.path.join(os.environ["TEST_OUT"], name))
        self.is_clang = "clang" in os.path.basename(self.cc[0])
        self.is_lld = "lld" in os.path.basename(self.ld[0])
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
        """An object of SOURCE, a path below this directory."""
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
                command + ["-c", os.path.join(HERE, source), "-o", path], path)
        return self.compiled[key]

    def link(self, objects, script, variant, *, name, flags=(), pie=False, fragment=None):
        """A program of OBJECTS, in this order, and the library, by SCRIPT, a path below this
        directory or a name in TEST_SCRIPTS. FRAGMENT is a directory with another percpu.ld."""
        path = os.path.join(self.out, f"{name}.{variant.name.split()[0].lstrip('-')}.elf")
        own = os.path.join(HERE, script)
        script = own if os.path.exists(own) else os.path.join(self.scripts, script)
        flags = self.ldflags + ["--build-id=none"] + list(flags)
        flags += ["--gc-sections"] if variant.gc else []
        inputs = ["-T", script, "-o", path] + list(objects) + [self.library]
        search = [f"-L{place}" for place in (fragment, self.scripts) if place]
        if variant.lto and not self.is_clang:
            kind = ["-static-pie"] if pie else ["-static", "-no-pie"]
            command = self.cc + self.cflags + kind + ["-O2", "-flto", "-nostdlib"]
            command += [word for flag in flags for word in ("-Xlinker", flag)]
        else:
            kind = ["-static", "-pie", "--no-dynamic-linker"] if pie else ["-static"]
            command = self.ld + kind + ["-nostdlib"] + flags
        return self.run(command + search + inputs, path)
