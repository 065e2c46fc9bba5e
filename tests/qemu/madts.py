# SPDX-License-Identifier: MIT
"""ACPI tables that are wrong. QEMU makes none, with acpi=off; its BIOS, SeaBIOS, is given ours by
fw_cfg, and puts them into memory as it would QEMU's (docs/specs/fw_cfg and
hw/acpi/bios-linker-loader.c of QEMU). What is not in the way of a BIOS but still harms a
parser is left to tests/unit/madt.c and tests/fuzz.
"""

import os
import struct

HEADER_SIZE, SUM_AT = 36, 9
RSDP_SIZE, RSDP_SUM_AT, RSDP_RSDT_AT = 20, 8, 16
NEW_RSDP_SIZE, NEW_RSDP_SUM_AT = 36, 32
ALLOCATE, ADD_POINTER, ADD_CHECKSUM = 1, 2, 3
HIGH_MEMORY, BIOS_SEGMENT = 1, 2


def apic(number, flags=1):
    return struct.pack("<BBBBI", 0, 8, number, number, flags)


def x2apic(number, flags=1):
    return struct.pack("<BBHIII", 9, 16, 0, number, flags, number)


def checksum(data):
    return -sum(data) & 0xff


def table(signature, body, cut=0):
    """With a length and a checksum that leave CUT bytes out."""
    data = bytearray(struct.pack("<4sIBB6s8sIII", signature, HEADER_SIZE + len(body) - cut, 1, 0,
                                 b"TESTS ", b"MADTS   ", 1, 0, 1) + body)
    data[SUM_AT] = checksum(data[:len(data) - cut])
    return bytes(data)


def madt(*entries, cut=0):
    return table(b"APIC", struct.pack("<II", 0xfee00000, 1) + b"".join(entries), cut)


def srat(*entries, cut=0):
    return table(b"SRAT", bytes(12) + b"".join(entries), cut)


def srat_apic(number, node):
    return struct.pack("<BBBBI8x", 0, 16, node, number, 1)


def wrong_sum(data):
    return data[:SUM_AT] + bytes([data[SUM_AT] ^ 1]) + data[SUM_AT + 1:]


REPEATED = r"^# the firmware lists a CPU again, 3 times, apic \d for one: each CPU is started once$"
LEFT_OUT = r"^# the firmware lists more than the 512 CPUs that this kernel is built for, .*: raise "
UNLISTED = r"^Bail out! cpu 0 \(apic 0\) runs, but the firmware's list of {} CPUs does not have it"

# Of the board pc: what makes a scenario of scenarios.py.
SCENARIOS = {
    "madt-repeated-cpus": {
        "madt": madt(apic(0), apic(1), apic(1), apic(2), x2apic(1), apic(0)),
        "smp": "3", "hardware_ids": [0, 1, 2], "status": 33, "says": REPEATED},
    # Not enabled; not enabled, but that can be changed.
    "madt-disabled-cpus": {
        "madt": madt(apic(0), apic(1, 0), apic(2), apic(3, 2)),
        "smp": "4", "hardware_ids": [0, 2], "status": 33},
    # It never answers. An instruction is about a microsecond: half a minute is over in seconds.
    "C15-silent-cpu": {
        "qemu": ["-icount", "shift=10,sleep=off"],
        "madt": madt(apic(0), apic(1), apic(254)),
        "smp": "2", "hardware_ids": [0, 1], "failures": [
            r"^cpu 2 \(apic 254\) does not run: was started but did not answer within 30 s"]},
    "madt-entry-of-length-0": {
        "madt": madt(apic(0), apic(1), bytes([0, 0]), apic(2)),
        "smp": "3", "hardware_ids": [0, 1], "status": 33},
    "madt-entry-of-length-1": {
        "madt": madt(apic(0), apic(1), bytes([0, 1]), apic(2)),
        "smp": "3", "hardware_ids": [0, 1], "status": 33},
    "madt-cut-off": {
        "madt": madt(apic(0), apic(1), apic(2), cut=1),
        "smp": "3", "hardware_ids": [0, 1], "status": 33},
    # The boot CPU comes last, behind all that there is room for.
    "madt-huge": {
        "madt": madt(*(x2apic(1000 + i) for i in range(12000)), apic(0)),
        "kernel": "hello", "says": LEFT_OUT, "status": 33},
    # Where the kernel maps nothing. With an RSDT that lists the same it can do without.
    "C58-xsdt-above-4-gib": {
        "madt": madt(apic(0)), "xsdt": 1 << 32, "kernel": "hello", "bail":
        r"has no ACPI MADT .*: the list of tables, the XSDT, lies above 4 GiB"},
    # Nodes that cannot be believed are no reason to take all for one.
    "srat-cut-off": {
        "madt": madt(apic(0)), "srat": srat(srat_apic(0, 1), cut=1), "kernel": "numa", "bare": True,
        "bail": r"^Bail out! cpu 0: an entry of the SRAT goes beyond its end: it needs "},
    "srat-wrong-sum": {
        "madt": madt(apic(0)), "srat": wrong_sum(srat(srat_apic(0, 1))), "kernel": "numa",
        "bare": True, "bail": r"^Bail out! cpu 0: the SRAT, which .* length or checksum is wrong"},
    "madt-no-cpus": {"madt": madt(), "kernel": "hello", "bail": UNLISTED.format(0)},
    "madt-boot-cpu-missing": {
        "madt": madt(apic(1), apic(2)), "kernel": "hello", "smp": "3", "bail": UNLISTED.format(2)},
    "madt-wrong-sum": {
        "madt": wrong_sum(madt(apic(0))), "kernel": "hello",
        "bail": "has no ACPI MADT .*: its length cannot be right, or its checksum is wrong"},
}


def command(kind, form, *values):
    """One of the script's, each 128 bytes long."""
    return struct.pack("<I" + form, kind, *values).ljust(128, b"\0")


def files(our_madt, our_srat, xsdt):
    """What fw_cfg calls them, and what is in them. The RSDT lists itself too, and nothing. With XSDT,
    an address, that is all that the root pointer has."""
    length = HEADER_SIZE + 4 * 4
    where = length + -length % 64
    # Offsets, which the BIOS makes addresses of; without an SRAT, itself once more.
    rsdt = table(b"RSDT", struct.pack("<IIII", 0, 0, where,
                                      where + len(our_madt) if our_srat else 0))
    rsdt = rsdt[:SUM_AT] + b"\0" + rsdt[SUM_AT + 1:]
    tables, rsdp = b"etc/acpi/tables", b"etc/acpi/rsdp"
    return {
        tables: rsdt.ljust(where, b"\0") + our_madt + our_srat,
        rsdp: struct.pack("<8sB6sBIIQI", b"RSD PTR ", 0, b"TESTS ", 2 if xsdt else 0, 0,
                          NEW_RSDP_SIZE, xsdt, 0),
        b"etc/table-loader": b"".join([
            command(ALLOCATE, "56sIB", tables, 64, HIGH_MEMORY),
            command(ALLOCATE, "56sIB", rsdp, 16, BIOS_SEGMENT),
            command(ADD_POINTER, "56s56sIB", tables, tables, HEADER_SIZE, 4),
            command(ADD_POINTER, "56s56sIB", tables, tables, HEADER_SIZE + 8, 4),
            command(ADD_POINTER, "56s56sIB", tables, tables, HEADER_SIZE + 12, 4),
            command(ADD_CHECKSUM, "56sIII", tables, SUM_AT, 0, length),
            command(ADD_POINTER, "56s56sIB", rsdp, tables, RSDP_RSDT_AT, 4) if not xsdt else b"",
            command(ADD_CHECKSUM, "56sIII", rsdp, RSDP_SUM_AT, 0, RSDP_SIZE),
            command(ADD_CHECKSUM, "56sIII", rsdp, NEW_RSDP_SUM_AT, 0, NEW_RSDP_SIZE)]),
    }


def build(our_madt, our_srat, xsdt, path):
    """QEMU's arguments for a machine with these tables; its files are at PATH."""
    os.makedirs(path, exist_ok=True)
    arguments = ["-machine", "acpi=off"]
    for name, content in files(our_madt, our_srat, xsdt).items():
        file = os.path.join(path, name.decode().replace("/", "-"))
        with open(file, "wb") as out:
            out.write(content)
        arguments += ["-fw_cfg", f"name={name.decode()},file={file}"]
    return arguments
