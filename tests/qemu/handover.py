# SPDX-License-Identifier: MIT
"""What a loader or firmware leaves, set by a debugger where an aarch64 kernel's own code begins;
and what a kernel without a console has said: what is in the text `unheard` when it stops."""

import os
import tempfile
import threading

import machine
from debugger import Debugger

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


class Outside:
    """Does it, to the machine that waits for it."""

    def __init__(self, scenario, elf, settings):
        self.handover, self.elf, self.timeout = scenario.handover, elf, settings.timeout
        self.error, self.heard = "it has not come to its end", ""
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "gdb")
        scenario.qemu = [*scenario.qemu, "-S", "-gdb", f"unix:{self.path},server=on,wait=off"]
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def symbol(self, name):
        return machine.symbol(self.elf, name)

    def work(self):
        debugger = None
        try:
            debugger = Debugger(self.path, self.timeout, PC)
            debugger.run_to(self.symbol("boot_start"))
            if self.handover.x0 is not None:
                debugger.set_register(X0, self.handover.x0)
            if self.handover.reads:
                function, offset, instruction = self.handover.reads
                debugger.write(self.symbol(function) + offset, instruction)
            if self.handover.unheard:
                debugger.run_to(self.symbol("arch_halt"))
                text = debugger.ask(f"m{self.symbol('unheard'):x},{UNHEARD_SIZE:x}")
                self.heard = bytes.fromhex(text).split(b"\0")[0].decode()
                debugger.kill()
            else:
                debugger.detach()
            self.error = None
        except (OSError, ValueError) as error:
            self.error = error
            if debugger:
                debugger.kill()

    def judge(self, tap):
        self.thread.join()
        self.folder.cleanup()
        tap.ok(self.error is None, "the debugger has done its part", f"{self.error}")
        if self.handover.unheard:
            tap.ok(self.handover.unheard in self.heard,
                   f"unheard, it says: {self.handover.unheard}", self.heard)
