#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Starts all CPUs, at once and one after the other, and keeps what it takes. Called by make bench.

    start.py ARCH IMAGE MOST RESULT

Instructions are counted twice under -icount, for up to MOST CPUs: what the two counts are if they
agree, and from which to which if not. Time is QEMU's without it, on this machine, for few CPUs: the
median of what one after the other takes, as a ratio to at once right before. The environment is
that of count.py.
"""

import json
import os
import statistics
import sys

import count

CPUS = (1, 2, 4, 8, 16, 32, 64)
TIMED = (2, 4, 8, 16)
REPEATS = 3
WAYS = {"at once": 0, "one by one": 1}
# x86_64 measures its clock for 20 ms, which are as many instructions as this says: 5 million. The
# generic timer of aarch64 has to tick for each.
SHIFT = {"x86_64": 2}
QEMU = {"aarch64": ["-cpu", "neoverse-n1,cntfrq=1000000000"]}


def start(arch, image, cpus, serial, icount):
    """What one start found, in ticks of its clock."""
    more = QEMU.get(arch, []) + ["-smp", str(cpus)]
    if icount:
        more += ["-icount", f"shift={SHIFT.get(arch, 0)}"]
    found = count.start(f"{arch} start, {cpus} CPUs", image, more,
                        f"start=1 serial={serial} skip={int(icount)}")
    return {what: ticks for (who, what), ticks in found.items() if who == "start"}


def instructions(arch, image, cpus, serial):
    """Least and most, before the first start and from there on."""
    shift = SHIFT.get(arch, 0)
    counts = [start(arch, image, cpus, serial, True) for _ in range(2)]
    return {what: [min(c[what] for c in counts) >> shift, max(c[what] for c in counts) >> shift]
            for what in ("prepare", "start")}


def ratio(arch, image, cpus):
    """Of one after the other to at once."""
    ratios = []
    for _ in range(REPEATS):
        once, serial = (start(arch, image, cpus, serial, False)["elapsed"]
                        for serial in WAYS.values())
        ratios.append(serial / once)
    return statistics.median(ratios)


def main():
    """All of it."""
    arch, image, most, result = sys.argv[1:]
    found = {"instructions": {way: {cpus: instructions(arch, image, cpus, serial)
                                    for cpus in (*CPUS, int(most))}
                              for way, serial in WAYS.items()},
             "ratio": {cpus: ratio(arch, image, cpus) for cpus in TIMED}}
    with open(result, "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
