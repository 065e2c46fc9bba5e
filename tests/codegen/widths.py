# SPDX-License-Identifier: MIT
"""The operations of every_operation.c: as wide as their variables (C10), and each whole."""

import re

# The variables of every_operation.c that are narrow, by the first part of the functions' names.
NARROW = {
    1: ("byte", "signed_byte", "far_byte", "field_byte", "index_byte", "flag"),
    2: ("half", "signed_half", "far_half"),
}
UPDATES = ("add", "sub", "inc", "dec", "and", "or", "xor", "add_return", "inc_return",
           "dec_return", "xchg", "cmpxchg", "try_cmpxchg")
WRITES = ("write", "raw_add", *UPDATES)
CMPXCHG = ("cmpxchg", "try_cmpxchg")


def split(name, kinds):
    """("far_byte", "add") of far_byte_add; None if it is no function of KINDS."""
    match = re.fullmatch(rf"({'|'.join(kinds)})_(\w+)", name)
    return match.groups() if match else None


def of_kinds(functions, kinds, operations):
    """The functions of some variables and some operations."""
    for name, function in functions.items():
        parts = split(name, kinds)
        if parts and parts[1] in operations:
            yield function


def accesses(function, isa):
    """All accesses of a function but those of percpu_delta and the stack."""
    return [access for instruction in function.code for access in isa.accesses(instruction)]


def check_narrow(tap, functions, isa):
    """C10: no access wider than the variable, whatever the operation."""
    for size, kinds in NARROW.items():
        mine = [f for name, f in functions.items() if split(name, kinds)]
        wide = [f for f in mine if any(width != size for _, width in accesses(f, isa))]
        tap.none(wide, f"C10 the {len(mine)} functions of {size}-byte variables have "
                       f"{size}-byte accesses only")
        idle = [f for f in of_kinds(functions, kinds, WRITES)
                if all(kind == "load" for kind, _ in accesses(f, isa))]
        tap.none(idle, f"every write of a {size}-byte variable is in the function it belongs to")


def check_one_instruction(tap, functions, isa):
    """x86_64: an interrupt comes before or after an instruction, never inside."""
    split_up, locked, pushing, absolute = [], [], [], []
    for name, function in functions.items():
        operation = re.sub(r"^(?:near|(?:far_|signed_|field_|index_)?(?:byte|half|word|doubleword)"
                           r"|flag|colour|pointer)_", "", name)
        if operation not in UPDATES:
            continue
        uses = [i for i in function.code if isa.uses_percpu(i)]
        if [kind for i in uses for kind, _ in isa.accesses(i)] != ["update"]:
            split_up.append(function)
        locked += [f"{name}: {i}" for i in function.code if "lock" in i.prefixes]
        pushing += [f"{name}: {i}" for i in function.code if i.mnemonic.startswith(("push", "pop"))]
        absolute += [f"{name}: {i}" for i in uses if "(" not in i.operands]
    tap.none(split_up, "every read-modify-write is one instruction with %gs:")
    tap.none(locked, "no read-modify-write has a lock prefix")
    tap.none(pushing, "C18 no operation pushes or pops")
    tap.none(absolute, "no read-modify-write has an absolute address, which is slow in a row")


def interrupts_off(function):
    """What is between the instructions that turn interrupts off and on; None if they are not."""
    texts = [f"{i.mnemonic} {i.operands}" for i in function.code]
    off = [n for n, text in enumerate(texts) if re.fullmatch(r"csrrci? \w+,sstatus,2", text)]
    on = [n for n, text in enumerate(texts) if re.fullmatch(r"csrs sstatus,\w+", text)]
    if len(off) != 1 or len(on) != 1 or off[0] > on[0]:
        return None
    return function.code[off[0]:on[0]]


def is_bracketed(function, isa):
    """A load and a store with interrupts off; outside, only a try_cmpxchg's caller's variable."""
    inside = interrupts_off(function)
    if inside is None:
        return False
    kinds = [kind for i in inside for kind, _ in isa.accesses(i)]
    rest = len(accesses(function, isa)) - len(kinds)
    return kinds == ["load", "store"] and (rest == 0 or function.name.endswith("try_cmpxchg"))


def check_interrupts_off(tap, functions, isa):
    """riscv64: where neither an AMO nor LR/SC will do."""
    for size, kinds in NARROW.items():
        bare = [f for f in of_kinds(functions, kinds, UPDATES) if not is_bracketed(f, isa)]
        tap.none(bare, f"every {size}-byte read-modify-write has interrupts off (sstatus.SIE) from "
                       "its load to its store")
    wide = ("word", "doubleword", "far_doubleword", "colour", "pointer")
    bare = [f for f in of_kinds(functions, wide, CMPXCHG) if not is_bracketed(f, isa)]
    tap.none(bare, "every 4- and 8-byte cmpxchg has interrupts off from its load to its store")
    split_up = [f for f in of_kinds(functions, wide, set(UPDATES) - set(CMPXCHG))
                if [kind for kind, _ in accesses(f, isa)] != ["update"]]
    tap.none(split_up, "every other 4- and 8-byte read-modify-write is one AMO")


def check_exclusive(tap, functions, isa):
    """aarch64: a store-exclusive that fails when an exception came between."""
    plain = []
    for name, function in functions.items():
        if name.endswith(tuple("_" + operation for operation in UPDATES)) and "raw" not in name:
            names = [i.mnemonic for i in function.code if isa.accesses(i)]
            pair = [n for n in names if re.fullmatch(r"(ld|st)xr[bh]?", n)]
            if len(pair) != 2 or (len(names) != 2 and not name.endswith("try_cmpxchg")):
                plain.append(function)
    tap.none(plain, "every read-modify-write is one load-exclusive and one store-exclusive")


def check_sequence(tap, functions, isa):
    """PERCPU_PREEMPT restart: sequences.py looks at the rest."""
    others = []
    for name, function in functions.items():
        if name.endswith(tuple("_" + operation for operation in UPDATES)) and "raw" not in name:
            kinds = [kind for kind, _ in accesses(function, isa)]
            if kinds != ["load", "store"] and not name.endswith("try_cmpxchg"):
                others.append(function)
    tap.none(others, "every read-modify-write is one load and one store")


def check(tap, settings):
    """What holds everywhere, then what the architecture, or the mode, promises."""
    functions = settings.functions(settings.object("every_operation"))
    functions |= settings.functions(settings.object("operations"))
    check_narrow(tap, functions, settings.isa)
    by_arch = {"x86_64": check_one_instruction, "aarch64": check_exclusive,
               "riscv64": check_interrupts_off}
    if settings.mode == "restart" and settings.arch != "x86_64":
        by_arch = {settings.arch: check_sequence}
    by_arch[settings.arch](tap, functions, settings.isa)
