# SPDX-License-Identifier: MIT
"""Sequences of one shape are the same instructions but for the names of registers, the numbers and
the place. What is proven for a shape, with all its numbers unknown, is proven for all of it."""

from dataclasses import dataclass

from percpu_tools.machine import replaced


@dataclass(frozen=True)
class Step:
    """An instruction of a shape: as machine.Instruction, with its registers named by the order in
    which they come, and a branch's target the index of a step, or the name of an exit."""
    sets: tuple
    stores: tuple
    branch: tuple
    loads: tuple
    exclusive: str


class Shape:
    """What a sequence is of. KEY is the same for sequences of one shape; NUMBERS are what this one
    has for the shape's, REGISTERS its names. With numbers of its own it is its only one."""

    def __init__(self, code, exits, keep, delta, numbered=False):
        self.exits, self.keep, self.delta = exits, keep, delta
        self.numbered = numbered
        self.numbers, self.registers = {}, {}
        if delta is not None and not numbered:
            self.numbers[delta] = "delta"
        self.index = {i.address: n for n, i in enumerate(code)}
        self.steps = tuple(self.step(i) for i in code)
        self.key = (self.steps, keep, delta if numbered or not delta else "delta")

    def step(self, i):
        """An instruction's step."""
        branch = i.branch and (self.of(i.branch[0]), self.target(i.branch[1]))
        return Step(tuple((self.register(name), self.of(e)) for name, e in i.sets),
                    tuple((size, self.of(a), self.of(v)) for size, a, v in i.stores), branch,
                    tuple((size, self.of(a)) for size, a in i.loads), i.exclusive)

    def target(self, address):
        """Where a branch goes."""
        return self.index[address] if address in self.index else self.exits[address]

    def register(self, name):
        """The name of a register here."""
        if name in self.keep:
            return name
        return self.registers.setdefault(name, f"register {len(self.registers)}")

    def part(self, e):
        """A part of an expression."""
        if e[0] == "reg":
            return ("reg", self.register(e[1]))
        if e[0] == "imm" and e[1] and not self.numbered:
            return ("sym", self.numbers.setdefault(e[1], len(self.numbers)))
        return e

    def of(self, expression):
        """An expression, in the shape's names."""
        return replaced(expression, self.part)

    def name(self, register):
        """The sequence's name for a register of the shape."""
        return next((mine for mine, its in self.registers.items() if its == register), register)
