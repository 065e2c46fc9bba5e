# SPDX-License-Identifier: MIT
"""The runs of each board that are more than KERNEL@CPUS: odd machines, firmware that says no."""

import re
import sys
from dataclasses import dataclass, field

import handover
import machine
import madts
import trees


@dataclass
class Scenario:
    kernel: str = "smp"
    smp: str = "1"
    hardware_ids: list = field(default_factory=lambda: [0])
    qemu: list = field(default_factory=list)
    append: str = ""  # the command line, behind seed=, or with {seed} where the seed is
    image: str = ""
    status: int = None  # QEMU's exit status for a success, where the board can tell
    failures: list = field(default_factory=list)  # lines that must be "not ok"
    bail: str = ""
    sentences: list = field(default_factory=list)  # what percpu_panic says, each of them once
    says: str = ""  # a line that there must be
    silent: bool = False  # no console: nothing is said at all
    tree: str = ""  # what is added to the machine's device tree: trees.py
    madt: bytes = b""  # the machine's ACPI table of CPUs: madts.py
    srat: bytes = b""  # and that of nodes
    xsdt: int = 0  # where ACPI's root pointer says that the list of tables is, if not in an RSDT
    until_another_boot_cpu: int = 0
    bare: bool = False  # without the arguments for QEMU that the kernel has in its kernel.mk
    moved: dict = field(default_factory=dict)  # CPUs whose node is not QEMU's, but the tree's
    one_by_one: bool = None  # interrupts come between any two instructions; None: as in kernel.mk
    needs: tuple = ()  # arguments that QEMU must take, or the run is skipped
    outside: str = ""  # what is done to the machine while it runs: see outside.py
    handover: object = None  # what the kernel finds at its first instruction
    careless: bool = False  # loaded even where there is no RAM for it, and told nothing
    tree_at: int = 0  # where the tree is, if not where QEMU puts it: for handover


# What QEMU's TCG has from version 9 on; with more than 255 CPUs it wants interrupts remapped.
X2APIC = ("-cpu", "qemu64,+x2apic,enforce")
REMAPPED = ("-device", "intel-iommu,intremap=on,eim=on")

NO_ANSWER = r"was started but did not answer within 30 s"
# An instruction is about a microsecond, sleep none: half a minute's wait is over in some seconds. On
# x86_64 the time stamp counter then counts nanoseconds of the machine's time.
FAST_CLOCK = ["-icount", "shift=10,sleep=off"]


def old_address(trap):
    """highhalf has moved, and reads where it was."""
    return Scenario(kernel="highhalf", smp="2", append="low=1", bail=f"unexpected trap: {trap} ")


def clock(kind, counter):
    """A PC whose time stamp counter, of 1 GHz, is measured right, by this counter."""
    return Scenario(smp="2", hardware_ids=[0, 1], status=33, qemu=["-machine", kind, *FAST_CLOCK],
                    says=rf"^# the time stamp counter has (99|100)\d{{4}} kHz by {counter}$")


def long_line(**rest):
    """What counts comes last, behind a tab; and a word that is none of the kernel's."""
    return Scenario(smp="2", hardware_ids=[0, 1], append="words " * 250 + "seeds=1\tseed={seed}",
                    says=r"^# nobody asked for the command line's seeds=1$", **rest)


def el3(secure, virtualization, more=(), **rest):
    """All CPUs at EL3, without firmware. QEMU starts an Image at EL1 even so: an ELF file."""
    kernel = rest.get("kernel", "smp")
    return Scenario(smp="4", hardware_ids=[0, 1, 2, 3], image=f"{kernel}.elf", qemu=[
        "-machine", f"secure={secure},virtualization={virtualization}", *more], **rest)


def el3_interrupts(gic):
    return Scenario(kernel="usermode", smp="2", image="usermode.elf", one_by_one=False,
                    append="firmware=0x3f",
                    qemu=["-machine", f"secure=on,gic-version={gic}"],
                    says="# entered at EL3, runs at EL1")


NO_ROOM = (r"^Bail out! cpu 0: the kernel, .*, does not fit into the RAM that the device tree "
           r"lists: give the machine more ")


NO_RATE = handover.Handover(reads=("counter_frequency", 0, handover.READS_AS_0))
STANDS_STILL = handover.Handover(reads=("counter_read", 4, handover.READS_AS_0))
NO_4K_PAGES = handover.Handover(reads=("memory_features", 0, handover.READS_AS_1S))


def silent_halt(unheard, **what):
    """Without a tree there is no console, and nothing to turn the machine off with."""
    left = handover.Handover(unheard=unheard, **what)
    return Scenario(kernel="hello", silent=True, handover=left)


def newer(cpu, secure=False):
    """On a QEMU that has it."""
    machine_of = "virt,gic-version=3" + (",secure=on,virtualization=on" if secure else "")
    return Scenario(kernel="usermode", smp="2", one_by_one=False,
                    image="usermode.elf" if secure else "", needs=("-machine", "virt", "-cpu", cpu),
                    qemu=["-machine", machine_of, "-cpu", cpu],
                    says="# entered at EL3, runs at EL1" if secure else "")


def border(smp, append="", qemu="", **more):
    return Scenario(kernel="swapgs", smp=str(smp), qemu=qemu.split(), append=append, **more)


def unexpected(append):
    return Scenario(kernel="usermode", smp="2", append=append, outside="unexpected",
                    bail=r"^Bail out! cpu \d \(apic \d\): unexpected trap: an interrupt that "
                         r"nobody has set up, of vector \(0x77\) at pc 0x")


OTHER_AREA = [r"^every handler uses its CPU's area: "]

# More runs of kernels/swapgs and kernels/usermode, on boards with x86_64.
USER_MODE = {
    # User code has WRGSBASE, which the default CPU has not.
    "usermode-fsgsbase": Scenario(kernel="usermode", smp="4", qemu=["-cpu", "max"],
                                  append="fsgsbase=1", status=33),
    "C44-own-table-fsgsbase": Scenario(kernel="usermode", smp="4", qemu=["-cpu", "max"],
                                       append="tables=1 fsgsbase=1", status=33),
    "C17-fsgsbase": border(4, "fsgsbase=1", "-cpu max", status=33),
    "C17-machine-check": border(2, "external=1", outside="everywhere", status=33),
    "C17-machine-check-fsgsbase": border(2, "fsgsbase=1 external=1", "-cpu qemu64,+fsgsbase",
                                         outside="everywhere", status=33),
    # Where a CPU takes the ring of SS from IA32_STAR, the next way back to user mode must work.
    "C50-sysret-of-amd": border(1, "external=1", outside="sysret_of_amd", status=33),
    "C50-sysret-of-amd-own-table": border(1, "external=1 tables=1", outside="sysret_of_amd",
                                          status=33),
    # There is no way back from it that keeps other NMIs out: it is fatal, by name.
    "C17-machine-check-in-nmi": border(2, "external=1", outside="in_nmi", bail=r"^Bail out! cpu "
                                       r"[01]: #MC machine check in the handler of an NMI, "),
    # On the last CPU, with the user's stack pointer and GS_BASE: named all the same.
    "C17-double-fault": border(3, "fault=1", bail=r"^Bail out! cpu 2 \(apic 2\): unexpected trap: "
                               r"#DF double fault .* its area is that of cpu 2:"),
    # What comes at the border may find user mode's own page table on.
    "C44-border": border(4, "tables=1", status=33),
    "C44-border-machine-check": border(2, "tables=1 external=1", outside="everywhere", status=33),
    "C44-border-double-fault": border(3, "tables=1 fault=1", bail=r"^Bail out! cpu 2 \(apic 2\): "
                                      r"unexpected trap: #DF double fault .* its area is that of "
                                      r"cpu 2:"),
    # Entries that are wrong must be seen to be.
    "C17-trusts-cs": border(2, "trust=1", failures=OTHER_AREA),
    "C17-trusts-sign": border(2, "trust=2", failures=OTHER_AREA),
}

# A hart that is not there, or is there already. M-mode below the kernel answers as OpenSBI does.
HARTS = {
    "C25-unknown-hart": Scenario(smp="2", hardware_ids=[0, 1], append="also=77", failures=[
        r"^cpu 2 \(hart 77\) does not run: SBI_ERR_INVALID_PARAM.*\(-3\)"]),
    "C25-running-hart": Scenario(smp="1", append="also=0", failures=[
        r"^cpu 1 \(hart 0\) does not run: SBI_ERR_ALREADY_AVAILABLE.*\(-6\)"]),
}

def on_cpu(kernel, cpu, says=""):
    return Scenario(kernel=kernel, smp="2", hardware_ids=[0, 1], qemu=["-cpu", cpu],
                    needs=("-machine", "virt", "-cpu", cpu), says=says)


# The kernels take the widest paging that there is: Sv57 on QEMU's default CPU.
CPUS = {
    "usermode-sv39": on_cpu("usermode", "rv64,sv48=off", "^# paging: Sv39$"),
    "usermode-sv48": on_cpu("usermode", "rv64,sv57=off", "^# paging: Sv48$"),
    "highhalf-sv39": on_cpu("highhalf", "rv64,sv48=off"),
    "highhalf-sv48": on_cpu("highhalf", "rv64,sv57=off"),
    "cpu-rva22s64": on_cpu("smp", "rva22s64"),
    "cpu-max": on_cpu("smp", "max"),
    # Another controller of external interrupts; what starts harts is what it was.
    "aia": Scenario(smp="2", hardware_ids=[0, 1], qemu=["-machine", "aia=aplic-imsic"],
                    needs=("-machine", "virt,aia=aplic-imsic")),
}

# Memory ends within the kernel's .bss, and the tree lies at its end.
TOO_LITTLE = Scenario(qemu=["-m", "8"],
                      bail=r"the device tree lies where the kernel is: .* too little memory")

WITHOUT_FIRMWARE = {
    "C57-started-in-s-mode": Scenario(
        kernel="hello", smp="4", qemu=["-bios", "default"],
        bail=r"FIRMWARE=none, was started by firmware, in S-mode"),
    "C57-too-little-memory": TOO_LITTLE,
}

SCENARIOS = {
    "pc": {
        **USER_MODE,
        "highhalf-old-address": old_address("#PF page fault"),
        # C14: the hardware's ids are sparse.
        "C14-sparse-apic-ids": Scenario(smp="6,sockets=2,cores=3",
                                        hardware_ids=machine.apic_ids(6, 2), status=33),
        # SeaBIOS turns x2APIC mode on where ids need it; with few CPUs the kernel has to.
        "x2apic-288-cpus": Scenario(
            smp="288", hardware_ids=machine.apic_ids(288), qemu=[*X2APIC, *REMAPPED], needs=X2APIC,
            status=33),
        "x2apic-id-300-missing": Scenario(
            smp="2", hardware_ids=[0, 1], qemu=[*X2APIC, *FAST_CLOCK], append="also=300",
            needs=X2APIC, says="turns x2APIC mode on",
            failures=[r"^cpu 2 \(apic 300\) does not run: " + NO_ANSWER]),
        "x2apic-interrupts": Scenario(kernel="usermode", smp="4", qemu=[*X2APIC], append="x2apic=1",
                                      needs=X2APIC, says="turns x2APIC mode on", status=33),
        "x2apic-not-there": Scenario(
            append="x2apic=1", qemu=["-cpu", "qemu64,-x2apic"],
            bail=r"^Bail out! cpu 0: the command line wants x2APIC mode, which this CPU does not "),
        "kvm-x2apic": Scenario(kernel="usermode", smp="4", append="x2apic=1", status=33,
                               says="turns x2APIC mode on"),
        "x2apic-swapgs": border(2, "x2apic=1", " ".join(X2APIC), needs=X2APIC, status=33),
        "apic-id-needs-x2apic": Scenario(smp="2", hardware_ids=[0, 1], append="also=300",
                                         qemu=["-cpu", "qemu64,-x2apic"],
                                         failures=[r"^cpu 2 \(apic 300\) does not run: .*x2APIC"]),
        # Controllers that send, and interrupts that wait or have not been ended.
        "C54-as-firmware-left-it": Scenario(
            kernel="usermode", smp="2", outside="as_firmware_may", status=33,
            says=r"^# the firmware has left interrupts, and \d+ were taken and ended$"),
        "C54-unexpected-interrupt": unexpected(""),
        "C54-unexpected-interrupt-own-table": unexpected("tables=1"),
        # It halts, and the machine goes on. Without a stack, a CALL would reset the machine.
        "C51-cpu-not-in-the-list": Scenario(
            smp="2", qemu=FAST_CLOCK, outside="stray",
            failures=[r"^cpu 1 \(apic 1\) does not run: " + NO_ANSWER]),
        "full-size": Scenario(smp="255", hardware_ids=machine.apic_ids(255), status=33),
        # The speaker's port reads as ones; there is no interval timer; there is none of the two.
        "C55-no-speaker-port": clock("microvm", "the interval timer"),
        "C55-no-interval-timer": clock("q35,pit=off", "the ACPI timer"),
        "C55-no-clock": Scenario(
            kernel="hello", qemu=["-machine", "microvm,pit=off"],
            bail=r"^Bail out! cpu 0: there is no clock .*: the interval timer, .* does not count, "
                 r"and nor does the ACPI timer: the FADT has none: turn one on"),
        "C56-long-line": long_line(status=33),
        "C56-line-cut": Scenario(
            kernel="hello", append="words " * 350 + "also=300",
            bail=r"^Bail out! cpu 0: the command line is longer than the 2047 characters"),
        "C56-no-number": Scenario(
            append="also=12abc", bail=r"^Bail out! the command line's also=12abc is no number"),
        # All of the kernel's file finds room, but not its areas and .bss.
        "C57-too-small": Scenario(kernel="hello", qemu=["-m", "18"],
                                  bail=r"^Bail out! cpu 0: there is no RAM for all of the kernel"),
        "C57-no-long-mode": Scenario(kernel="hello", qemu=["-cpu", "qemu32"],
                                     bail=r"^Bail out! cpu 0: CPUID reports no 64-bit mode"),
        "C57-no-serial-port": Scenario(kernel="hello", qemu=["-machine", "microvm,isa-serial=off"],
                                       silent=True, status=33),
    },
    "virt-aarch64": {
        "C56-long-line": long_line(),
        "highhalf-old-address": old_address("data abort"),
        # Entered above the level that it is built for, a kernel goes down. QEMU's PSCI is called by
        # smc then, since HVC is the hypervisor's.
        "C19-el2": Scenario(smp="3", qemu=["-machine", "virtualization=on"],
                            hardware_ids=[0, 1, 2], says="# entered at EL2, runs at EL1"),
        # What later CPUs have added: SVE, VHE, FGT, MTE, PAuth and more; and such CPUs at EL3.
        "max-usermode": newer("max"),
        "neoverse-v1-el3": newer("neoverse-v1", secure=True),
        "cortex-a710-el3": newer("cortex-a710", secure=True),
        "max-el3": newer("max", secure=True),
        # With VHE, EL2's registers look like EL1's.
        "C19-el2-vhe-cpu": Scenario(smp="3", hardware_ids=[0, 1, 2],
                                    qemu=["-machine", "virtualization=on", "-cpu", "max"],
                                    says="# entered at EL2, runs at EL1"),
        "C19-el1": Scenario(kernel="hello", smp="3", qemu=["-machine", "virtualization=off"],
                            bail=r"entered at EL1, from where there is no way to EL2"),
        "C19-el3": el3(secure="on", virtualization="off", says="# entered at EL3, runs at EL1"),
        "C19-el3-past-el2": el3(secure="on", virtualization="on",
                                says="# entered at EL3, runs at EL1"),
        "C19-el3-to-el2": el3(secure="on", virtualization="on",
                              says="# entered at EL3, runs at EL2"),
        # A CPU that is not in the pen.
        "C19-el3-silent-cpu": el3(
            secure="on", virtualization="off", says="# entered at EL3, runs at EL1",
            append="also=77",
            failures=[r"^cpu 4 \(mpidr 77\) does not run: " + NO_ANSWER], more=FAST_CLOCK),
        "el2": Scenario(smp="3", hardware_ids=[0, 1, 2], says="# entered at EL2, runs at EL2"),
        "el2-vhe": Scenario(smp="3", qemu=["-cpu", "max"], hardware_ids=[0, 1, 2],
                            says="# entered at EL2, runs at EL2 with VHE"),
        "el2-vhe-interrupts": Scenario(kernel="sweep", qemu=["-cpu", "max"],
                                       says="# entered at EL2, runs at EL2 with VHE"),
        "C20-affinity-1": Scenario(smp="18", hardware_ids=machine.mpidrs(18)),
        "gicv2": Scenario(smp="8", qemu=["-machine", "gic-version=2"],
                          hardware_ids=machine.mpidrs(8, 8)),
        "elf-file": Scenario(smp="2", image="smp.elf", hardware_ids=[0, 1]),
        # An Image on a machine with EL3: QEMU starts it at EL1 all the same, with PSCI.
        "C19-el3-image": Scenario(smp="2", qemu=["-machine", "secure=on"], hardware_ids=[0, 1]),
        "unknown-cpu": Scenario(smp="2", hardware_ids=[0, 1], append="also=1280", failures=[
            r"^cpu 2 \(mpidr 1280\) does not run: INVALID_PARAMETERS.*\(-2\)"]),
        "running-cpu": Scenario(smp="2", hardware_ids=[0, 1], append="also=0", failures=[
            r"^cpu 2 \(mpidr 0\) does not run: ALREADY_ON.*\(-4\)"]),
        # The second region of redistributors is above 4 GiB. Each CPU reads back that its own takes
        # what is written; to wait for interrupts on so many takes a host's time.
        "gic-second-region": Scenario(kernel="usermode", smp="124", one_by_one=False,
                                      append="enough=0"),
        # Each GIC as firmware may leave it: gic.h, GIC_LEAVES_.
        "C52-gicv3": Scenario(kernel="sweep", append="firmware=0x3f"),
        "C52-gicv2": Scenario(kernel="sweep", append="firmware=0x3f",
                              qemu=["-machine", "gic-version=2"]),
        "gicv2-usermode": Scenario(kernel="usermode", smp="8", one_by_one=False,
                                   qemu=["-machine", "gic-version=2"]),
        # Without firmware, every interrupt is the Secure state's.
        # No firmware stops a CPU, and one of two security states has the redistributors. QEMU's WFE
        # does not sleep, so a CPU in the pen takes the time of the others.
        "hotplug-el3": el3("on", "on", kernel="hotplug", append="rounds=20",
                           says="# entered at EL3, runs at EL1"),
        # It comes back at EL2, where what our EL3 has not let EL2 have may not be written again.
        "hotplug-el3-to-el2": el3("on", "on", kernel="hotplug", append="rounds=20",
                                  more=["-cpu", "max"], says="# entered at EL3, runs at EL2"),
        "C54-el3-gicv3": el3_interrupts(3),
        "C54-el3-gicv2": el3_interrupts(2),
        # C53: the last page of a GiB, and the next; and what no GiB of the table is.
        "C53-tree-crosses-gib": Scenario(
            smp="2", hardware_ids=[0, 1], qemu=["-m", "1536"], tree="/ { };",
            tree_at=0x7ffff000, handover=handover.Handover(x0=0x7ffff000)),
        "C53-tree-at-512-gib": silent_halt("lies where the kernel cannot map it, at 512 GiB",
                                           x0=1 << 39),
        "C57-no-tree": silent_halt("no device tree where the boot loader says it is", x0=0x1000),
        "C57-aarch32": Scenario(
            kernel="hello", qemu=["-machine", "gic-version=2", "-cpu", "cortex-a15"],
            bail=r"^Bail out! cpu 0: started in AArch32 state, and this kernel is AArch64 code: "),
        "C57-no-4k-pages": Scenario(handover=NO_4K_PAGES, bail=r"^Bail out! cpu 0: this CPU has no "
                                                               r"page tables with pages of 4 KiB "),
        "C57-small-machine": Scenario(careless=True, qemu=["-m", "4"], bail=NO_ROOM),
        "C57-no-clock-rate": Scenario(handover=NO_RATE,
                                      bail=r"^Bail out! cpu 0: .*\(CNTFRQ_EL0 is 0\)"),
        "C57-clock-rate-from-tree": Scenario(
            handover=NO_RATE,
            tree="/ { timer { clock-frequency = <62500000>; }; };"),
        "C57-clock-stands-still": Scenario(handover=STANDS_STILL,
                                           bail=r"^Bail out! cpu 0: the system counter does not "
                                                r"count: firmware must"),
        # More than a region of redistributors has.
        "full-size": Scenario(smp="256", hardware_ids=machine.mpidrs(256)),
    },
    "raspi3b": {
        # C22: a way to start it that nobody knows, and a slot that nobody looks at.
        "C22-unknown-and-silent": Scenario(
            smp="4", hardware_ids=[0, 1], qemu=FAST_CLOCK,
            says=r'^# cpu 2 \(mpidr 2\) has the enable-method "wave"$',
            tree=trees.cpus('cpu@2 { enable-method = "wave"; };'
                            "cpu@3 { cpu-release-addr = <0 0x1000>; };"),
            failures=[r"^cpu 2 \(mpidr 2\) does not run: its enable-method in the device tree",
                      r"^cpu 3 \(mpidr 3\) does not run: " + NO_ANSWER]),
        # One without a slot, and one that the tree does not have: it has no PSCI to ask either.
        "C22-no-slot": Scenario(
            smp="4", hardware_ids=[0, 1], append="also=3",
            tree=trees.cpus("cpu@2 { /delete-property/ cpu-release-addr; };"
                            'cpu@3 { status = "disabled"; };'),
            failures=[r"^cpu 2 \(mpidr 2\) does not run: its cpu-release-addr in the device tree",
                      r"^cpu 3 \(mpidr 3\) does not run: .*no PSCI"]),
        # No way back into the firmware; and no interrupts, without which all CPUs spin.
        "hotplug-spin-table": Scenario(kernel="hotplug", smp="4", hardware_ids=machine.mpidrs(4),
                                       append="rounds=10"),
    },
    "virt-riscv64": {
        "C56-long-line": long_line(),
        "highhalf-old-address": old_address("load page fault"),
        "C23-any-boot-hart": Scenario(smp="8", hardware_ids=machine.harts(8),
                                      tree=trees.COLD_BOOT_HART, until_another_boot_cpu=300),
        # A hart that the firmware sends to the boot hart's entry is not taken for one.
        "C23-harts-astray": Scenario(smp="4", hardware_ids=machine.harts(4), append="astray=1"),
        **HARTS, **CPUS,
        "C57-started-in-m-mode": Scenario(
            kernel="hello", smp="4", qemu=["-bios", "none"],
            bail=r"FIRMWARE=sbi, was started in M-mode, without firmware"),
        "C57-too-little-memory": TOO_LITTLE,
        # With some more OpenSBI 1.6 has no room below the kernel: docs/boot-riscv64.md.
        "full-size": Scenario(smp="100", hardware_ids=machine.harts(100)),
        # percpu_init reads mstatus, CSR 0x300, and stval is the instruction.
        "C30-library-for-m-mode": Scenario(
            bail=r"^Bail out! cpu 0 \(hart \d\): unexpected trap: illegal instruction "
                 r"\(0x2\) at pc 0x\w+, address 0x30002\w[7f]3: "),
    },
    # Without firmware: all harts come at once. -s, the kernel goes down to S-mode; -m, it stays.
    "virt-riscv64-s": {
        **HARTS, **WITHOUT_FIRMWARE, **CPUS,
        # Every hart is an E51.
        "C57-no-s-mode": Scenario(kernel="hello", smp="4", qemu=["-cpu", "sifive-e51"],
                                  bail=r"no hart has S-mode"),
        "C23-any-boot-hart": Scenario(smp="8", hardware_ids=machine.harts(8),
                                      until_another_boot_cpu=30),
        "full-size": Scenario(smp="256", hardware_ids=machine.harts(256)),
    },
    "virt-riscv64-m": {
        **WITHOUT_FIRMWARE,
        "C25-running-hart": HARTS["C25-running-hart"],
        "C25-unknown-hart": Scenario(smp="2", hardware_ids=[0, 1], append="also=77", failures=[
            r"^cpu 2 \(hart 77\) does not run: the device tree's CLINT .* not have this hart"]),
        "full-size": Scenario(smp="128", hardware_ids=machine.harts(128)),
        # A library for S-mode is named; where M-mode delegates it cannot be, and loses updates.
        "C30-library-for-s-mode": Scenario(
            smp="4", bail=r"^Bail out! percpu_init\(4\): the CPU does not run at the level that "
                          r"the library is for: .* PERCPU_RISCV_LEVEL, s or m"),
        "C30-single-cpu": Scenario(kernel="hello", failures=[r"^S3 ", r"^S4 "]),
        "C30-switch-of-s-mode": Scenario(kernel="sweep", append="protect=0 delegate=0x222"),
        # PERCPU_DEBUG sees it, sooner or later: an interrupt at any instruction.
        "C30-debug-sees-the-switch": Scenario(
            kernel="misuse", append="case=10 delegate=0x222", one_by_one=True,
            bail=r"a variable changed while interrupts were off for an update .* the level of "
                 r"PERCPU_RISCV_LEVEL$"),
    },
    "sifive_u": {
        "C23-any-boot-hart": Scenario(smp="5", hardware_ids=machine.u54_harts(5),
                                      until_another_boot_cpu=300),
        # Hart 0 is not listed. Told to start it all the same, the firmware says that it does, and
        # nothing comes.
        "C24-hart-without-s-mode": Scenario(
            smp="5", hardware_ids=machine.u54_harts(5), append="also=0", qemu=FAST_CLOCK,
            failures=[r"^cpu 4 \(hart 0\) does not run: " + NO_ANSWER]),
    },
    "sifive_u-s": {
        # The kernel's own M-mode knows what hart 0 lacks, and has it wait for ever.
        "C24-hart-without-s-mode": Scenario(
            smp="5", hardware_ids=machine.u54_harts(5), append="also=0", failures=[
                r"^cpu 4 \(hart 0\) does not run: SBI_ERR_INVALID_PARAM.*\(-3\)"]),
    },
    "sifive_u-m": {},
}

def misuse(case, *sentences, **rest):
    return Scenario(kernel="misuse", smp="2", append=f"case={case}", bail="|".join(sentences),
                    sentences=sentences, **rest)


NO_AREA = "a variable is used on a CPU whose register holds no area"
OF_ANOTHER = "the register of this CPU holds the area of another CPU"

# With PERCPU_DEBUG=1, on every board that the Makefile lists them for. The kernel's percpu_panic
# does again what was caught: C37.
MISUSES = {
    "C12-before-init": misuse(1, "a variable is used before the areas are made"),
    "C12-not-bound": misuse(2, NO_AREA),
    "C12-area-of-another-cpu": misuse(3, OF_ANOTHER),
    "C12-number-taken-twice": misuse(4, "two CPUs take the same number"),
    "C13-remote-write-races": misuse(6, "percpu_write_on while that CPU is updating the variable"),
    "C41-misaligned": misuse(11, "an update of a misaligned variable"),
    "template-written": misuse(7, "the template has been written"),
    "pointer-while-preemptible": misuse(5, "percpu_ptr while preemptible"),
    "C38-register-moved-with-thread": misuse(8, OF_ANOTHER),
    "C37-two-cpus-at-once": misuse(9, NO_AREA, OF_ANOTHER),
    # An x86_64 CPU that has its APIC id in leaf 1 only.
    "C62-without-leaf-0bh": misuse(8, OF_ANOTHER, qemu=["-cpu", "qemu64,level=10"]),
}


def unprotected(append):
    """kernels/preempt without what protects it loses something, or protecting proves nothing."""
    return Scenario(kernel="preempt", smp="4", append=append, failures=[r"^no update is lost, .*"])


# The handler of kernels/sweep leaves out its part: what is lost then is seen. Where an operation is
# more than one instruction. The same with kernels/preempt; its hooks are missed on x86_64 too.
CONTROLS = {
    "preempt-without-fix-up": unprotected("fixup=0"),
    "preempt-without-hooks": unprotected("hooks=0"),
    "sweep-without-fix-up": Scenario(kernel="sweep", append="protect=0"),
    "sweep-without-hooks": Scenario(kernel="sweep", append="protect=0"),
    # Handlers take the per-CPU register as user code has left it: another CPU's, or anything.
    "usermode-trusting": Scenario(
        kernel="usermode", smp="4", append="trust=1",
        failures=[rf"^cpu {cpu}: its variables have counted" for cpu in range(4)]),
    "usermode-lost": Scenario(kernel="usermode", smp="4", append="trust=2",
                              bail=r"unexpected trap: "),
}

# User mode has a page table of its own, where the architecture needs something for that.
OWN_TABLE = {
    "C44-own-table": Scenario(kernel="usermode", smp="4", append="tables=1"),
    # Then, too, the register must be the kernel's; and not be used before the kernel's table is on.
    "C44-own-table-trusting": Scenario(
        kernel="usermode", smp="4", append="tables=1 trust=1",
        failures=[rf"^cpu {cpu}: its variables have counted" for cpu in range(4)]),
    "C44-own-table-too-early": Scenario(
        kernel="usermode", smp="4", append="tables=2",
        bail=r"^Bail out! cpu \d .*: unexpected trap: (store|#PF) page fault"),
}

def overflow(size, cpu):
    """A CPU uses SIZE bytes of its stack, of 8 KiB and a guard of 4 KiB."""
    return Scenario(kernel="fault", smp="4", append=f"overflow={size} on={cpu}",
                    bail=rf"^Bail out! the boot stack of cpu {cpu} has overflowed: .*: raise "
                         r"BOOT_STACK_SIZE in arch/boot.h")


# Nothing else comes of the first two; of the third all that lay on another CPU's stack is gone.
OVERFLOWS = {
    "C63-stack-of-cpu-0": overflow(9000, 0),
    "C63-stack-of-cpu-1": overflow(9000, 1),
    "C63-into-the-next-stack": overflow(13000, 1),
}

# More machines for kernels/numa: its kernel.mk says on which boards.
NODES = {
    # Nothing tells of nodes: all is in one.
    "numa-one-node": Scenario(kernel="numa", smp="2", hardware_ids=[0, 1], bare=True),
    # All RAM of node 0 is in use: its areas are in node 1.
    "numa-full-node": Scenario(
        kernel="numa", smp="2", hardware_ids=[0, 1], bare=True, qemu=(
            "-object memory-backend-ram,id=ram0,size=1M -numa node,nodeid=0,memdev=ram0 "
            "-object memory-backend-ram,id=ram1,size=255M -numa node,nodeid=1,memdev=ram1 "
            "-numa cpu,node-id=0,core-id=0 -numa cpu,node-id=1,core-id=1 "
            "-numa dist,src=0,dst=1,val=20").split()),
    # QEMU's riscv64 machine has CPUs in each node; so the tree says that node 1's are in node 0.
    "numa-no-cpus": Scenario(
        kernel="numa", smp="8", hardware_ids=machine.harts(8), moved={2: 0, 3: 0},
        tree=trees.cpus("cpu@2 { numa-node-id = <0>; }; cpu@3 { numa-node-id = <0>; };")),
    "numa-cpu-without-node": Scenario(
        kernel="numa", smp="8", tree=trees.cpus("cpu@5 { /delete-property/ numa-node-id; };"),
        bail=r"^Bail out! cpu 0: in the device tree some CPUs or memory have a numa-node-id, and "
             r"others have none: mend "),
}

# With PERCPU_VMA=zero, on every board.
ZERO = {
    # CPU 0 uses the template: no initial values are left for the others.
    "S8-area-0-in-use": Scenario(kernel="modes", smp="2", append="early=1"),
}

WRONG_TABLES = {**trees.SCENARIOS, "pc": madts.SCENARIOS}

IDS = {"pc": machine.apic_ids, "virt-aarch64": machine.mpidrs, "virt-riscv64": machine.harts,
       "virt-riscv64-s": machine.harts, "virt-riscv64-m": machine.harts,
       "sifive_u-s": machine.u54_harts, "sifive_u-m": machine.harts,
       "sifive_u": machine.u54_harts, "raspi3b": machine.mpidrs}


def find(board, run):
    """The scenario of that name, or the plain run KERNEL@CPUS."""
    wrong = {name: Scenario(**values) for name, values in WRONG_TABLES.get(board, {}).items()}
    named = {**SCENARIOS[board], **wrong, **MISUSES, **CONTROLS, **OWN_TABLE, **ZERO,
             **OVERFLOWS, **NODES}
    if run in named:
        return named[run]
    if not re.fullmatch(r"\w+@\d+", run):
        sys.exit(f"{board} has no run {run}: take KERNEL@CPUS or one of {' '.join(named)}")
    kernel, cpus = run.split("@")
    plain = Scenario(kernel=kernel, smp=cpus, hardware_ids=IDS[board](int(cpus)))
    if board == "pc":
        plain.status = 33
    if kernel == "fault":
        plain.bail = "unexpected trap"
    return plain


def main():
    """The kernels that the runs need, for make: the arguments are the board and the runs."""
    print(*sorted({find(sys.argv[1], run).kernel for run in sys.argv[2:]}))


if __name__ == "__main__":
    main()
