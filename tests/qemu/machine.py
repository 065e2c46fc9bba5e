# SPDX-License-Identifier: MIT
"""What is true of a machine that QEMU was asked for, from how it was asked for."""

from elftools.elf.elffile import ELFFile

MASK = (1 << 64) - 1


def mark(seed, cpu):
    """What kernels/smp has each CPU write."""
    return seed ^ (cpu * 0x9E3779B97F4A7C15 & MASK)


def symbol(path, name):
    """The address of a symbol of an ELF file."""
    with open(path, "rb") as file:
        return ELFFile(file).get_section_by_name(".symtab").get_symbol_by_name(name)[0]["st_value"]


def having(path, names):
    """Those of NAMES that are symbols of an ELF file."""
    with open(path, "rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return [name for name in names if table.get_symbol_by_name(name)]


def extent(path, name):
    """Where a symbol of an ELF file begins and ends."""
    with open(path, "rb") as file:
        symbol_of = ELFFile(file).get_section_by_name(".symtab").get_symbol_by_name(name)[0]
        return symbol_of["st_value"], symbol_of["st_value"] + symbol_of["st_size"]


def apic_ids(cpus, sockets=1):
    """An APIC id is socket and core, each in a field wide enough for its count (Intel SDM)."""
    cores = cpus // sockets
    width = (cores - 1).bit_length()
    return [socket << width | core for socket in range(sockets) for core in range(cores)]


def mpidrs(cpus, in_cluster=16):
    """Affinity level 1 counts clusters: of 16 CPUs with GICv3, of 8 with GICv2 (QEMU's virt)."""
    return [cpu // in_cluster << 8 | cpu % in_cluster for cpu in range(cpus)]


def harts(cpus):
    return list(range(cpus))


def u54_harts(cpus):
    """C24: hart 0 of QEMU's sifive_u is an E51, which has no S-mode."""
    return harts(cpus)[1:]
