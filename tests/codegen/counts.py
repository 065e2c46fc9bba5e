# SPDX-License-Identifier: MIT
"""How many instructions each operation is: exactly as in golden-MODE.txt, and within its budget; and
each on a dynamic variable, as in handles-MODE.txt.

Counted is every instruction of the function but its return and padding. The budget leaves out, too,
copies from register to register: they bring an argument to where the operation may change it, or
the result to where the caller expects it.
"""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
ARCHS = ("x86_64", "aarch64", "riscv64")
COMPILERS = ("gcc", "clang")


def read_golden(mode, arch, compiler, table="golden"):
    """(operation, budget or None, figure) for each operation that this architecture has."""
    name = f"{table}-{mode}.txt"
    column = ARCHS.index(arch)
    with open(os.path.join(HERE, name), encoding="utf-8") as table:
        rows = [line.split() for line in table if line.strip() and line[0] != "#"]
    for row in rows:
        if len(row) != 1 + 3 * len(ARCHS):
            raise ValueError(f"{name}: {row[0]} has {len(row)} columns")
        budget = row[1 + column]
        figure = row[1 + len(ARCHS) * (1 + COMPILERS.index(compiler)) + column]
        if figure != "-":
            yield row[0], None if budget == "-" else int(budget), int(figure)


def count(function, isa):
    """The instructions of a function, and how many of them are copies."""
    counted = [instruction for instruction in function.code if isa.counts(instruction)]
    return len(counted), sum(map(isa.is_move, counted))


def compare(tap, settings, source, table):
    """Every operation of SOURCE has a line in the table, and every line an operation."""
    functions = settings.functions(settings.object(source))
    operations = {name for name in functions
                  if name.startswith(("near_", "far_", "local_", "handle_"))}
    rows = list(read_golden(settings.mode, settings.arch, settings.compiler, table))
    tap.ok(operations == {name for name, _, _ in rows}, f"{table}-{settings.mode}.txt has the operations of {source}.c",
           operations ^ {name for name, _, _ in rows})
    for name, budget, figure in rows:
        total, moves = count(functions[name], settings.isa)
        tap.ok(total == figure, f"{name} is {figure} instructions", functions[name])
        if budget is not None:
            tap.ok(total - moves <= budget, f"{name} is within its budget of {budget}",
                   functions[name])
    return functions


def check(tap, settings):
    """Of variables that are defined, then of those that are allocated."""
    functions = compare(tap, settings, "operations", "golden")
    one = all(count(functions[name], settings.isa)[0] == 1
              for name in ("near_read", "near_read_stable", "near_write"))
    tap.ok(one == ("reads_and_writes_are_one_instruction" in functions),
           f"PERCPU_READ_IS_ONE_INSTRUCTION is {one}: near reads and writes need no pinned caller")
    compare(tap, settings, "handles", "handles")
