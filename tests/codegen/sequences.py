# SPDX-License-Identifier: MIT
"""The restartable sequences, in a program that the linker made of the objects here: each keeps the
rules of docs/restart.md, and the table has each of them once, in order, whole."""

import re
import struct

from elf import Elf

# Operations that end in an access, and so are sequences, unless they are one instruction.
ACCESSING = re.compile(r"(?<!raw)_(read|write|raw_read|raw_write|read_stable|add|sub|inc|dec|and|or|xor|"
                       r"(add|inc|dec)_return|xchg|(try_)?cmpxchg|cmpxchg128)$")
# The only ones with an access beside that of the variable: of the caller's expected value.
OTHER_ACCESS = re.compile(r"_try_cmpxchg$")
# As the compiler forms the address in the template of a far or indexed variable: outside.
REGISTER = re.compile(r"\b(?:[xw]\d+|[astg][0-9p]\d?|ra|tp)\b")
NO_RESULT = re.compile(r"s[bhwd]|str[bh]?|cmp|ccmp|b\w*(\.\w+)?|cbn?z")


def table(elf):
    """(start, end) of each entry, in the order of the section."""
    header = elf.sections.get(".percpu_sequences")
    size = header["sh_size"] if header else 0
    for at in range(0, size, 8):
        start, length = struct.unpack_from("<iI", elf.bytes, header["sh_offset"] + at)
        start += header["sh_addr"] + at
        yield start, start + length


def written(instruction):
    """The registers that an instruction writes; those of aarch64 as x0, whatever the width."""
    name = instruction.mnemonic
    if NO_RESULT.fullmatch(name):
        return []
    return [part.replace("w", "x", 1) if re.fullmatch(r"w\d+", part) else part
            for part in instruction.parts()[:2 if name == "ldxp" else 1]]


def read(instruction):
    """And those that it reads."""
    parts = instruction.parts()[len(written(instruction)):]
    text = re.sub(r"<.*>", "", " ".join(parts))
    return [re.sub(r"^w(?=\d)", "x", name) for name in REGISTER.findall(text)]


def breaks_rule(code, end, isa):
    """What is wrong with a sequence; None if nothing is."""
    defined, inputs = set(), set()
    for instruction in code:
        inputs |= set(read(instruction)) - defined
        defined |= set(written(instruction))
    kinds = [kind for i in code for kind, _ in isa.memory(i)]
    targets = {i.target() for i in code if isa.is_branch(i)}
    if not isa.uses_percpu(code[0]):
        return "does not begin with the per-CPU register"
    if not isa.memory(code[-1]):
        return "does not end with an access"
    if "store" in kinds[:-1] or "update" in kinds:
        return "has an effect before its last instruction"
    # gp is the CPU's: it is an input, and nothing here writes it.
    if inputs & defined:
        return f"overwrites its inputs {inputs & defined}"
    if any(target < end for target in targets):
        return "has a branch that stays inside"
    return None


def wanted(function, isa):
    """How many sequences the function of an operation has: one, or none for one instruction."""
    if not ACCESSING.search(function.name) or function.name.endswith("_on"):
        return None
    accesses = [i for i in function.code if isa.memory(i)]
    return 0 if len(accesses) == 1 and isa.uses_percpu(accesses[0]) else 1


def judge(function, entries, isa, is_operation):
    """What is wrong with the sequences of a function, which may be of one operation."""
    ends = {i.address for i in function.code[1:]} | {function.code[-1].address + 4}
    inside = set()
    for start, end in entries:
        code = [i for i in function.code if start <= i.address < end]
        if not code or code[0].address != start or end not in ends:
            yield f"{start:x} to {end:x} are not its instructions"
            continue
        if fault := breaks_rule(code, end, isa):
            yield f"the sequence at {start:x} {fault}"
        inside |= {i.address for i in code}
    number = wanted(function, isa) if is_operation else None
    if number is None:
        return
    if len(entries) != number:
        yield f"{len(entries)} sequences, not {number}"
    if entries and not OTHER_ACCESS.search(function.name) and any(
            isa.memory(i) and i.address not in inside for i in function.code):
        yield "an access outside its sequence"
    if entries and any(isa.uses_percpu(i) and i.address not in inside for i in function.code):
        yield "the per-CPU register is read outside its sequence"


def check(tap, settings):
    """x86_64 has none; elsewhere all functions."""
    path = settings.object("linked").replace(".o", ".elf")
    entries = list(table(Elf(path)))
    if settings.arch == "x86_64":
        tap.ok(not entries, "x86_64 has no sequences: every operation is one instruction")
        return
    tap.ok(entries == sorted(entries) and all(a[1] <= b[0] for a, b in zip(entries, entries[1:])),
           f"the linker has sorted the table of {len(entries)} sequences", entries)
    functions = settings.functions(path)
    operations = {name for source in ("operations", "handles", "every_operation")
                  for name in settings.functions(settings.object(source))}
    wrong, found = [], 0
    for function in functions.values():
        last = function.code[-1].address
        mine = [e for e in entries if function.address <= e[0] <= last]
        found += len(mine)
        wrong += [f"{fault}\n{function}" for fault in judge(
            function, mine, settings.isa, function.name in operations)]
    tap.none(wrong, "each sequence is in the table once, from its first to its last instruction, "
                    "ends with its only effect and keeps its inputs")
    tap.ok(found == len(entries), "each entry is of a function", f"{found} of {len(entries)}")
    several = sum(wanted(function, settings.isa) == 1 for name, function in functions.items()
                  if name in operations)
    tap.ok(several > 100, f"{several} operations have more than one instruction")
