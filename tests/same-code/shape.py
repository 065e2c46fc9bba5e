# SPDX-License-Identifier: MIT
"""What of an object's machine code must stay the same: per function a multiset of shapes.

A shape is an instruction without the choices that are the compiler's: which register, which slot of
the stack, and where a branch of the function's own goes. The mnemonic stays, and so do immediates,
relocations with symbol and addend, and registers that mean something.
"""

import os
import re
import sys
from collections import Counter

from elftools.elf.elffile import ELFFile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "codegen"))

from disassembly import disassemble
from isa import ISAS

MACHINES = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64", "EM_RISCV": "riscv64"}

# General registers, and the class that takes a register's place. Those that are left out mean
# something wherever they are: gp and tp, sp and zero, rip and the segments.
REGISTERS = {
    "x86_64": [(r"%r(?:[abcd]x|[sd]i|bp|[89]|1[0-5])\b", "%r64"),
               (r"%(?:e(?:[abcd]x|[sd]i|bp)|r(?:[89]|1[0-5])d)\b", "%r32"),
               (r"%(?:[abcd]x|[sd]i|bp|r(?:[89]|1[0-5])w)\b", "%r16"),
               (r"%(?:[abcd][lh]|[sd]il|bpl|r(?:[89]|1[0-5])b)\b", "%r8")],
    "aarch64": [(r"\bx(?:[12]?[0-9]|30)\b", "xN"), (r"\bw(?:[12]?[0-9]|30)\b", "wN")],
    "riscv64": [(r"\b(?:ra|[at][0-7]|s(?:[0-9]|1[01]))\b", "rN")],
}

# The stack pointer, and what makes another register its stand-in for the whole function.
STACK = {"x86_64": (r"%rsp", r"mov %rsp,(%rbp)$"),
         "aarch64": (r"sp", r"(?:mov|add) (x29),sp\b"),
         "riscv64": (r"sp", r"addi? (s0),sp\b")}

# An offset from either, or a change of the stack pointer; no operand of another instruction.
SLOTS = {"x86_64": [(r"-?0x[0-9a-f]+\(({0})(?=[,)])", r"SLOT(\1"),
                    (r"\$-?0x[0-9a-f]+,({0})$", r"SLOT,\1")],
         "aarch64": [(r"\[({0}),#-?\d+\]", r"[\1,SLOT]"),
                     (r"^((?:add|sub) [^,]+,(?:{0})),#0x[0-9a-f]+$", r"\1,SLOT"),
                     (r"\[({0})\],#-?\d+", r"[\1],SLOT")],
         "riscv64": [(r"-?\d+\(({0})\)", r"SLOT(\1)"),
                     (r"^(addi? [^,]+,(?:{0})),-?\d+$", r"\1,SLOT")]}

# A label, or a place in a section of code. The name of a sequence's note tells its line, too.
LOCAL = re.compile(r"\.L|L0\b|\.text")
NOTE = re.compile(r"(percpu_sequences)\..*")


def text_of(instruction):
    """The instruction as one string, without spaces in its operands."""
    words = [*instruction.prefixes, instruction.mnemonic]
    return " ".join(words + [re.sub(r"\s", "", instruction.operands)]).strip()


CODE = "code"


class Shapes:
    """The shapes of one function's instructions."""

    def __init__(self, arch, function, places):
        self.arch, self.function, self.places = arch, function, places
        texts = [text_of(instruction) for instruction in function.code]
        pointer, stand_in = STACK[arch]
        frames = {found[1] for text in texts if (found := re.match(stand_in, text))}
        stack = "|".join([pointer, *sorted(frames)])
        self.slots = [(re.compile(pattern.format(stack)), by) for pattern, by in SLOTS[arch]]
        self.counted = Counter(map(self.shape, function.code, texts))

    def shape(self, instruction, text):
        """One of them."""
        if "<" in text:
            # A branch: to a place in the function itself, or where a relocation or the name says.
            place = re.sub(r"[+-]0x[0-9a-f]+>$", ">", text[text.index("<"):])
            text = re.sub(r"(?:0x)?[0-9a-f]+<.*$", "", text)
            if not instruction.targets:
                text += "" if place == f"<{self.function.name}>" or place[:3] == "<.L" else place
            elif self.target(instruction.targets[0]) == CODE:
                return self.plain(text)
        named = zip(instruction.relocations, map(self.target, instruction.targets))
        return " ".join([self.plain(text), *(f"{kind}:{target}" for kind, target in named)])

    def target(self, target):
        """What a relocation names, by a name that stays: no label's, and none of code."""
        name, addend = re.fullmatch(r"(.*?)((?:[+-]0x[0-9a-f]+)?)\s*", target).groups()
        name = self.places.get(name, name)
        return CODE if LOCAL.match(name) else NOTE.sub(r"\1", name) + addend

    def plain(self, text):
        """Without the compiler's choices."""
        for pattern, by in self.slots:
            text = pattern.sub(by, text)
        for pattern, by in REGISTERS[self.arch]:
            text = re.sub(pattern, by, text)
        return text


def filled_in(elf, table, relocations, offset):
    """What the relocations at OFFSET add to what is stored there; labels are of this object."""
    total = 0
    for relocation in relocations:
        if relocation["r_offset"] == offset:
            value = table.get_symbol(relocation["r_info_sym"])["st_value"] + relocation["r_addend"]
            # R_RISCV_SUB32
            total += -value if relocation["r_info_type"] == 39 and elf["e_machine"] == "EM_RISCV" \
                else value
    return total


def sequences(elf):
    """The restartable sequences: a multiset of (section of their function, length)."""
    table = elf.get_section_by_name(".symtab")
    relocated = {section["sh_info"]: list(section.iter_relocations())
                 for section in elf.iter_sections("SHT_RELA")}
    found = Counter()
    for index, section in enumerate(elf.iter_sections()):
        if section.name.startswith("percpu_sequences"):
            code = elf.get_section(section["sh_link"]).name
            data = section.data()
            for at in range(4, len(data), 8):
                length = int.from_bytes(data[at:at + 4], "little") + filled_in(
                    elf, table, relocated.get(index, []), at)
                found[f"a sequence of {length} bytes in {code}"] += 1
    return found


def data_labels(elf):
    """Where the compiler's labels in data are: {label: section and offset}."""
    found = {}
    for symbol in elf.get_section_by_name(".symtab").iter_symbols():
        if symbol.name.startswith(".L") and isinstance(symbol["st_shndx"], int):
            section = elf.get_section(symbol["st_shndx"])
            if not section["sh_flags"] & 4:
                found[symbol.name] = f"{section.name}+{symbol['st_value']:#x}"
    return found


def has_code(elf):
    """Whether there is any."""
    return any(section["sh_flags"] & 4 and section["sh_size"] for section in elf.iter_sections())


def shapes_of(path, objdump):
    """{function: multiset of shapes} of an object, and its sequences as one more."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        arch = MACHINES[elf["e_machine"]]
        found = {"": sequences(elf)}
        if not has_code(elf):
            return found
        places = data_labels(elf)
    functions = disassemble(objdump, path, ISAS[arch])
    return found | {name: Shapes(arch, function, places).counted
                    for name, function in functions.items()}
