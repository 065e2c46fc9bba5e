# SPDX-License-Identifier: MIT
"""
The memory map of a boot page, drawn: what the linker has laid out, from its symbols, and what the
machine has, from the tables here. Not to scale.

Addresses that the linker chooses differ with the compiler: they are drawn for one, which is named,
and same_but_for_addresses leaves them out. Order, sizes, and all other addresses must be the same.
"""

import re

from percpu_tools import svg

# (kind, name, low end, what there is to say). An end is an address or a symbol of smp.elf; {areas}
# and such are facts of the board. In any order: drawn by address.
KERNEL = [("free", "", "kernel_end", "RAM, free"),
          ("kernel", "boot_stacks", "boot_stacks", "{cpus} stacks of {stack}: {sp}"),
          ("kernel", ".bss", "bss_start", "cleared by the boot CPU"),
          ("areas", ".percpu_areas", "_percpu_start",
           "{cpus} areas; area n at area 0 + n * {stride}: {register}"),
          ("areas", ".percpu", "_percpu_load_start",
           "the template: initial values, copied to the areas, never used"),
          ("kernel", ".text, .rodata, .data", "kernel_start", "{load}")]
MAPS = {
    "x86_64": [("pc", {"sp": "RSP", "register": "template + GS_BASE"}, [
        ("firmware", "ROM", 0xfffc0000, "the firmware; the first instruction is at 0xfffffff0"),
        ("firmware", "local APIC", 0xfee00000, "each CPU its own; the MADT says where"),
        ("firmware", "I/O APIC", 0xfec00000, "silenced; the MADT says where"),
        ("free", "", 0x10000000, "no RAM: 256 MiB end here"),
        ("kernel", "page_level4, page_level3, page_level2", "page_level4", "CR3, of all CPUs"),
        ("free", "", 0x00100000, "RAM, free; under UEFI, pieces are the firmware's"),
        ("firmware", "BIOS", 0x000f0000, "in here is the RSDP"),
        ("firmware", "video memory, ROMs", 0x000a0000, ""),
        ("early", "ap_trampoline, a copy", 0x0009e000,
         "where every AP comes in: CS = 0x9e00; a free page of the loader's map"),
        ("firmware", "", 0x00000000, "the BIOS's data; the multiboot information at 0x9500: %ebx"),
    ])],
    "aarch64": [("virt-aarch64", {"sp": "sp", "register": "TPIDR_EL1"}, [
        ("free", "", 0x50000000, "no RAM: 256 MiB end here"),
        ("firmware", "device tree", 0x48000000, "QEMU's: x0"),
        ("early", "", 0x40000000, "QEMU's loader; start of RAM"),
        ("firmware", "UART", 0x09000000, "a PL011; the tree says where"),
        ("firmware", "GIC", 0x08000000, "distributor; redistributors from 0x080a0000"),
        ("firmware", "flash", 0x00000000, "zeros here, firmware on a machine that has it"),
    ]), ("raspi3b", {"sp": "sp", "register": "TPIDR_EL1"}, [
        ("firmware", "UART", 0x3f201000, "a PL011; the tree says where"),
        ("firmware", "watchdog", 0x3f100000, "turns the machine off"),
        ("firmware", "devices", 0x3f000000, ""),
        ("firmware", "graphics", 0x3b400000, "the firmware's; not mapped"),
        ("firmware", "device tree", 0x08000000, "x0"),
        ("early", "the firmware's loop", 0x00000300, "here three cores wait"),
        ("early", "the spin table", 0x000000d8, "a doubleword for each core"),
        ("firmware", "", 0x00000000, "QEMU's loader, on a Pi the firmware's; start of RAM"),
    ])],
    "riscv64": [(board, {"sp": "sp", "register": "gp"}, [
        ("free", "", 0x90000000, "no RAM: 256 MiB end here"),
        ("firmware", "device tree", 0x8fe00000, "QEMU's, changed by OpenSBI: a1"),
        ("free", "", 0x80080000, "not used"),
        ("firmware", "OpenSBI", 0x80000000, "code, a stack and data for each hart; PMP keeps "
         "S-mode out"),
        ("firmware", "UART", uart, "OpenSBI's"),
        ("firmware", "PLIC", 0x0c000000, "interrupts of devices: not used"),
        ("firmware", "CLINT", 0x02000000, "IPIs and timer: OpenSBI's, by PMP"),
        ("early", "reset code", reset, "where every hart starts, in M-mode"),
    ]) for board, uart, reset in (("virt-riscv64", 0x10000000, 0x1000),
                                  ("sifive_u", 0x10010000, 0x1004))],
}
# What lines of the text are about, where they do not begin with a symbol; and short symbols.
TEXT = {"area 0": "_percpu_start", "area n at": "_percpu_start",
        "which is copied": "_percpu_load_start", "what the loader said": "this",
        "the end of a stack": "image_stack_end"}
SHORT = ("cpus", "idt")
ADDRESS = 96  # the width of that column
FIXED = "kernel_start"  # BOARD_LOAD, whoever compiles


def sizes(kernel, load, cpus):
    """What a board's kernel has, in the words of the map."""
    symbols = kernel.symbols
    stride = (symbols["_percpu_end"] - symbols["_percpu_start"]) // cpus
    return {"cpus": cpus, "stride": f"{stride:#x}",
            "stack": f"{kernel.sizes['boot_stacks'] // cpus // 1024} KiB",
            "load": f"_start is the first byte, at BOARD_LOAD, {load:#x}"}


def regions(board, words, machine, settings):
    """[(address, whether the linker has chosen it, kind, name, text)], the highest first."""
    kernel, load, cpus = settings[board]
    facts = {**sizes(kernel, load, cpus), **words}
    rows = [(kernel.symbols[low] if isinstance(low, str) else low,
             isinstance(low, str) and low != FIXED, kind, name, text.format(**facts))
            for kind, name, low, text in KERNEL + machine]
    return sorted(rows, reverse=True)


def draw(arch, settings, compiler):
    """The file's text; SETTINGS are {board: (kernel, BOARD_LOAD, BOARD_MAX_CPUS)}."""
    title = f"{arch}: the memory map"
    drawing = svg.Drawing(title, "Kernel smp when the last CPU is online: what lies where, the "
                          "highest address first. The text below the heading The memory map says "
                          "the same.")
    drawing.paragraph([(title, "b"), ("not to scale; addresses are low ends", "f")])
    for board, words, machine in MAPS[arch]:
        drawing.paragraph([(board, "s"), (f"smp.elf made by {compiler}", "f v")])
        for address, varies, kind, name, text in regions(board, words, machine, settings):
            lines = svg.wrap([(f"{name}:" if name and text else name, "b"), (text, "")],
                             svg.WIDTH - ADDRESS - 3 * svg.PADDING)
            height = len(lines) * svg.LINE + svg.PADDING
            drawing.box(ADDRESS, drawing.y, (svg.WIDTH - ADDRESS - svg.PADDING, height), kind)
            for number, line in enumerate(lines):
                drawing.text(ADDRESS + svg.PADDING, drawing.y + 2 + number * svg.LINE, line)
            drawing.y += height + 2
            drawing.text(svg.PADDING, drawing.y - svg.LINE - 1,
                         [(f"{address:#010x}", "m v" if varies else "m")])
        drawing.y += svg.PADDING
    return drawing.whole()


def same_but_for_addresses(text):
    """The file's text without what differs with the compiler."""
    return re.sub(r'(class="[mf] v">)[^<]*', r"\1", text)


def place(line, kernel):
    """The address of what a line of a page's map is about; None if the linker does not say."""
    for words, name in TEXT.items():
        if words in line:
            return kernel.symbols.get(name)
    name = next((name for name in re.findall(r"\w+", line) if name in kernel.symbols
                 and ("_" in name or name in SHORT)), None)
    section = next((name for name in re.findall(r"\.\w+", line) if name in kernel.sections), None)
    return kernel.symbols[name] if name else kernel.sections.get(section)


def disorder(lines, kernel):
    """Lines of a page's map that the linker has in another order."""
    placed = [(place(line, kernel), line) for line in lines if "0x" in line]
    placed = [(address, line) for address, line in placed if address is not None]
    return [f"{above.strip()}\n{below.strip()}: {high:#x} is below {low:#x}" for (high, above),
            (low, below) in zip(placed, placed[1:]) if high < low]


def refreshed(line, kernels):
    """A line of a page's map with today's addresses; it has a column for each of KERNELS."""
    kernels = iter(kernels)

    def today(match):
        kernel = next(kernels, None)
        address = place(line, kernel) if kernel else None
        if address is None:
            return match[0]
        digits = f"{address:0{8 if match[2] else len(match[1])}x}"
        return f"0x{digits[:len(match[1])]}{match[2]}"

    return re.sub(r"(?<!\* )0x([0-9a-f]+)((?:\.\.\.)?)", today, line)
