# SPDX-License-Identifier: MIT
"""Judges kernels/usermode: whether each CPU has had what the kernel is about, and where it faulted."""

import re

import machine

ROUNDS = re.compile(r"cpu (\d+): user code finds in every register what it wrote, (\d+) times$", re.M)
COUNTS = re.compile(r"cpu (\d+): its variables have counted what it has seen: (\d+) calls, (\d+) "
                    r"interrupts in user mode, (\d+) in calls, (\d+) traps inside these, (\d+) faults$",
                    re.M)
FAULT = re.compile(r"user code cannot (.*): (.*) \(address 0x([0-9a-f]+)\)$", re.M)
PROGRAMS = {"read the kernel's memory": "secret", "write the kernel's memory": "secret",
            "execute the kernel's code": "kernel_main", "execute a privileged instruction": None}
ROUNDS_A_RUN = 20  # USER_ROUNDS of arch/user.h


def judge(tap, lines, scenario, elf):
    """LINES are the kernel's."""
    text = "\n".join(lines)
    rounds = [tuple(map(int, line)) for line in ROUNDS.findall(text)]
    counts = [tuple(map(int, line)) for line in COUNTS.findall(text)]
    numbers = list(range(int(scenario.smp)))
    tap.ok([r[0] for r in rounds] == numbers and [c[0] for c in counts] == numbers,
           f"CPUs 0 to {numbers[-1]} report", f"{rounds} {counts}")
    # Each run of user_rounds ends with one call more.
    tap.ok(all(r > 0 and c == r + r // ROUNDS_A_RUN
               for (_, r), (_, c, *_) in zip(rounds, counts)), "as many calls as rounds and ends",
           f"{rounds} {counts}")
    tap.ok(all(user and kernel and inside for _, _, user, kernel, inside, _ in counts),
           "every CPU was interrupted in user mode, in calls, and inside the handlers")
    tap.ok(all(c[5] == len(PROGRAMS) for c in counts), "every CPU had all the faults, and went on")
    faults = {what: int(address, 16) for what, _, address in FAULT.findall(text)}
    wanted = {what: machine.symbol(elf, name) if name else 0 for what, name in PROGRAMS.items()}
    tap.ok(faults == wanted, "the faults are at the addresses that they must be at",
           f"they are {faults}, not {wanted}")
