# SPDX-License-Identifier: MIT
"""C36: the configuration can be asked in #if, in C, C++ and assembly, and the register has a name
in assembly: in every configuration, with -Wundef, each PERCPU_IS_* is right. In each, percpu.h
compiles whole without a warning (C40); and PERCPU_NEAR_SYMBOL where the register leads to it only.
A port for another architecture, flags for another kind of it, and a file without one of the values
are refused."""

import itertools
import os

from compiler import refuse

CHOICES = {"PERCPU_MODE": ["smp", "sp"], "PERCPU_PREEMPT": ["none", "hooks", "restart"],
           "PERCPU_VMA": ["image", "zero"], "PERCPU_DEBUG": ["0", "1"]}
OF_ONE = {"x86_64": {}, "aarch64": {"PERCPU_ARM_EL": ["1", "2"]},
          "riscv64": {"PERCPU_RISCV_REG": ["gp", "tp"], "PERCPU_RISCV_LEVEL": ["s", "m"]}}
# Every operation, which is to compile without a warning.
INSTALL = os.path.abspath(os.path.join(os.path.dirname(__file__), "../install"))
EVERYTHING = os.path.join(INSTALL, "everything.c")
# What is built on it.
BLOCKS = ("everything_blocks.c", "everything_cache.c")
# The refusal of each, where it cannot be.
ZERO = {"counter": "counter.h, record.h, ref.h and rlock.h are", "cache": "percpu/cache.h is"}
# What a word of the configuration makes true.
ASKED = {"1": "EL1", "2": "EL2"}
REGISTER = {"x86_64": "%gs", "aarch64": "tpidr_el{PERCPU_ARM_EL}", "riscv64": "{PERCPU_RISCV_REG}"}
POINTERS = "libpercpu: a pointer has 8 bytes, .*: leave out -mx32, or -mabi=ilp32"
BYTES = "libpercpu: every port is little-endian, .*: leave out -mbig-endian"
WRONG_FLAGS = {"x86_64": {"-mx32": POINTERS}, "riscv64": {"-mbig-endian": BYTES},
               "aarch64": {"-mbig-endian": BYTES, "-mabi=ilp32": POINTERS}}
# Clang has ilp32 as a triple's, and riscv64 as little-endian only.
OF_GCC = {"riscv64": {"-mbig-endian"}, "aarch64": {"-mabi=ilp32"}, "x86_64": set()}
READS = {"x86_64": "movw {}, %ax", "aarch64": "mrs x0, {}", "riscv64": "mv a0, {}"}


def configurations(arch):
    """Every one that is legal; what differs in numbers alone, once."""
    choices = {**CHOICES, **OF_ONE[arch]}
    for values in itertools.product(*choices.values()):
        config = dict(zip(choices, values))
        legal = config["PERCPU_VMA"] == "image" or config["PERCPU_MODE"] == "smp"
        # The level is asked for by itself: with the register, and where the variables are, once.
        once = config.get("PERCPU_RISCV_LEVEL") != "m" or (config["PERCPU_VMA"] == "image" and
                                                           config["PERCPU_RISCV_REG"] == "gp")
        if legal and once:
            yield config


def questions(arch, config):
    """The name of each PERCPU_IS_*, and whether it is to be 1."""
    for name, words in {**CHOICES, **OF_ONE[arch]}.items():
        for word in words if name != "PERCPU_DEBUG" else []:
            yield f"PERCPU_IS_{ASKED.get(word, word.upper())}", int(config[name] == word)


def program(arch, config, header):
    """A source that compiles if all is right."""
    lines = [f"#include <{header}>"]
    for name, value in questions(arch, config):
        lines += [f"#if !defined {name} || {name} != {value}", f"#error {name} is not {value}",
                  "#endif"]
    lines += [f"#if PERCPU_DEBUG != {config['PERCPU_DEBUG']}", "#error PERCPU_DEBUG", "#endif"]
    return lines


def write(path, lines):
    """A file of LINES; its path."""
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    return path


def check_others(tap, compiler, arch):
    """A port for another architecture than the compiler's, as a wrong include path gives."""
    for other in sorted(OF_ONE.keys() - {arch}):
        port = os.path.abspath(f"ports/{other}/percpu_arch.h")
        source = write(os.path.join(compiler.out, f"{other}.c"),
                       ["#include <percpu/configuration.h>", f'#include "{port}"'])
        refuse(tap, compiler.compile(source), f"the port for {other}",
               "libpercpu: this is the port for .*, and the compiler is for another architecture")


def check_flags(tap, compiler, arch):
    """Flags by which the compiler is for that architecture, but not as the port is: C and assembly."""
    for flag, words in WRONG_FLAGS[arch].items():
        if compiler.is_clang and flag in OF_GCC[arch]:
            continue
        for name in ("percpu.h", "percpu/asm.h"):
            suffix = "S" if "asm" in name else "c"
            source = write(os.path.join(compiler.out, f"flag.{suffix}"), [f"#include <{name}>"])
            refuse(tap, compiler.compile(source, flag), f"{name} with {flag}", words)


def check_missing(tap, compiler, arch):
    """A file without one value: the variable is named, and that it is missing."""
    choices = {**CHOICES, **OF_ONE[arch], "PERCPU_CACHE_LINE": ["64"]}
    source = write(os.path.join(compiler.out, "missing.c"), ["#include <percpu.h>"])
    for left_out in [None, *choices]:
        settings = write(os.path.join(compiler.out, f"without-{left_out}.h"),
                         [f"#define {name} {values[0]}" for name, values in choices.items()
                          if name != left_out])
        done = compiler.compile(source, f'-DPERCPU_CONFIG_FILE="{settings}"')
        if left_out:
            refuse(tap, done, f"a file without {left_out}",
                   f"libpercpu: {left_out} is .*, and the configuration lacks it")
        else:
            tap.ok(done.path, "a file with every value", done.why())


def check(tap, compiler, arch):
    """The sources are made; the compiler reads them by their absolute paths."""
    check_others(tap, compiler, arch)
    check_flags(tap, compiler, arch)
    check_missing(tap, compiler, arch)
    for number, config in enumerate(configurations(arch)):
        path = os.path.join(compiler.out, f"{number}")
        settings = write(f"{path}.config.h", [f"#define {name} {value}" for name, value in
                                              {**config, "PERCPU_CACHE_LINE": "64"}.items()])
        flags = ["-Wundef", "-Werror", f'-DPERCPU_CONFIG_FILE="{settings}"']
        what = " ".join(config.values())
        for language, suffix in (("C", "c"), ("C++", "cc")):
            if not compiler.lacks(language):
                blocks = [f'#include "{os.path.join(INSTALL, name)}"' for name in BLOCKS
                          if config["PERCPU_VMA"] == "image"]
                source = write(f"{path}.{suffix}", [*program(arch, config, "percpu.h"),
                                                    f'#include "{EVERYTHING}"', *blocks])
                done = compiler.compile(source, *flags, "-Wcast-qual", language=language)
                tap.ok(done.path, f"C36 {what}: PERCPU_IS_* are right in {language}", done.why())
        if (config["PERCPU_MODE"], config["PERCPU_VMA"]) != ("smp", "image"):
            refuse(tap, compiler.compile(f"{path}.c", *flags, "-DNEAR_SYMBOL", language="C"), what,
                   "PERCPU_NEAR_SYMBOL_is_for_PERCPU_MODE_smp_and_PERCPU_VMA_image")
        if config["PERCPU_VMA"] == "zero":
            for name, words in ZERO.items():
                source = write(f"{path}.{name}.c", [f"#include <percpu/{name}.h>"])
                refuse(tap, compiler.compile(source, *flags, language="C"), what,
                       f"libpercpu: {words} for PERCPU_VMA image")
        text = program(arch, config, "percpu/asm.h")
        objects = []
        for register in ("PERCPU_REGISTER", REGISTER[arch].format(**config)):
            source = write(f"{path}.S", [*text, READS[arch].format(register)])
            done = compiler.compile(source, *flags, f"-DVARIANT={len(objects)}")
            tap.ok(done.path, f"C36 {what}: PERCPU_IS_* are right in assembly", done.why())
            objects.append(done)
        contents = [done.path and read(done.path) for done in objects]
        tap.ok(contents[0] and contents[0] == contents[1],
               f"C36 {what}: PERCPU_REGISTER is {REGISTER[arch].format(**config)}",
               "\n".join(done.why() for done in objects))


def read(path):
    """A file's bytes."""
    with open(path, "rb") as file:
        return file.read()
