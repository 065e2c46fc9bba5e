#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Starts the kernel that counts instructions, and keeps what it counts. Called by make bench.

    count.py ARCH MODE IMAGE RESULT

It starts QEMU once for each number of areas, with one CPU; the other CPUs would be counted with it.
What an operation costs must be the same every time: anything else is an error, and is named. The
rest is in the environment: BENCH_QEMU, the command; BENCH_COMPILER, the compiler's version;
BENCH_TIMEOUT, the seconds after which the kernel is taken to hang; BENCH_SIZE, GNU size, and
BENCH_LIBRARY, the archive whose bytes it counts.
"""

import json
import os
import re
import shlex
import subprocess
import sys

import members
from run import Run, parse

AREAS = (1, 2, 4, 8, 16, 32, 64, 128)
RESULT = re.compile(r"(\S+) (\S+) (-?\d+)")


def fail(sentence, run=None):
    """Ends this program."""
    print(f"bench: {sentence}", file=sys.stderr)
    if run:
        print("\n".join("  " + line for line in run.lines[-15:]), file=sys.stderr)
        print(f"  to run it by hand: {shlex.join(run.command)}", file=sys.stderr)
    sys.exit(1)


def start(name, image, settings, append):
    """One start of the kernel: what it counted, as {(who, what): instructions}."""
    command = shlex.split(os.environ["BENCH_QEMU"]) + settings + [
        "-kernel", image, "-append", append]
    run = Run(command, f"{image}.log", float(os.environ["BENCH_TIMEOUT"]))
    plans, results, bail = parse(run.lines)
    failed = [text for passed, _, text in results if not passed]
    if bail:
        fail(f"{name}, {append}: {bail}", run)
    if failed:
        fail(f"{name}, {append}: not exact, or wrong: {'; '.join(failed)}", run)
    if plans != [len(results)]:
        fail(f"{name}, {append}: planned {plans} results, gave {len(results)}; "
             f"the machine {run.end}", run)
    found = (RESULT.fullmatch(text) for _, _, text in results)
    return {(match[1], match[2]): int(match[3]) for match in found if match}


def qemu_version():
    """The first line of what QEMU says."""
    program = shlex.split(os.environ["BENCH_QEMU"])[0]
    return subprocess.run([program, "--version"], check=True, capture_output=True,
                          text=True).stdout.splitlines()[0]


def library_sizes():
    """
    Bytes of what each kernel has of the archive: code and constants, and what of it percpu_strerror
    is; RAM that it has once; RAM in each CPU's area. And the code and constants of all of it.
    """
    command = [os.environ["BENCH_SIZE"], os.environ["BENCH_LIBRARY"]]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    # text, data, bss, dec, hex, and the member's name
    found = {line.split()[5]: tuple(map(int, line.split()[:3])) for line in lines[1:]}
    text, data, bss = map(sum, zip(*(found[name] for name in members.STATIC)))
    sections = subprocess.run([*command, "-A"], check=True, capture_output=True, text=True).stdout
    # percpu.ld discards .percpu.script.
    each, not_linked = (sum(map(int, re.findall(rf"^\.percpu\.{name}\S* +(\d+)", sections,
                                                re.MULTILINE)))
                        for name in ("reserved", "script"))
    return {"text": text, "sentences": found["error.o"][0], "once": data + bss - each - not_linked,
            "each": each, "whole": sum(size[0] for size in found.values())}


def main():
    """All numbers of areas in mode none, where they are told; in the others two starts do."""
    arch, mode, image, result = sys.argv[1:]
    name = f"{arch} {mode}"
    growth, operations = {}, None
    for areas in AREAS if mode == "none" else (1, 128):
        counts = start(name, image, ["-icount", "shift=0", "-smp", "1"], f"areas={areas}")
        growth[areas] = {what: n for (who, what), n in counts.items() if who == "all"}
        rest = {key: n for key, n in counts.items() if key[0] != "all"}
        differing = [f"{' '.join(key)}: {operations[key]}, then {n}" for key, n in rest.items()
                     if operations and operations.get(key) != n]
        if differing:
            fail(f"{name}: two runs do not agree: {'; '.join(differing)}")
        operations = rest
    nested = {}
    for (who, what), instructions in operations.items():
        nested.setdefault(who, {})[what] = instructions
    with open(result, "w", encoding="utf-8") as file:
        json.dump({"arch": arch, "mode": mode, "compiler": os.environ["BENCH_COMPILER"],
                   "qemu": qemu_version(), "size": library_sizes(), "instructions": nested,
                   "growth": growth,
                   "lookup": {where: nested.pop(where) for where in ("inside", "outside")}}, file,
                  indent=1)


if __name__ == "__main__":
    main()
