# SPDX-License-Identifier: MIT
"""What the decoders of riscv64 have in common: what kinds of instructions do."""

from percpu_tools.machine import MASK, ZERO, Instruction, plus

STORES = ("sb", "sh", "sw", "sd")


def x(number):
    """A register as an expression."""
    return ("reg", f"x{number}") if number else ZERO


def put(number, value):
    """What sets a register; x0 takes nothing."""
    return ((f"x{number}", value),) if number else ()


def load(at, size, kind, rd, rs1, offset, prefix=""):
    """A load, of which KIND is the name and the number of bytes."""
    name, width = kind
    value = ("load", width, plus(x(rs1), offset))
    if width < 8 and not name.endswith("u"):
        value = ("sext", 8 * width, value)
    return Instruction(at, size, f"{prefix}{name} x{rd},{offset}(x{rs1})", put(rd, value) or
                       (("x0", value),))


def store(at, size, log, rs2, rs1, offset, prefix=""):
    """A store of 2 to the power of LOG bytes."""
    return Instruction(at, size, f"{prefix}{STORES[log]} x{rs2},{offset}(x{rs1})",
                       stores=((1 << log, plus(x(rs1), offset), x(rs2)),))


def computed(name, a, b, is_word):
    """The value of an operation, by the name that expressions have for it."""
    if not is_word:
        if name in ("shl", "shr", "sar"):
            b = ("low", 6, b)
        return (name, a, b)
    if name in ("shl", "shr", "sar"):
        b = ("low", 5, b)
    if name in ("shr", "sar"):
        a = ("low" if name == "shr" else "sext", 32, a)
    return ("sext", 32, (name, a, b))


def operation(at, size, kind, rd, rs1, rs2, is_word, text=""):
    """An operation of two registers."""
    return Instruction(at, size, text or f"{kind[0]} x{rd},x{rs1},x{rs2}",
                       put(rd, computed(kind[1], x(rs1), x(rs2), is_word)))


def branch(at, size, name, rs1, rs2, target, text=""):
    """A conditional branch."""
    a, b = x(rs1), x(rs2)
    condition = ({"e": ("eq", a, b), "n": ("eq", a, b)}.get(name[1]) if name in ("beq", "bne")
                 else ("ult" if name.endswith("u") else "slt", a, b))
    if name in ("bne", "bge", "bgeu"):
        condition = ("eq", condition, ZERO)
    return Instruction(at, size, text or f"{name} x{rs1},x{rs2},{target & MASK:x}",
                       branch=(condition, target & MASK))
