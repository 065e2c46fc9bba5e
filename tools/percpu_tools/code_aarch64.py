# SPDX-License-Identifier: MIT
"""AArch64 instructions, as percpu_tools.code wants them (Arm ARM DDI 0487, "A64 instruction set
encoding"). Registers are numbers: 31 is sp where it is an address, and else nothing."""

import struct

from percpu_tools import code
from percpu_tools.code import Instruction

SP = 31
CALL_CLOBBERS = tuple(range(19)) + (30,)
# System registers, as bits 5 to 20 of MRS and MSR; those of EL1 and EL2.
TPIDR = {1: 0x4684, 2: 0x6682}
PC = {0x4201, 0x6201}
VECTOR = {0x4600, 0x6600}


def signed(value, bits):
    """VALUE as a two's complement number of BITS."""
    return value - (1 << bits) if value >> bits - 1 else value


def decode_all(kernel, ranges):
    """The instructions of each range."""
    level = 2 if kernel.configuration and kernel.configuration.arch == "el2" else 1
    for pieces in code.without_data(kernel, ranges):
        found = []
        for start, end in pieces:
            count = (end - start) // 4
            words = struct.unpack(f"<{count}I", kernel.read(start, 4 * count))
            found += [decode(start + 4 * n, word, level) for n, word in enumerate(words)]
        yield found


def decode(address, word, level=1):
    """One instruction."""
    if word >> 16 == 0 or word & 0xffe0001f == 0xd4200000:  # udf, which zeros are; brk
        return Instruction(address, 4, code.STOP)
    group = word >> 25 & 15
    if group & 0b1110 == 0b1000:
        return immediate(address, word)
    if group & 0b1110 == 0b1010:
        return branch(address, word, level)
    if group & 0b0101 == 0b0100:
        return memory(address, word)
    # mov, which is orr with the zero register
    if word & 0xffe0ffe0 == 0xaa0003e0:
        return Instruction(address, 4, code.ADD_IMM, (word & 31,), word >> 16 & 31)
    if word & 0xffe0fc00 == 0x8b000000:
        return Instruction(address, 4, code.ADD, (word & 31,), word >> 5 & 31,
                           index=word >> 16 & 31)
    return Instruction(address, 4, code.OTHER, (word & 31,))


def immediate(address, word):
    """Data processing with an immediate."""
    rd, rn = word & 31, word >> 5 & 31
    if word & 0x1f000000 == 0x10000000:
        value = signed((word >> 5 & 0x7ffff) << 2 | word >> 29 & 3, 21)
        value = (address & ~0xfff) + (value << 12) if word >> 31 else address + value
        return Instruction(address, 4, code.SET, (rd,), imm=value,
                           text=code.PART if word >> 31 else "")
    if word & 0x9f800000 == 0x91000000:  # 64 bits, add or sub
        value = (word >> 10 & 0xfff) << (12 if word >> 22 & 1 else 0)
        value = -value if word >> 30 & 1 else value
        if word >> 29 & 1:  # sets flags: rd 31 is no register
            return Instruction(address, 4, code.OTHER, (rd,) if rd != 31 else ())
        return Instruction(address, 4, code.ADD_IMM, (rd,), rn, value)
    if word & 0x1f800000 == 0x12800000:
        shift, value = 16 * (word >> 21 & 3), word >> 5 & 0xffff
        kind = word >> 29 & 3
        if kind == 2:
            return Instruction(address, 4, code.SET, (rd,), imm=value << shift)
        if kind == 3:
            return Instruction(address, 4, code.INSERT, (rd,), imm=(value, shift))
    return Instruction(address, 4, code.OTHER, (rd,))


def branch(address, word, level):
    """Branches, and system instructions."""
    if word & 0x7c000000 == 0x14000000:
        target = address + 4 * signed(word & 0x3ffffff, 26)
        if word >> 31:
            return Instruction(address, 4, code.CALL, (30,), target=target)
        return Instruction(address, 4, code.JUMP, target=target)
    if word & 0xff000000 == 0x54000000 or word & 0x7e000000 == 0x34000000:
        return Instruction(address, 4, code.BRANCH,
                           target=address + 4 * signed(word >> 5 & 0x7ffff, 19))
    if word & 0x7e000000 == 0x36000000:
        return Instruction(address, 4, code.BRANCH,
                           target=address + 4 * signed(word >> 5 & 0x3fff, 14))
    if word & 0xfe000000 == 0xd6000000:
        op = {0: code.JUMP, 1: code.CALL, 2: code.RETURN,
              4: code.TRAP_RETURN}.get(word >> 21 & 7, code.OTHER)
        return Instruction(address, 4, op, (30,) if op == code.CALL else (), word >> 5 & 31)
    if word & 0xffc00000 == 0xd5000000:
        return system(address, word, level)
    return Instruction(address, 4, code.OTHER)


def system(address, word, level):
    """MRS, MSR, barriers and hints."""
    rt, number = word & 31, word >> 5 & 0x7fff | (word >> 5 & 0x8000)
    if word & 0xfffff01f == 0xd503201f:
        return Instruction(address, 4, code.NOP)
    reading = word >> 21 & 1
    if number & 0x7fff == TPIDR[level] and word >> 19 & 3 == 3:
        return Instruction(address, 4, code.GET_REGISTER, (rt,)) if reading else \
            Instruction(address, 4, code.SET_REGISTER, rs=(rt,), text=f"msr tpidr_el{level}")
    if reading and number & 0x7fff in PC and word >> 19 & 3 == 3:
        return Instruction(address, 4, code.GET_PC, (rt,))
    if not reading and number & 0x7fff in VECTOR and word >> 19 & 3 == 3:
        return Instruction(address, 4, code.SET_VECTOR, rs=(rt,))
    return Instruction(address, 4, code.OTHER, (rt,) if reading and rt != 31 else ())


def memory(address, word):
    """Loads and stores."""
    rt, rn, vector = word & 31, word >> 5 & 31, word >> 26 & 1
    if word & 0x3b000000 == 0x18000000:
        width = 0 if vector else {0: 4, 1: 8, 2: 4}.get(word >> 30, 0)
        return Instruction(address, 4, code.LOAD, () if vector else (rt,),
                           imm=address + 4 * signed(word >> 5 & 0x7ffff, 19), width=width)
    if word & 0x3a000000 == 0x28000000:
        return pair(address, word)
    if word & 0x3f000000 == 0x08000000:
        op = code.LOAD if word >> 22 & 1 else code.STORE
        status = word >> 16 & 31
        return Instruction(address, 4, op, tuple({rt, word >> 10 & 31, status} - {31}), rn,
                           rs=(rt,), width=1 << (word >> 30))
    size, opc = word >> 30, word >> 22 & 3
    scale = size | (opc >> 1) << 2 if vector else size
    op = code.STORE if opc & ~(2 * vector) == 0 else code.LOAD
    registers = () if vector else (rt,)
    writes = registers if op == code.LOAD and rt != 31 else ()
    if word & 0x3b000000 == 0x39000000:
        if size == 3 and opc == 2 and not vector:  # prfm
            return Instruction(address, 4, code.OTHER)
        return Instruction(address, 4, op, writes, rn, (word >> 10 & 0xfff) << scale,
                           rs=registers, width=1 << scale)
    if word & 0x3b200000 == 0x38000000:
        value, mode = signed(word >> 12 & 0x1ff, 9), word >> 10 & 3
        if mode in (1, 3):  # post- and pre-indexed
            return Instruction(address, 4, op, writes + (rn,), rn, value if mode == 3 else 0,
                               rs=registers, width=1 << scale)
        return Instruction(address, 4, op, writes, rn, value, rs=registers, width=1 << scale)
    if word & 0x3b200c00 == 0x38200800:
        return Instruction(address, 4, op, writes, rn, index=word >> 16 & 31, rs=registers,
                           width=1 << scale)
    if word & 0x3b200c00 == 0x38200000:
        return Instruction(address, 4, code.UPDATE, (rt,) if rt != 31 else (), rn,
                           rs=(word >> 16 & 31,), width=1 << size)
    return Instruction(address, 4, code.OTHER, (rt, rn))


def pair(address, word):
    """ldp, stp and their kin."""
    rt, rn, rt2, vector = word & 31, word >> 5 & 31, word >> 10 & 31, word >> 26 & 1
    scale = 2 + (word >> 30) if vector else (3 if word >> 31 else 2)
    value, mode = signed(word >> 15 & 0x7f, 7) << scale, word >> 23 & 3
    registers = () if vector else (rt, rt2)
    op = code.LOAD if word >> 22 & 1 else code.STORE
    writes = tuple(r for r in registers if r != 31) if op == code.LOAD else ()
    if mode in (1, 3):
        writes += (rn,)
    return Instruction(address, 4, op, writes, rn, 0 if mode == 1 else value, rs=registers,
                       width=2 << scale)
