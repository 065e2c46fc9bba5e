# SPDX-License-Identifier: MIT
"""percpu.h in C++17: cplusplus.cc compiles without a warning, to what C compiles to."""

import os

from counts import count, read_golden


def check(tap, settings):
    """The object is there only if the compiler had nothing to say: it was made with -Werror."""
    path = settings.object("cplusplus")
    text = "C++17: namespaces, classes, enumerations and pointers compile without a warning"
    if not os.path.exists(path):
        tap.skip(text, "no C++ compiler for this architecture is installed")
        return
    functions = settings.functions(path)
    tap.ok(functions, text)
    golden = read_golden(settings.mode, settings.arch, settings.compiler)
    figures = {name: figure for name, _, figure in golden}
    for name in ("near_read", "near_add"):
        total, _ = count(functions[name], settings.isa)
        tap.ok(total == figures[name], f"C++17: {name} is {figures[name]} instructions, as in C",
               functions[name])
