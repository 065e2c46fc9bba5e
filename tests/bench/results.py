# SPDX-License-Identifier: MIT
"""What the parts of make bench have left, read into one tree; and what the names in it mean."""

import datetime
import glob
import json
import os
import platform

OPERATIONS = ("read", "write", "add", "inc", "add_return", "xchg", "cmpxchg", "pointer")
MODES = ("none", "hooks", "restart")
ARCHS = ("x86_64", "aarch64", "riscv64")

# Contestants beside ours: the heading, and what kind it is. SAFE: any operation may be interrupted,
# and its thread moved to another CPU, at any point: what libpercpu gives in modes hooks and restart.
# LESS: an update may not. ONE: safe, but not per CPU.
SAFE, LESS, ONE = "safe", "less", "one"
PEERS = {
    "crate": ("ArceOS crate", LESS),
    "linux": ("Linux", SAFE),
    "linux-lse": ("Linux, LSE", SAFE),
    "linux-2026": ("Linux, 2026", SAFE),
    "irqs-off": ("interrupts off", SAFE),
    "table": ("offset table", LESS),
    "array": ("array", LESS),
    "array-unpadded": ("array, unpadded", LESS),
    "tls": ("thread-local", LESS),
    "shared": ("one atomic", ONE),
    "shared-lse": ("one atomic, LSE", ONE),
}


def cpu_model():
    """What Linux calls this machine's CPU."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
    except OSError:
        return platform.processor()
    fields = {name.strip(): value.strip() for name, value in fields.items()}
    if "model name" not in fields:
        return platform.machine()
    return (f"{fields['model name']} (family {fields.get('cpu family')}, "
            f"model {fields.get('model')})")


def cpu_maker():
    """Who made it, as the CPU itself says."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.split(":")[1].strip() for line in file
                         if line.startswith("vendor_id")), platform.machine())
    except OSError:
        return platform.machine()


def read_host(path):
    """The host's lines, by their first word."""
    host = {"operations": {}, "forms": {}, "threads": {}, "sharing": {}, "areas": {},
            "restart": {}, "blocks": {}, "dynamic": {}, "cache": {}}
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    for what, *rest in lines:
        if what == "operation":
            way, who, operation, time, ratio = rest
            host["operations"].setdefault(way, {}).setdefault(who, {})[operation] = {
                "ns": float(time), "ratio": float(ratio)}
        elif what == "form":
            host["forms"][rest[0]] = {"ns": float(rest[1]), "ratio": float(rest[2])}
        elif what == "areas":
            cpus, size, time, ratio = rest
            host["areas"].setdefault(int(cpus), {})[int(size)] = {
                "ns": float(time), "ratio": float(ratio)}
        elif what == "restart":
            host["restart"][int(rest[0])] = float(rest[1])
        elif what == "block":
            how, job, who, time, ratio = rest
            host["blocks"].setdefault(job, {}).setdefault(who, {})[how] = {
                "ns": float(time), "ratio": float(ratio)}
        elif what == "dynamic":
            level, part, at, *numbers = rest
            host["dynamic"].setdefault(level, {}).setdefault(part, {})[int(at)] = [
                float(number) for number in numbers]
        elif what == "cache":
            way, who, time, ratio = rest
            host["cache"].setdefault(who, {})[way] = {"ns": float(time), "ratio": float(ratio)}
        elif what == "threads":
            host["threads"].setdefault(rest[0], {})[int(rest[1])] = float(rest[2])
        elif what == "sharing":
            host["sharing"].setdefault(rest[0], {})[int(rest[1])] = float(rest[2])
        else:
            host[what] = " ".join(rest)
    return host


def read_start(part):
    """Numbers of CPUs as numbers again."""
    return {"instructions": {way: {int(n): counts for n, counts in by_cpus.items()}
                             for way, by_cpus in part["instructions"].items()},
            "ratio": {int(n): ratio for n, ratio in part["ratio"].items()}}


def read(directory):
    """Everything, as bench.json has it."""
    found = {"date": datetime.date.today().isoformat(), "machine": cpu_model(),
             "maker": cpu_maker(), "cpus": os.cpu_count(), "compilers": {}, "qemu": {},
             "sizes": {}, "instructions": {},
             "growth": {}, "lookup": {}, "start": {}}
    for path in sorted(glob.glob(os.path.join(directory, "*.json"))):
        with open(path, encoding="utf-8") as file:
            part = json.load(file)
        arch, mode = part["arch"], part["mode"]
        found["compilers"][arch] = part["compiler"]
        found["qemu"][arch] = part["qemu"]
        found["instructions"].setdefault(arch, {})[mode] = part["instructions"]
        found["sizes"].setdefault(arch, {})[mode] = part["size"]
        if mode == "none":
            found["lookup"][arch] = {where: {int(n): count for n, count in counts.items()}
                                     for where, counts in part["lookup"].items()}
            found["growth"][arch] = {int(n): what for n, what in part["growth"].items()}
            with open(os.path.join(directory, f"start-{arch}"), encoding="utf-8") as file:
                found["start"][arch] = read_start(json.load(file))
    found["host"] = read_host(os.path.join(directory, "host.txt"))
    return found


class Results:
    """The tree, with the questions that the tables and plots ask."""

    def __init__(self, directory):
        self.tree = read(directory)
        instructions = self.tree["instructions"]
        self.archs = [arch for arch in ARCHS if arch in instructions]
        self.modes = [mode for mode in MODES if any(mode in instructions[a] for a in self.archs)]
        self.peers = [peer for peer in PEERS
                      if any(self.peer(arch, peer) for arch in self.archs)]

    def ours(self, arch, mode, operation, kind="near"):
        """Instructions of an operation of ours."""
        return self.tree["instructions"][arch].get(mode, {}).get(kind, {}).get(operation)

    def columns(self, arch):
        """Ours: a heading and a function of the operation, for each mode and for LSE."""
        for mode in self.modes:
            yield mode, lambda what, mode=mode: self.ours(arch, mode, what)
            if mode == "none" and "aarch64" in self.archs:
                yield "none, LSE", lambda what: self.ours(arch, "none", what, "near-lse")

    def peer(self, arch, peer, operation=None):
        """Instructions of a peer's operation, or all of them. What is not there is None."""
        operations = self.tree["instructions"][arch]["none"].get(peer, {})
        return operations.get(operation) if operation else operations

    def safest(self, arch, operation):
        """Instructions of ours in the mode that needs no pinned caller, and costs the least."""
        mode = "restart" if "restart" in self.modes else "hooks"
        return self.ours(arch, mode, operation), mode
