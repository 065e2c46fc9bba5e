# SPDX-License-Identifier: MIT
"""RISC-V instructions, as percpu_tools.code wants them (unprivileged specification, "RV32/64G
Instruction Set Listings" and '"C" Extension'). Registers are numbers; x0 is never written."""

from percpu_tools import code
from percpu_tools.code import Instruction

RA, SP, GP, TP = 1, 2, 3, 4
CALL_CLOBBERS = (1, 5, 6, 7) + tuple(range(10, 18)) + tuple(range(28, 32))
EPC = {0x141, 0x341}
TVEC = {0x105, 0x305}
STATUS = {0x100, 0x300}


def signed(value, bits):
    """VALUE as a two's complement number of BITS."""
    return value - (1 << bits) if value >> bits - 1 else value


def register_of(kernel):
    """The number of the per-CPU register."""
    tp = kernel.configuration and kernel.configuration.arch.startswith("tp")
    return TP if tp else GP


def decode_all(kernel, ranges):
    """The instructions of each range."""
    register = register_of(kernel)
    for pieces in code.without_data(kernel, ranges):
        found = []
        for start, end in pieces:
            data = kernel.read(start, end - start)
            at = 0
            while at + 1 < len(data):
                half = data[at] | data[at + 1] << 8
                if half & 3 != 3:
                    found.append(own(compressed(start + at, half), register))
                    at += 2
                    continue
                word = half | int.from_bytes(data[at + 2:at + 4], "little") << 16
                found.append(own(decode(start + at, word), register))
                at += 4
        yield found


def own(instruction, register):
    """What it is to the per-CPU register: one that writes it sets it, a move out of it reads it."""
    if register in instruction.writes:
        instruction.rs = (instruction.base,) if instruction.op == code.ADD_IMM else ()
        instruction.text = "ld" if instruction.op == code.LOAD else "write"
        if instruction.op != code.LOAD:
            instruction.op = code.SET_REGISTER
    elif instruction.op == code.ADD_IMM and instruction.base == register:
        instruction.op, instruction.rs = code.GET_REGISTER, (register,)
    return instruction


def write(rd):
    """What an instruction that names RD writes."""
    return (rd,) if rd else ()


def decode(address, word):
    """One instruction of 32 bits."""
    opcode, rd, rs1 = word & 0x7f, word >> 7 & 31, word >> 15 & 31
    funct = word >> 12 & 7
    low = signed(word >> 20, 12)
    if opcode == 0x03:
        return Instruction(address, 4, code.LOAD, write(rd), rs1, low, width=1 << (funct & 3))
    if opcode == 0x23:
        return Instruction(address, 4, code.STORE, (), rs1,
                           signed(word >> 25 << 5 | rd, 12), rs=(word >> 20 & 31,),
                           width=1 << (funct & 3))
    if opcode == 0x13:
        if funct == 0 and rd == 0:
            return Instruction(address, 4, code.NOP)
        if funct == 0 and rs1 == 0:
            return Instruction(address, 4, code.SET, write(rd), imm=low)
        if funct == 0:
            return Instruction(address, 4, code.ADD_IMM, write(rd), rs1, low)
        return Instruction(address, 4, code.OTHER, write(rd), rs=(rs1,))
    if opcode in (0x17, 0x37):
        value = signed(word >> 12, 20) << 12
        return Instruction(address, 4, code.SET, write(rd),
                           imm=(address + value if opcode == 0x17 else value) & (1 << 64) - 1,
                           text=code.PART)
    if opcode == 0x33:
        op = code.ADD if word >> 25 == 0 and funct == 0 else code.OTHER
        return Instruction(address, 4, op, write(rd), rs1, index=word >> 20 & 31,
                           rs=(rs1, word >> 20 & 31))
    return control(address, word) or other(address, word)


def control(address, word):
    """Jumps and branches."""
    opcode, rd, rs1 = word & 0x7f, word >> 7 & 31, word >> 15 & 31
    if opcode == 0x63:
        value = (word >> 31) << 12 | (word >> 7 & 1) << 11 | (word >> 25 & 63) << 5 | \
            (word >> 8 & 15) << 1
        return Instruction(address, 4, code.BRANCH, target=address + signed(value, 13),
                           rs=(rs1, word >> 20 & 31))
    if opcode == 0x6f:
        value = (word >> 31) << 20 | (word >> 12 & 255) << 12 | (word >> 20 & 1) << 11 | \
            (word >> 21 & 1023) << 1
        return Instruction(address, 4, code.CALL if rd else code.JUMP, write(rd),
                           target=address + signed(value, 21))
    if opcode == 0x67:
        return jump(address, 4, rd, rs1, signed(word >> 20, 12))
    return None


def jump(address, size, rd, rs1, low):
    """jalr: a call, a return, or a jump."""
    if rd == 0 and rs1 in (RA, 5) and low == 0:
        return Instruction(address, size, code.RETURN)
    return Instruction(address, size, code.CALL if rd else code.JUMP, write(rd), rs1, low)


def other(address, word):
    """What is left of 32 bits."""
    opcode, rd, rs1 = word & 0x7f, word >> 7 & 31, word >> 15 & 31
    funct, number = word >> 12 & 7, word >> 20
    if opcode == 0x73:
        if word in (0x10200073, 0x30200073):
            return Instruction(address, 4, code.TRAP_RETURN)
        if word == 0x00100073:  # ebreak
            return Instruction(address, 4, code.STOP)
        if funct & 3 and number in EPC and rd:
            return Instruction(address, 4, code.GET_PC, write(rd))
        if funct == 1 and number in TVEC:
            return Instruction(address, 4, code.SET_VECTOR, write(rd), rs=(rs1,))
        status = "status" if number in STATUS else f"csr {number:#x}"
        return Instruction(address, 4, code.OTHER, write(rd) if funct else (), rs=(rs1,),
                           text=status)
    if opcode == 0x2f:
        op = {2: code.LOAD, 3: code.STORE}.get(word >> 27, code.UPDATE)
        return Instruction(address, 4, op, write(rd), rs1, rs=(word >> 20 & 31,),
                           width=1 << (funct & 3))
    if opcode in (0x07, 0x27):
        low = signed(number if opcode == 7 else word >> 25 << 5 | rd, 12)
        return Instruction(address, 4, code.LOAD if opcode == 7 else code.STORE, (), rs1, low,
                           width=1 << (funct & 3))
    return Instruction(address, 4, code.OTHER, write(rd), rs=(rs1, word >> 20 & 31))


def compressed(address, half):
    """One instruction of 16 bits."""
    if half == 0:  # never one: what fills up
        return Instruction(address, 2, code.STOP)
    quadrant, funct = half & 3, half >> 13
    if quadrant == 0:
        return quadrant_0(address, half, funct)
    if quadrant == 1:
        return quadrant_1(address, half, funct)
    return quadrant_2(address, half, funct)


def quadrant_0(address, half, funct):
    """Loads and stores of eight registers."""
    rd, rs1 = 8 + (half >> 2 & 7), 8 + (half >> 7 & 7)
    if funct == 0:
        value = (half >> 11 & 3) << 4 | (half >> 7 & 15) << 6 | (half >> 6 & 1) << 2 | \
            (half >> 5 & 1) << 3
        return Instruction(address, 2, code.ADD_IMM, (rd,), SP, value)
    wide = (half >> 10 & 7) << 3 | (half >> 5 & 3) << 6
    narrow = (half >> 10 & 7) << 3 | (half >> 6 & 1) << 2 | (half >> 5 & 1) << 6
    value, width = (narrow, 4) if funct & 3 == 2 else (wide, 8)
    integer = funct & 3 in (2, 3)
    if funct < 4:
        return Instruction(address, 2, code.LOAD, (rd,) if integer else (), rs1, value,
                           width=width)
    if funct == 4:  # Zcb
        return Instruction(address, 2, code.OTHER, (rd, rs1))
    return Instruction(address, 2, code.STORE, (), rs1, value, rs=(rd,) if integer else (),
                       width=width)


def quadrant_1(address, half, funct):
    """Immediates, jumps and branches."""
    rd = half >> 7 & 31
    value = signed((half >> 12 & 1) << 5 | half >> 2 & 31, 6)
    if funct == 0:
        return Instruction(address, 2, code.ADD_IMM, (rd,), rd, value) if rd else \
            Instruction(address, 2, code.NOP)
    if funct == 2:
        return Instruction(address, 2, code.SET, write(rd), imm=value)
    if funct == 3 and rd == SP:
        value = signed((half >> 12 & 1) << 9 | (half >> 3 & 3) << 7 | (half >> 5 & 1) << 6 |
                       (half >> 2 & 1) << 5 | (half >> 6 & 1) << 4, 10)
        return Instruction(address, 2, code.ADD_IMM, (SP,), SP, value)
    if funct == 3:
        return Instruction(address, 2, code.SET, write(rd), imm=value << 12 & (1 << 64) - 1,
                           text=code.PART)
    if funct == 5:
        value = (half >> 12 & 1) << 11 | (half >> 8 & 1) << 10 | (half >> 9 & 3) << 8 | \
            (half >> 6 & 1) << 7 | (half >> 7 & 1) << 6 | (half >> 2 & 1) << 5 | \
            (half >> 11 & 1) << 4 | (half >> 3 & 7) << 1
        return Instruction(address, 2, code.JUMP, target=address + signed(value, 12))
    if funct in (6, 7):
        value = (half >> 12 & 1) << 8 | (half >> 5 & 3) << 6 | (half >> 2 & 1) << 5 | \
            (half >> 10 & 3) << 3 | (half >> 3 & 3) << 1
        return Instruction(address, 2, code.BRANCH, target=address + signed(value, 9),
                           rs=(8 + (half >> 7 & 7),))
    return Instruction(address, 2, code.OTHER, write(8 + (half >> 7 & 7) if funct == 4 else rd),
                       rs=(8 + (half >> 2 & 7),))


def quadrant_2(address, half, funct):
    """What uses the stack pointer, and moves."""
    rd, rs2 = half >> 7 & 31, half >> 2 & 31
    if funct == 4:
        if rs2 == 0:
            if rd == 0:
                return Instruction(address, 2, code.STOP)  # c.ebreak
            return jump(address, 2, RA if half >> 12 & 1 else 0, rd, 0)
        if half >> 12 & 1:
            return Instruction(address, 2, code.ADD, write(rd), rd, index=rs2, rs=(rd, rs2))
        return Instruction(address, 2, code.ADD_IMM, write(rd), rs2)
    wide = (half >> 12 & 1) << 5 | (half >> 5 & 3) << 3 | (half >> 2 & 7) << 6
    narrow = (half >> 12 & 1) << 5 | (half >> 4 & 7) << 2 | (half >> 2 & 3) << 6
    if funct in (1, 2, 3):
        value, width = (narrow, 4) if funct == 2 else (wide, 8)
        return Instruction(address, 2, code.LOAD, write(rd) if funct != 1 else (), SP, value,
                           width=width)
    if funct in (5, 6, 7):
        wide = (half >> 10 & 7) << 3 | (half >> 7 & 7) << 6
        narrow = (half >> 9 & 15) << 2 | (half >> 7 & 3) << 6
        value, width = (narrow, 4) if funct == 6 else (wide, 8)
        return Instruction(address, 2, code.STORE, (), SP, value, rs=(rs2,), width=width)
    return Instruction(address, 2, code.OTHER, write(rd))
