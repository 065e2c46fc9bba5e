# SPDX-License-Identifier: MIT
"""Device trees that are wrong: the machine's own, dumped by QEMU, with some lines of source behind
it, which add to its nodes or take away. QEMU passes the result on, and on riscv64 OpenSBI does.

What these loaders do not pass on, or mend themselves, is left to tests/unit/fdt_*.c: a header that
points outside, a tree cut off, no PSCI node.
"""

import os
import subprocess


def cpus(text):
    return "/ { cpus { " + text + " }; };"


HART = ('device_type = "cpu"; compatible = "riscv"; riscv,isa = "rv64imafdc";'
        'mmu-type = "riscv,sv48"; interrupt-controller { #interrupt-cells = <1>;'
        'interrupt-controller; compatible = "riscv,cpu-intc"; };')
CORE = 'device_type = "cpu"; compatible = "arm,cortex-a57"; enable-method = "psci";'
REPEATED = r"^# the firmware lists a CPU again, 1 times, {} 1 for one: each CPU is started once$"
UNLISTED = r"^Bail out! cpu 0 \({} 0\) runs, but the firmware's list of {} CPUs does not have it: "

# Newer OpenSBI lets one hart come first, where any may if this is not known; but on QEMU 10 that is
# hart 0 in nearly all starts (OpenSBI, docs/opensbi_config.md).
COLD_BOOT_HART = """/ { chosen { opensbi-config {
    compatible = "opensbi,config"; cold-boot-harts = <&{/cpus/cpu@3}>; }; }; };"""

# Where the kernel drives the CLINT itself.
WITHOUT_FIRMWARE = {
    "tree-repeated-cpu": {
        "tree": cpus(f"cpu@9 {{ reg = <1>; {HART} }};"),
        "smp": "2", "hardware_ids": [0, 1], "says": REPEATED.format("hart")},
    "tree-no-clint": {
        "tree": "/ { soc { /delete-node/ clint@2000000; }; };",
        "kernel": "hello", "bail": r"^Bail out! cpu 0: the device tree has no CLINT .* start "},
    "tree-boot-hart-not-in-clint": {
        "tree": cpus("cpu@0 { /delete-node/ interrupt-controller; };"),
        "kernel": "hello",
        "bail": r"^Bail out! cpu 0: the device tree has .*, or its CLINT .* boots: "},
    # What is said to be the CLINT is the end of RAM.
    "C57-time-does-not-count": {
        "tree": "/ { soc { clint@2000000 { reg = <0 0x8e000000 0 0x10000>; }; }; };",
        "kernel": "hello", "bail": r"^Bail out! cpu 0: the time of .* CLINT does not count"},
}

# By board: what makes a scenario of scenarios.py.
SCENARIOS = {
    "virt-riscv64": {
        "tree-repeated-cpu": {
            "tree": cpus(f"cpu@9 {{ reg = <1>; {HART} }};"),
            "smp": "2", "hardware_ids": [0, 1], "says": REPEATED.format("hart")},
        "tree-disabled-cpu": {
            "tree": cpus('cpu@1 { status = "disabled"; };'), "smp": "3", "hardware_ids": [0, 2]},
        # OpenSBI then marks it as disabled, too.
        "tree-no-mmu-type": {
            "tree": cpus("cpu@0 { /delete-property/ mmu-type; };"),
            "kernel": "hello", "bail": UNLISTED.format("hart", 0)},
        # Without it OpenSBI stops; with it being 0, it goes on.
        "tree-no-timebase": {
            "tree": cpus("timebase-frequency = <0>;"),
            "kernel": "hello", "bail": r"the device tree has no timebase-frequency: start "},
    },
    "virt-riscv64-s": {**WITHOUT_FIRMWARE,
        "tree-hart-not-in-clint": {
            "tree": cpus(f"cpu@9 {{ reg = <9>; {HART} }};"),
            "smp": "2", "hardware_ids": [0, 1], "failures": [
                r"^cpu 2 \(hart 9\) does not run: SBI_ERR_INVALID_PARAM.*\(-3\)"]},
    },
    "virt-riscv64-m": {**WITHOUT_FIRMWARE,
        "tree-hart-not-in-clint": {
            "tree": cpus(f"cpu@9 {{ reg = <9>; {HART} }};"),
            "smp": "2", "hardware_ids": [0, 1], "failures": [
                r"^cpu 2 \(hart 9\) does not run: the device tree's CLINT .* this hart"]},
    },
    "virt-aarch64": {
        "tree-repeated-cpu": {
            "tree": cpus(f"cpu@9 {{ reg = <1>; {CORE} }};"),
            "smp": "2", "hardware_ids": [0, 1], "says": REPEATED.format("mpidr")},
        "tree-disabled-cpu": {
            "tree": cpus('cpu@1 { status = "disabled"; };'), "smp": "3", "hardware_ids": [0, 2]},
        "tree-impossible-cpu": {
            "tree": cpus(f"cpu@4d {{ reg = <77>; {CORE} }};"),
            "smp": "2", "hardware_ids": [0, 1], "failures": [
                r"^cpu 2 \(mpidr 77\) does not run: INVALID_PARAMETERS.*\(-2\)"]},
        "tree-too-many-cpus": {
            "tree": cpus(" ".join(f'cpu@{i:x} {{ reg = <{i}>; {CORE} }};'
                                  for i in range(0x1000, 0x1000 + 1100))),
            "kernel": "hello", "says": r"^# the firmware lists more than the \d+ CPUs that this "
                                       r"kernel is built for, and the others are left out: raise "},
        "tree-no-cpus": {
            "tree": "/ { /delete-node/ cpus; };",
            "kernel": "hello", "bail": UNLISTED.format("mpidr", 0)},
        "tree-boot-cpu-missing": {
            "tree": cpus("/delete-node/ cpu@0;"),
            "kernel": "hello", "smp": "2", "bail": UNLISTED.format("mpidr", 1)},
        # Nobody hears what the kernel says, but it comes to its end.
        "tree-no-console": {
            "tree": "/ { chosen { /delete-property/ stdout-path; }; };",
            "kernel": "hello", "silent": True},
    },
}


def build(machine, text, path):
    """Puts the tree of a MACHINE, a command of QEMU's, with TEXT behind it, at PATH."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run([*machine, "-machine", f"dumpdtb={path}.own"], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True)
    source = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", f"{path}.own"], check=True,
                            capture_output=True).stdout
    # -f: what is wrong with it is what it is for.
    subprocess.run(["dtc", "-q", "-f", "-I", "dts", "-O", "dtb", "-o", path], check=True,
                   input=source + text.encode())


def passed(path, address):
    """Arguments for QEMU: the tree is the machine's; or only lies at ADDRESS."""
    if not address:
        return ["-dtb", path]
    return ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
