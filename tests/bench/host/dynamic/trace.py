#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes trace.inc: what a kernel that mounts, connects and groups asks of percpu_alloc.

    trace.py > trace.inc

The kernel is made up; sizes and lifetimes are as such things have them: a counter of 4 or 8 bytes
for nearly everything, a structure of statistics for an interface, a large one for a group of
processes. Each line is {which, size, align}; size 0 ends that one. Run once: what it gave is kept,
so that all measure the same.
"""

import random

# What one of each is made of: (size, align), and how long it stays, in events of its kind.
BOOT = [(4, 4)] * 30 + [(8, 8)] * 40 + [(64, 64)] * 12 + [(256, 64), (512, 64), (2048, 64)]
MOUNT = ([(4, 4), (4, 4), (32, 8)], 40)
INTERFACE = ([(208, 8), (8, 8), (128, 64)], 12)
GROUP = ([(1024, 64), (8, 8), (8, 8), (40, 8)], 6)
KINDS = ((MOUNT, 6), (INTERFACE, 2), (GROUP, 3))
EVENTS = 150


def main():
    """All lines, from one seed."""
    chance, lines, count = random.Random(14), [], 0
    staying = {id(kind): [] for kind, _ in KINDS}

    def make(parts):
        nonlocal count
        made = list(range(count, count + len(parts)))
        lines.extend(f"{{{which}, {size}, {align}}}," for which, (size, align) in zip(made, parts))
        count += len(parts)
        return made

    make(BOOT)
    for _ in range(EVENTS):
        kind = chance.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
        parts, most = kind
        there = staying[id(kind)]
        there.append(make(parts))
        while len(there) > most or there and chance.random() < 0.35:
            gone = there.pop(chance.randrange(len(there)))
            lines.extend(f"{{{which}, 0, 0}}," for which in gone)
    print("/* SPDX-License-Identifier: MIT */\n/* Made by trace.py. */")
    for start in range(0, len(lines), 5):
        print(" ".join(lines[start:start + 5]))


main()
