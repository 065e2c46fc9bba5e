# SPDX-License-Identifier: MIT
"""Decodes the loads and stores of aarch64."""

from percpu_tools.aarch64_operands import (EXTENDS, cut, extended, name, not_understood, put, simple,
                                           x)
from percpu_tools.machine import bits, imm, plus, signed


def access(word, at, address, operand, writeback=()):
    """A load or store of one general register, by the size and the kind in its bits."""
    log, kind, rt = bits(word, 31, 30), bits(word, 23, 22), bits(word, 4, 0)
    size, unscaled = 1 << log, operand[0]
    suffix = ("b", "h", "", "")[log]
    if kind == 0:
        text = f"st{unscaled}r{suffix} {name(rt, log == 3)}, {operand[1]}"
        return simple(at, text, writeback, stores=((size, address, x(rt)),))
    if kind == 1:
        text = f"ld{unscaled}r{suffix} {name(rt, log == 3)}, {operand[1]}"
        return simple(at, text, put(rt, ("load", size, address)), writeback)
    if log == 3 or log == 2 and kind == 3:
        raise not_understood(word)
    value = ("sext", 8 * size, ("load", size, address))
    text = f"ld{unscaled}rs{'bhw'[log]} {name(rt, kind == 2)}, {operand[1]}"
    return simple(at, text, put(rt, cut(value, kind == 2)), writeback)


def at_offset(base, offset):
    """The text of an address."""
    return f"[{name(base, True, True)}, #{offset}]" if offset else f"[{name(base, True, True)}]"


def unsigned_offset(word, at):
    base, offset = bits(word, 9, 5), bits(word, 21, 10) << bits(word, 31, 30)
    return access(word, at, plus(x(base, True), offset), ("", at_offset(base, offset)))


def signed_offset(word, at):
    base, offset, mode = bits(word, 9, 5), signed(bits(word, 20, 12), 9), bits(word, 11, 10)
    place = x(base, True)
    if mode == 0:
        return access(word, at, plus(place, offset), ("u", at_offset(base, offset)))
    if mode == 2 or base != 31 and base == bits(word, 4, 0):
        raise not_understood(word)
    moved = put(base, ("add", place, imm(offset)), True)
    if mode == 3:
        return access(word, at, ("add", place, imm(offset)),
                      ("", f"[{name(base, True, True)}, #{offset}]!"), moved)
    return access(word, at, place, ("", f"[{name(base, True, True)}], #{offset}"), moved)


def register_offset(word, at):
    base, index, option = bits(word, 9, 5), bits(word, 20, 16), bits(word, 15, 13)
    if not option & 2:
        raise not_understood(word)
    amount = bits(word, 31, 30) if bits(word, 12, 12) else 0
    value = extended(index, option)
    if amount:
        value = ("shl", value, ("const", amount))
    extend = {3: "lsl"}.get(option, EXTENDS[option])
    shift = f", {extend} #{amount}" if amount else "" if option == 3 else f", {extend}"
    if bits(word, 12, 12) and not amount:
        shift = f", {extend} #0"
    operand = f"[{name(base, True, True)}, {name(index, bool(option & 1))}{shift}]"
    return access(word, at, ("add", x(base, True), value), ("", operand))


def pair(word, at):
    """ldp and stp of general registers, which are two accesses each."""
    kind, mode, is_load = bits(word, 31, 30), bits(word, 24, 23), bits(word, 22, 22)
    if kind not in (0, 2) or mode == 0:
        raise not_understood(word)
    size, base = (8 if kind else 4), bits(word, 9, 5)
    offset = signed(bits(word, 21, 15), 7) * size
    place, first, second = x(base, True), bits(word, 4, 0), bits(word, 14, 10)
    address = place if mode == 1 else plus(place, offset)
    other = ("add", address, ("const", size))
    moved = () if mode == 2 else put(base, ("add", place, imm(offset)), True)
    text = {1: f"[{name(base, True, True)}], #{offset}", 2: at_offset(base, offset),
            3: f"[{name(base, True, True)}, #{offset}]!"}[mode]
    text = f"p {name(first, size == 8)}, {name(second, size == 8)}, {text}"
    if is_load:
        return simple(at, "ld" + text, put(first, ("load", size, address)),
                      put(second, ("load", size, other)), moved)
    return simple(at, "st" + text, moved,
                  stores=((size, address, x(first)), (size, other, x(second))))


def exclusive(word, at):
    """Load-exclusive, store-exclusive, load-acquire and store-release."""
    log, ordered, is_load, is_pair = bits(word, 31, 30), bits(word, 23, 23), bits(word, 22, 22), \
        bits(word, 21, 21)
    status, release, second, base, rt = bits(word, 20, 16), bits(word, 15, 15), \
        bits(word, 14, 10), bits(word, 9, 5), bits(word, 4, 0)
    address, size, suffix = x(base, True), 1 << log, ("b", "h", "", "")[log]
    place, wide = f"[{name(base, True, True)}]", log == 3
    if ordered and (is_pair or not release) or is_pair and log < 2:
        raise not_understood(word)
    if ordered:
        if is_load:
            return simple(at, f"ldar{suffix} {name(rt, wide)}, {place}",
                          put(rt, ("load", size, address)))
        return simple(at, f"stlr{suffix} {name(rt, wide)}, {place}",
                      stores=((size, address, x(rt)),))
    parts = ((rt, address),)
    if is_pair:
        suffix, parts = "p", ((rt, address), (second, ("add", address, ("const", size))))
    names = ", ".join(name(r, wide) for r, _ in parts)
    if is_load:
        return simple(at, f"ld{'a' if release else ''}xr{suffix} {names}, {place}".replace(
            "xrp", "xp"), *(put(r, ("load", size, a)) for r, a in parts), exclusive="load")
    return simple(at, f"st{'l' if release else ''}xr{suffix} {name(status, False)}, {names}, "
                  f"{place}".replace("xrp", "xp", 1), put(status, ("status",)),
                  stores=tuple((size, a, x(r)) for r, a in parts), exclusive="store")
