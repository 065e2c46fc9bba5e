# SPDX-License-Identifier: MIT
"""Files and lines, from debugging information, where there is some that can be read."""

import bisect
import functools

try:
    from elftools.construct import Array
except ImportError:
    Array = None

FROM_RANGES = "DW_AT_ranges"
ASSEMBLY = 0x8001  # DW_LANG_Mips_Assembler, which assemblers use for every architecture


class Lines:
    """What DWARF says of addresses. Damaged or absent, it says nothing."""

    def __init__(self, elf):
        self.elf = elf
        self._tables = {}

    @functools.cached_property
    def _dwarf(self):
        try:
            return self.elf.get_dwarf_info() if self.elf.has_dwarf_info() else None
        except Exception:  # pylint: disable=broad-except
            return None

    @functools.cached_property
    def _units(self):
        """(start, end, unit) of each range of code, by start."""
        try:
            return sorted(_ranges(self._dwarf), key=lambda r: r[:2]) if self._dwarf else []
        except Exception:  # pylint: disable=broad-except
            return []

    def unit_at(self, address):
        """The compilation unit that the code at ADDRESS is of, or None."""
        at = bisect.bisect_right(self._units, address, key=lambda r: r[0]) - 1
        return self._units[at][2] if at >= 0 and address < self._units[at][1] else None

    def is_of_all(self, unit):
        """Whether it is what link-time optimisation has made of all units."""
        try:
            name = _text(unit.get_top_DIE().attributes.get("DW_AT_name"))
        except Exception:  # pylint: disable=broad-except
            return False
        return name == "<artificial>"

    def is_assembly(self, address):
        """Whether the code there was written in assembly; None if nothing says so."""
        unit = self.unit_at(address)
        try:
            language = unit.get_top_DIE().attributes.get("DW_AT_language") if unit else None
        except Exception:  # pylint: disable=broad-except
            return None
        return language.value == ASSEMBLY if language else None

    def has_inlined(self, name, is_code):
        """Whether link-time optimisation has put that function into one that is there."""
        try:
            return any(_is_inlined(die, name, is_code)
                       for unit in (self._dwarf.iter_CUs() if self._dwarf else ())
                       for die in unit.iter_DIEs())
        except Exception:  # pylint: disable=broad-except
            return False

    def at(self, address):
        """file.c:34, or ""."""
        unit = self.unit_at(address)
        if unit is None:
            return ""
        if unit.cu_offset not in self._tables:
            self._tables[unit.cu_offset] = self._table(unit)
        table = self._tables[unit.cu_offset]
        row = bisect.bisect_right(table, address, key=lambda r: r[0]) - 1
        return table[row][1] if row >= 0 else ""

    def _table(self, unit):
        """(address, file:line), by address."""
        try:
            return _line_table(self._dwarf, unit)
        except Exception:  # pylint: disable=broad-except
            return []

    @functools.cached_property
    def _owners(self):
        """The file that defines the object at an address."""
        try:
            return dict(_objects(self._dwarf)) if self._dwarf else {}
        except Exception:  # pylint: disable=broad-except
            return {}

    def owner(self, address):
        """The file whose unit defines the object at ADDRESS, or ""."""
        return self._owners.get(address, "")


def _is_inlined(die, name, is_code):
    if die.tag != "DW_TAG_inlined_subroutine" or "DW_AT_abstract_origin" not in die.attributes:
        return False
    low = die.attributes.get("DW_AT_low_pc") or die.attributes.get("DW_AT_entry_pc")
    if low is None or not is_code(low.value):
        return False
    origin = die.get_DIE_from_attribute("DW_AT_abstract_origin")
    return _text(origin.attributes.get("DW_AT_name")) == name


def _text(attribute):
    value = attribute.value if attribute else b""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _ranges(dwarf):
    lists = dwarf.range_lists()
    for unit in dwarf.iter_CUs():
        top = unit.get_top_DIE()
        low, high = top.attributes.get("DW_AT_low_pc"), top.attributes.get("DW_AT_high_pc")
        if low and high:
            end = high.value if high.form == "DW_FORM_addr" else low.value + high.value
            yield low.value, end, unit
        elif FROM_RANGES in top.attributes and lists:
            base = low.value if low else 0
            for entry in lists.get_range_list_at_offset(top.attributes[FROM_RANGES].value, unit):
                if hasattr(entry, "base_address"):
                    base = entry.base_address
                else:
                    start = 0 if getattr(entry, "is_absolute", False) else base
                    yield start + entry.begin_offset, start + entry.end_offset, unit


def _line_table(dwarf, unit):
    for structs in (unit.structs, dwarf.structs):
        # Clang's MD5 of files, which pyelftools 0.29 has no form for.
        structs.Dwarf_dw_form.setdefault("DW_FORM_data16", Array(16, structs.Dwarf_uint8("")))
    program = dwarf.line_program_for_CU(unit)
    version = program.header["version"]
    names = [_text_of(entry) for entry in program.header["file_entry"]]
    rows = []
    for entry in program.get_entries():
        state = entry.state
        if state is None:
            continue
        index = state.file - (0 if version >= 5 else 1)
        name = names[index] if 0 <= index < len(names) else "?"
        rows.append((state.address, "" if state.end_sequence else f"{name}:{state.line}"))
    return sorted(rows, key=lambda r: r[0])


def _text_of(entry):
    return entry.name.decode("utf-8", "replace").rsplit("/", 1)[-1]


def _objects(dwarf):
    """(address, file) of each variable with one."""
    for unit in dwarf.iter_CUs():
        top = unit.get_top_DIE()
        name = _text(top.attributes.get("DW_AT_name"))
        for die in _in_scope(top):
            location = die.attributes.get("DW_AT_location")
            if die.tag != "DW_TAG_variable" or not location or not isinstance(location.value, list):
                continue
            address = _address(dwarf, unit, location.value)
            if address is not None:
                yield address, name


def _in_scope(die):
    """What is in it, and in its namespaces: Clang leaves a variable there."""
    for child in die.iter_children():
        yield child
        if child.tag == "DW_TAG_namespace":
            yield from _in_scope(child)


def _address(dwarf, unit, expression):
    """DW_OP_addr or DW_OP_addrx, alone."""
    if expression and expression[0] == 0x03:
        return int.from_bytes(bytes(expression[1:9]), "little")
    if len(expression) > 1 and expression[0] == 0xa1 and \
            [byte & 0x80 for byte in expression[1:]] == [0x80] * (len(expression) - 2) + [0]:
        number = sum((byte & 0x7f) << 7 * at for at, byte in enumerate(expression[1:]))
        return dwarf.get_addr(unit, number)
    return None
