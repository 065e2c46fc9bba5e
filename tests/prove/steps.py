# SPDX-License-Identifier: MIT
"""Has QEMU execute single instructions, from random registers and memory, through its gdbstub, and
compares with what the decoder says that they do."""

import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "../qemu"))

# pylint: disable=wrong-import-position
from debugger import Debugger
from percpu_tools import aarch64, riscv
from percpu_tools.machine import MASK, value_of, walk

TIMEOUT = 600
ROUNDS = 2
REACH = 1 << 16


class Board:
    """A stopped machine: its decoder, where its RAM is, and its registers as the gdbstub has them:
    each of 8 bytes but the last, the flags, of 4."""

    def __init__(self, decoder, ram, arguments, names, flags=None):
        self.decoder, self.ram, self.arguments = decoder, ram, arguments
        self.names, self.flags = names, flags
        self.code = ram + 0x10000
        self.data = ram + 0x100000


BOARDS = {
    "riscv64": Board(riscv, 0x80000000, ["-machine", "virt", "-bios", "none"],
                     [f"x{n}" for n in range(32)] + ["pc"]),
    # From EL2 both registers can be had.
    "aarch64": Board(aarch64, 0x40000000, ["-machine", "virt,virtualization=on", "-cpu",
                                           "cortex-a57"],
                     [f"x{n}" for n in range(31)] + ["sp", "pc"], "cpsr"),
}
# msr tpidr_el1, x0 and msr tpidr_el2, x0.
WRITES = {"tpidr_el1": 0xd518d080, "tpidr_el2": 0xd51cd040}


class Cpu:
    """The machine's CPU."""

    def __init__(self, board, debugger):
        self.board, self.debugger = board, debugger
        self.rest = bytes.fromhex(debugger.ask("g"))[8 * len(board.names) + 4:]
        self.cpsr = self.registers().get("cpsr", 0)

    def registers(self):
        """All of them, by name; the flags each by itself too."""
        data = bytes.fromhex(self.debugger.ask("g"))
        words = [int.from_bytes(data[n:n + 8], "little") for n in range(0, len(data), 8)]
        found = dict(zip(self.board.names, words))
        if self.board.flags:
            at = 8 * len(self.board.names)
            found["cpsr"] = int.from_bytes(data[at:at + 4], "little")
            found.update({flag: found["cpsr"] >> 31 - n & 1 for n, flag in enumerate("nzcv")})
        return found

    def set(self, registers):
        """Sets all of them."""
        data = b"".join(registers[name].to_bytes(8, "little") for name in self.board.names)
        if self.board.flags:
            flags = sum(registers[flag] << 31 - n for n, flag in enumerate("nzcv"))
            data += (self.cpsr & 0x0fffffff | flags).to_bytes(4, "little") + self.rest
        self.debugger.want_ok("G" + data.hex())

    def step(self, registers, code):
        """The registers after the instruction, whose bytes are CODE."""
        self.debugger.write(self.board.code, code)
        self.set({**registers, "pc": self.board.code})
        self.debugger.ask("s")
        return self.registers()

    def read(self, address, size):
        """Memory."""
        return bytes.fromhex(self.debugger.ask(f"m{address:x},{size:x}"))


def addresses(i):
    """All that an instruction accesses: (size, expression)."""
    return [*i.loads, *((size, address) for size, address, _ in i.stores)]


def drawn(board, i, rng):
    """Registers for an instruction that accesses the data only; others may hold anything."""
    for _ in range(1000):
        values = {name: rng.choice((rng.getrandbits(64), rng.getrandbits(8)))
                  for name in board.names + list("nzcv") + list(WRITES)}
        values.update({flag: rng.getrandbits(1) for flag in "nzcv"})
        values["x0" if board.decoder is riscv else ""] = 0
        base, *others = sorted({node[1] for _, address in addresses(i) for node in walk(address)
                                if node[0] == "reg"}, key=lambda _: rng.random()) or [""]
        values.update({name: rng.randrange(0, REACH, 16) for name in others})
        values[base] = board.data + rng.randrange(REACH // 2, REACH)
        values["sp"] = values.get("sp", 0) & ~15
        places = [value_of(address, values, None) for _, address in addresses(i)]
        # A pair is to be aligned as a whole: some of them must be.
        if all(board.data <= place < board.data + 4 * REACH for place in places) and \
                not (places and min(places) % (addresses(i)[0][0] * len(places))):
            return values
    raise ValueError(f"no registers make the addresses of {i.text} aligned, and in memory")


def differs(cpu, i, code, rng):
    """What an instruction does otherwise than the decoder says; empty if nothing."""
    values = drawn(cpu.board, i, rng)
    for name in set(WRITES) & i.reads:
        cpu.step({**values, "x0": values[name]}, WRITES[name].to_bytes(4, "little"))
    for size, address in i.loads:
        cpu.debugger.write(value_of(address, values, None), rng.randbytes(size))
    load = lambda size, at: int.from_bytes(cpu.read(at, size), "little")
    wanted = {**values, **{name: value_of(e, values, load) for name, e in i.sets
                           if e != ("status",)}, "pc": i.end}
    if i.branch and value_of(i.branch[0], values, load):
        wanted["pc"] = i.branch[1]
    wanted["x0" if cpu.board.decoder is riscv else ""] = 0
    after = cpu.step(values, code)
    names = [n for n in [*cpu.board.names, *(cpu.board.flags and "nzcv" or "")]
             if (n, ("status",)) not in i.sets]
    wrong = [f"{n} is {after[n]:#x}, not {wanted[n]:#x}" for n in names if after[n] != wanted[n]]
    for size, address, value in () if i.exclusive else i.stores:
        there = load(size, value_of(address, values, load))
        if there != value_of(value, values, load) & MASK >> 64 - 8 * size:
            wrong.append(f"{there:#x} is stored")
    return "; ".join(wrong)


def check(tap, arch, qemu, codes):
    """Each instruction of CODES, {bytes: where it is}, some times."""
    board, rng, wrong = BOARDS[arch], random.Random(13), []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "gdb")
        with subprocess.Popen([qemu, *board.arguments, "-m", "64", "-display", "none", "-serial",
                               "none", "-monitor", "none", "-S", "-gdb",
                               f"unix:{path},server=on,wait=off"]) as machine:
            try:
                cpu = Cpu(board, Debugger(path, TIMEOUT))
                for code in sorted(codes):
                    i = board.decoder.decode(lambda at, size, code=code: code[:size], board.code)
                    for _ in range(ROUNDS):
                        if fault := differs(cpu, i, code, rng):
                            wrong.append(f"{i.text}: {fault}")
                            break
            finally:
                machine.kill()
    tap.ok(len(codes) > 100, f"{arch}: {len(codes)} different instructions are in sequences")
    tap.none(wrong, f"{arch}: QEMU does with each, {ROUNDS} times, what the decoder says")
