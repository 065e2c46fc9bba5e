# SPDX-License-Identifier: MIT
"""
A run of kernel smp, recorded by QEMU: which of the functions of a time line each CPU passes, in
order, and what its registers hold there (-d exec,cpu of the blocks that begin at these functions).
One thread runs all CPUs, so that the records of two do not mix.
"""

import re
import subprocess

from elftools.elf.elffile import ELFFile

TIMEOUT = 600  # seconds, as QEMU_TIMEOUT: not to measure
EXECUTABLE = 4  # SHF_EXECINSTR
# On top of the board's command: what lets the time line's levels be seen.
MORE = {"aarch64": ["-machine", "virt,gic-version=3,virtualization=on"]}
# Where a start-up IPI leads: code that has been copied, and what it is called.
LOW = {"x86_64": (0x1000, 0x9ffff, "ap_trampoline")}


class Kernel:
    """An ELF file: SYMBOLS is {name: address}, SIZES {name: size}, FUNCTIONS those that are code,
    SECTIONS {name: address}. The configuration in the names of the library is left out."""

    def __init__(self, path):
        self.symbols, self.sizes, self.functions = {}, {}, {}
        with open(path, "rb") as file:
            elf = ELFFile(file)
            self.sections = {section.name: section["sh_addr"] for section in elf.iter_sections()
                             if section["sh_addr"]}
            for symbol in elf.get_section_by_name(".symtab").iter_symbols():
                name, section = re.sub("__smp_.*", "", symbol.name), symbol["st_shndx"]
                if not name or symbol["st_info"]["type"] in ("STT_FILE", "STT_SECTION"):
                    continue
                self.symbols[name] = symbol["st_value"]
                self.sizes[name] = symbol["st_size"]
                if isinstance(section, int) and \
                        elf.get_section(section)["sh_flags"] & EXECUTABLE:
                    self.functions[name] = symbol["st_value"]


def registers_of(text):
    """{name: value} of what -d cpu says; PSTATE's words are in "level"."""
    values = {name.split("/")[-1]: int(value, 16) for name, value in
              re.findall(r"\b(R?[SB]P|CR0|EFER|x\d+/\w+) *=? *([0-9a-f]{8,16})\b", text)}
    base = re.search(r"^GS =\w+ (\w+)", text, re.M)
    level = re.search(r"^PSTATE=.* (EL\d)", text, re.M)
    return {**values, "GS": int(base[1], 16) if base else None, "level": level and level[1]}


def events(log, functions, low):
    """[(cpu, function, registers)] of a log; of two names for an address, the first."""
    names = {address: name for name, address in reversed(functions.items())}
    found, started = [], False
    for record in re.split(r"^Trace ", log, flags=re.M)[1:]:
        cpu, place = re.match(r"(\d+): \S+ \[\w+/(\w+)/", record).groups()
        pc = int(place, 16)
        started |= pc in names
        is_low = low and started and low[0] <= pc <= low[1] and pc % 0x1000 == 0
        name = names.get(pc) or (low[2] if is_low else None)
        if name:
            found.append((int(cpu), name, {**registers_of(record), "pc": pc}))
    return found


def lanes(found):
    """{lane: [(function, registers)]}; the boot CPU is who enters the kernel."""
    boot = next((cpu for cpu, name, _ in found if name == "kernel_entry"), None)
    return {lane: [(name, registers) for cpu, name, registers in found
                   if (cpu == boot) == (lane == "boot")] for lane in ("boot", "other")}


def run(arch, command, image, functions, out):
    """Starts two CPUs. (lanes, what QEMU said)"""
    low = LOW.get(arch)
    ranges = [f"{address:#x}..{address:#x}" for address in functions.values()]
    ranges += [f"{low[0]:#x}..{low[1]:#x}"] if low else []
    log = f"{out}/trace.log"
    command = [*command, *MORE.get(arch, []), "-accel", "tcg,thread=single", "-smp", "2",
               "-kernel", image, "-d", "exec,cpu,nochain", "-dfilter", ",".join(ranges), "-D", log]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        said = done.stdout
    except subprocess.TimeoutExpired as expired:
        said = (expired.stdout or b"") + b"\nended by the time-out"
    with open(log, encoding="latin-1") as file:
        return lanes(events(file.read(), functions, low)), said.decode("latin-1")


class State:
    """What registers mean, in a page's words."""

    def __init__(self, arch, kernel, cpus):
        self.arch, self.kernel, self.cpus = arch, kernel, cpus

    def stack(self, pointer, cpu):
        """The boot stack that a pointer is in."""
        start, size = (of["boot_stacks"] for of in (self.kernel.symbols, self.kernel.sizes))
        number = (pointer - 1 - start) * self.cpus // size
        return f"stack {'n' if number == cpu == 1 else number}" \
            if start < pointer <= start + size else "none"

    def area(self, base, cpu):
        """The area that a register finds."""
        first, template = (self.kernel.symbols[name] for name in
                           ("_percpu_start", "_percpu_load_start"))
        stride = (self.kernel.symbols["_percpu_end"] - first) // self.cpus
        distance = base - first + (template if self.arch == "x86_64" else 0)
        number, rest = divmod(distance, stride)
        if base == 0:
            return "0"
        return f"area {'n' if number == cpu == 1 else number}" if not rest else f"{base:#x}"

    def __call__(self, lane, registers):
        """(level, {column: word}) as timeline.differences wants it; level None if not recorded."""
        cpu = 0 if lane == "boot" else 1
        if self.arch == "x86_64":
            level = "long" if registers["EFER"] & 1 << 10 else \
                "prot." if registers["CR0"] & 1 else "real"
            return level, {"stack": self.stack(registers.get("RSP", registers.get("ESP", 0)), cpu),
                           "GS_BASE": self.area(registers["GS"], cpu)}
        if self.arch == "aarch64":
            level = registers["level"]
            return "entry" if level == "EL2" else level, {"sp": self.stack(registers["SP"], cpu)}
        return None, {"sp": self.stack(registers["sp"], cpu), "gp": self.area(registers["gp"], cpu)}
