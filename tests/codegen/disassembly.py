# SPDX-License-Identifier: MIT
"""What GNU objdump says, as functions and instructions."""

import re
import subprocess
from dataclasses import dataclass, field

FUNCTION = re.compile(r"([0-9a-f]+) <(.+)>:$")
INSTRUCTION = re.compile(r"\s*([0-9a-f]+):\t(.+)$")
RELOCATION = re.compile(r"\t+[0-9a-f]+: (R_\S+)\t(.+)$")
COMMENT = re.compile(r"\s+(#|//) .*")
PREFIXES = ("lock", "rep", "repz", "repnz", "data16", "cs", "notrack")


@dataclass
class Instruction:
    """One line. TARGETS are what its relocations name, SYMBOLS the same without addend."""

    address: int
    prefixes: list
    mnemonic: str
    operands: str
    relocations: list = field(default_factory=list)
    symbols: list = field(default_factory=list)
    targets: list = field(default_factory=list)

    def __str__(self):
        symbols = f" ({', '.join(self.symbols)})" if self.symbols else ""
        text = " ".join([*self.prefixes, self.mnemonic, self.operands]).strip()
        return f"{self.address:x}: {text}{symbols}"

    def parts(self):
        """The operands; commas in parentheses or brackets do not separate."""
        return [part.strip() for part in re.split(r",(?![^(\[{]*[)\]}])", self.operands)]

    def target(self):
        """Where a branch goes, if objdump says; in an object, its own function counts from 0."""
        found = re.search(r"(?:^|[ ,])([0-9a-f]+) <", self.operands)
        return int(found[1], 16) if found else None


@dataclass
class Function:
    """From one symbol to the next; local labels (.L) do not end it."""

    name: str
    address: int
    code: list = field(default_factory=list)

    def __str__(self):
        return "\n".join([f"{self.name}:", *map(str, self.code)])


def parse_instruction(address, text):
    """An Instruction from what follows the address."""
    words = COMMENT.sub("", text).split(None, 1)
    prefixes = []
    while words[0] in PREFIXES and len(words) > 1:
        prefixes.append(words[0])
        words = words[1].split(None, 1)
    return Instruction(address, prefixes, words[0], words[1].strip() if len(words) > 1 else "")


def parse(lines):
    """The functions in objdump's lines."""
    functions = []
    for line in lines:
        if match := FUNCTION.match(line):
            if not (match[2].startswith(".L") and functions):
                functions.append(Function(match[2], int(match[1], 16)))
        elif match := RELOCATION.match(line):
            last = functions[-1].code[-1]
            last.relocations.append(match[1])
            last.targets.append(match[2].strip())
            last.symbols.append(re.sub(r"[+-]0x[0-9a-f]+$", "", match[2]).strip())
        elif (match := INSTRUCTION.match(line)) and functions:
            functions[-1].code.append(parse_instruction(int(match[1], 16), match[2]))
    return functions


def disassemble(objdump, path, isa):
    """The functions of a file, by name."""
    command = [objdump, "-dr", "--no-show-raw-insn", *isa.objdump_options, path]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    functions = {function.name: function for function in parse(output.splitlines())}
    if not functions:
        raise ValueError(f"{path}: no code")
    return functions
