# SPDX-License-Identifier: MIT
"""How many instructions a get and a put of percpu/cache.h are: at most their budget.

Counted is the longest of the ways from the function's first instruction to its return on which the
magazines are not left: those that call the library, or that leave out the store of an object or of
the new top, are not of that kind. Copies from register to register are not counted.
"""

import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
BUDGET = os.path.join(HERE, "budget-cache.txt")
PAGE = os.path.join(HERE, "../../docs/cache.md")
ARCHS = ("x86_64", "aarch64", "riscv64")
# What a get and a put store: the top; the object and the top.
STORES = {"cache_get": 1, "cache_put": 2}
ALWAYS = ("jmp", "jmpq", "b", "j")


def read_budgets(mode, arch):
    """{function: its most instructions} of a mode."""
    column = 1 + ARCHS.index(arch) + len(ARCHS) * ("none", "restart").index(mode)
    with open(BUDGET, encoding="utf-8") as table:
        rows = [line.split() for line in table if line.strip() and line[0] != "#"]
    return {row[0]: int(row[column]) for row in rows}


def page_budgets(mode, arch):
    """The same of docs/cache.md, whose table has the same columns."""
    column = ARCHS.index(arch) + len(ARCHS) * ("none", "restart").index(mode)
    with open(PAGE, encoding="utf-8") as page:
        rows = re.findall(r"^\| `percpu_(cache_\w+)` \|([\d| ]+)\|$", page.read(), re.MULTILINE)
    return {name: int(figures.split("|")[column]) for name, figures in rows}


def following(function, at, isa):
    """Where a way goes on from an instruction: indexes; none where the library is called."""
    instruction = function.code[at]
    if any("percpu_cache" in symbol for symbol in instruction.symbols):
        return [at + 1] if isa.is_branch(instruction) and instruction.mnemonic not in ALWAYS else []
    if not isa.is_branch(instruction):
        return [at + 1]
    places = [i for i, other in enumerate(function.code) if other.address == instruction.target()]
    return places + ([] if instruction.mnemonic in ALWAYS else [at + 1])


def ways(function, isa, at=0, before=()):
    """Each way to a return, as the instructions on it, none of them twice."""
    if at >= len(function.code) or at in before:
        return
    if isa.is_return(function.code[at]):
        yield [function.code[i] for i in before]
        return
    for place in following(function, at, isa):
        yield from ways(function, isa, place, (*before, at))


def stores(way, isa):
    """How many stores are on a way."""
    return sum(kind == "store" for i in way for kind, _ in isa.accesses(i))


def cost(way, isa):
    """The instructions of a way, without copies."""
    return sum(isa.counts(i) and not isa.is_move(i) for i in way)


def check(tap, settings):
    """Both functions keep their budgets."""
    functions = settings.functions(settings.object("cache"))
    budgets = read_budgets(settings.mode, settings.arch)
    tap.ok(set(budgets) == set(STORES), "budget-cache.txt has both functions", set(budgets))
    tap.ok(page_budgets(settings.mode, settings.arch) == budgets, "docs/cache.md has the same",
           page_budgets(settings.mode, settings.arch))
    for name, most in budgets.items():
        costs = [cost(way, settings.isa) for way in ways(functions[name], settings.isa)
                 if stores(way, settings.isa) == STORES[name]]
        tap.ok(costs and max(costs) <= most,
               f"{name} is within its budget of {most}, mode {settings.mode}",
               f"{costs}\n{functions[name]}")
