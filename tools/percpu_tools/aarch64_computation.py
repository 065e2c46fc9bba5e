# SPDX-License-Identifier: MIT
"""Decodes the instructions of aarch64 that compute."""

from percpu_tools.aarch64_operands import (EXTENDS, cut, extended, name, not_understood, put, simple,
                                           sized, x)
from percpu_tools.machine import MASK, ONE, ZERO, bits, imm, signed

FLAGS = ("n", "z", "c", "v")
CONDITIONS = ("eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le",
              "al", "nv")


def added(a, b, subtract, wide):
    """A sum or difference, and the flags of it."""
    result = cut(("sub" if subtract else "add", a, b), wide)
    top = ("const", 63 if wide else 31)
    sign = lambda e: ("and", ("shr", e, top), ONE)
    differ = ("xor", a, b) if subtract else ("xor", ("xor", a, b), ("const", MASK))
    carry = ("eq", ("ult", a, b), ZERO) if subtract else ("ult", result, a)
    return result, (("n", sign(result)), ("z", ("eq", result, ZERO)), ("c", carry),
                    ("v", sign(("and", differ, ("xor", a, result)))))


def logic_flags(result, wide):
    """The flags of ands and bics."""
    return (("n", ("and", ("shr", result, ("const", 63 if wide else 31)), ONE)),
            ("z", ("eq", result, ZERO)), ("c", ZERO), ("v", ZERO))


def add_immediate(word, at):
    wide, subtract, sets_flags = bits(word, 31, 31), bits(word, 30, 30), bits(word, 29, 29)
    rd, rn = bits(word, 4, 0), bits(word, 9, 5)
    value, shift = bits(word, 21, 10), bits(word, 22, 22)
    result, flags = added(sized(rn, wide, True), imm(value << 12 * shift), subtract, wide)
    text = f"{'sub' if subtract else 'add'}{'s' if sets_flags else ''} " \
        f"{name(rd, wide, not sets_flags)}, {name(rn, wide, True)}, #0x{value:x}" + \
        (", lsl #12" if shift else "")
    return simple(at, text, put(rd, result, not sets_flags), flags if sets_flags else ())


def shifted(word, wide):
    """The second operand of an operation of two registers, and its text."""
    rm, kind, amount = bits(word, 20, 16), bits(word, 23, 22), bits(word, 15, 10)
    if kind == 3 or amount > 31 and not wide:
        raise not_understood(word)
    value, text = sized(rm, wide), name(rm, wide)
    if amount:
        text += f", {('lsl', 'lsr', 'asr')[kind]} #{amount}"
        if kind == 2 and not wide:
            value = ("sext", 32, value)
        value = cut((("shl", "shr", "sar")[kind], value, ("const", amount)), wide)
    return value, text


def add_register(word, at):
    wide, subtract, sets_flags = bits(word, 31, 31), bits(word, 30, 30), bits(word, 29, 29)
    rd, rn = bits(word, 4, 0), bits(word, 9, 5)
    operand, text = shifted(word, wide)
    result, flags = added(sized(rn, wide), operand, subtract, wide)
    return simple(at, f"{'sub' if subtract else 'add'}{'s' if sets_flags else ''} "
                  f"{name(rd, wide)}, {name(rn, wide)}, {text}",
                  put(rd, result), flags if sets_flags else ())


def add_extended(word, at):
    wide, subtract, sets_flags = bits(word, 31, 31), bits(word, 30, 30), bits(word, 29, 29)
    rd, rn, rm, option, amount = bits(word, 4, 0), bits(word, 9, 5), bits(word, 20, 16), \
        bits(word, 15, 13), bits(word, 12, 10)
    if amount > 4:
        raise not_understood(word)
    operand = cut(("shl", extended(rm, option), ("const", amount)), wide)
    result, flags = added(sized(rn, wide, True), operand, subtract, wide)
    # With the stack pointer, what extends nothing is written as a shift, or not at all.
    extend = EXTENDS[option]
    if (rn == 31 or rd == 31 and not sets_flags) and option == 2 + wide:
        extend = "lsl" if amount else ""
    text = f"{'sub' if subtract else 'add'}{'s' if sets_flags else ''} " \
        f"{name(rd, wide, not sets_flags)}, {name(rn, wide, True)}, " \
        f"{name(rm, wide and option & 3 == 3)}" + (f", {extend}" if extend else "") \
        + (f" #{amount}" if amount else "")
    return simple(at, text, put(rd, result, not sets_flags), flags if sets_flags else ())


LOGIC = (("and", "and"), ("orr", "or"), ("eor", "xor"), ("ands", "and"))
LOGIC_INVERTED = ("bic", "orn", "eon", "bics")


def logic_register(word, at):
    wide, kind, inverted = bits(word, 31, 31), bits(word, 30, 29), bits(word, 21, 21)
    rd, rn = bits(word, 4, 0), bits(word, 9, 5)
    operand, text = shifted(word, wide)
    if inverted:
        operand = cut(("xor", operand, ("const", MASK)), wide)
    # mov: orr of the zero register
    result = operand if rn == 31 and kind == 1 else (LOGIC[kind][1], sized(rn, wide), operand)
    mnemonic = LOGIC_INVERTED[kind] if inverted else LOGIC[kind][0]
    return simple(at, f"{mnemonic} {name(rd, wide)}, {name(rn, wide)}, {text}", put(rd, result),
                  logic_flags(result, wide) if kind == 3 else ())


def pattern(word, wide):
    """The constant of a logical operation: DecodeBitMasks of the manual."""
    n, rotate, ones = bits(word, 22, 22), bits(word, 21, 16), bits(word, 15, 10)
    length = (n << 6 | ones ^ 0x3f).bit_length() - 1
    if length < 1 or n and not wide:
        raise not_understood(word)
    size = 1 << length
    ones, rotate = ones & (size - 1), rotate & (size - 1)
    if ones == size - 1:
        raise not_understood(word)
    element = (1 << (ones + 1)) - 1
    element = (element >> rotate | element << (size - rotate)) & ((1 << size) - 1)
    whole = sum(element << place for place in range(0, 64, size))
    return whole if wide else whole & 0xffffffff


def logic_immediate(word, at):
    wide, kind = bits(word, 31, 31), bits(word, 30, 29)
    rd, rn, value = bits(word, 4, 0), bits(word, 9, 5), pattern(word, wide)
    result = (LOGIC[kind][1], sized(rn, wide), imm(value))
    return simple(at, f"{LOGIC[kind][0]} {name(rd, wide, kind != 3)}, {name(rn, wide)}, "
                  f"#0x{value:x}", put(rd, result, kind != 3),
                  logic_flags(result, wide) if kind == 3 else ())


def move_wide(word, at):
    wide, kind, half = bits(word, 31, 31), bits(word, 30, 29), 16 * bits(word, 22, 21)
    rd, value = bits(word, 4, 0), bits(word, 20, 5)
    if kind == 1 or half > 16 and not wide:
        raise not_understood(word)
    text = f"{('movn', '', 'movz', 'movk')[kind]} {name(rd, wide)}, #0x{value:x}" + \
        (f", lsl #{half}" if half else "")
    if kind == 3:
        kept = ("and", sized(rd, wide), ("const", MASK ^ 0xffff << half))
        return simple(at, text, put(rd, ("or", kept, imm(value << half))))
    whole = value << half if kind == 2 else ~(value << half)
    return simple(at, text, put(rd, imm(whole if wide else whole & 0xffffffff)))


def address(word, at):
    page, rd = bits(word, 31, 31), bits(word, 4, 0)
    offset = signed(bits(word, 23, 5) << 2 | bits(word, 30, 29), 21)
    target = ((at & ~0xfff) + (offset << 12) if page else at + offset) & MASK
    return simple(at, f"adr{'p' if page else ''} {name(rd, True)}, {target:x}",
                  put(rd, imm(target)))


def bitfield(word, at):
    wide, kind = bits(word, 31, 31), bits(word, 30, 29)
    rotate, last = bits(word, 21, 16), bits(word, 15, 10)
    rn, rd = bits(word, 9, 5), bits(word, 4, 0)
    width = 64 if wide else 32
    if kind not in (0, 2) or bits(word, 22, 22) != wide or max(rotate, last) >= width:
        raise not_understood(word)
    extend = "sext" if kind == 0 else "low"
    value = (extend, last + 1, x(rn)) if last < 63 else x(rn)
    if last >= rotate:
        value = ("sar" if kind == 0 else "shr", value, ("const", rotate)) if rotate else value
    else:
        value = ("shl", value, ("const", width - rotate))
    return simple(at, f"{('sbfm', '', 'ubfm')[kind]} {name(rd, wide)}, {name(rn, wide)}, "
                  f"#{rotate}, #{last}", put(rd, cut(value, wide)))


def shift_register(word, at):
    wide, kind = bits(word, 31, 31), bits(word, 11, 10)
    rd, rn, rm = bits(word, 4, 0), bits(word, 9, 5), bits(word, 20, 16)
    if kind == 3:
        raise not_understood(word)
    value = sized(rn, wide)
    if kind == 2 and not wide:
        value = ("sext", 32, value)
    amount = ("low", 6 if wide else 5, x(rm))
    return simple(at, f"{('lslv', 'lsrv', 'asrv')[kind]} {name(rd, wide)}, {name(rn, wide)}, "
                  f"{name(rm, wide)}", put(rd, cut((("shl", "shr", "sar")[kind], value, amount),
                                                   wide)))


def holds(condition):
    """Whether the flags meet a condition."""
    n, z, c, v = (("reg", flag) for flag in FLAGS)
    same = ("eq", n, v)
    value = (z, c, n, v, ("and", c, ("eq", z, ZERO)), same,
             ("and", same, ("eq", z, ZERO)), ONE)[condition >> 1]
    return ("eq", value, ZERO) if condition & 1 and condition != 15 else value


def conditional_select(word, at):
    wide, kind = bits(word, 31, 31), bits(word, 30, 30) << 1 | bits(word, 10, 10)
    rd, rn, rm, condition = bits(word, 4, 0), bits(word, 9, 5), bits(word, 20, 16), \
        bits(word, 15, 12)
    other = sized(rm, wide)
    other = (other, ("add", other, ONE), ("xor", other, ("const", MASK)),
             ("sub", ZERO, other))[kind]
    value = ("ite", holds(condition), sized(rn, wide), cut(other, wide))
    return simple(at, f"{('csel', 'csinc', 'csinv', 'csneg')[kind]} {name(rd, wide)}, "
                  f"{name(rn, wide)}, {name(rm, wide)}, {CONDITIONS[condition]}", put(rd, value))


def conditional_compare(word, at):
    wide, subtract, is_number = bits(word, 31, 31), bits(word, 30, 30), bits(word, 11, 11)
    rn, rm, condition, otherwise = bits(word, 9, 5), bits(word, 20, 16), bits(word, 15, 12), \
        bits(word, 3, 0)
    operand = imm(rm) if is_number else sized(rm, wide)
    _, flags = added(sized(rn, wide), operand, subtract, wide)
    flags = tuple((flag, ("ite", holds(condition), value, ("const", otherwise >> 3 - i & 1)))
                  for i, (flag, value) in enumerate(flags))
    return simple(at, f"{'ccmp' if subtract else 'ccmn'} {name(rn, wide)}, "
                  f"{f'#0x{rm:x}' if is_number else name(rm, wide)}, #0x{otherwise:x}, "
                  f"{CONDITIONS[condition]}", flags)
