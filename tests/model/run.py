#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Has spin search every state of the models: of restartable sequences and of the hooks, which are
below, and of memory that comes and goes (life.py). TAP; for prove.

The argument is one of the groups below. A right model must hold in all states, in a search that was
not cut short; a control leaves something out, and must fail with the violation that is named. What
the macros mean is said in the models. Output goes below TEST_OUT, build/model if it is not set.
"""

import dataclasses
import os
import re
import subprocess
import sys

import life
from search import CYCLE, DEADLOCK, Search
from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 600		# to end a search that does not: a right one takes a few
MEGABYTES = 4000

LOST, FOREIGN, NOT_ONCE, SUM = "!(lost)", "!(foreign)", "!(not_once)", "!(sum_is_wrong)"
HAPPENS, LEFT, USER = "!(happens)", "!(count_is_left)", "!(user_went_on"

ENTRY = "-DFIXUP_ON_ENTRY"
NMI = "-DINTERRUPTS=1 -DNMIS=1"
FAULTS = "-DFAULTS -DLEVELS=5"


def sequences(arch):
    """What must hold for the sequences of ARCH."""
    with_nmi = [Search(f"any two operations, interrupt and NMI, whose handlers do {handler}",
                       f"{ENTRY} {NMI} -DHANDLER={handler}")
                for handler in ("ADD", "XCHG", "CMPXCHG", "FAR_ADD", "WRITE")]
    searches = [
        Search("any two operations, two interrupts", ENTRY),
        *with_nmi,
        Search("two adds, two interrupts and an NMI", f"{ENTRY} -DONLY=ADD -DNMIS=1"),
        Search("three adds, two interrupts", f"{ENTRY} -DONLY=ADD -DTHREADS=3"),
        Search("three operations, one interrupt", f"{ENTRY} -DTHREADS=3 -DINTERRUPTS=1"),
        Search("two adds, three interrupts, nested and moved within handlers",
               f"{ENTRY} -DONLY=ADD -DNESTED -DLEVELS=4 -DINTERRUPTS=3"),
        Search("any two operations, whose accesses fault", f"{ENTRY} {FAULTS} -DINTERRUPTS=0"),
        Search("two adds, whose accesses fault, and an interrupt",
               f"{ENTRY} {FAULTS} -DINTERRUPTS=1 -DONLY=ADD"),
        Search("two far adds, whose accesses fault, and an interrupt",
               f"{ENTRY} {FAULTS} -DINTERRUPTS=1 -DONLY=FAR_ADD"),
        Search("a user program at the same addresses", f"{ENTRY} -DUSER"),
        Search("the fix-up behind the handler's own update", f"-DFIXUP_LATE {NMI}"),
        Search("the fix-up last of all, on whichever CPU returns", f"-DFIXUP_ON_RETURN {NMI}"),
        Search("every run ends", f"{ENTRY} -DONLY=ADD", ends=True),
    ]
    return [dataclasses.replace(search, macros=f"-DSEQUENCES={arch} {search.macros}")
            for search in searches]


def controls(arch):
    """What must fail with the sequences of ARCH."""
    searches = [
        Search("no fix-up", "-DFIXUP_NEVER", LOST),
        Search("no fix-up, by the sum alone", "-DFIXUP_NEVER -DONLY_SUM", SUM),
        Search("no fix-up, and a fault instead of interrupts",
               f"-DFIXUP_NEVER {FAULTS} -DINTERRUPTS=0", LOST),
        Search("a fix-up only after a migration", "-DFIXUP_IF_MIGRATED", LOST),
        Search("a fix-up once the thread is in the run queue", "-DFIXUP_AFTER_QUEUE",
               FOREIGN if arch == "aarch64" else LOST),
        Search("a fix-up behind the last instruction too", f"{ENTRY} -DBEHIND=1", NOT_ONCE),
        Search("the last instruction is not in the table", f"{ENTRY} -DSHORT=1", LOST),
        Search("the first instruction is not in the table", f"{ENTRY} -DSKIP=1",
               FOREIGN if arch == "aarch64" else LOST),
        Search("a fix-up whatever the mode was", f"{ENTRY} -DUSER -DNO_MODE", USER),
        Search("the scheduler forgets a thread", f"{ENTRY} -DFORGET", DEADLOCK),
        Search("a breakpoint in a sequence", f"{ENTRY} -DBREAKPOINT -DONLY=ADD -DIDLE_HANDLERS",
               CYCLE, ends=True),
        Search("an NMI before the fix-up in an interrupt's entry is looked at",
               f"{ENTRY} {NMI} -DREACH_NESTED", HAPPENS),
        Search("a fault of a sequence's last instruction is looked at",
               f"{ENTRY} {FAULTS} -DREACH_FAULT_OF_LAST", HAPPENS),
    ]
    if arch == "aarch64":
        searches.append(Search("no fix-up, handlers that touch nothing",
                               "-DFIXUP_NEVER -DIDLE_HANDLERS", FOREIGN))
    if arch == "riscv64":
        searches.append(Search("gp is saved and restored with the thread",
                               f"{ENTRY} -DGP_IN_CONTEXT", FOREIGN))
    return [dataclasses.replace(search, macros=f"-DSEQUENCES={arch} {search.macros}")
            for search in searches]


WRONG = [
    Search("a sequence that overwrites its input", f"-DSEQUENCES=wrong {ENTRY}", SUM),
    Search("the same without traps", f"-DSEQUENCES=wrong {ENTRY} -DINTERRUPTS=0"),
    Search("a sequence with two stores", f"-DSEQUENCES=wrong -DTWO_STORES {ENTRY}", NOT_ONCE),
    Search("the same without traps", f"-DSEQUENCES=wrong -DTWO_STORES {ENTRY} -DINTERRUPTS=0"),
]

BOTH = "-DINTERRUPTS=2 -DNMIS=1"
HOOKS = [dataclasses.replace(search, model="hooks", macros=f"{BOTH} {search.macros}")
         for search in [
    Search("hooks, the count in the thread"),
    Search("hooks, the count in a per-CPU variable", "-DCOUNT_PER_CPU"),
    Search("no hooks", "-DNO_HOOKS", FOREIGN),
    Search("a scheduler that does not look at the count", "-DIGNORE_COUNT", FOREIGN),
    Search("a per-CPU count, raised with interrupts on", "-DCOUNT_PER_CPU -DINTERRUPTS_STAY_ON",
           LEFT),
    Search("a per-CPU count, and an NMI that switches threads", "-DCOUNT_PER_CPU -DNMI_SCHEDULES",
           LEFT),
]]

GROUPS = {
    "aarch64": sequences("aarch64"),
    "riscv64": sequences("riscv64"),
    "controls": controls("aarch64") + controls("riscv64") + WRONG,
    "hooks": HOOKS,
    **life.GROUPS,
}


def run(directory, *command):
    """(whether the command passed, what it printed)"""
    try:
        done = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False, f"{command[0]}: not done after {SECONDS} seconds"
    return done.returncode == 0, done.stdout


def search_states(search, directory):
    """(what the search printed or why there was none, the commands)"""
    os.makedirs(directory, exist_ok=True)
    for name in os.listdir(directory):
        os.remove(f"{directory}/{name}")
    kind = ["-DNP"] if search.ends else ["-DSAFETY"]
    commands = (["spin", "-a", *search.macros.split(), f"{HERE}/{search.model}.pml"],
                ["gcc", "-O0" if search.fails else "-O1", "-w", *kind, f"-DMEMLIM={MEGABYTES}",
                 "-o", "pan", "pan.c"],
                ["./pan", f"-m{search.steps}", "-w20" if search.fails else "-w22",
                 *(["-l"] if search.ends else [])])
    text = ""
    for command in commands:
        passed, text = run(directory, *command)
        if not passed and command[0] != "./pan":
            break
    return text, f"in {directory}: " + " && ".join(" ".join(command) for command in commands)


def was_exhaustive(text):
    """Whether the search saw all states: neither depth, memory, time nor an error cut it short."""
    return ("Full statespace search for:" in text and re.search(r"\berrors: 0$", text, re.M)
            and not re.search(r"not completed|too small|reached -DMEMLIM|out of memory|interrupted",
                              text))


def states_of(text):
    """How many states were stored."""
    return int(float((re.findall(r"([\d.e+]+) states, stored", text) or ["0"])[0]))


def counterexample(search, directory):
    """The end of the run that leads to the violation."""
    model = f"{search.model}.pml"
    steps = run(directory, "spin", "-k", f"{model}.trail", "-p", *search.macros.split(),
                f"{HERE}/{model}")[1]
    return "\n".join(steps.splitlines()[-40:])


def check(tap, search, directory):
    """One search, and one line about it."""
    text, commands = search_states(search, directory)
    states = states_of(text)
    violations = re.findall(r"^pan:\d+: (.*?) \(at depth (\d+)\)", text, re.M)
    if not search.fails:
        return tap.ok(was_exhaustive(text) and states > 100 and not violations,
                      f"{search.what}: holds in all {states} states",
                      f"{commands}\n{text}" + (counterexample(search, directory) if violations
                                               else ""))
    found = violations and search.fails in violations[0][0]
    after = f", by a run of {violations[0][1]} steps" if found else ""
    return tap.ok(found, f"control: {search.what}: {search.fails}{after}", f"{commands}\n{text}")


def main():
    """All searches of a group."""
    group = sys.argv[1]
    tap, out = Tap(), os.path.abspath(f"{os.environ.get('TEST_OUT') or 'build/model'}/{group}")
    short = dataclasses.replace(GROUPS[group][0], steps=30)
    text = search_states(short, f"{out}/short")[0]
    tap.ok(states_of(text) and not was_exhaustive(text), "a search cut short is seen to be", text)
    for number, search in enumerate(GROUPS[group], 1):
        check(tap, search, f"{out}/{number}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
