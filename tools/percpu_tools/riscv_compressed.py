# SPDX-License-Identifier: MIT
"""Decodes the compressed instructions of riscv64."""

from percpu_tools.machine import MASK, Instruction, NotUnderstood, bits, imm, plus, signed
from percpu_tools.riscv_operations import STORES, branch, load, operation, put, store, x


def short(half, low):
    """A register of 3 bits, from LOW on."""
    return 8 + bits(half, low + 2, low)


def compressed(half, at):
    """An instruction of 2 bytes."""
    quadrant, funct3 = half & 3, bits(half, 15, 13)
    makers = ({2: c_load, 3: c_load, 6: c_store, 7: c_store, 0: c_addi4spn},
              {0: c_addi, 1: c_addi, 2: c_li, 3: c_lui, 4: c_arithmetic, 5: c_j, 6: c_branch,
               7: c_branch},
              {0: c_slli, 2: c_load_stack, 3: c_load_stack, 4: c_moves, 6: c_store_stack,
               7: c_store_stack})
    maker = makers[quadrant].get(funct3)
    found = maker(half, at) if maker and half else None
    if not found:
        raise NotUnderstood(f".half 0x{half:04x}")
    return found


def c_offset(half, is_double):
    """The offset of c.lw, c.ld and the stores."""
    if is_double:
        return bits(half, 12, 10) << 3 | bits(half, 6, 5) << 6
    return bits(half, 12, 10) << 3 | bits(half, 6, 6) << 2 | bits(half, 5, 5) << 6


def c_load(half, at):
    is_double = bits(half, 13, 13)
    return load(at, 2, ("ld", 8) if is_double else ("lw", 4), short(half, 2), short(half, 7),
                c_offset(half, is_double), "c.")


def c_store(half, at):
    is_double = bits(half, 13, 13)
    return store(at, 2, 3 if is_double else 2, short(half, 2), short(half, 7),
                 c_offset(half, is_double), "c.")


def c_addi4spn(half, at):
    offset = bits(half, 12, 11) << 4 | bits(half, 10, 7) << 6 | bits(half, 6, 6) << 2 | \
        bits(half, 5, 5) << 3
    rd = short(half, 2)
    return offset and Instruction(at, 2, f"c.addi4spn x{rd},x2,{offset}",
                                  put(rd, plus(x(2), offset)))


def c_immediate(half):
    """The constant of c.addi, c.li and c.andi."""
    return signed(bits(half, 12, 12) << 5 | bits(half, 6, 2), 6)


def c_addi(half, at):
    rd, value, is_word = bits(half, 11, 7), c_immediate(half), bits(half, 13, 13)
    if rd == 0:
        return None if is_word or value else Instruction(at, 2, "c.addi x0,0")
    result = ("sext", 32, ("add", x(rd), imm(value))) if is_word else plus(x(rd), value)
    return Instruction(at, 2, f"c.addi{'w' if is_word else ''} x{rd},{value}", put(rd, result))


def c_li(half, at):
    rd, value = bits(half, 11, 7), c_immediate(half)
    return Instruction(at, 2, f"c.li x{rd},{value}", put(rd, imm(value)))


def c_lui(half, at):
    rd, value = bits(half, 11, 7), c_immediate(half)
    if rd == 2:
        offset = signed(bits(half, 12, 12) << 9 | bits(half, 6, 6) << 4 | bits(half, 5, 5) << 6 |
                        bits(half, 4, 3) << 7 | bits(half, 2, 2) << 5, 10)
        return offset and Instruction(at, 2, f"c.addi16sp x2,{offset}", put(2, plus(x(2), offset)))
    return value and Instruction(at, 2, f"c.lui x{rd},0x{value & 0xfffff:x}",
                                 put(rd, imm(value << 12)))


def c_arithmetic(half, at):
    rd, kind = short(half, 7), bits(half, 11, 10)
    if kind < 2:
        amount = bits(half, 12, 12) << 5 | bits(half, 6, 2)
        name, meaning = (("c.srli", "shr"), ("c.srai", "sar"))[kind]
        return amount and Instruction(at, 2, f"{name} x{rd},0x{amount:x}",
                                      put(rd, (meaning, x(rd), ("const", amount))))
    if kind == 2:
        value = c_immediate(half)
        return Instruction(at, 2, f"c.andi x{rd},{value}", put(rd, ("and", x(rd), imm(value))))
    names = ((("c.sub", "sub"), ("c.xor", "xor"), ("c.or", "or"), ("c.and", "and")),
             (("c.subw", "sub"), ("c.addw", "add"), None, None))
    found, rs2 = names[bits(half, 12, 12)][bits(half, 6, 5)], short(half, 2)
    return found and operation(at, 2, found, rd, rd, rs2, bool(bits(half, 12, 12)),
                               f"{found[0]} x{rd},x{rs2}")


def c_j(half, at):
    offset = signed(bits(half, 12, 12) << 11 | bits(half, 11, 11) << 4 | bits(half, 10, 9) << 8 |
                    bits(half, 8, 8) << 10 | bits(half, 7, 7) << 6 | bits(half, 6, 6) << 7 |
                    bits(half, 5, 3) << 1 | bits(half, 2, 2) << 5, 12)
    target = at + offset & MASK
    return Instruction(at, 2, f"c.j {target:x}", branch=(("const", 1), target))


def c_branch(half, at):
    offset = signed(bits(half, 12, 12) << 8 | bits(half, 11, 10) << 3 | bits(half, 6, 5) << 6 |
                    bits(half, 4, 3) << 1 | bits(half, 2, 2) << 5, 9)
    rs1, name, target = short(half, 7), ("beq", "bne")[bits(half, 13, 13)], at + offset & MASK
    return branch(at, 2, name, rs1, 0, target, f"c.{name}z x{rs1},{target:x}")


def c_slli(half, at):
    rd, amount = bits(half, 11, 7), bits(half, 12, 12) << 5 | bits(half, 6, 2)
    return rd and amount and Instruction(at, 2, f"c.slli x{rd},0x{amount:x}",
                                         put(rd, ("shl", x(rd), ("const", amount))))


def c_load_stack(half, at):
    rd, low = bits(half, 11, 7), bits(half, 6, 2)
    if bits(half, 13, 13):
        kind, offset = ("ld", 8), low & 0x18 | (low & 7) << 6
    else:
        kind, offset = ("lw", 4), low & 0x1c | (low & 3) << 6
    offset |= bits(half, 12, 12) << 5
    found = rd and load(at, 2, kind, rd, 2, offset)
    return found and Instruction(at, 2, f"c.{kind[0]}sp x{rd},{offset}(x2)", found.sets)


def c_store_stack(half, at):
    rs2, middle = bits(half, 6, 2), bits(half, 12, 7)
    if bits(half, 13, 13):
        log, offset = 3, middle & 0x38 | (middle & 7) << 6
    else:
        log, offset = 2, middle & 0x3c | (middle & 3) << 6
    return Instruction(at, 2, f"c.{STORES[log]}sp x{rs2},{offset}(x2)",
                       stores=((1 << log, plus(x(2), offset), x(rs2)),))


def c_moves(half, at):
    rd, rs2, second = bits(half, 11, 7), bits(half, 6, 2), bits(half, 12, 12)
    if rd and rs2 and not second:
        return Instruction(at, 2, f"c.mv x{rd},x{rs2}", put(rd, x(rs2)))
    if rd and rs2:
        return Instruction(at, 2, f"c.add x{rd},x{rs2}", put(rd, ("add", x(rd), x(rs2))))
    if not rd:
        return None
    return Instruction(at, 2, f"c.{'jalr' if second else 'jr'} x{rd}",
                       put(1, imm(at + 2)) if second else (), branch=(("const", 1), None),
                       call=bool(second), target=f"x{rd}")
