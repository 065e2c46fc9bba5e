# SPDX-License-Identifier: MIT
"""C28: what must be linked with the library, and with what the header expands to; its size, which
for a kernel that has neither dynamic variables, nor CPUs that go, is that of before there were."""

import os
import re

import members as parts_of
from elf import Elf, archive_sizes, archive_symbols, member_symbols

# percpu.ld defines these, or its absence is meant to be noticed by the name.
FRAGMENT = r"_percpu_\w+|libpercpu__linker_script_lacks__INCLUDE_percpu\.ld"
LIBRARY = re.compile(rf"{FRAGMENT}|percpu_panic")
# The reserved variables are the library's. _GLOBAL_OFFSET_TABLE_ is the linker's own.
HEADER = re.compile(rf"{FRAGMENT}|percpu_\w+|__percpu_near\.percpu_\w+|_GLOBAL_OFFSET_TABLE_")
MOST_TEXT = 4096
# What a kernel may have that calls for nothing else; the link tests hold that it has no more.
PLAIN = parts_of.STATIC
# What others have who do.
PARTS = parts_of.DYNAMIC | parts_of.SELDOM
MOST_OF_PARTS = 9216
STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static.txt")

DIVISION = re.compile(r"i?div[bwlq]?|[us]div|(div|rem)u?w?")


def divisions(functions):
    """The instructions that divide: a search for an area takes none."""
    return [f"{name}: {i}" for name, function in functions.items() for i in function.code
            if DIVISION.fullmatch(i.mnemonic)]


def strangers(symbols, allowed):
    """The symbols that are not allowed."""
    return sorted(symbol for symbol in symbols if not allowed.fullmatch(symbol))


def strangers_in_smp(settings, build):
    """The symbols of kernel smp that are of the library, and of none of its plain members."""
    members = member_symbols(settings.objdump, build.library)
    plain = set().union(*(defined for name, (defined, _) in members.items() if name in PLAIN))
    others = set().union(*(defined for name, (defined, _) in members.items() if name in PARTS))
    if not PARTS <= members.keys():
        return [f"{build.library} lacks {PARTS - members.keys()}"]
    return sorted(Elf(os.path.join(build.kernels, "smp.elf")).symbols.keys() & (others - plain))


def check(tap, settings):
    """The library of each build, then objects made of the header with no flag of ours."""
    for build in settings.builds:
        defined, undefined = archive_symbols(settings.objdump, build.library)
        tap.ok(any(name.startswith("percpu_init__") for name in defined)
               and "libpercpu__linker_script_lacks__INCLUDE_percpu.ld" in undefined,
               f"C2 libpercpu.a at -{build.name} has percpu_init, and asks for the fragment")
        tap.none(strangers(undefined, LIBRARY),
                 f"C28 libpercpu.a at -{build.name} asks only for the fragment's symbols and "
                 "percpu_panic: no libgcc, no memcpy")
        tap.none(strangers_in_smp(settings, build), f"kernel smp at -{build.name}, which has none of "
                 "them, has no symbol of dynamic variables, or of CPUs that go")
        tap.none(divisions(settings.functions(build.library)),
                 f"libpercpu.a at -{build.name} divides nowhere")
    for level in ("O0", "Os", "O3"):
        undefined = Elf(settings.object(f"user-{level}")).undefined
        tap.none(strangers(undefined, HEADER),
                 f"C28 what the header expands to, at the user's -{level}, asks only for percpu")
    undefined = set().union(*(Elf(path).undefined for path in settings.taken_in))
    tap.ok(settings.taken_in and not strangers(undefined, HEADER),
           "C28 the library, compiled by a user at -O3 without our flags, calls nothing of others",
           strangers(undefined, HEADER))
    for mode, path in settings.libraries.items():
        check_size(tap, settings, mode, archive_sizes(settings.objdump, path))


def most(arch, compiler, mode):
    """Bytes of code and constants, and of RAM, from the table."""
    with open(STATIC, encoding="utf-8") as table:
        rows = [line.split() for line in table if line.strip() and line[0] != "#"]
    return next((int(text), int(ram)) for *key, text, ram in rows if key == [arch, compiler, mode])


def check_size(tap, settings, mode, sizes):
    """The library of one mode: what every kernel has of it, and what some have."""
    static = {name: size for name, size in sizes.items() if name in PLAIN}
    total, ram = (sum(size[i] for size in static.values()) for i in (0, 1))
    tap.ok(total - static["error.o"][0] <= MOST_TEXT, f"libpercpu.a, mode {mode}, without "
           f"percpu_strerror is at most {MOST_TEXT} bytes of code and constants", sizes)
    if mode == "none":
        tap.ok(total <= MOST_TEXT, f"and with it, mode {mode}, too", sizes)
    text_before, ram_before = most(settings.arch, settings.compiler, mode)
    tap.ok(total <= text_before, f"who uses variables of PERCPU_DEFINE alone has {total} bytes of "
           f"the library, mode {mode}, at most {text_before}", sizes)
    tap.ok(ram <= ram_before, f"and {ram} bytes of RAM, at most {ram_before}", sizes)
    parts = {name: size for name, size in sizes.items() if name in PARTS}
    text = sum(size[0] for size in parts.values())
    tap.ok(parts.keys() == PARTS and text <= MOST_OF_PARTS, f"dynamic variables and CPUs that go "
           f"are {text} bytes more, mode {mode}, at most {MOST_OF_PARTS}", sizes)
