# SPDX-License-Identifier: MIT
"""C28: what must be linked with the library, and with what the header expands to; its size."""

import re

from elf import Elf, archive_symbols, archive_text

# percpu.ld defines these, or its absence is meant to be noticed by the name.
FRAGMENT = r"_percpu_\w+|libpercpu__linker_script_lacks__INCLUDE_percpu\.ld"
LIBRARY = re.compile(rf"{FRAGMENT}|percpu_panic")
# The reserved variables are the library's. _GLOBAL_OFFSET_TABLE_ is the linker's own.
HEADER = re.compile(rf"{FRAGMENT}|percpu_\w+|__percpu_near\.percpu_\w+|_GLOBAL_OFFSET_TABLE_")
MOST_TEXT = 4096


DIVISION = re.compile(r"i?div[bwlq]?|[us]div|(div|rem)u?w?")


def divisions(functions):
    """The instructions that divide: a search for an area takes none."""
    return [f"{name}: {i}" for name, function in functions.items() for i in function.code
            if DIVISION.fullmatch(i.mnemonic)]


def strangers(symbols, allowed):
    """The symbols that are not allowed."""
    return sorted(symbol for symbol in symbols if not allowed.fullmatch(symbol))


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
        text = archive_text(settings.objdump, path)
        total, sentences = sum(text.values()), text["error.o"]
        tap.ok(total - sentences <= MOST_TEXT, f"libpercpu.a, mode {mode}, without percpu_strerror "
               f"is at most {MOST_TEXT} bytes of code and constants", text)
        if mode == "none":
            tap.ok(total <= MOST_TEXT, f"and with it, mode {mode}, too", text)
