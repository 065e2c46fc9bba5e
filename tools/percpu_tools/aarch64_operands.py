# SPDX-License-Identifier: MIT
"""What the decoders of aarch64 have in common: registers, and how they are called."""

from percpu_tools.machine import ZERO, Instruction, NotUnderstood


def not_understood(word):
    """What is no instruction here."""
    return NotUnderstood(f".inst 0x{word:08x}")


def x(number, is_pointer=False):
    """A register as an expression; number 31 is the stack pointer in some places, else zero."""
    if number == 31:
        return ("reg", "sp") if is_pointer else ZERO
    return ("reg", f"x{number}")


def sized(number, wide, is_pointer=False):
    """What an operation of 64 bits, or of 32, reads of a register."""
    value = x(number, is_pointer)
    return value if wide or value == ZERO else ("low", 32, value)


def put(number, value, is_pointer=False):
    """What sets a register; the zero register takes nothing."""
    if number == 31:
        return (("sp", value),) if is_pointer else ()
    return ((f"x{number}", value),)


def name(number, wide, is_pointer=False):
    """A register's name."""
    if number == 31:
        return ("sp" if wide else "wsp") if is_pointer else ("xzr" if wide else "wzr")
    return f"{'x' if wide else 'w'}{number}"


def cut(value, wide):
    """A result of 64 bits, or of 32."""
    return value if wide else ("low", 32, value)


def simple(at, text, *sets, **more):
    """An instruction that sets registers."""
    return Instruction(at, 4, text, tuple(s for part in sets for s in part), **more)





EXTENDS = ("uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx")


def extended(number, option):
    """A register, extended as the option says."""
    kind = ("sext" if option & 4 else "low", 8 << (option & 3))
    return x(number) if option & 3 == 3 else (*kind, x(number))
