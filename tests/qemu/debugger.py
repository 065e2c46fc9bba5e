# SPDX-License-Identifier: MIT
"""A client of QEMU's gdbstub: stops the machine before an instruction, and has something happen to
the CPU there. GDB Remote Serial Protocol, as much of it as that takes."""

import os
import socket
import tempfile
import threading
import time

import machine

# Where they are among the registers of x86_64, in bytes; a selector has four.
RAX, RCX, RDX, PC, SS = 0, 16, 24, 128, 144
GENERAL = 164  # up to here those, RFLAGS and the selectors


class Debugger:
    """Attached to a machine that waits for it (-S)."""

    def __init__(self, path, timeout, pc=PC):
        self.pc = pc
        self.deadline = time.monotonic() + timeout
        self.socket = self.connect(path)
        self.rest = b""

    def connect(self, path):
        """QEMU makes the socket some time after it was started."""
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(path)
                return connection
            except (FileNotFoundError, ConnectionRefusedError):
                connection.close()
                if time.monotonic() > self.deadline:
                    raise
                time.sleep(0.01)

    def receive(self):
        """The next packet's text, acknowledged."""
        while b"#" not in self.rest or len(self.rest.split(b"#", 1)[1]) < 2:
            self.socket.settimeout(max(self.deadline - time.monotonic(), 0.001))
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("the machine has ended")
            self.rest += data
        packet, self.rest = self.rest.split(b"#", 1)
        self.rest = self.rest[2:]  # the sum: nothing is lost on a socket
        self.socket.sendall(b"+")
        return packet.split(b"$", 1)[1].decode()

    def send(self, text):
        data = text.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) % 256))

    def ask(self, text):
        self.send(text)
        return self.receive()

    def want_ok(self, text):
        answer = self.ask(text)
        if answer != "OK":
            raise ValueError(f"QEMU's gdbstub answers {answer!r} to {text!r}")

    def register(self, at):
        return int.from_bytes(bytes.fromhex(self.ask("g"))[at:at + 8], "little")

    def set_register(self, at, value):
        size = 4 if at == SS else 8
        registers = bytearray.fromhex(self.ask("g"))
        registers[at:at + size] = value.to_bytes(size, "little")
        self.want_ok("G" + registers.hex())

    def run_to(self, address):
        """Until a CPU is about to execute the instruction there. Returns that CPU's index."""
        self.want_ok(f"Z1,{address:x},1")
        while True:
            stop = self.ask("c")
            if self.register(self.pc) == address:
                break
            # Another CPU had come to the place before, at the same time as the first.
        self.want_ok(f"z1,{address:x},1")
        thread = stop.split("thread:")[1].split(";")[0]
        return int(thread.split(".")[-1], 16) - 1

    def monitor(self, command):
        """A command of QEMU's monitor; what it says is an error."""
        self.send("qRcmd," + command.encode().hex())
        said = ""
        while (answer := self.receive()) != "OK":
            said += bytes.fromhex(answer[1:]).decode() if answer.startswith("O") else answer
        if said:
            raise ValueError(f"QEMU says to {command!r}: {said.strip()}")

    def write(self, address, data):
        self.want_ok(f"M{address:x},{len(data):x}:{data.hex()}")

    def kill(self):
        """Ends the machine, which would stay stopped, if it has not ended."""
        try:
            self.send("k")
        except OSError:
            pass
        self.socket.close()

    def detach(self):
        """The machine goes on by itself, and may have ended before it hears that it was heard."""
        try:
            self.want_ok("D")
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.socket.close()


class Outside:
    """What is done to a machine from outside while it runs. It waits until act(), which a subclass
    has, sets it going, in a thread; and if that fails it is ended."""

    pc = PC

    def __init__(self, scenario, elf, settings):
        self.elf, self.timeout = elf, settings.timeout
        self.error = "it has not come to its end"
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
            debugger = Debugger(self.path, self.timeout, self.pc)
            self.act(debugger)
            self.error = None
        except (OSError, ValueError) as error:
            self.error = error
            if debugger:
                debugger.kill()

    def judge(self, tap):
        """When the machine has ended: then nothing more comes from its socket."""
        self.thread.join()
        self.folder.cleanup()
        tap.ok(self.error is None, "all that comes from outside was done", f"{self.error}")
