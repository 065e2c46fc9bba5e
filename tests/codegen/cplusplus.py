# SPDX-License-Identifier: MIT
"""percpu.h in C++17: cplusplus.cc compiles without a warning, to what C compiles to; and so does
face.cc, by percpu.hpp, every operation of it."""

import os

from counts import count, read_golden


def compares(tap, settings, what, functions, name):
    """A function is as many instructions as the one of C, whose NAME it has at its end."""
    figures = {name: figure for name, _, figure in
               read_golden(settings.mode, settings.arch, settings.compiler)}
    figure = figures[name.removeprefix("field_")]
    total, _ = count(functions[name], settings.isa)
    tap.ok(total == figure, f"{what}: {name} is {figure} instructions, as in C", functions[name])


def check(tap, settings):
    """The objects are there only if the compiler had nothing to say: they were made with -Werror."""
    path, face = settings.object("cplusplus"), settings.object("face")
    text = "C++17: namespaces, classes, enumerations and pointers compile without a warning"
    if not os.path.exists(path):
        tap.skip(text, "no C++ compiler for this architecture is installed")
        return
    functions = settings.functions(path)
    tap.ok(functions, text)
    for name in ("near_read", "near_add"):
        compares(tap, settings, "C++17", functions, name)
    functions = settings.functions(face)
    found = {name for name in functions if name.startswith(("near_", "far_", "field_"))}
    wanted = {name for name, _, _ in read_golden(settings.mode, settings.arch, settings.compiler)
              if name != "local_base"} | {"field_near_read", "field_near_add"}
    tap.ok(found == wanted, "percpu.hpp: face.cc has the operations of operations.c",
           sorted(found ^ wanted))
    for name in sorted(found & wanted):
        compares(tap, settings, "percpu.hpp", functions, name)
