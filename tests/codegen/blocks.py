# SPDX-License-Identifier: MIT
"""What the fast paths of percpu/counter.h and its kin are made of: instructions, at most their
budget, and fences, which QEMU forgives.

The fast path is the shortest way from a function's first instruction to its return that calls
nothing slow, that is, nothing of the library. Copies from register to register are not counted.
"""

import heapq
import os
import re

from barriers import first_missing

HERE = os.path.dirname(os.path.abspath(__file__))
BUDGET = os.path.join(HERE, "budget-blocks.txt")
PAGE = os.path.join(HERE, "../../docs/building-blocks.md")
MODES = ("none", "restart")
ARCHS = ("x86_64", "aarch64", "riscv64")
SLOW = re.compile(r"_?percpu_(counter|record|ref|rlock)_")
ALWAYS = ("jmp", "jmpq", "b", "j", "jr", "br")
ADD = r"(amoadd|sd)\b"
# GCC 12 makes it a full one, which objdump shows without operands.
RELEASE = r"fence( (io)?rw,(o?w|(io)?rw))? *$"
# In each function, one behind the other. x86_64 orders stores, and loads, by itself.
FENCES = {
    "x86_64": {"rlock_read_lock": (r"\w+ .*%gs:", r"(lock or|mfence)", r"\w+ .*\(")},
    "aarch64": {"rlock_read_lock": (r"mrs x\d+, tpidr_el1", r"st\w* ", r"dmb ish$", r"ldar "),
                "rlock_read_unlock": (r"dmb ish$", r"mrs x\d+, tpidr_el1", r"st\w* "),
                "record_write": (r"mrs x\d+, tpidr_el1", r"st\w* ", r"dmb ish$", r"dmb ish$",
                                 r"mrs x\d+, tpidr_el1", r"st\w* ")},
    "riscv64": {"rlock_read_lock": (ADD, r"fence( (io)?rw,(io)?rw)? *$", r"ld ",
                                    r"fence( (i?r|iorw),(io)?rw)? *$"),
                "rlock_read_unlock": (RELEASE, ADD),
                "record_write": (ADD, RELEASE, RELEASE, ADD)},
}


def read_budgets(mode, arch):
    """{function: its most instructions} of a mode."""
    column = 1 + ARCHS.index(arch) + len(ARCHS) * MODES.index(mode)
    with open(BUDGET, encoding="utf-8") as table:
        rows = [line.split() for line in table if line.strip() and line[0] != "#"]
    return {row[0]: int(row[column]) for row in rows}


def page_budgets(mode, arch):
    """The same, as the page for users has them."""
    column = ARCHS.index(arch) + len(ARCHS) * MODES.index(mode)
    with open(PAGE, encoding="utf-8") as page:
        rows = re.findall(r"^\| `percpu_(\w+)`[^|]*\|((?: \d+ \|)+)$", page.read(), re.M)
    return {name: int(figures.split("|")[column]) for name, figures in rows}


def outside(instruction):
    """The function of others that it names, to call it or to go on there."""
    return next((symbol for symbol in instruction.symbols if not symbol.startswith(".")), None)


def successors(function, at, isa):
    """Where the fast path may go on from the instruction number AT; None for the function's end."""
    instruction = function.code[at]
    name = outside(instruction)
    leaves = isa.is_branch(instruction) or instruction.mnemonic in ALWAYS
    if isa.is_return(instruction):
        return [None]
    if leaves and instruction.mnemonic in ALWAYS and (name or instruction.target() is None):
        return [] if name and SLOW.match(name) else [None]
    if name and SLOW.match(name):
        return [at + 1] if leaves else []
    places = [i for i, other in enumerate(function.code)
              if leaves and other.address == instruction.target()]
    return places if leaves and instruction.mnemonic in ALWAYS else [*places, at + 1]


def fast_path(function, isa):
    """The instructions of the shortest way, without copies and the return; None if there is none."""
    ways, seen = [(0, 0)], set()
    while ways:
        cost, at = heapq.heappop(ways)
        if at in seen or at >= len(function.code):
            continue
        seen.add(at)
        instruction = function.code[at]
        cost += isa.counts(instruction) and not isa.is_move(instruction)
        for place in successors(function, at, isa):
            if place is None:
                return cost
            heapq.heappush(ways, (cost, place))
    return None


def check(tap, settings):
    """Every function of blocks.c has a budget, and keeps it."""
    functions = settings.functions(settings.object("blocks"))
    budgets = read_budgets(settings.mode, settings.arch)
    known = {name: function for name, function in functions.items()
             if re.match("(counter|record|ref|rlock)_", name)}
    tap.ok(set(known) == set(budgets), "budget-blocks.txt has the functions of blocks.c",
           set(known) ^ set(budgets))
    stated = page_budgets(settings.mode, settings.arch)
    tap.ok(stated == budgets, "docs/building-blocks.md states these budgets", f"{stated}\n{budgets}")
    for name, most in budgets.items():
        found = fast_path(functions[name], settings.isa)
        tap.ok(found is not None and found <= most,
               f"{name} is within its budget of {most}, mode {settings.mode}",
               f"{found}\n{functions[name]}")
    for name, wanted in FENCES[settings.arch].items():
        missing = first_missing(functions[name], wanted)
        tap.ok(missing is None, f"{name} has, in order, {', '.join(wanted)}, mode {settings.mode}",
               f"not behind the others: {missing}\n{functions[name]}")
