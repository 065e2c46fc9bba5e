# SPDX-License-Identifier: MIT
"""
A kernel that runs, seen through GDB: its areas, which CPU a thread is, a variable's copies.

Whose copy is meant is found as the kernel finds it: by the per-CPU register of the selected thread
and by the library's own record of its areas. GDB's number of a thread says nothing. Names and sizes
are read from the symbol table: GDB's Python has no list of symbols, and a kernel may be built
without -g. Nothing but GDB is needed, no package.
"""

import difflib
import functools
import os
import re
import struct

import gdb

from percpu_tools import names

# By the last words of the configuration: the register, and where x86_64 has the kernel's value
# while user mode has its own; what tells that the CPU is in user mode: a register, mask and value.
REGISTERS = {"gs": ("gs_base", "k_gs_base"), "el1": ("TPIDR_EL1",), "el2": ("TPIDR_EL2",),
             "gp": ("gp",), "tp": ("tp",)}
USER_MODE = {"gs": ("cs", 3, 3), "gp": ("priv", 3, 0), "tp": ("priv", 3, 0)}
RECORD = "_percpu_areas__"  # lib/smp/areas.c: distance from the template, number
TABLE = "_percpu_area_table__"  # lib/smp/each.c: NULL, or where the addresses of the areas are
MASK = (1 << 64) - 1
CHOOSE = "Name the CPU: percpu NAME CPU"
UNREADABLE = ("this CPU is in user mode, or has a page table without it. Select another thread, "
              "or, if the kernel does not run where it is linked, tell GDB: "
              "symbol-file -o OFFSET KERNEL.elf")
UNBOUND = "has not called percpu_set_local_thread_pointer yet, or does not run where it is linked"


def refuse(sentence):
    """Ends the command."""
    raise gdb.GdbError(f"percpu: {sentence}")


def symbol_table(data):
    """(name, value, size, kind, binding) of each symbol of a 64-bit little-endian ELF file."""
    if data[:6] != b"\x7fELF\x02\x01":
        return
    at, size, count = *struct.unpack_from("<Q", data, 40), *struct.unpack_from("<HH", data, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, at + i * size) for i in range(count)]
    for header in headers:
        if header[1] != 2:  # SHT_SYMTAB
            continue
        strings = headers[header[6]][4]
        for symbol in range(header[4], header[4] + header[5], 24):
            name, info, _, _, value, size = struct.unpack_from("<IBBHQQ", data, symbol)
            text = data[strings + name:data.index(b"\0", strings + name)]
            yield text.decode(errors="replace"), value, size, info & 15, info >> 4


class Variable:
    """A per-CPU variable. FILE is the source of a static one."""

    def __init__(self, symbol, offset, size, file):
        self.symbol, self.offset, self.size, self.file = symbol, offset, size, file
        self.name = names.variable(symbol)[1]

    def candidates(self):
        """Symbols of GDB's that may be it: an external one has its linkage name; one of C++ may
        have a class and namespaces before it; one of percpu/linux.h has the name alone, and so
        may other things, which come last."""
        name = self.name.rpartition("::")[2]
        listed = gdb.execute(f"info variables -q -n percpu__{name}$", to_string=True)
        scoped = re.findall(rf"((?:\w+::|\(anonymous namespace\)::)+percpu__{name})\b", listed)
        for called in (self.symbol, f"percpu__{name}", *scoped, name):
            yield from (gdb.lookup_global_symbol(called), *gdb.lookup_static_symbols(called))

    def of_gdb(self, kernel):
        """GDB's symbol, which knows type and file; None without -g."""
        at = kernel.template() + self.offset
        return next((symbol for symbol in self.candidates()
                     if symbol and symbol.is_variable
                     and symbol.addr_class != gdb.SYMBOL_LOC_OPTIMIZED_OUT
                     and address_of(symbol.value()) == at), None)

    def is_in(self, kernel, file):
        """Whether it is defined in a source file, told by the end of its path."""
        symbol = self.of_gdb(kernel)
        path = symbol.symtab.filename if symbol else self.file or ""
        return ("/" + path).endswith("/" + file)


class Kernel:
    """What the symbol table says of the per-CPU part, and where GDB has put it."""

    def __init__(self, path):
        self.symbols, self.found, source = {}, [], None
        with open(path, "rb") as file:
            for name, value, size, kind, binding in symbol_table(file.read()):
                if kind == 4:  # STT_FILE, before the local symbols of it
                    source = name
                elif names.variable(name):
                    self.found.append((name, value, size, None if binding else source))
                else:
                    self.symbols[name] = value
        self.start = self.symbols.get("_percpu_load_start")
        words = next(filter(None, map(names.FUNCTION.fullmatch, self.symbols)), None)
        self.words = words.groups()[1:7] if words else None
        self.port = self.words[5].split("_")[0] if words else None

    @functools.cached_property
    def variables(self):
        """By their offsets."""
        return sorted((Variable(name, value - self.start, size, file)
                       for name, value, size, file in self.found), key=lambda v: v.offset)

    @property
    def registers(self):
        return REGISTERS.get(self.port) or refuse(
            f"the port {self.port} is not known to these commands, which are for kernels.")

    def template(self):
        """Its address, with what the user has told GDB of another place than the linked one."""
        return int(gdb.parse_and_eval("&_percpu_load_start")) & MASK

    def address(self, symbol):
        """Where a symbol of the symbol table is."""
        return (self.symbols[symbol] - self.start + self.template()) & MASK

    def size(self):
        return self.symbols["_percpu_load_end"] - self.start

    def stride(self):
        if "_percpu_stride_end" in self.symbols:  # percpu.ld tells it, with the reserve
            return self.symbols["_percpu_stride_end"] - self.start
        align = self.symbols.get("_percpu_align_end", self.start + 64) - self.start
        return self.size() if self.words[0] == "sp" else -(-self.size() // align) * align


@functools.lru_cache(maxsize=8)
def read_kernel(path, _changed):
    """Anew when the file has changed. None if it is no such kernel."""
    try:
        found = Kernel(path)
    except (struct.error, ValueError, IndexError):
        return None  # GDB has said what it thinks of the file
    known = {"_percpu_load_start", "_percpu_load_end"} <= found.symbols.keys()
    return found if known and found.words else None


def kernel():
    """The one that GDB knows."""
    paths = [f.filename for f in gdb.objfiles() if f.filename and os.path.isfile(f.filename)]
    if not paths:
        refuse("GDB has no kernel: name its ELF file, \"file KERNEL.elf\".")
    kernels = [read_kernel(path, os.path.getmtime(path)) for path in paths]
    return next(filter(None, kernels), None) or refuse(
        f"{paths[0]} has no per-CPU part: no symbol _percpu_load_start, or none of the library's "
        "functions. It is not linked with libpercpu, or it is stripped.")


def address_of(value):
    """None if it has none: with link-time optimisation a unit has a symbol without a place, too."""
    return None if value.address is None else int(value.address) & MASK


def memory(address, size, what):
    """Bytes of the machine's. GDB 16 has no 0 of them."""
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size)) if size else b""
    except gdb.MemoryError:
        return refuse(f"{what} at {address:#x} cannot be read: {UNREADABLE}")


def need_machine():
    """A thread whose registers can be read."""
    thread = gdb.selected_thread()
    if thread is None or not thread.is_valid():
        refuse("there is no machine: connect to one, \"target remote :1234\" for QEMU's -s.")
    try:
        gdb.newest_frame()  # not is_running, which holds while a breakpoint's condition is tested
    except gdb.error:
        refuse("the CPUs are running: stop them first, by Ctrl-C or \"interrupt\".")


def read_register(name):
    """Of the selected thread, as its CPU has it now, whatever frame is selected."""
    try:
        return int(gdb.newest_frame().read_register(name)) & MASK
    except ValueError:
        return refuse(f"the machine's debugging stub does not show the register {name}, which says "
                      f"whose area is whose. {CHOOSE}")


class Areas:
    """The areas of the kernel that runs, as the library has recorded them."""

    def __init__(self, of):
        need_machine()
        self.kernel, self.stride = of, of.stride()
        self.first, self.num = of.template(), 1
        self.bases = None
        if of.words[0] == "smp":
            self.read_record()
        if self.num == 0:
            refuse("no CPU has an area yet: percpu_init has not been called. Initial values are in "
                   "the template: print '__percpu_near.NAME'")

    def read_record(self):
        record = next((name for name in self.kernel.symbols if name.startswith(RECORD)), None)
        if record is None:
            refuse(f"this kernel's library has no symbol {RECORD}...: it is older than these "
                   "commands. Take both from one version.")
        data = memory(self.kernel.address(record), 16, "the record of areas")
        distance, self.num = struct.unpack("<QQ", data)
        linked = 0 if self.kernel.words[2] == "zero" else self.kernel.template()
        self.first = (linked + distance) & MASK
        self.bases = self.read_table() if self.num else None

    def read_table(self):
        """Where each area is, after percpu_init_each; None if they lie one behind the other."""
        name = next((name for name in self.kernel.symbols if name.startswith(TABLE)), None)
        if name is None:
            return None
        at, = struct.unpack("<Q", memory(self.kernel.address(name), 8, "the table's address"))
        if at == 0:
            return None
        return struct.unpack(f"<{self.num}Q", memory(at, 8 * self.num, "the table of areas"))

    def base(self, cpu):
        if not 0 <= cpu < self.num:
            refuse(f"there is no CPU {cpu}: the kernel has {self.num} area"
                   + (f"s, for CPUs 0 to {self.num - 1}." if self.num > 1 else ", for CPU 0."))
        return self.bases[cpu] if self.bases else self.first + cpu * self.stride

    def cpu_at(self, base):
        """The CPU whose area begins there, or None."""
        if self.bases:
            return self.bases.index(base) if base in self.bases else None
        cpu, rest = divmod(base - self.first, self.stride)
        return cpu if not rest and 0 <= cpu < self.num else None

    def this_cpu(self):
        """The CPU whose area the selected thread's register has. A program may have put anything
        into it, another CPU's area as well."""
        of = self.kernel
        if of.words[0] == "sp":
            return 0
        registers = of.registers[1:] if in_user_mode(of.port) else of.registers
        if not registers:
            refuse(f"this thread is in user mode, where {of.registers[0]} is the program's. "
                   f"{CHOOSE}")
        # On x86_64 the register has the distance from the template's link address.
        linked = of.template() if of.port == "gs" and of.words[2] == "image" else 0
        values = [read_register(name) for name in registers]
        cpus = {self.cpu_at((value + linked) & MASK) for value in values} - {None}
        if not cpus:
            refuse(f"this thread is bound to no area: its {registers[0]} is {values[0]:#x}. It "
                   f"{UNBOUND}. {CHOOSE}")
        if len(cpus) > 1:
            refuse(f"this thread is bound to one of two areas: {registers[0]} and {registers[1]}, "
                   "of which a program has set one, are those of CPUs "
                   f"{' and '.join(map(str, cpus))}. {CHOOSE}")
        return cpus.pop()


def in_user_mode(port):
    """As far as the stub tells."""
    name, mask, value = USER_MODE.get(port, (None, 0, 1))
    try:
        return int(gdb.newest_frame().read_register(name)) & mask == value if name else False
    except ValueError:
        return False


def choose(of, file, name):
    """The variable that is meant, which may be one of several static ones."""
    named = [v for v in of.variables if name == v.name or name.endswith("::" + v.name)]
    found = [v for v in named if v.is_in(of, file)] if file else named
    if len(found) > 1 and gdb.selected_thread():
        here = gdb.selected_frame().find_sal().symtab
        found = [v for v in found if here and v.is_in(of, here.filename)] or found
    if len(found) == 1:
        return found[0]
    if named:
        if len(named) == 1 and not named[0].file:
            refuse(f"{name} is not known to be in {file}: it is not static, or link-time "
                   f"optimisation or strip has dropped the name of its file. Leave out {file}:")
        if not all(v.file for v in named):
            refuse(f"{name} is defined in {len(named)} files, whose names link-time optimisation "
                   "or strip has dropped: give one of the variables another name.")
        refuse(f"{name} is defined in {' and '.join(v.file for v in named)}"
               + ("" if found else f", not in {file}") + f": say in which, FILE.c:{name}")
    close = difflib.get_close_matches(name, [v.name for v in of.variables], 1)
    return refuse(f"there is no per-CPU variable {name}"
                  + (f"; is it {close[0]}?" if close else ".") + " percpu --all names them all.")
