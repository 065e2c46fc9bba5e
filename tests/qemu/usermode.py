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
SHARED = re.compile(r"user mode's page table has, of the kernel, 0x([0-9a-f]+) to 0x([0-9a-f]+): ")
PAGES = re.compile(r"user mode's page table has (\d+) pages of user code's, (\d+) of the \2 that "
                   r".*, 0 of the areas, 0 others")
ISOLATED = re.compile(r"cpu (\d+): (\d+) of \2 interrupts and faults have found user mode's", re.M)
# No page of it may be there: the kernel's text, data, bss and stacks.
KERNELS_OWN = ("kernel_main", "trap_handle", "secret", "seen", "trap_stacks", "boot_stacks")
TRAP = re.compile(r"unexpected trap: .* at pc 0x([0-9a-f]+), address 0x([0-9a-f]+)")
# Where a per-CPU variable is used too early: arch/*/.
TOO_EARLY = ("trampoline_too_early", "kpti_timer_too_early")
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
    tap.ok("enough=0" in scenario.append
           or all(user and kernel and inside for _, _, user, kernel, inside, _ in counts),
           "every CPU was interrupted in user mode, in calls, and inside the handlers")
    tap.ok(all(c[5] == len(PROGRAMS) for c in counts), "every CPU had all the faults, and went on")
    faults = {what: int(address, 16) for what, _, address in FAULT.findall(text)}
    wanted = {what: machine.symbol(elf, name) if name else 0 for what, name in PROGRAMS.items()}
    tap.ok(faults == wanted, "the faults are at the addresses that they must be at",
           f"they are {faults}, not {wanted}")
    if "tables=" in scenario.append:
        judge_table(tap, text, scenario, elf)


def judge_table(tap, text, scenario, elf):
    """What is in the page table that user mode has."""
    shared = [(int(start, 16), int(end, 16)) for start, end in SHARED.findall(text)]
    pages = PAGES.search(text)
    tap.ok(pages and int(pages[1]) == 1 + int(scenario.smp)
           and int(pages[2]) == sum((end - start) // 4096 for start, end in shared) > 0,
           "C44 user mode's page table has user code's pages and those of the entry, no other",
           f"{shared}")
    there = [name for name in KERNELS_OWN
             if any(start <= machine.symbol(elf, name) < end for start, end in shared)]
    areas = [machine.symbol(elf, name) for name in ("_percpu_start", "_percpu_end")]
    there += [f"{start:#x}" for start, end in shared if start < areas[1] and areas[0] < end]
    tap.none(there, "C44 neither the kernel's own memory nor an area is in it")
    tap.ok(len(ISOLATED.findall(text)) == int(scenario.smp), "C44 every CPU has run with it")


def judge_too_early(tap, lines, elf):
    """The access is the entry's, of a variable in an area, and this is said."""
    trap = next(filter(None, map(TRAP.search, lines)), None)
    pc, address = (int(trap[1], 16), int(trap[2], 16)) if trap else (0, 0)
    functions = [range(*machine.extent(elf, name)) for name in machine.having(elf, TOO_EARLY)]
    tap.ok(any(pc in function for function in functions),
           "C44 the trap is reported where the entry uses a variable", f"pc {pc:#x}")
    template, variable, start, end = (machine.symbol(elf, name) for name in (
        "_percpu_load_start", "__percpu_near.user_entries", "_percpu_start", "_percpu_end"))
    tap.ok(start <= address < end and (address - start - (variable - template)) % 64 == 0,
           "C44 its address is that of the variable in an area", f"address {address:#x}")
