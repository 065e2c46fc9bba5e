# SPDX-License-Identifier: MIT
"""Judges kernels/swapgs.

Which instructions are at the border to user mode, and before which of them GS_BASE is the user's,
is taken from the disassembly; the kernel says what has come before which, and what it found.
"""

import re

import machine
from codegen import disassembly
from codegen.isa import ISAS

# Where user mode enters, and where the kernel already has its own GS_BASE.
ENTRIES = ("user_timer", "user_breakpoint", "user_exception", "syscall_entry")
INSIDE = ("interrupt_timer", "interrupt_breakpoint", "handle", "frame_resume")
NESTED = "ist_debug"

# The same where user mode has a page table of its own; and SYSCALL's code, which is in that table
# for each CPU, here CPU 0's, at another address than it is linked for (arch/x86_64/kpti.c).
KPTI_ENTRIES = ("kpti_timer", "kpti_breakpoint", "kpti_exception", "kpti_enter", "kpti_syscall",
                "kpti_syscall_entry")
KPTI_INSIDE = ("kpti_leave", "kpti_sysret", "kpti_handle", "kpti_resume")
KPTI_MOVED, KPTI_ADDRESS = "kpti_syscall_page", 2 << 39

# The stub of #GP, the fault that user code does.
STUBS, KPTI_STUBS, STUB, STUB_SIZE = "user_exceptions", "kpti_exceptions", 13, 16

LINE = re.compile(r"^# window 0x([0-9a-f]+): (\d+) #DB, (\d+) NMI, (\d+) #MC, (\d+) with")


class Place:
    """An instruction, and whose GS_BASE it begins with."""

    def __init__(self, function, instruction, users):
        self.address = self.runs_at = instruction.address
        self.name = f"{function.name}+{instruction.address - function.address:#x}"
        self.users = users


def without_padding(code):
    """An instruction that goes elsewhere without a condition ends what is executed."""
    last = max(i for i, instruction in enumerate(code)
               if instruction.mnemonic.startswith(("jmp", "iret", "sysret"))
               or "%rax,%rsp" in instruction.operands)
    return code[:last + 1]


def kernels_way(code):
    """Where an entry goes if it was the kernel that was interrupted: LFENCE, and a jump on."""
    for i, instruction in enumerate(code[:-1]):
        if instruction.mnemonic == "lfence" and code[i + 1].mnemonic.startswith("jmp"):
            return {instruction.address, code[i + 1].address}
    return set()


def places_of(function, users, exchanges):
    """The function's places; each instruction named in EXCHANGES changes whose GS_BASE it is."""
    code = without_padding(function.code)
    other_way = kernels_way(code) if function.name in ENTRIES + KPTI_ENTRIES else set()
    for instruction in code:
        if instruction.address in other_way:
            continue
        yield Place(function, instruction, users)
        if instruction.mnemonic == exchanges:
            users = not users


def stub_of(function):
    start = function.address + STUB * STUB_SIZE
    # A stub ends with its jump.
    for instruction in function.code:
        if start <= instruction.address < start + STUB_SIZE:
            yield Place(function, instruction, True)
            if instruction.mnemonic.startswith("jmp"):
                return


class Border:
    """All places: of the border, and of the entry of #DB."""

    def __init__(self, elf, objdump, two_tables):
        functions = disassembly.disassemble(objdump, elf, ISAS["x86_64"])
        entries, inside, stubs = ((KPTI_ENTRIES, KPTI_INSIDE, KPTI_STUBS) if two_tables
                                  else (ENTRIES, INSIDE, STUBS))
        self.places = [*stub_of(functions[stubs])]
        for name in entries + inside:
            self.places += places_of(functions[name], name in entries, "swapgs")
        moved = machine.symbol(elf, KPTI_MOVED)
        for place in self.places:
            if moved <= place.address < moved + 4096:
                place.runs_at += KPTI_ADDRESS - moved
        self.nested = [*places_of(functions[NESTED], True, "wrmsr")]


def judge_places(tap, text, places, counts, wanted):
    """Whether what is WANTED came before each, and found the user's GS_BASE where it had to."""
    missed, wrong = [], []
    for place in places:
        count, users = counts.get(place.address, ((0, 0, 0), 0))
        if not all(count[event] for event in wanted):
            missed.append(f"{place.name}: {count}")
        if (users > 0) != place.users:
            wrong.append(f"{place.name}: {users} of {count}")
    tap.none(missed, f"{text}: came before each of {len(places)} instructions")
    users = sum(place.users for place in places)
    tap.none(wrong, f"{text}: found the user's GS_BASE before {users} of them, and no other")


def judge(tap, lines, elf, objdump, outside, two_tables):
    """LINES are the kernel's, ELF is its file; OUTSIDE: it has been everywhere too; TWO_TABLES:
    user mode has a page table of its own."""
    border = Border(elf, objdump, two_tables)
    counts = {}
    for match in map(LINE.match, lines):
        if match:
            debug, nmi, machine_check, users = map(int, match.groups()[1:])
            counts[int(match[1], 16)] = (debug, nmi, machine_check), users
    for place in border.places + border.nested:
        if place.address in counts:
            (debug, nmi, machine_check), users = counts[place.address]
            print(f"# window {place.name}: {debug} #DB, {nmi} NMI, {machine_check} #MC, "
                  f"{users} with the user's GS_BASE")
    judge_places(tap, "#DB and NMI", border.places, counts, (0, 1))
    if outside:
        judge_places(tap, "#MC", border.places, counts, (2,))
        judge_places(tap, "NMI and #MC in the entry of #DB", border.nested, counts, (1, 2))
    known = {place.address for place in border.places + border.nested}
    tap.none([f"{address:#x}: {users} times" for address, (_, users) in counts.items()
              if users and address not in known],
             f"no other of the {len(counts)} places that the kernel reports found the user's")
