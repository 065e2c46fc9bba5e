#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Has gdb-multiarch use the commands of tools/gdb-percpu.py on a kernel under QEMU, by QEMU's own
stub. Called by make gdb-test, through prove. The last argument names the test: what is done in GDB
is in inside.py, which prints the results, and a method there for each.

TEST_KERNEL is the kernel smp, with same_name.c linked into it; beside it are kernel usermode,
faces, which is smp with faces.c and faces.cc, and hotplug.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
COMMANDS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "tools", "gdb-percpu.py")
CPUS, SEED = 4, 0x5eed
OTHERS = {"user-mode": "usermode.elf", "faces": "faces.elf", "handles": "hotplug.elf"}


def built(name):
    """The kernel as make has built it."""
    elf = os.path.abspath(os.environ["TEST_KERNEL"])
    return os.path.join(os.path.dirname(elf), OTHERS.get(name, os.path.basename(elf)))


def qemu(name, folder):
    """The machine, stopped before its first instruction, and the socket of its stub."""
    socket = os.path.join(folder, "gdb")
    image = os.path.splitext(built(name))[0] + "." + os.environ["TEST_FORMAT"]
    command = [*shlex.split(os.environ["TEST_QEMU"]), *shlex.split(os.environ["TEST_ACCEL"]),
               "-smp", str(1 if name == "single" else CPUS), "-kernel", image,
               "-append", f"seed={SEED}", "-S", "-gdb", f"unix:{socket},server=on,wait=off"]
    with open(os.path.join(os.environ["TEST_OUT"], name + ".qemu"), "wb") as log:
        machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    while not os.path.exists(socket) and machine.poll() is None:
        time.sleep(0.01)
    return machine, socket


def kernel(name, folder):
    """The ELF file that GDB gets."""
    elf = built(name)
    if name not in ("untyped", "by-itself"):
        return elf
    copy = os.path.join(folder, "kernel.elf")
    if name == "untyped":
        subprocess.run([os.environ["TEST_OBJCOPY"], "--remove-section=.debug_*", elf, copy],
                       check=True)
    else:
        shutil.copy(elf, copy)
        os.symlink(COMMANDS, copy + "-gdb.py")
    return copy


def debug(name, elf, folder, before=(), behind=()):
    """Has GDB do it; its exit status. What it says to itself is kept apart from the results."""
    environment = {**os.environ, "TEST_NAME": name, "TEST_ELF": elf, "TEST_FOLDER": folder,
                   "TEST_COMMANDS": COMMANDS, "TEST_CPUS": str(CPUS), "TEST_SEED": str(SEED)}
    with open(os.path.join(os.environ["TEST_OUT"], name + ".gdb"), "wb") as log:
        return subprocess.run(
            ["gdb-multiarch", "-q", "-nx", "-batch", *before, elf, *behind,
             "-x", os.path.join(HERE, "inside.py")],
            env=environment, stdin=subprocess.DEVNULL, stderr=log, check=False,
            timeout=float(os.environ["TEST_TIMEOUT"])).returncode


def on_machine(name, elf, folder):
    machine, socket = qemu(name, folder)
    try:
        return debug(name, elf, folder, behind=["-ex", f"target remote {socket}"])
    finally:
        machine.kill()
        machine.wait()


def main():
    name = sys.argv[-1]
    os.makedirs(os.environ["TEST_OUT"], exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        elf = kernel(name, folder)
        if name == "files":
            return debug(name, elf, folder)
        if name == "by-itself":
            safe = f"add-auto-load-safe-path {folder}:{os.path.dirname(COMMANDS)}"
            return debug(name, elf, folder, before=["-iex", safe])
        return on_machine(name, elf, folder)


if __name__ == "__main__":
    sys.exit(main())
