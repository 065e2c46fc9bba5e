# SPDX-License-Identifier: MIT
"""
Compiles, assembles and links what is in the pages, with the project's own flags.

Settings come in the environment; what is not set is asked of make:

    TEST_OUT       where output goes; build/docs if not set
    TEST_LLVM      not empty: the LLVM tools
"""

import os
import re
import shlex
import subprocess

from elftools.elf.elffile import ELFFile

HERE = os.path.dirname(os.path.abspath(__file__))
SETTINGS = ("CC", "KERNEL_CFLAGS", "LD", "ARCH_LDFLAGS", "LIBRARY")
# Pages have functions that nobody declares, and static ones that nobody calls.
PROSE = ["-include", f"{HERE}/prelude.h", "-Wno-missing-prototypes", "-Wno-unused-function"]


def run(*command):
    """(whether the command passed, what it printed)"""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}"


def symbols(path):
    """({the names PATH defines for others}, {the names it lacks}) of an object file."""
    with open(path, "rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        named = [(symbol.name, symbol["st_shndx"] == "SHN_UNDEF", symbol["st_info"]["bind"])
                 for symbol in (table.iter_symbols() if table else ()) if symbol.name]
    return ({name for name, undefined, bind in named if not undefined and bind != "STB_LOCAL"},
            {name for name, undefined, _ in named if undefined})


class Builder:
    """The tools for one architecture."""

    def __init__(self, arch):
        self.arch = arch
        self.base = os.environ.get("TEST_OUT") or "build/docs"
        self.out = f"{self.base}/{arch}"
        os.makedirs(self.out, exist_ok=True)
        self.passed, self.text = self.make("library")
        shown = self.make("-s", "--eval", "docs-settings: ; $(foreach v," + " ".join(SETTINGS)
                          + ",$(info setting $v $($v)))@:", "docs-settings")[1]
        self.settings = dict(re.findall(r"^setting (\w+) (.*)$", shown, re.M))

    def make(self, *goals):
        """Makes something of the project, in the default configuration."""
        llvm = os.environ.get("TEST_LLVM", "")
        return run("env", "MAKEFLAGS=", "MAKEOVERRIDES=", "make", f"ARCH={self.arch}",
                   f"LLVM={llvm}", f"O={self.base}", *goals)

    @staticmethod
    def output(*command):
        """What a command prints, without the command."""
        return run(*command)[1].split("\n", 1)[1]

    def words(self, name):
        """A setting, as words."""
        return shlex.split(self.settings[name])

    def compile(self, name, code, *flags):
        """An object of CODE, a file called NAME. (path or None, what was printed)"""
        source, target = f"{self.out}/{name}", f"{self.out}/{name}.o"
        with open(source, "w", encoding="utf-8") as file:
            file.write(code)
        passed, text = run(*self.words("CC"), *self.words("KERNEL_CFLAGS"), *PROSE, *flags,
                           "-c", source, "-o", target)
        return (target if passed else None), text

    def compile_page(self, page, blocks, extension):
        """The blocks of one language: one unit, in the order of the page."""
        code = "".join(f'# {block.line} "{page.path}"\n{block.code}' for block in blocks)
        return self.compile(self.name(page) + extension, code)

    def compile_body(self, page, block):
        """A block that is the inside of a function."""
        code = f'#include <percpu.h>\nvoid docs_body(void)\n{{\n# {block.line} "{page.path}"\n'
        return self.compile(f"{self.name(page)}.{block.line}.c", code + block.code + "}\n",
                            "-Wno-unused-variable")

    def lacking(self, objects):
        """Names of this library's kind that no object defines, and the library does not either."""
        tables = [symbols(path) for path in objects]
        defined = set().union(*(table[0] for table in tables))
        lacked = set().union(*(table[1] for table in tables)) - defined
        ours = {name for name in lacked if re.match(r"_*percpu_", name)}
        allowed = re.compile(r"percpu_\w+__smp_\w+|percpu_panic|percpu_preempt\w*|_percpu_\w+|"
                             r"__percpu_near\.percpu_(delta|cpu_number)")
        return sorted(name for name in ours if not allowed.fullmatch(name))

    def link(self, page, block):
        """A small program, by the script in the block."""
        script = f"{self.out}/{self.name(page)}.{block.line}.ld"
        with open(script, "w", encoding="utf-8") as file:
            file.write(block.code)
        with open(f"{HERE}/program.c", encoding="utf-8") as file:
            program, text = self.compile("program.c", file.read(), "-fpie")
        if not program:
            return False, text
        return run(*self.words("LD"), *self.words("ARCH_LDFLAGS"), "-static", "-nostdlib",
                   "--gc-sections", "--fatal-warnings", "-z", "noexecstack", "-L", "ldscripts",
                   "-e", "_start", "-T", script, "-o", f"{script}.elf", program, self.settings["LIBRARY"])

    @staticmethod
    def name(page):
        """A file name for the page."""
        return page.path.replace("/", "_")
