# SPDX-License-Identifier: MIT
"""What is done to an x86_64 machine from outside while it runs, by QEMU's gdbstub and monitor."""

import os
import subprocess
import tempfile
import threading

import machine
import swapgs
from codegen import disassembly
from codegen.isa import ISAS
from debugger import GENERAL, PC, RAX, RCX, RDX, SS, Debugger

# Uncorrected, enabled, valid; in a bank that says no more. RIPV and MCIP: it can be returned from.
MACHINE_CHECK = "mce {} 9 0xb200000000000000 5 0 0"

# C50: user code's page is here (arch/x86_64/user.c), and this MSR says SYSRET's selectors.
USER_ADDRESS, MSR_STAR = 1 << 39, 0xc0000081


class Outside:
    """What is done to the machine, which waits for it, while it runs; the scenario says what."""

    def __init__(self, scenario, elf, settings):
        self.elf = elf
        self.two_tables = "tables=1" in scenario.append
        self.objdump = settings.objdump
        self.timeout = settings.timeout
        self.error = "it has not come to its end"
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "gdb")
        scenario.qemu = [*scenario.qemu, "-S", "-gdb", f"unix:{self.path},server=on,wait=off"]
        self.thread = threading.Thread(target=self.work, args=[getattr(self, scenario.outside)])
        self.thread.start()

    def work(self, send):
        debugger = None
        try:
            debugger = Debugger(self.path, self.timeout)
            send(debugger)
            debugger.detach()
            self.error = None
        except (OSError, ValueError) as error:
            self.error = error
            if debugger:
                debugger.kill()

    def everywhere(self, debugger):
        """A machine check before each instruction, and an NMI before each of #DB's entry."""
        debugger.run_to(machine.symbol(self.elf, "serve_test"))
        border = swapgs.Border(self.elf, self.objdump, self.two_tables)
        taken = machine.symbol(self.elf, "ist_machine_check")
        for place in border.places + border.nested:
            cpu = debugger.run_to(place.runs_at)
            debugger.monitor(MACHINE_CHECK.format(cpu))
            # Until it is taken: if an NMI waited as well, that would come first, and the machine
            # check in its handler, where it is fatal.
            debugger.run_to(taken)
        for place in border.nested:
            debugger.run_to(place.address)
            debugger.monitor("nmi")
        self.done(debugger, "ist_handle")

    def done(self, debugger, function):
        """In a function of the kernel's: its page table is on."""
        debugger.run_to(machine.symbol(self.elf, function))
        debugger.write(machine.symbol(self.elf, "test_done"), bytes([1]))

    def in_nmi(self, debugger):
        """A machine check where an NMI's handler begins."""
        debugger.run_to(machine.symbol(self.elf, "serve_test"))
        debugger.monitor("nmi")
        cpu = debugger.run_to(machine.symbol(self.elf, "ist_nmi"))
        debugger.monitor(MACHINE_CHECK.format(cpu))

    def sysret_of_amd(self, debugger):
        """SS behind each SYSRET as AMD's CPUs leave it: its selector is IA32_STAR's + 8, where Intel's
        and QEMU's put ring 3 in (AMD64 Architecture Programmer's Manual volume 3, "SYSRET")."""
        functions = disassembly.disassemble(self.objdump, self.elf, ISAS["x86_64"])
        star = self.written_star(debugger, functions["arch_user_init"])
        debugger.run_to(machine.symbol(self.elf, "serve_test"))
        border = functions["user_border"].code
        behind = [after.address for call, after in zip(border, border[1:])
                  if call.mnemonic == "syscall"][:2]
        for address in behind * 3:
            debugger.run_to(USER_ADDRESS + address - machine.symbol(self.elf, "user_programs"))
            debugger.set_register(SS, (star >> 48) + 8)
        self.done(debugger, "trap_handle")

    def written_star(self, debugger, function):
        for instruction in function.code:
            if instruction.mnemonic == "wrmsr":
                debugger.run_to(instruction.address)
                if debugger.register(RCX) == MSR_STAR:
                    return debugger.register(RDX) << 32 | debugger.register(RAX)
        raise ValueError("arch_user_init does not write IA32_STAR")

    def stray(self, debugger):
        """CPU 1 comes up and is not in the list: C51."""
        debugger.run_to(machine.symbol(self.elf, "ap_start64"))
        debugger.write(machine.symbol(self.elf, "ap_apic_ids") + 4, bytes([77, 0, 0, 0]))

    def as_firmware_may(self, debugger):
        """What firmware.S does to interrupts, before the kernel sets them up: C54."""
        folder = os.path.dirname(os.path.abspath(__file__))
        code = assemble(self.objdump, os.path.join(folder, "firmware.S"), self.folder.name)
        debugger.run_to(machine.symbol(self.elf, "arch_interrupts_init"))
        # The stack of a CPU that this machine does not have.
        execute(debugger, code, machine.extent(self.elf, "boot_stacks")[1] - len(code[0]) - 64)

    def unexpected(self, debugger):
        """An interrupt that the kernel knows nothing of, in user mode: C54."""
        # mov $0xfee00300, %eax; movl $0x44077, (%rax); 1: jmp 1b
        code = bytes.fromhex("b80003e0fe" "c70077400400" "ebfe"), 11
        debugger.run_to(machine.symbol(self.elf, "trap_handle"))
        execute(debugger, code, machine.extent(self.elf, "boot_stacks")[1] - 64)

    def judge(self, tap):
        """When the machine has ended: then nothing more comes from its socket."""
        self.thread.join()
        self.folder.cleanup()
        tap.ok(not self.error, "all that comes from outside was sent", f"{self.error}")


def assemble(objdump, source, folder):
    """The bytes, and where in them its end is, the symbol done."""
    program, image = os.path.join(folder, "code.o"), os.path.join(folder, "code.bin")
    subprocess.run([objdump.replace("objdump", "as"), "-o", program, source], check=True)
    subprocess.run([objdump.replace("objdump", "objcopy"), "-O", "binary", program, image],
                   check=True)
    with open(image, "rb") as file:
        return file.read(), machine.symbol(program, "done")


def execute(debugger, code, address):
    """Has the CPU that is stopped execute CODE there, up to its end, and puts those registers back
    that programs have: CR8 is the local APIC's too."""
    registers = debugger.ask("g")[:2 * GENERAL]
    data, end = code
    for at in range(0, len(data), 1024):
        debugger.write(address + at, data[at:at + 1024])
    debugger.set_register(PC, address)
    debugger.run_to(address + end)
    debugger.want_ok("G" + registers + debugger.ask("g")[len(registers):])
