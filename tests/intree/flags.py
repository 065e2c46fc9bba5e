# SPDX-License-Identifier: MIT
"""The library's sources under a user's flags, and none of ours: no warning, nothing called of others,
no guard where the register is written. And that the defaults, and lists, of each build are one."""

import glob
import os
import re

from elftools.elf.elffile import ELFFile

from common import ARCH, CC, SOURCE, fresh_directory, read, run, tail
from kernel import FLAGS

WARNINGS = """-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wundef -Wshadow -Wcast-qual
    -Wcast-align -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wredundant-decls
    -Wpointer-arith -Wwrite-strings -Wvla -Wdouble-promotion -Wnested-externs -Werror""".split()
LEVELS = ("-std=c11 -O0", "-std=gnu17 -O2", "-std=c2x -O3 -fbuiltin", "-std=c11 -Os -fno-builtin")
# What they may ask for: each other, the kernel's, and percpu.ld's.
OURS = re.compile(r"_?percpu_\w+|__percpu_\w+\.percpu_\w+|libpercpu__\w+\.ld|_GLOBAL_OFFSET_TABLE_")
CONFIGURATIONS = ([], ["-DPERCPU_PREEMPT=restart", "-DPERCPU_DEBUG=1"],
                  ["-DPERCPU_MODE=sp", "-DPERCPU_PREEMPT=hooks"], ["-DPERCPU_VMA=zero"])


def sources():
    """As the page has them: with lib/ the current folder's."""
    return sorted(glob.glob("lib/*.c", root_dir=SOURCE) + glob.glob("lib/*/*.c", root_dir=SOURCE))


def compile_all(out, flags):
    """{source: object} of those that compile, and what was said."""
    done, said = {}, ""
    for number, source in enumerate(sources()):
        path = f"{out}/{number}.o"
        passed, text = run([*CC, *flags, "-Iinclude", f"-Iports/{ARCH}", "-c", source, "-o", path],
                           f"{out}/log", cwd=SOURCE)
        if passed:
            done[source] = path
        else:
            said += tail(text)
    return done, said


def undefined(path):
    """The symbols that an object asks others for."""
    with open(path, "rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return {symbol.name for symbol in table.iter_symbols()
                if symbol["st_shndx"] == "SHN_UNDEF" and symbol.name}


def guarded(path):
    """The functions that call __stack_chk_fail, by -ffunction-sections."""
    found = set()
    with open(path, "rb") as file:
        elf = ELFFile(file)
        for section in elf.iter_sections("SHT_RELA"):
            table = elf.get_section(section["sh_link"])
            if any(table.get_symbol(entry["r_info_sym"]).name == "__stack_chk_fail"
                   for entry in section.iter_relocations()):
                found.add(section.name.rsplit(".", 1)[1])
    return found


def stack_protector(tap):
    """What writes the register has no guard, which may be found by it; other functions have."""
    out = fresh_directory("flags", "guard")
    done, said = compile_all(out, [*FLAGS[ARCH].split(), "-O2", "-ffunction-sections",
                                   "-fstack-protector-all"])
    found = set().union(*(guarded(done[f"lib/{name}.c"]) for name in
                          ("smp/areas", "smp/each", "hotplug") if f"lib/{name}.c" in done))
    names = {name.partition("__smp")[0] for name in found}
    writers = {"bind_to", "percpu_set_local_thread_pointer", "percpu_early_init", "percpu_init_at",
               "_percpu_settle", "percpu_init_each", "come", "percpu_cpu_up"}
    tap.ok({"percpu_init", "percpu_cpu_down"} <= names and not names & writers,
           "with -fstack-protector-all, what writes the register has no guard, and others have",
           said or sorted(names))


def one_configuration(tap):
    """config.mk, percpu/defaults.h and the builds know the same names, values and files."""
    config = dict(re.findall(r"^(PERCPU_\w+) *= *(\w+)$", read(f"{SOURCE}/config.mk"), re.M))
    defaults = dict(re.findall(r"^#define (PERCPU_\w+) (\w+)$",
                               read(f"{SOURCE}/include/percpu/defaults.h"), re.M))
    tap.ok(config and config == defaults, "the defaults are those of config.mk",
           f"{config}\n{defaults}")
    choices = dict(re.findall(r"^\$\(call one-of,(PERCPU_\w+),(.*)\)$",
                              read(f"{SOURCE}/Makefile"), re.M))
    for name, pattern in (("percpu.mk", r"^PERCPU__VALUES_(\w+) *:= (.*)$"),
                          ("tools/cmake/percpu-configuration.cmake",
                           r"^set\(percpu_values_(\w+) (.*)\)$"),
                          ("meson_options.txt",
                           r"^option\('PERCPU_(?!ARCH)(\w+)', type: 'combo', .*choices: \['', (.*)\]")):
        found = {f"PERCPU_{key}": re.sub("[',]", "", value) for key, value in
                 re.findall(pattern, read(f"{SOURCE}/{name}"), re.M)}
        tap.ok(found == choices, f"{name} has the Makefile's choices", f"{found}\n{choices}")
    meson = read(f"{SOURCE}/meson.build")
    tap.ok(re.findall(r"^  '(lib/.*)',$", meson, re.M) == sources(), "meson.build has every source")
    number = int(re.search(r"#define PERCPU_VERSION (\d+)", read(f"{SOURCE}/include/percpu.h"))[1])
    version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    tap.ok(f"version: '{version}'" in meson, f"meson.build is version {version}")


def flags(tap):
    """All of it."""
    one_configuration(tap)
    stack_protector(tap)
    for number, level in enumerate(LEVELS):
        out = fresh_directory("flags", str(number))
        chosen = CONFIGURATIONS[number]
        done, said = compile_all(out, [*FLAGS[ARCH].split(), *WARNINGS, *level.split(), *chosen])
        what = " ".join([level, *chosen])
        tap.ok(len(done) == len(sources()), f"no warning: {what}", said)
        asked = set().union(*map(undefined, done.values()))
        others = sorted(name for name in asked if not OURS.fullmatch(name))
        tap.ok(asked and not others, f"calls nothing of others: {what}", others)


GROUPS = {"flags": flags}
