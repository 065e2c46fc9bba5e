# SPDX-License-Identifier: MIT
"""C66: what code for a static PIE costs, beside the other, and how it reaches near variables."""

import os

from elftools.elf.elffile import ELFFile

ADD16 = 34
LO12 = (27, 28)
# 12 bits from bit 4 on of the upper half of an instruction.
TIMES = 16
# In operations.c, if that is so.
ONE = "reads_and_writes_are_one_instruction"
# (mask, value): addi, and the loads, of an immediate 0 and gp.
WITHOUT_IMMEDIATE = [(0xfffff07f, 0x00018013), (0xffff807f, 0x00018003)]


def relocations(path):
    """(the section's name and bytes, {offset: [(type, symbol, addend)]}) of all code."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        for section in elf.iter_sections("SHT_RELA"):
            code = elf.get_section(section["sh_info"])
            symbols, places = elf.get_section(section["sh_link"]), {}
            for r in section.iter_relocations() if code.name.startswith(".text") else ():
                symbol = symbols.get_symbol(r["r_info_sym"])
                # GNU as names the section of a static variable; R_RISCV_RELAX has no symbol.
                name = symbol.name or (elf.get_section(symbol["st_shndx"]).name
                                       if r["r_info_sym"] else "nothing")
                places.setdefault(r["r_offset"], []).append(
                    (r["r_info_type"], name, r["r_addend"]))
            yield code.name, code.data(), places


def wrongly_filled(path):
    """The places where an immediate is not filled in as it must be; last, how many are."""
    filled = 0
    for name, code, places in relocations(path):
        for offset, found in places.items():
            kinds = {kind for kind, _, _ in found}
            if kinds & set(LO12) and any("percpu" in symbol for _, symbol, _ in found):
                yield f"{name}+{offset:#x}: %lo of {found}"
            if ADD16 not in kinds:
                continue
            filled += 1
            bits = int.from_bytes(code[offset - 2:offset + 2], "little")
            if len(found) != TIMES or len(set(found)) != 1 or "percpu" not in found[0][1] \
                    or not any(bits & mask == value for mask, value in WITHOUT_IMMEDIATE):
                yield f"{name}+{offset:#x}: {bits:08x}, {len(found)}: {set(found)}"
    if not filled:
        yield f"{os.path.basename(path)} has none"


def stores_by_register(function, isa):
    """Whether it stores to a near variable without forming its address first."""
    return any(kind == "store" and isa.uses_percpu(i) for i in function.code
               for kind, _ in isa.accesses(i))


def check(tap, settings):
    """Each operation, in both."""
    for source in ("operations", "every_operation"):
        path = settings.object(source)
        tap.none(list(wrongly_filled(path)), f"C66 {source}: every near variable is in the "
                 f"immediate of a load or of an addi, by {TIMES} R_RISCV_ADD16, and none by %lo")
        plain, isa = settings.functions(settings.object(source, pie=False)), settings.isa
        functions = settings.functions(path)
        if source == "operations":
            tap.ok(plain.pop(ONE, None) and ONE not in functions, "PERCPU_READ_IS_ONE_INSTRUCTION "
                   "is 0 here: a write needs a pinned caller, if it is no sequence")
        longer = {name for name, function in plain.items() if stores_by_register(function, isa)}
        wrong = []
        for name, function in plain.items():
            counts = [sum(map(isa.counts, f.code)) for f in (function, functions[name])]
            if counts[1] - counts[0] != (name in longer):
                wrong.append(f"{counts}:\n{function}\n{functions[name]}")
        tap.none(wrong, f"C66 {source}: of {len(plain)} functions the {len(longer)} that store "
                 "by the register are one instruction longer, and no other")
