# SPDX-License-Identifier: MIT
"""What an instruction does, for each architecture: only what the checks ask for.

An access is (kind, bytes): kind is "load", "store", or "update" for a read-modify-write. Accesses
of the stack and of the reserved variable percpu_delta are none: they belong to the calling
convention and to the forming of an address.
"""

import re


class Isa:
    """What the architectures have in common."""

    objdump_options = []
    jumps = ()

    def counts(self, instruction):
        """Whether it is part of an operation: not the return and not padding."""
        return not self.is_return(instruction) and not self.is_padding(instruction)

    def accesses(self, instruction):
        """The accesses of one instruction."""
        if any("percpu_delta" in symbol for symbol in instruction.symbols):
            return []
        return self.memory(instruction)

    def is_return(self, instruction):
        """The way back to the caller."""
        return instruction.mnemonic in ("ret", "retq")

    def is_padding(self, instruction):
        """For alignment."""
        return instruction.mnemonic.startswith("nop")

    def is_branch(self, instruction):
        """A jump, conditional or not, within a function."""
        return re.fullmatch(self.jumps, instruction.mnemonic)


class X86(Isa):
    """AT&T syntax with all suffixes."""

    objdump_options = ["-M", "suffix"]
    jumps = r"j\w+"
    floating = re.compile(r"%(?:[xyz]mm\d|mm\d|st\b)")
    plain = ("mov", "movabs", "movz", "movs")
    reads_only = ("cmp", "test")
    widths = {"b": 1, "w": 2, "l": 4, "q": 8}

    def is_padding(self, instruction):
        return (super().is_padding(instruction) or instruction.mnemonic == "int3"
                or instruction.operands == "%ax,%ax")

    def is_move(self, instruction):
        """A copy from register to register."""
        return bool(re.fullmatch(r"mov[lq]", instruction.mnemonic)
                    and re.fullmatch(r"%\w+,%\w+", instruction.operands))

    def uses_percpu(self, instruction):
        """GS_BASE, through an access or as what it is."""
        return "%gs:" in instruction.operands or instruction.mnemonic == "rdmsr"

    def is_call(self, instruction):
        return instruction.mnemonic == "callq"

    def memory(self, instruction):
        base, size = self.split(instruction.mnemonic)
        parts = instruction.parts()
        places = [i for i, part in enumerate(parts) if re.search(r"\(|%gs:|^0x|^-?\d", part)
                  and "%rsp" not in part]
        if not places or base in ("lea", "nop", "call", "jmp", "prefetch") or size is None:
            return []
        is_last = places[0] == len(parts) - 1
        if not is_last or base in self.reads_only:
            return [("load", size)]
        return [("store" if base in self.plain else "update", size)]

    def split(self, mnemonic):
        """movzbl is (movz, 1), addq (add, 8); the width is that of the memory operand."""
        if match := re.fullmatch(r"(mov[zs])([bwl])[wlq]", mnemonic):
            return match[1], self.widths[match[2]]
        if match := re.fullmatch(r"set\w+", mnemonic):
            return "mov", 1
        if mnemonic[0] == "j":
            return mnemonic, None
        return mnemonic[:-1], self.widths.get(mnemonic[-1])


class Aarch64(Isa):
    """The registers give an access's width where the mnemonic does not."""

    jumps = r"b|b\.\w+|cbn?z|tbn?z"
    floating = re.compile(r"\b(?:[qvdshb](?:[0-9]|[12][0-9]|3[01]))\b")
    widths = {"b": 1, "sb": 1, "h": 2, "sh": 2, "sw": 4}
    access = re.compile(r"(ld|st)(r|ur|tr|p|np|ar|apr|lr|xr|axr|lxr|xp|axp|lxp)(sb|sh|sw|b|h)?")
    lse = re.compile(r"(?:(?:ld|st)(?:add|clr|set|eor)|swp|cas)(?:a|l|al)?(b|h)?")

    def is_move(self, instruction):
        """A copy from register to register; one from the zero register makes a constant."""
        return (instruction.mnemonic == "mov"
                and bool(re.fullmatch(r"[xw]\d+, [xw]\d+", instruction.operands)))

    def uses_percpu(self, instruction):
        return instruction.mnemonic == "mrs" and "tpidr_el" in instruction.operands

    def is_call(self, instruction):
        return instruction.mnemonic in ("bl", "blr")

    def memory(self, instruction):
        if match := self.lse.fullmatch(instruction.mnemonic):
            size = self.widths.get(match[1]) or (8 if instruction.parts()[0][0] == "x" else 4)
            return [("update", size)]
        match = self.access.fullmatch(instruction.mnemonic)
        if not match or "[sp" in instruction.operands:
            return []
        parts = instruction.parts()
        exclusive_store = match[1] == "st" and match[2] in ("xr", "lxr", "xp", "lxp")
        register = parts[1 if exclusive_store else 0]
        size = self.widths.get(match[3]) or (8 if register[0] == "x" else 4)
        if match[2] in ("p", "np", "xp", "axp", "lxp"):
            size *= 2
        return [("load" if match[1] == "ld" else "store", size)]


class Riscv64(Isa):
    """objdump prints base mnemonics, also for compressed instructions."""

    jumps = r"j|b\w+"
    floating = re.compile(r"\bf(?:[ast]\d+)\b")
    widths = {"b": 1, "h": 2, "w": 4, "d": 8}

    def is_move(self, instruction):
        """A copy; objdump calls the forming of an address with offset 0 so, too."""
        return (instruction.mnemonic == "mv" and not instruction.relocations
                and not self.uses_percpu(instruction))

    def uses_percpu(self, instruction):
        return bool(re.search(r"[(,]gp\b", instruction.operands))

    def is_call(self, instruction):
        return (instruction.mnemonic in ("jal", "jalr")
                and not instruction.operands.startswith("zero"))

    def memory(self, instruction):
        name = instruction.mnemonic
        if "(" not in instruction.operands or "(sp)" in instruction.operands:
            return []
        if match := re.fullmatch(r"l([bhwd])u?|s([bhwd])", name):
            return [("load", self.widths[match[1]])] if match[1] else \
                [("store", self.widths[match[2]])]
        if match := re.fullmatch(r"(lr|sc|amo\w+)\.([wd])(\.\w+)?", name):
            kind = {"lr": "load", "sc": "store"}.get(match[1], "update")
            return [(kind, self.widths[match[2]])]
        return []


ISAS = {"x86_64": X86(), "aarch64": Aarch64(), "riscv64": Riscv64()}
