# SPDX-License-Identifier: MIT
"""Judges kernels/sweep: whether an interrupt came at every instruction of every operation.

Which instructions there are is taken from the disassembly of the operation's function, not from the
kernel, which only says where interrupts came.
"""

import re

from codegen import disassembly
from codegen.isa import ISAS

ACTIONS = ("read write add sub and or xor inc dec add_return inc_return dec_return xchg cmpxchg "
           "cmpxchg_fails try_cmpxchg").split()
SIZES = ("u8", "u16", "u32", "u64")
# Of percpu_cmpxchg128; riscv64 has none.
PAIRS = {"x86_64": ("cmpxchg128_u128", "cmpxchg128_fails_u128"),
         "aarch64": ("cmpxchg128_u128", "cmpxchg128_fails_u128"), "riscv64": ()}
LINE = re.compile(r"ok \d+ - (\w+) (u\d+) (\w+): hit((?: 0x[0-9a-f]+)*), (\d+) restarted, "
                  r"(\d+) lost$")

# Branches without a condition.
ALWAYS = ("b", "j", "jmp", "jmpq")

# How an instruction names the per-CPU register. These functions have no thread-local storage.
REGISTER = {"x86_64": r"%gs:", "aarch64": r"tpidr_el", "riscv64": r"\b(gp|tp)\b"}


def is_switch(instruction):
    """riscv64: of all interrupts, in S-mode and in M-mode."""
    return re.search(r"\b[ms]status\b", instruction.operands)


class Path:
    """What an operation executes, up to where an interrupt comes after its last access."""

    def __init__(self, code, function, arch, switch_works):
        isa = ISAS[arch]
        last = max(i for i, instruction in enumerate(code) if isa.memory(instruction))
        first = min(i for i, instruction in enumerate(code[:last + 1])
                    if re.search(REGISTER[arch], instruction.operands))
        self.switches = any(is_switch(instruction) for instruction in code)
        places = self.interruptible(code) if switch_works else list(range(len(code)))
        behind = min(i for i in places if i > last)
        self.offsets = [code[i].address - function.address for i in places if i <= behind]
        # Whether an interrupt can come between the register's use and the access.
        self.divisible = any(first < i <= last for i in places)

    def missed(self, hit):
        """The places where no interrupt came."""
        return [hex(offset) for offset in self.offsets if offset not in hit]

    @staticmethod
    def interruptible(code):
        """The indexes of the instructions before which an interrupt can come: not where riscv64
        has them off. One that is pending comes after the CSRS, so before what follows it."""
        places, off = [], False
        for i, instruction in enumerate(code):
            if not off:
                places.append(i)
            if is_switch(instruction):
                off = instruction.mnemonic.startswith(("csrrc", "csrc"))
        return places


def ways(function, isa, i=0, code=()):
    """Every way through the function, as lists of instructions. A branch back is for another try,
    which an undisturbed operation does not need; one forward depends on a comparison."""
    at = {instruction.address: i for i, instruction in enumerate(function.code)}
    while True:
        instruction = function.code[i]
        code = (*code, instruction)
        target = instruction.target() if isa.is_branch(instruction) else None
        inside = target in at and instruction not in code[:-1]
        if isa.is_return(instruction) or (instruction.mnemonic in ALWAYS and not inside):
            yield code
            return
        if inside and instruction.mnemonic in ALWAYS:
            i = at[target]
            continue
        if inside and target > instruction.address:
            yield from ways(function, isa, at[target], code)
        i += 1


def path_taken(function, arch, writes, hit, switch_works):
    """Which way the operation goes, undisturbed: of those that write if it does, the one where
    least is missed. To have gone another way would have left the last access unseen."""
    isa = ISAS[arch]
    paths = [Path(code, function, arch, switch_works) for code in ways(function, isa)
             if not writes or any(kind != "load" for instruction in code
                                  for kind, _ in isa.memory(instruction))]
    return min(paths, key=lambda path: (len(path.missed(hit)), -len(path.offsets)))


def judge(tap, lines, elf, arch, objdump, preempt, protected):
    """LINES are the kernel's, ELF is its file."""
    functions = disassembly.disassemble(objdump, elf, ISAS[arch])
    names = {name for name in functions if re.fullmatch(r"sweep_\w+_u\d+_(near|far|index|handle)", name)}
    reports = {"sweep_" + "_".join(match.groups()[:3]): match
               for match in map(LINE.search, lines) if match}
    tap.none(names ^ set(reports), "every operation of the ELF file is reported, and no other")
    actions = [f"{action}_{size}" for action in ACTIONS for size in SIZES] + [*PAIRS[arch]]
    wanted = {f"sweep_{action}_{kind}" for action in actions for kind in ("near", "far")}
    tap.none(wanted - names, "every operation of every size is there, near and far")
    divisible = 0
    for name, match in reports.items():
        hit = {int(place, 16) for place in match[4].split()}
        writes = match[1] not in ("read", "cmpxchg_fails", "cmpxchg128_fails")
        path = path_taken(functions[name], arch, writes, hit, protected or preempt != "none")
        divisible += path.divisible
        judge_operation(tap, match, path, path.missed(hit), preempt, protected)
    if not protected:
        tap.ok(divisible, f"{divisible} operations could lose something")


def judge_operation(tap, match, path, missed, preempt, protected):
    """One operation: every boundary, and what came of it."""
    action, size, kind, _, restarted, lost = match.groups()
    right = not missed
    if protected:
        right &= lost == "0"
        # A comparison that fails skips the end of its sequence, behind its only access.
        if preempt == "restart" and (path.divisible or action != "cmpxchg_fails"):
            right &= (restarted != "0") == path.divisible
    elif preempt == "none":
        # There is nothing to leave out: the switch of interrupts is another level's.
        right &= (lost != "0") == path.switches
    else:
        right &= (lost != "0") == path.divisible
    tap.ok(right, f"{action} {size} {kind}: {len(path.offsets)} boundaries, "
           f"{len(path.offsets) - len(missed)} hit, {restarted} restarted, {lost} lost",
           f"missed: {missed}; can be interrupted inside: {path.divisible}")
