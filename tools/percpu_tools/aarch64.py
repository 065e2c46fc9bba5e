# SPDX-License-Identifier: MIT
"""Decodes the instructions of aarch64 that restartable sequences have: loads, stores, exclusives,
computation and branches on the general registers, and reads of system registers. Texts are those
of objdump -M no-aliases."""

from percpu_tools.aarch64_computation import (CONDITIONS, FLAGS, add_extended, add_immediate,
                                              add_register, address, bitfield,
                                              conditional_compare, conditional_select, holds,
                                              logic_immediate, logic_register, move_wide,
                                              shift_register)
from percpu_tools.aarch64_memory import (exclusive, pair, register_offset, signed_offset,
                                         unsigned_offset)
from percpu_tools.aarch64_operands import name, not_understood, put, simple, sized, x
from percpu_tools.machine import MASK, ONE, ZERO, bits, imm, signed

POINTER = "sp"
# Registers that a function may change and that hold no result of it: x2 to x17, x30; the flags.
CLOBBERED = frozenset((*(f"x{n}" for n in range(2, 18)), "x30", *FLAGS))
RESULTS = ("x0", "x1")
ARGUMENTS = frozenset(f"x{n}" for n in range(9))
SYSTEM = {(3, 0, 13, 0, 4): "tpidr_el1", (3, 4, 13, 0, 2): "tpidr_el2",
          (3, 3, 13, 0, 2): "tpidr_el0", (3, 0, 4, 1, 0): "sp_el0", (3, 3, 4, 2, 1): "daif",
          (3, 3, 13, 0, 3): "tpidrro_el0", (3, 0, 0, 0, 5): "mpidr_el1"}


def touched(read, address):
    """The size of an instruction that is not understood, and all registers that it may read or
    write; None for those if it may do anything."""
    word = int.from_bytes(read(address, 4), "little")
    if word >> 25 == 0x6a or word >> 26 == 0:
        return 4, None
    names = {name(bits(word, n + 4, n), True) for n in (0, 5, 10, 16)} | {"sp"}
    return 4, frozenset(names | set(FLAGS) if word & 0x1fe00000 == 0x1a000000 or
                        word & 0x5f200400 == 0x1e200400 else names)


def is_return(i):
    """Whether it is ret."""
    return i.target == "x30" and not i.call


def decode(read, address):
    """The instruction at an address; READ(address, size) has the bytes."""
    word = int.from_bytes(read(address, 4), "little")
    for mask, pattern, maker in FORMS:
        if word & mask == pattern:
            return maker(word, address)
    raise not_understood(word)


# ---- Branches, and system registers ----

def branch(word, at):
    target, is_call = at + 4 * signed(bits(word, 25, 0), 26) & MASK, bits(word, 31, 31)
    return simple(at, f"b{'l' if is_call else ''} {target:x}",
                  put(30, imm(at + 4)) if is_call else (), branch=(ONE, target), call=bool(is_call))


def branch_conditional(word, at):
    target, condition = at + 4 * signed(bits(word, 23, 5), 19) & MASK, bits(word, 3, 0)
    return simple(at, f"b.{CONDITIONS[condition]} {target:x}", branch=(holds(condition), target))


def compare_branch(word, at):
    wide, on_other, rt = bits(word, 31, 31), bits(word, 24, 24), bits(word, 4, 0)
    target, condition = at + 4 * signed(bits(word, 23, 5), 19) & MASK, ("eq", sized(rt, wide), ZERO)
    if on_other:
        condition = ("eq", condition, ZERO)
    return simple(at, f"cb{'n' if on_other else ''}z {name(rt, wide)}, {target:x}",
                  branch=(condition, target))


def test_branch(word, at):
    bit, on_one, rt = bits(word, 31, 31) << 5 | bits(word, 23, 19), bits(word, 24, 24), \
        bits(word, 4, 0)
    target = at + 4 * signed(bits(word, 18, 5), 14) & MASK
    condition = ("and", ("shr", x(rt), ("const", bit)), ONE)
    if not on_one:
        condition = ("eq", condition, ZERO)
    return simple(at, f"tb{'n' if on_one else ''}z {name(rt, bit > 31)}, #{bit}, {target:x}",
                  branch=(condition, target))


def branch_register(word, at):
    kind, rn = bits(word, 24, 21), bits(word, 9, 5)
    if kind > 2:
        raise not_understood(word)
    text = "ret" if kind == 2 and rn == 30 else f"{('br', 'blr', 'ret')[kind]} {name(rn, True)}"
    return simple(at, text, put(30, imm(at + 4)) if kind == 1 else (), branch=(ONE, None),
                  call=kind == 1, target=f"x{rn}")


def system(word, at):
    """mrs, and msr of a register."""
    key = (bits(word, 20, 19), bits(word, 18, 16), bits(word, 15, 12), bits(word, 11, 8),
           bits(word, 7, 5))
    rt = bits(word, 4, 0)
    register = SYSTEM.get(key, "s{}_{}_c{}_c{}_{}".format(*key))
    if bits(word, 21, 21):
        return simple(at, f"mrs {name(rt, True)}, {register}", put(rt, ("reg", register)))
    return simple(at, f"msr {register}, {name(rt, True)}", ((register, x(rt)),))


def nothing(_, at):
    return simple(at, "hint #0x0")


FORMS = (
    (0x3f000000, 0x39000000, unsigned_offset),
    (0x3f200000, 0x38000000, signed_offset), (0x3f200c00, 0x38200800, register_offset),
    (0x3e000000, 0x28000000, pair), (0x3f000000, 0x08000000, exclusive),
    (0x1f800000, 0x11000000, add_immediate), (0x1f200000, 0x0b000000, add_register),
    (0x1fe00000, 0x0b200000, add_extended), (0x1f000000, 0x0a000000, logic_register),
    (0x1f800000, 0x12000000, logic_immediate), (0x1f800000, 0x12800000, move_wide),
    (0x1f000000, 0x10000000, address), (0x1f800000, 0x13000000, bitfield),
    (0x7fe0f000, 0x1ac02000, shift_register), (0x3fe00800, 0x1a800000, conditional_select),
    (0x3fe00410, 0x3a400000, conditional_compare), (0x7c000000, 0x14000000, branch),
    (0xff000010, 0x54000000, branch_conditional), (0x7e000000, 0x34000000, compare_branch),
    (0x7e000000, 0x36000000, test_branch), (0xfe1ffc1f, 0xd61f0000, branch_register),
    (0xffd00000, 0xd5100000, system), (0xffffffff, 0xd503201f, nothing),
)
