# SPDX-License-Identifier: MIT
"""Changes a linked kernel where no linker would make it so."""

import struct

from elftools.elf.elffile import ELFFile

SECTION, SEGMENT = 64, 56


class Patch:
    """A kernel's bytes, and what is where."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = bytearray(file.read())
            file.seek(0)
            self.elf = ELFFile(file)
            self.sections = {s.name: (n, dict(s.header))
                             for n, s in enumerate(self.elf.iter_sections())}
            self.segments = [dict(s.header) for s in self.elf.iter_segments()]
            self.symbols = {s.name: s["st_value"]
                            for s in self.elf.get_section_by_name(".symtab").iter_symbols()}
            self.header = dict(self.elf.header)

    def section_type(self, name, kind):
        """A section's type."""
        at = self.header["e_shoff"] + SECTION * self.sections[name][0] + 4
        struct.pack_into("<I", self.data, at, kind)
        return self

    def segment(self, address, kind=None, flags=None, physical=None):
        """The type, flags or physical address of the PT_LOAD at ADDRESS."""
        for number, segment in enumerate(self.segments):
            start = segment["p_vaddr"]
            if segment["p_type"] == "PT_LOAD" and start <= address < start + segment["p_memsz"]:
                at = self.header["e_phoff"] + SEGMENT * number
                if kind is not None:
                    struct.pack_into("<I", self.data, at, kind)
                if flags is not None:
                    struct.pack_into("<I", self.data, at + 4, flags)
                if physical is not None:
                    struct.pack_into("<Q", self.data, at + 24, physical)
        return self

    def symbol(self, name, value):
        """A symbol's value."""
        table, names = self.sections[".symtab"][1], self.sections[".strtab"][1]
        for at in range(table["sh_offset"], table["sh_offset"] + table["sh_size"], 24):
            text = names["sh_offset"] + struct.unpack_from("<I", self.data, at)[0]
            if self.data[text:self.data.index(b"\0", text)] == name.encode():
                struct.pack_into("<Q", self.data, at + 8, value)
        return self

    def offset(self, address):
        """Where in the file an address is."""
        for segment in self.segments:
            distance = address - segment["p_vaddr"]
            if segment["p_type"] == "PT_LOAD" and 0 <= distance < segment["p_filesz"]:
                return segment["p_offset"] + distance
        raise LookupError(f"{address:#x} is not in the file")

    def entries(self):
        """(address, start, length) of those of the table that have a length."""
        first, last = (self.symbols[f"_percpu_sequences_{end}"] for end in ("start", "end"))
        for at in range(first, last, 8):
            start, length = struct.unpack_from("<iI", self.data, self.offset(at))
            if length:
                yield at, at + start, length

    def entry(self, at, start, length):
        """Writes the entry at AT."""
        struct.pack_into("<iI", self.data, self.offset(at), start - at, length)
        return self

    def write(self, path):
        """Into a file."""
        with open(path, "wb") as file:
            file.write(self.data)
        return path
