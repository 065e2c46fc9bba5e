# SPDX-License-Identifier: MIT
"""What is done to an x86_64 machine from outside while it runs, by QEMU's gdbstub and monitor."""

import os
import subprocess

import debugger
import machine
import swapgs
from codegen import disassembly
from codegen.isa import ISAS
from debugger import GENERAL, PC, RAX, RCX, RDX, SS

# Uncorrected, enabled, valid; in a bank that says no more. RIPV and MCIP: it can be returned from.
MACHINE_CHECK = "mce {} 9 0xb200000000000000 5 0 0"

# C50: user code's page is here (arch/x86_64/user.c), and this MSR says SYSRET's selectors.
USER_ADDRESS, MSR_STAR = 1 << 39, 0xc0000081


class Outside(debugger.Outside):
    """The scenario says what is done, by the name of a method."""

    def __init__(self, scenario, elf, settings):
        self.two_tables = "tables=1" in scenario.append
        self.objdump = settings.objdump
        self.done_to_it = getattr(self, scenario.outside)
        super().__init__(scenario, elf, settings)

    def act(self, client):
        self.done_to_it(client)
        client.detach()

    def everywhere(self, client):
        """A machine check before each instruction, and an NMI before each of #DB's entry."""
        client.run_to(self.symbol("serve_test"))
        border = swapgs.Border(self.elf, self.objdump, self.two_tables)
        taken = self.symbol("ist_machine_check")
        for place in border.places + border.nested:
            cpu = client.run_to(place.runs_at)
            client.monitor(MACHINE_CHECK.format(cpu))
            # Until it is taken: if an NMI waited as well, that would come first, and the machine
            # check in its handler, where it is fatal.
            client.run_to(taken)
        for place in border.nested:
            client.run_to(place.address)
            client.monitor("nmi")
        self.done(client, "ist_handle")

    def done(self, client, function):
        """In a function of the kernel's: its page table is on."""
        client.run_to(self.symbol(function))
        client.write(self.symbol("test_done"), bytes([1]))

    def in_nmi(self, client):
        """A machine check where an NMI's handler begins."""
        client.run_to(self.symbol("serve_test"))
        client.monitor("nmi")
        cpu = client.run_to(self.symbol("ist_nmi"))
        client.monitor(MACHINE_CHECK.format(cpu))

    def sysret_of_amd(self, client):
        """SS behind each SYSRET as AMD's CPUs leave it: its selector is IA32_STAR's + 8, where Intel's
        and QEMU's put ring 3 in (AMD64 Architecture Programmer's Manual volume 3, "SYSRET")."""
        functions = disassembly.disassemble(self.objdump, self.elf, ISAS["x86_64"])
        star = self.written_star(client, functions["arch_user_init"])
        client.run_to(self.symbol("serve_test"))
        border = functions["user_border"].code
        behind = [after.address for call, after in zip(border, border[1:])
                  if call.mnemonic == "syscall"][:2]
        for address in behind * 3:
            client.run_to(USER_ADDRESS + address - self.symbol("user_programs"))
            client.set_register(SS, (star >> 48) + 8)
        self.done(client, "trap_handle")

    def written_star(self, client, function):
        for instruction in function.code:
            if instruction.mnemonic == "wrmsr":
                client.run_to(instruction.address)
                if client.register(RCX) == MSR_STAR:
                    return client.register(RDX) << 32 | client.register(RAX)
        raise ValueError("arch_user_init does not write IA32_STAR")

    def stray(self, client):
        """CPU 1 comes up and is not in the list: C51."""
        client.run_to(self.symbol("ap_start64"))
        client.write(self.symbol("ap_apic_ids") + 4, bytes([77, 0, 0, 0]))

    def as_firmware_may(self, client):
        """What firmware.S does to interrupts, before the kernel sets them up: C54."""
        folder = os.path.dirname(os.path.abspath(__file__))
        code = assemble(self.objdump, os.path.join(folder, "firmware.S"), self.folder.name)
        client.run_to(self.symbol("arch_interrupts_init"))
        # The stack of a CPU that this machine does not have.
        execute(client, code, machine.extent(self.elf, "boot_stacks")[1] - len(code[0]) - 64)

    def unexpected(self, client):
        """An interrupt that the kernel knows nothing of, in user mode: C54."""
        # mov $0xfee00300, %eax; movl $0x44077, (%rax); 1: jmp 1b
        code = bytes.fromhex("b80003e0fe" "c70077400400" "ebfe"), 11
        client.run_to(self.symbol("trap_handle"))
        execute(client, code, machine.extent(self.elf, "boot_stacks")[1] - 64)


def assemble(objdump, source, folder):
    """The bytes, and where in them its end is, the symbol done."""
    program, image = os.path.join(folder, "code.o"), os.path.join(folder, "code.bin")
    subprocess.run([objdump.replace("objdump", "as"), "-o", program, source], check=True)
    subprocess.run([objdump.replace("objdump", "objcopy"), "-O", "binary", program, image],
                   check=True)
    with open(image, "rb") as file:
        return file.read(), machine.symbol(program, "done")


def execute(client, code, address):
    """Has the CPU that is stopped execute CODE there, up to its end, and puts those registers back
    that programs have: CR8 is the local APIC's too."""
    registers = client.ask("g")[:2 * GENERAL]
    data, end = code
    for at in range(0, len(data), 1024):
        client.write(address + at, data[at:at + 1024])
    client.set_register(PC, address)
    client.run_to(address + end)
    client.want_ok("G" + registers + client.ask("g")[len(registers):])
