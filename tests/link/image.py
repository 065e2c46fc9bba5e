# SPDX-License-Identifier: MIT
"""Reads a linked program."""

import dataclasses
import os
import re

from elftools.elf.elffile import ELFFile

SHF_ALLOC = 2


@dataclasses.dataclass
class Symbol:
    """A symbol with an address."""
    name: str
    address: int
    size: int


class Image:
    """A program in ELF, read whole."""

    def __init__(self, path):
        self.file_size = os.path.getsize(path)
        with open(path, "rb") as file:
            elf = ELFFile(file)
            self.sections = {s.name: s for s in elf.iter_sections() if s["sh_size"]}
            self.contents = {s.name: (s["sh_addr"], s.data()) for s in elf.iter_sections()
                             if s["sh_flags"] & SHF_ALLOC and s["sh_type"] != "SHT_NOBITS"}
            self.segments = [s.header for s in elf.iter_segments() if s["p_type"] == "PT_LOAD"]
            self.symbols = [Symbol(s.name, s["st_value"], s["st_size"])
                            for s in elf.get_section_by_name(".symtab").iter_symbols()
                            if s["st_shndx"] != "SHN_UNDEF"]
            self.relocations = [f"{s.name}: {s.num_relocations()} entries"
                                for s in elf.iter_sections()
                                if s["sh_type"] in ("SHT_REL", "SHT_RELA", "SHT_RELR")
                                and s["sh_size"]]

    def named(self, name):
        """The symbols of that name, or of what LTO makes of a static one's: NAME.lto_priv.0 by
        GCC, NAME.5 by LLVM."""
        own = re.compile(re.escape(name) + r"(\.lto_priv)?(\.\d+)?")
        return [s for s in self.symbols if own.fullmatch(s.name)]

    def address(self, name):
        """The address of the one symbol of that name."""
        symbols = self.named(name)
        if len(symbols) != 1:
            raise LookupError(f"{len(symbols)} symbols {name}")
        return symbols[0].address

    def bytes_at(self, address, size):
        """What the file holds for an address; None if nothing."""
        for start, data in self.contents.values():
            if start <= address and address + size <= start + len(data):
                return data[address - start:address - start + size]
        return None

    def variables(self):
        """The per-CPU variables: all symbols of the template that have a size."""
        start, end = self.address("_percpu_load_start"), self.address("_percpu_load_end")
        return [s for s in self.symbols if s.size and start <= s.address < end]
