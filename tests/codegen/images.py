# SPDX-License-Identifier: MIT
"""The kernels' ELF files, as a loader sees them, from each OPT."""

import os
import struct

from elf import Elf

PAGE = 4096

# Multiboot Specification 0.6.96, "Multiboot header".
MULTIBOOT_MAGIC = 0x1badb002
MULTIBOOT_SEARCH = 8192
MULTIBOOT_HAS_ADDRESSES = 1 << 16

# Multiboot2 Specification 2.0, "OS image format": on 8 bytes, as are its tags.
MULTIBOOT2_MAGIC = 0xe85250d6
MULTIBOOT2_SEARCH = 32768
MULTIBOOT2_END, MULTIBOOT2_ADDRESSES, MULTIBOOT2_ENTRY = 0, 2, 3

# The Linux Image headers: where their magic is.
IMAGE_MAGIC = {
    "riscv64": ((48, b"RISCV\0\0\0"), (56, b"RSC\x05")),
    "aarch64": ((56, b"ARM\x64"),),
}


def check_layout(tap, elf, what):
    """What holds for every image."""
    first = elf.loads[0]
    tap.ok(first["p_vaddr"] == elf.symbols["_start"] == min(s["p_vaddr"] for s in elf.loads)
           and first["p_filesz"] > 0,
           f"C1 {what}: the first bytes that are loaded are _start")
    tap.ok(elf.entry == elf.symbols["_start"], f"{what}: the entry is _start")
    tap.ok(all(s["p_vaddr"] and s["p_paddr"] for s in elf.loads),
           f"C5 {what}: no PT_LOAD is at address 0", elf.loads)
    tap.ok(all(s["p_vaddr"] == s["p_paddr"] for s in elf.loads),
           f"{what}: every load address is its link address", elf.loads)
    percpu = elf.sections[".percpu"]
    tap.ok(percpu["sh_type"] == "SHT_PROGBITS", f"C4 {what}: .percpu has its contents in the file",
           percpu)
    tap.ok(percpu["sh_addr"] % PAGE == 0 and percpu["sh_addr"] == elf.symbols["_percpu_load_start"],
           f"{what}: .percpu begins on a page", percpu)


def find_multiboot(elf):
    """Where the header is in the file, as a loader looks for it; None if nowhere."""
    for place in range(0, min(MULTIBOOT_SEARCH, len(elf.bytes)) - 31, 4):
        magic, flags, checksum = struct.unpack_from("<III", elf.bytes, place)
        if magic == MULTIBOOT_MAGIC and (magic + flags + checksum) % (1 << 32) == 0:
            return place
    return None


def contents_not_at(elf, start, end, place):
    """The sections that are loaded from the file, but not from where START at PLACE puts them."""
    for name, section in elf.sections.items():
        address = section["sh_addr"]
        if section["sh_type"] == "SHT_NOBITS" or not section["sh_flags"] & 2:  # SHF_ALLOC
            continue
        if section["sh_size"] and not (start <= address and address + section["sh_size"] <= end
                                       and section["sh_offset"] - place == address - start):
            yield f"{name} at {address:#x}, in the file at {section['sh_offset']:#x}"


def check_multiboot(tap, elf, what):
    """x86_64: the loader follows these addresses, not the program headers."""
    place = find_multiboot(elf)
    if not tap.ok(place is not None, f"C1 {what}: the multiboot header is in the first 8 KiB"):
        return
    flags, _, header, load, load_end, bss_end, entry = \
        struct.unpack_from("<IIIIIII", elf.bytes, place + 4)
    tap.ok(flags & MULTIBOOT_HAS_ADDRESSES, f"{what}: the multiboot header has the addresses")
    symbols = elf.symbols
    tap.ok((header, load, load_end, bss_end, entry) ==
           tuple(symbols[name] for name in ("multiboot_header", "kernel_start", "image_end",
                                            "kernel_end", "_start")),
           f"{what}: the addresses are the header, the start, the ends and _start")
    start = place - (header - load)
    tap.ok(start == elf.loads[0]["p_offset"] and load == elf.loads[0]["p_vaddr"],
           f"C1 {what}: the header's addresses agree with its place in the file")
    tap.none(contents_not_at(elf, load, load_end, start),
             f"C1 {what}: all contents up to image_end follow each other as in memory")


def find_multiboot2(elf):
    """Where that header is in the file, and how long it is; None if nowhere."""
    for place in range(0, min(MULTIBOOT2_SEARCH, len(elf.bytes)) - 15, 8):
        header = struct.unpack_from("<IIII", elf.bytes, place)
        if header[0] == MULTIBOOT2_MAGIC and sum(header) % (1 << 32) == 0:
            return place, header[2]
    return None


def multiboot2_tags(elf, place, length):
    """The words of each tag's data, by its type."""
    tags, at = {}, place + 16
    while at + 8 <= place + length:
        kind, _, size = struct.unpack_from("<HHI", elf.bytes, at)
        tags[kind] = struct.unpack_from(f"<{(size - 8) // 4}I", elf.bytes, at + 8)
        if size < 8 or kind == MULTIBOOT2_END:
            break
        at += (size + 7) // 8 * 8
    return tags


def check_multiboot2(tap, elf, what):
    """x86_64: the same addresses as in the other header, which is looked at more closely."""
    found = find_multiboot2(elf)
    if not tap.ok(found, f"C1 {what}: the multiboot 2 header is in the first 32 KiB"):
        return
    tags = multiboot2_tags(elf, *found)
    addresses = tuple(elf.symbols[name] for name in ("multiboot2_header", "kernel_start",
                                                     "image_end", "kernel_end"))
    tap.ok(tags.get(MULTIBOOT2_ADDRESSES) == addresses
           and tags.get(MULTIBOOT2_ENTRY) == (elf.symbols["_start"],) and MULTIBOOT2_END in tags,
           f"{what}: its tags have the header, the start, the ends and _start", tags)
    place = found[0] - (addresses[0] - addresses[1])
    tap.ok(place == elf.loads[0]["p_offset"],
           f"C1 {what}: the multiboot 2 header's addresses agree with its place in the file")


def check_linux_image(tap, elf, what, arch):
    """riscv64 and aarch64: the header of a Linux Image."""
    header = elf.contents(elf.loads[0], 64)
    tap.ok(all(header[at:at + len(magic)] == magic for at, magic in IMAGE_MAGIC[arch]),
           f"C1 {what}: the Image header has its magic at "
           f"{' and '.join(str(at) for at, _ in IMAGE_MAGIC[arch])}", header.hex(" "))
    offset, size = struct.unpack_from("<QQ", header, 8)
    tap.ok(size == elf.symbols["kernel_end"] - elf.symbols["kernel_start"],
           f"{what}: the Image header has the size, .bss and areas included", f"{size:#x}")
    tap.ok(offset == elf.symbols["_start"] % (1 << 24),
           f"{what}: the Image header asks for the place that the kernel is linked for",
           f"{offset:#x} from the start of RAM")


def check(tap, settings):
    """Every kernel of each build."""
    for build in settings.builds:
        images = build.images()
        tap.ok(images, f"-{build.name}: there are kernels: {len(images)}")
        for path in images:
            elf, what = Elf(path), f"-{build.name} {os.path.basename(path)}"
            check_layout(tap, elf, what)
            if settings.arch == "x86_64":
                check_multiboot(tap, elf, what)
                check_multiboot2(tap, elf, what)
            else:
                check_linux_image(tap, elf, what, settings.arch)
