# SPDX-License-Identifier: MIT
"""Decodes the instructions of riscv64 that restartable sequences have: RV64I, LR/SC, and the
compressed forms of these. Texts are those of objdump -M no-aliases,numeric."""

from percpu_tools.machine import MASK, Instruction, NotUnderstood, bits, imm, plus, signed
from percpu_tools.riscv_compressed import compressed, short
from percpu_tools.riscv_operations import branch, computed, load, operation, put, store, x

POINTER = "x2"
FLAGS = ()
# Registers that a function may change and that hold no result of it: ra, t0 to t6, a2 to a7.
CLOBBERED = frozenset(f"x{n}" for n in (1, 5, 6, 7, *range(12, 18), *range(28, 32)))
RESULTS = ("x10", "x11")
ARGUMENTS = frozenset(f"x{n}" for n in range(10, 18))
LOADS = {0: ("lb", 1), 1: ("lh", 2), 2: ("lw", 4), 3: ("ld", 8),
         4: ("lbu", 1), 5: ("lhu", 2), 6: ("lwu", 4)}
BRANCHES = {0: "beq", 1: "bne", 4: "blt", 5: "bge", 6: "bltu", 7: "bgeu"}
OPERATIONS = {(0, 0): ("add", "add"), (0, 0x20): ("sub", "sub"), (1, 0): ("sll", "shl"),
              (2, 0): ("slt", "slt"), (3, 0): ("sltu", "ult"), (4, 0): ("xor", "xor"),
              (5, 0): ("srl", "shr"), (5, 0x20): ("sra", "sar"), (6, 0): ("or", "or"),
              (7, 0): ("and", "and")}
WORD_OPERATIONS = {(0, 0): ("addw", "add"), (0, 0x20): ("subw", "sub"), (1, 0): ("sllw", "shl"),
                   (5, 0): ("srlw", "shr"), (5, 0x20): ("sraw", "sar")}


def touched(read, address):
    """The size of an instruction that is not understood, and all registers that it may read or
    write; None for those if it may do anything."""
    low = int.from_bytes(read(address, 2), "little")
    if low & 3 != 3:
        numbers = (bits(low, 11, 7), bits(low, 6, 2), short(low, 7), short(low, 2), 2)
        return 2, frozenset(f"x{n}" for n in numbers)
    word = int.from_bytes(read(address, 4), "little")
    if bits(word, 6, 0) == 0x73:
        return 4, None
    return 4, frozenset(f"x{bits(word, n + 4, n)}" for n in (7, 15, 20, 27))


def is_return(i):
    """Whether it is ret."""
    return i.target == "x1" and not i.call


def decode(read, address):
    """The instruction at an address; READ(address, size) has the bytes."""
    low = int.from_bytes(read(address, 2), "little")
    if low & 3 == 3:
        return wide(int.from_bytes(read(address, 4), "little"), address)
    return compressed(low, address)


def wide(word, at):
    """An instruction of 4 bytes."""
    opcode, funct3, rd, rs1 = bits(word, 6, 0), bits(word, 14, 12), bits(word, 11, 7), \
        bits(word, 19, 15)
    i_imm = signed(bits(word, 31, 20), 12)
    if opcode == 0x03 and funct3 in LOADS:
        return load(at, 4, LOADS[funct3], rd, rs1, i_imm)
    if opcode == 0x23 and funct3 < 4:
        offset = signed(bits(word, 31, 25) << 5 | rd, 12)
        return store(at, 4, funct3, bits(word, 24, 20), rs1, offset)
    if opcode in (0x13, 0x1b):
        return immediate(word, at, rd, rs1, i_imm, opcode == 0x1b)
    if opcode in (0x33, 0x3b):
        names = WORD_OPERATIONS if opcode == 0x3b else OPERATIONS
        found = names.get((funct3, bits(word, 31, 25)))
        if found:
            return operation(at, 4, found, rd, rs1, bits(word, 24, 20), opcode == 0x3b)
    if opcode in (0x37, 0x17):
        value = signed(bits(word, 31, 12), 20) << 12
        text = f"{'lui' if opcode == 0x37 else 'auipc'} x{rd},0x{bits(word, 31, 12):x}"
        return Instruction(at, 4, text, put(rd, imm(value + (at if opcode == 0x17 else 0))))
    if opcode == 0x63 and funct3 in BRANCHES:
        offset = bits(word, 31, 31) << 12 | bits(word, 7, 7) << 11 | bits(word, 30, 25) << 5 | \
            bits(word, 11, 8) << 1
        return branch(at, 4, BRANCHES[funct3], rs1, bits(word, 24, 20), at + signed(offset, 13))
    if opcode in (0x6f, 0x67):
        return jump(word, at, opcode == 0x67)
    if opcode == 0x2f:
        return exclusive(word, at)
    raise NotUnderstood(f".word 0x{word:08x}")


def immediate(word, at, rd, rs1, value, is_word):
    """An operation with a constant."""
    funct3, suffix = bits(word, 14, 12), "w" if is_word else ""
    kinds = {0: ("addi", "add"), 2: ("slti", "slt"), 3: ("sltiu", "ult"), 4: ("xori", "xor"),
             6: ("ori", "or"), 7: ("andi", "and")}
    shifts = {(1, 0): ("slli", "shl"), (5, 0): ("srli", "shr"), (5, 0x10): ("srai", "sar")}
    if funct3 in (1, 5):
        width = 5 if is_word else 6
        found = shifts.get((funct3, bits(word, 31, 26)))
        if not found or is_word and bits(word, 25, 25):
            raise NotUnderstood(f".word 0x{word:08x}")
        amount = bits(word, 19 + width, 20)
        return Instruction(at, 4, f"{found[0]}{suffix} x{rd},x{rs1},0x{amount:x}",
                           put(rd, computed(found[1], x(rs1), ("const", amount), is_word)))
    if is_word and funct3 != 0:
        raise NotUnderstood(f".word 0x{word:08x}")
    name, kind = kinds[funct3]
    result = computed(kind, x(rs1), imm(value), is_word)
    if kind == "add" and not is_word:
        result = imm(value) if rs1 == 0 else plus(x(rs1), value)
    return Instruction(at, 4, f"{name}{suffix} x{rd},x{rs1},{value}", put(rd, result))


def jump(word, at, by_register):
    """jal and jalr; whatever links is a call."""
    rd = bits(word, 11, 7)
    if by_register:
        offset = signed(bits(word, 31, 20), 12)
        return Instruction(at, 4, f"jalr x{rd},{offset}(x{bits(word, 19, 15)})",
                           put(rd, imm(at + 4)), branch=(("const", 1), None), call=rd != 0,
                           target=f"x{bits(word, 19, 15)}")
    offset = bits(word, 31, 31) << 20 | bits(word, 19, 12) << 12 | bits(word, 20, 20) << 11 | \
        bits(word, 30, 21) << 1
    target = at + signed(offset, 21) & MASK
    return Instruction(at, 4, f"jal x{rd},{target:x}", put(rd, imm(at + 4)),
                       branch=(("const", 1), target), call=rd != 0)


def exclusive(word, at):
    """LR and SC; the AMOs are no part of sequences."""
    kind, funct3 = bits(word, 31, 27), bits(word, 14, 12)
    rd, rs1, rs2 = bits(word, 11, 7), bits(word, 19, 15), bits(word, 24, 20)
    if kind not in (2, 3) or funct3 not in (2, 3) or kind == 2 and rs2:
        raise NotUnderstood(f".word 0x{word:08x}")
    width, order = 1 << funct3, ("", ".rl", ".aq", ".aqrl")[bits(word, 26, 25)]
    name = f"{'lr' if kind == 2 else 'sc'}.{'d' if width == 8 else 'w'}{order}"
    if kind == 2:
        value = ("load", width, x(rs1))
        value = value if width == 8 else ("sext", 32, value)
        return Instruction(at, 4, f"{name} x{rd},(x{rs1})", ((f"x{rd}", value),), exclusive="load")
    return Instruction(at, 4, f"{name} x{rd},x{rs2},(x{rs1})", put(rd, ("status",)),
                       ((width, x(rs1), x(rs2)),), exclusive="store")
