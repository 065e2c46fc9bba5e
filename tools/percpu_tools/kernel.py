# SPDX-License-Identifier: MIT
"""A linked kernel in ELF, as the tools see it: what is where, and what of it is per-CPU."""

import bisect
import functools
import struct
from typing import NamedTuple

try:
    from elftools.elf.elffile import ELFFile
except ImportError:
    ELFFile = None

from percpu_tools import names
from percpu_tools.lines import Lines

ARCHITECTURES = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64", "EM_RISCV": "riscv64"}
PAGE = 4096
ENTRY = 8
PF_X, PF_W = 1, 2


class Refused(Exception):
    """What a file lacks to be looked at, in a sentence."""


class Symbol(NamedTuple):
    """A defined symbol. File: what the compiler was given, for local ones; else ""."""
    name: str
    value: int
    size: int
    type: str
    file: str = ""
    is_local: bool = False

    @property
    def end(self):
        """Behind its last byte."""
        return self.value + self.size


class Segment(NamedTuple):
    """A PT_LOAD."""
    start: int
    end: int
    flags: int
    contents: bytes
    physical: int


class Configuration(NamedTuple):
    """What the library was built for, in the words of config.mk; and the version of its ABI."""
    mode: str
    preempt: str
    vma: str
    line: int
    debug: int
    arch: str
    abi: int

    def __str__(self):
        return (f"{self.mode}, {self.preempt}, {self.vma}, line {self.line}, "
                f"debug {self.debug}, {self.arch}, ABI {self.abi}")


class Template(NamedTuple):
    """Addresses: the first, the end of the near window's variables, of all that has to be loaded
    (_percpu_data_end; the end where there is none), and of the variables."""
    start: int
    near_end: int
    data_end: int
    end: int


class Variable(NamedTuple):
    """A per-CPU variable. Kind: near, far, line or page. Owner: the file that defines it, as far as
    symbols and debugging information tell."""
    name: str
    offset: int
    size: int
    kind: str
    owner: str


class Kernel:
    """A kernel, read whole. Raises Refused."""

    def __init__(self, path):
        self.path = path
        try:
            self.elf = open_elf(path)
            self.arch = architecture(self.elf, path)
            check_whole(self.elf, path)
            check_contents(self.elf, path)
            self.segments = segments(self.elf)
            self._all_symbols = list(symbols(self.elf))
        except Refused:
            raise
        except Exception as error:  # pylint: disable=broad-except
            # pyelftools raises what it comes across: its own, struct's, those of Python's types.
            raise Refused(f"{path} is damaged: its ELF structures contradict each other "
                          f"({type(error).__name__}: {error}); link it again") from error
        self.symbols = {s.name: s for s in self._all_symbols}
        self.lines = Lines(self.elf)
        self.configurations = {c for c, _ in self.library_functions}
        self.template = self._find_template()
        self.sequences = self._find_sequences()

    # ---- symbols ----

    def named(self, name):
        """All symbols of that name: static ones may be several."""
        return [s for s in self._all_symbols if s.name == name]

    def value(self, name):
        """A symbol's value; None if there is none of that name."""
        symbol = self.symbols.get(name)
        return None if symbol is None else symbol.value

    @functools.cached_property
    def functions(self):
        """The functions by address: of those at one address the last named; what assembly gives no
        size reaches to the next."""
        by_address = {}
        for symbol in self._all_symbols:
            executable = self.segment_at(symbol.value)
            if symbol.type == "STT_FUNC" or (symbol.type == "STT_NOTYPE" and executable
                                             and executable.flags & PF_X
                                             and not symbol.name.startswith(("$", ".L"))):
                best = by_address.get(symbol.value)
                if best is None or (best.type, best.size) < (symbol.type, symbol.size):
                    by_address[symbol.value] = symbol
        return [by_address[address] for address in sorted(by_address)]

    @functools.cached_property
    def code_sections(self):
        """(start, end) of the sections of code with contents, by address."""
        return sorted((s["sh_addr"], s["sh_addr"] + s["sh_size"])
                      for s in self.elf.iter_sections() if s["sh_flags"] & 6 == 6
                      and s["sh_type"] != "SHT_NOBITS" and s["sh_size"])

    @property
    def has_locals(self):
        """Whether there are local symbols, but for those that mark code and data."""
        return any(s.is_local and not s.name.startswith(("$", ".L")) for s in self._all_symbols)

    @property
    def mapping_symbols(self):
        """Where code begins in a section, $x, and where data does, $d."""
        return [s for s in self._all_symbols if s.name.startswith(("$x", "$d"))]

    @functools.cached_property
    def _function_starts(self):
        return [f.value for f in self.functions]

    def function_at(self, address):
        """The function that ADDRESS is in; None if in none."""
        index = bisect.bisect_right(self._function_starts, address) - 1
        while index >= 0:
            function = self.functions[index]
            if address < function.end or (function.size == 0 and index + 1 == len(self.functions)):
                return function
            if function.size == 0:
                return function if address < self._function_starts[index + 1] else None
            # A label inside of a function may stand before: what encloses it is further back.
            index -= 1
            if address - function.value > 1 << 20:
                return None
        return None

    @functools.cached_property
    def library_functions(self):
        """(configuration, symbol) of each of the library's functions that carry one."""
        found = []
        for symbol in self._all_symbols:
            match = names.FUNCTION.fullmatch(symbol.name)
            if match:
                found.append((Configuration(match["mode"], match["preempt"], match["vma"],
                                            int(match["line"]), int(match["debug"]),
                                            match["arch"], int(match["abi"] or 1)), symbol))
        return found

    def where(self, address):
        """function+0x12 (file.c:34), or as much of it as there is."""
        function = self.function_at(address)
        place = f"{address:#x}"
        if function:
            distance = address - function.value
            place = function.name + (f"+{distance:#x}" if distance else "")
        line = self.lines.at(address)
        return f"{place} ({line})" if line else place

    # ---- memory ----

    def segment_at(self, address):
        """The PT_LOAD that ADDRESS is in, or None."""
        for segment in self.segments:
            if segment.start <= address < segment.end:
                return segment
        return None

    def is_code(self, address):
        """Whether it is in an executable segment."""
        segment = self.segment_at(address)
        return bool(segment and segment.flags & PF_X)

    def read(self, address, size):
        """The bytes that are there when the kernel has been loaded: zeros where the file has no
        contents."""
        segment = self.segment_at(address)
        if segment is None or address + size > segment.end:
            raise Refused(f"{self.path} is damaged: {size} bytes at {address:#x} are in no PT_LOAD "
                          "segment; look at the linker script, or link it again")
        offset = address - segment.start
        found = segment.contents[offset:offset + size]
        return found + bytes(size - len(found))

    # ---- the per-CPU part ----

    @property
    def configuration(self):
        """The library's; of several the first by name; None if there is no function of it."""
        return min(self.configurations) if self.configurations else None

    @property
    def restarts(self):
        """Whether it may have restartable sequences: the library's operations, but for x86_64's, of
        which each is one instruction, or its own."""
        return (self.arch != "x86_64" or bool(self.sequences)) and any(
            c.mode == "smp" and c.preempt == "restart" for c in self.configurations)

    def _find_template(self):
        start, end = self.value("_percpu_load_start"), self.value("_percpu_load_end")
        if not self._all_symbols:
            raise Refused(f"{self.path} has no symbols: it is stripped; give the kernel as the "
                          "linker made it, before strip and objcopy")
        if start is None or end is None:
            raise Refused(f"{self.path} has no per-CPU part: no symbol _percpu_load_start and "
                          "_percpu_load_end, which INCLUDE percpu.ld defines; if the kernel uses "
                          "libpercpu, some symbols have been stripped")
        if not self.configurations:
            raise Refused(f"{self.path} has no function of libpercpu that says its configuration, "
                          "such as percpu_init__smp_none_...: either nothing of it is used, or "
                          "some symbols have been stripped")
        near = self.value("_percpu_near_end")
        data = self.value("_percpu_data_end")
        found = Template(start, end if near is None else near, end if data is None else data, end)
        if not start <= found.near_end <= end:
            raise Refused(f"{self.path} is damaged: the template's symbols are in no order, "
                          f"_percpu_load_start {start:#x}, _percpu_near_end "
                          f"{found.near_end:#x}, _percpu_load_end {end:#x}")
        return found

    def _find_sequences(self):
        first, last = (self.value(f"_percpu_sequences_{end}") for end in ("start", "end"))
        if first is None or last is None or first == last:
            return []
        if last < first or (last - first) % ENTRY:
            raise Refused(f"{self.path} has a damaged table of sequences: from {first:#x} to "
                          f"{last:#x} are no whole entries of {ENTRY} bytes; the linker script "
                          "must collect percpu_sequences as percpu.ld does, and nothing else")
        return [s for s in self._entries(first, last) if s[0] != s[1]]

    def _entries(self, first, last):
        found = []
        entries = struct.iter_unpack("<iI", self.read(first, last - first))
        for at, (distance, length) in zip(range(first, last, ENTRY), entries):
            start = at + distance
            if not distance or not self.is_code(start) or \
                    (length and not self.is_code(start + length - 1)):
                raise Refused(f"{self.path} has a damaged table of sequences: the entry at {at:#x} "
                              f"is for {length} bytes at {start:#x}, where no code is; was the "
                              "file changed after it was linked, or is it one of ld -r?")
            found.append((start, start + length))
        return found

    @functools.cached_property
    def variables(self):
        """The per-CPU variables, by offset."""
        found = []
        for symbol in self._all_symbols:
            named = names.variable(symbol.name)
            if named and self.template.start <= symbol.value < self.template.end:
                found.append((symbol, *named))
        found.sort(key=lambda v: v[0].value)
        return [Variable(name, symbol.value - self.template.start, symbol.size,
                         self._kind(symbol, kind, found),
                         symbol.file or self.lines.owner(symbol.value))
                for symbol, kind, name in found]

    def _kind(self, symbol, kind, found):
        """Line and page, told by where percpu.ld puts them: line variables before the library's
        own, page variables last, each on a page. With VMA zero there is no such order."""
        if "_percpu_near_end" not in self.symbols:
            return kind
        delta = self.value("__percpu_near.percpu_delta")
        if kind == "near":
            return "line" if delta is not None and symbol.value < delta else "near"
        behind = [s for s, k, _ in found if k == "far" and s.value >= symbol.value]
        return "page" if all((s.value - self.template.start) % PAGE == 0 for s in behind) else "far"


# ---- reading ----

def open_elf(path):
    """The file as ELF, read whole."""
    if ELFFile is None:
        raise Refused("Python's module elftools is not installed: run apt-get install "
                      "python3-pyelftools")
    try:
        with open(path, "rb") as file:
            contents = file.read()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    if contents[:4] != b"\x7fELF":
        raise Refused(f"{path} is no ELF file: give the kernel as the linker made it, not an image "
                      "that objcopy made of it")
    if len(contents) < 64:
        raise Refused(f"{path} is cut off: {len(contents)} bytes are no ELF header")
    return ELFFile(Contents(contents))


class Contents:
    """A file in memory. io.BytesIO but for its pickling; it tells its length."""

    def __init__(self, contents):
        self.contents = contents
        self.at = 0
        self.name = ""

    def __len__(self):
        return len(self.contents)

    def read(self, size=-1):
        """The next SIZE bytes, or fewer."""
        if size is None or size < 0:
            size = len(self.contents)
        found = self.contents[self.at:self.at + size]
        self.at += len(found)
        return found

    def seek(self, offset, whence=0):
        """As a file's."""
        self.at = offset + (0, self.at, len(self.contents))[whence]
        return self.at

    def tell(self):
        """As a file's."""
        return self.at

    def close(self):
        """There is nothing to close."""


def architecture(elf, path):
    """The name of an architecture that the library is for."""
    arch = ARCHITECTURES.get(elf["e_machine"])
    if arch is None or elf.elfclass != 64 or not elf.little_endian:
        order = "little" if elf.little_endian else "big"
        raise Refused(f"{path} is for {elf['e_machine']}, {elf.elfclass} bits, {order}-endian: "
                      "libpercpu is for x86_64, aarch64 and riscv64, of 64 bits and "
                      "little-endian; if objcopy made it of such a kernel, give that")
    if elf["e_type"] not in ("ET_EXEC", "ET_DYN"):
        raise Refused(f"{path} is {elf['e_type']}, not a linked kernel: give what the last run of "
                      "the linker made")
    return arch


def check_whole(elf, path):
    """That what the headers tell of is in the file."""
    size = len(elf.stream)
    ends = [("the table of sections", elf["e_shoff"] + elf["e_shnum"] * elf["e_shentsize"]),
            ("the table of segments", elf["e_phoff"] + elf["e_phnum"] * elf["e_phentsize"])]
    for name, end in ends:
        if end > size:
            raise Refused(f"{path} is cut off: {name} ends at byte {end}, the file at {size}")
    ends = [(f"segment {n}", s["p_offset"] + s["p_filesz"])
            for n, s in enumerate(elf.iter_segments()) if s["p_type"] == "PT_LOAD"]
    ends += [(f"section {s.name or n}", s["sh_offset"] + s["sh_size"])
             for n, s in enumerate(elf.iter_sections()) if s["sh_type"] != "SHT_NOBITS"]
    for name, end in ends:
        if end > size:
            raise Refused(f"{path} is cut off: {name} ends at byte {end}, the file at {size}")


def check_contents(elf, path):
    """That it has code, not what tells of it only."""
    code = [s["sh_type"] for s in elf.iter_sections() if s["sh_flags"] & 6 == 6 and s["sh_size"]]
    if code and all(kind == "SHT_NOBITS" for kind in code):
        raise Refused(f"{path} has debugging information only, as objcopy --only-keep-debug makes "
                      "it: give the kernel that it was made of")


def segments(elf):
    """The PT_LOADs."""
    return [Segment(s["p_vaddr"], s["p_vaddr"] + s["p_memsz"], s["p_flags"],
                    s.data()[:s["p_memsz"]], s["p_paddr"])
            for s in elf.iter_segments() if s["p_type"] == "PT_LOAD"]


def symbols(elf):
    """The defined symbols, in the file's order."""
    table = elf.get_section_by_name(".symtab")
    if table is None:
        return
    file = ""
    strings = elf.get_section(table["sh_link"]).data()
    types = {0: "STT_NOTYPE", 1: "STT_OBJECT", 2: "STT_FUNC", 3: "STT_SECTION", 4: "STT_FILE"}
    for name, info, other, section, value, size in struct.iter_unpack("<IBBHQQ", table.data()):
        kind = types.get(info & 15, "STT_OTHER")
        if name >= len(strings):
            raise ValueError("a symbol's name is outside of .strtab")
        text = strings[name:strings.index(b"\0", name)].decode("utf-8", "replace")
        if kind == "STT_FILE":
            file = text
        elif section != 0 and kind != "STT_SECTION" and text:
            local = info >> 4 == 0
            # lld makes local what is hidden, and has it in spite of -x.
            yield Symbol(text, value, size, kind, file if local else "", local and not other & 3)
