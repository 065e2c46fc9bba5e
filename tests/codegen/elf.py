# SPDX-License-Identifier: MIT
"""What pyelftools says about objects and programs, and objdump about archives."""

import re
import subprocess

from elftools.elf.elffile import ELFFile


class Elf:
    """A file, read whole."""

    def __init__(self, path):
        with open(path, "rb") as file:
            elf = ELFFile(file)
            self.bytes = file.seek(0) or file.read()
            self.entry = elf["e_entry"]
            self.loads = [segment.header for segment in elf.iter_segments("PT_LOAD")]
            self.sections = {section.name: section.header for section in elf.iter_sections()}
            self.symbols, self.undefined = {}, set()
            table = elf.get_section_by_name(".symtab")
            # What the linker is to fill in, by section and offset. Labels may all have one name.
            self.targets = {(elf.get_section(section["sh_info"]).name, r["r_offset"]):
                            table.get_symbol(r["r_info_sym"])["st_value"] + r["r_addend"]
                            for section in elf.iter_sections("SHT_RELA")
                            for r in section.iter_relocations()}
            for symbol in table.iter_symbols():
                if symbol["st_shndx"] != "SHN_UNDEF":
                    self.symbols[symbol.name] = symbol["st_value"]
                elif symbol.name:
                    self.undefined.add(symbol.name)

    def contents(self, header, size):
        """The first SIZE bytes of a segment."""
        return self.bytes[header["p_offset"]:header["p_offset"] + size]


def member_symbols(objdump, path):
    """{member: (defined, undefined)}: the global symbols of an archive's members."""
    output = subprocess.run([objdump, "-t", path], check=True, capture_output=True,
                            text=True).stdout
    found, defined, undefined = {}, set(), set()
    for line in output.splitlines():
        if match := re.match(r"(\S+\.o):\s+file format", line):
            defined, undefined = found.setdefault(match[1], (set(), set()))
        # value, flags, section, tab, size and perhaps visibility, name
        elif match := re.match(r"[0-9a-f]{16} (.{7}) (\S+)\t[0-9a-f]+ (?:\.\w+ )?(\S+)$", line):
            if match[2] == "*UND*":
                undefined.add(match[3])
            elif match[1][0] in "gu" or "w" in match[1]:
                defined.add(match[3])
    return found


def archive_symbols(objdump, path):
    """(defined, undefined): those of all members together."""
    members = member_symbols(objdump, path).values()
    defined, undefined = (set().union(*(member[i] for member in members)) for i in (0, 1))
    return defined, undefined - defined


def archive_sizes(objdump, path):
    """(text, ram) of each member of an archive: bytes of code and constants, as size counts them,
    and of what is written."""
    output = subprocess.run([objdump.replace("objdump", "size"), path], check=True,
                            capture_output=True, text=True).stdout
    lines = [line.split() for line in output.splitlines()[1:]]
    return {fields[5]: (int(fields[0]), int(fields[1]) + int(fields[2])) for fields in lines}
