# SPDX-License-Identifier: MIT
"""What a loader or firmware leaves, set by a debugger where an aarch64 kernel's own code begins;
and what a kernel without a console has said: what is in the text `unheard` when it stops."""

import debugger

X0, PC = 0, 256  # among the registers of aarch64, in bytes
# In the place of an instruction that reads a register into x0: MOV x0, #0, and MOV x0, #-1.
READS_AS_0 = bytes.fromhex("000080d2")
READS_AS_1S = bytes.fromhex("00008092")
UNHEARD_SIZE = 512


class Handover:
    """X0 is what the register is to hold. READS are a function of assembly, an offset in it, and
    the instruction that takes the place of the one there. UNHEARD is said without a console."""

    def __init__(self, x0=None, reads=None, unheard=None):
        self.x0, self.reads, self.unheard = x0, reads, unheard


class Outside(debugger.Outside):
    """Does it."""

    pc = PC

    def __init__(self, scenario, elf, settings):
        self.handover, self.heard = scenario.handover, ""
        super().__init__(scenario, elf, settings)

    def act(self, client):
        client.run_to(self.symbol("boot_start"))
        if self.handover.x0 is not None:
            client.set_register(X0, self.handover.x0)
        if self.handover.reads:
            function, offset, instruction = self.handover.reads
            client.write(self.symbol(function) + offset, instruction)
        if self.handover.unheard:
            client.run_to(self.symbol("arch_halt"))
            text = client.ask(f"m{self.symbol('unheard'):x},{UNHEARD_SIZE:x}")
            self.heard = bytes.fromhex(text).split(b"\0")[0].decode()
            client.kill()
        else:
            client.detach()

    def judge(self, tap):
        super().judge(tap)
        if self.handover.unheard:
            tap.ok(self.handover.unheard in self.heard,
                   f"unheard, it says: {self.handover.unheard}", self.heard)
