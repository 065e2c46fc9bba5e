# SPDX-License-Identifier: MIT
"""What an instruction does, for the decoders of all architectures.

All values are 64 bits wide. An expression is a tuple:

    ("const", n)                a number that is part of what the instruction means
    ("imm", n)                  a number that the program chose: an offset, an address, an addend
    ("reg", name)               a register; condition flags are registers too, of 0 or 1
    ("load", size, address)     what memory holds, zero-extended from its SIZE bytes
    ("low", bits, a)            the low bits, zero-extended
    ("sext", bits, a)           the low bits, sign-extended
    ("add", a, b)               and sub, and, or, xor, shl, shr (with zeros), sar (with the sign)
    ("eq", a, b)                0 or 1; ult and slt are the unsigned and the signed comparison
    ("ite", a, b, c)            b where a is not 0, else c
    ("status",)                 whether a store-exclusive failed: 0 or 1
"""

from dataclasses import dataclass, field

MASK = (1 << 64) - 1
ZERO = ("const", 0)
ONE = ("const", 1)


class NotUnderstood(Exception):
    """An instruction that no sequence of this library has, or none at all; says which."""


@dataclass(frozen=True)
class Instruction:
    """One instruction, at ADDRESS. What it SETS is computed from what registers and memory held
    before it; STORES are (size, address, value); BRANCH is (condition, target), the target None if
    the register TARGET has it. EXCLUSIVE is "load" or "store" for one half of such a pair."""

    address: int
    size: int
    text: str
    sets: tuple = ()
    stores: tuple = ()
    branch: tuple = None
    call: bool = False
    target: str = ""
    exclusive: str = ""
    loads: tuple = field(init=False, default=())
    reads: frozenset = field(init=False, default=frozenset())
    writes: frozenset = field(init=False, default=frozenset())

    def __post_init__(self):
        parts = [e for _, e in self.sets] + [e for _, a, v in self.stores for e in (a, v)]
        if self.branch:
            parts.append(self.branch[0])
        nodes = [node for part in parts for node in walk(part)]
        put = object.__setattr__
        put(self, "loads", tuple(dict.fromkeys(n[1:] for n in nodes if n[0] == "load")))
        put(self, "reads", frozenset(n[1] for n in nodes if n[0] == "reg") |
            ({self.target} if self.target else set()))
        put(self, "writes", frozenset(name for name, _ in self.sets))

    @property
    def end(self):
        """The address behind it."""
        return self.address + self.size

    def __str__(self):
        return f"{self.address:x}: {self.text}"


def walk(expression):
    """The expression, and all in it."""
    yield expression
    for part in expression[1:]:
        if isinstance(part, tuple):
            yield from walk(part)


def replaced(expression, change):
    """The expression with each part, from the innermost on, as CHANGE makes it."""
    parts = (replaced(p, change) if isinstance(p, tuple) else p for p in expression[1:])
    return change((expression[0], *parts))


def bits(word, high, low):
    """Bits HIGH to LOW of a word."""
    return word >> low & ((1 << (high - low + 1)) - 1)


def signed(value, width):
    """A number of WIDTH bits, read as a signed one."""
    return value - (1 << width) if value >> (width - 1) & 1 else value


def imm(value):
    """An immediate."""
    return ("imm", value & MASK)


def plus(base, offset):
    """An address: BASE and a number that the program chose."""
    return ("add", base, imm(offset)) if offset else base


def value_of(expression, registers, load):
    """The number that an expression is, given the registers' and LOAD(size, address)."""
    def value(e):
        name = e[0]
        if name in ("const", "imm"):
            return e[1] & MASK
        if name == "reg":
            return registers[e[1]]
        if name == "load":
            return load(e[1], value(e[2]))
        if name == "low":
            return value(e[2]) & ((1 << e[1]) - 1)
        if name == "sext":
            return signed(value(e[2]) & ((1 << e[1]) - 1), e[1]) & MASK
        if name == "ite":
            return value(e[2] if value(e[1]) else e[3])
        return COMPUTE[name](value(e[1]), value(e[2])) & MASK
    return value(expression)


COMPUTE = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "shl": lambda a, b: a << (b & 63),
    "shr": lambda a, b: a >> (b & 63),
    "sar": lambda a, b: signed(a, 64) >> (b & 63),
    "eq": lambda a, b: int(a == b),
    "ult": lambda a, b: int(a < b),
    "slt": lambda a, b: int(signed(a, 64) < signed(b, 64)),
}
