# SPDX-License-Identifier: MIT
"""Compiles and links, the way a user's makefile would, and keeps what the tools say.

The settings come in the environment: those of tests/compiler.py, and

    TEST_ARCH      x86_64, aarch64 or riscv64
    TEST_AR        ar, for archives.py
    TEST_LD        the linker, GNU ld or lld
    TEST_LDFLAGS   the architecture's linker flags
    TEST_LIBRARY   libpercpu.a
    TEST_CONFIG    the percpu/config.h that the library was built with
    TEST_SCRIPTS   the directory of percpu.ld and kernel.ld
    TEST_LOAD      a link address that suits the architecture's board
    TEST_PARTIAL_LDS  the linkers for ld -r: GNU ld and lld
"""

import dataclasses
import os
import shlex
import shutil

from compiler import Compiler

HERE = os.path.dirname(os.path.abspath(__file__))

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


class Toolchain(Compiler):
    """The compiler and the linker under test."""

    def __init__(self, name):
        super().__init__(name, HERE)
        self.arch = os.environ["TEST_ARCH"]
        self.ld = shlex.split(os.environ["TEST_LD"])
        self.ldflags = shlex.split(os.environ["TEST_LDFLAGS"])
        self.library = os.environ["TEST_LIBRARY"]
        self.config = os.path.abspath(os.environ["TEST_CONFIG"])
        self.scripts = os.path.abspath(os.environ["TEST_SCRIPTS"])
        self.load = int(os.environ["TEST_LOAD"], 0)
        self.is_lld = "lld" in os.path.basename(self.ld[0])

    def an_lld(self):
        """The lld of TEST_PARTIAL_LDS, if it is there."""
        return next((ld for ld in shlex.split(os.environ["TEST_PARTIAL_LDS"])
                     if "lld" in os.path.basename(ld) and shutil.which(ld)), None)

    def archive(self, name, objects):
        """An archive of OBJECTS."""
        path = os.path.join(self.out, f"{name}.a")
        return self.run([*shlex.split(os.environ["TEST_AR"]), "rcsD", path, *objects], path)

    def link(self, objects, script, variant, *, name, flags=(), pie=False, fragment=None,
             library=True, ld=None):
        """A program of OBJECTS, in this order, and the library, by SCRIPT, a path below this
        directory or a name in TEST_SCRIPTS. FRAGMENT is a directory with another percpu.ld, LD
        another linker."""
        path = os.path.join(self.out, f"{name}.{variant.name.split()[0].lstrip('-')}.elf")
        own = os.path.join(HERE, script)
        script = own if os.path.exists(own) else os.path.join(self.scripts, script)
        flags = self.ldflags + ["--build-id=none"] + list(flags)
        flags += ["--gc-sections"] if variant.gc else []
        inputs = ["-T", script, "-o", path] + list(objects) + [self.library] * library
        search = [f"-L{place}" for place in (fragment, self.scripts) if place]
        if variant.lto and not self.is_clang:
            kind = ["-static-pie"] if pie else ["-static", "-no-pie"]
            command = self.cc + self.cflags + kind + ["-O2", "-flto", "-nostdlib"]
            command += [word for flag in flags for word in ("-Xlinker", flag)]
        else:
            kind = ["-static", "-pie", "--no-dynamic-linker"] if pie else ["-static"]
            command = ([ld] if ld else self.ld) + kind + ["-nostdlib"] + flags
        return self.run(command + search + inputs, path)
