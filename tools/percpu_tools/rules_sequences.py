# SPDX-License-Identifier: MIT
"""The table of restartable sequences, against the code. For PERCPU_PREEMPT restart."""

from percpu_tools import code as ops
from percpu_tools.findings import ERROR, NOTE, WARNING
from percpu_tools.kernel import PF_W
from percpu_tools.rules_access import is_library
from percpu_tools.rules_image import is_zero

NEAR_BY = 4  # instructions from the load of an update to its store, at most


def the_table_can_be_sorted(kernel, _code, findings, _options):
    """sequences-unsorted"""
    entries = kernel.sequences
    if not kernel.restarts or entries == sorted(entries) and not overlap(entries):
        return
    table = kernel.value("_percpu_sequences_start")
    pair = overlap(sorted(entries))
    if pair:
        findings.add("sequences-unsorted", ERROR,
                     f"sequences overlap: {kernel.where(pair[0][0])} and "
                     f"{kernel.where(pair[1][0])}",
                     "percpu_init returns PERCPU_EORDER, and a trap in them is sent to the wrong "
                     "place.", "Link the kernel again; do not change the code behind the linker.",
                     pair[1][0])
        return
    at = next(b for a, b in zip(entries, entries[1:]) if b < a)
    segment = kernel.segment_at(table)
    writable = segment is not None and segment.flags & PF_W
    findings.add("sequences-unsorted", NOTE if writable else ERROR,
                 f"the table of sequences at {table:#x} is not in the order of the code",
                 "percpu_init sorts it in its place." if writable else
                 "percpu_init sorts it in its place, which is in no writable segment: it would "
                 "trap, or return PERCPU_EORDER.",
                 "Nothing." if writable else "Put .percpu_sequences where data is, as percpu.ld "
                 "does.", at[0])


def overlap(entries):
    """Two neighbours that do, or None."""
    return next(((a, b) for a, b in zip(entries, entries[1:]) if a[1] > b[0] and a[0] <= b[0]),
                None)


def accesses(kernel, function):
    """(start, end) from the reading of the register to each access through it that takes more
    instructions than that."""
    finder = FINDERS[kernel.arch]
    delta = kernel.value("__percpu_near.percpu_delta")
    delta = None if delta is None or is_zero(kernel) else delta - kernel.template.start
    yield from finder(kernel, function, delta)


def aarch64_accesses(kernel, function, delta):
    """mrs x; ldr or str [x, #variable]; or mrs x; ldr x, [x, #delta]; ldr or str [x, address]."""
    bases, deltas = {}, {}
    for i in function.instructions:
        if i.address in function.targets or i.op in ops.ENDS or i.op == ops.CALL:
            bases, deltas = {}, {}
        loads_delta = False
        if i.op in ops.ACCESSES and i.base in bases:
            near = delta is not None and i.index is None
            loads_delta = near and i.imm == delta and i.op == ops.LOAD
            if not loads_delta and (near or (delta is None and i.index is not None)) \
                    and 0 <= i.imm < kernel.template.end - kernel.template.start:
                yield bases[i.base], i.end
        elif i.op in ops.ACCESSES and i.base in deltas and i.index is not None:
            yield deltas[i.base], i.end
        start = bases.get(i.base)
        for register in i.writes:
            bases.pop(register, None)
            deltas.pop(register, None)
        if i.op == ops.GET_REGISTER:
            bases[i.writes[0]] = i.address
        elif loads_delta:
            deltas[i.writes[0]] = start


def riscv64_accesses(kernel, function, delta):
    """ld t, delta(gp); add t, t, address; a load or store of 0(t), or of what auipc has left."""
    register = riscv64_register(kernel)
    deltas, sums = {}, {}
    for i in function.instructions:
        if i.address in function.targets or i.op in ops.ENDS or i.op == ops.CALL:
            deltas, sums = {}, {}
        if i.op in ops.ACCESSES and i.base in sums:
            yield sums[i.base], i.end
        start = deltas.get(i.base, deltas.get(i.index)) if i.op == ops.ADD else None
        for written in i.writes:
            deltas.pop(written, None)
            sums.pop(written, None)
        if i.op == ops.LOAD and i.base == register and i.imm == delta and i.width == 8 and i.writes:
            deltas[i.writes[0]] = i.address
        elif start is not None:
            sums[i.writes[0]] = start


# On x86_64 each access is one instruction.
FINDERS = {"aarch64": aarch64_accesses, "riscv64": riscv64_accesses}


def riscv64_register(kernel):
    """The number of the per-CPU register."""
    return 4 if kernel.configuration.arch.startswith("tp") else 3


def riscv64_updates(kernel, function):
    """(start, end) of each load through the register that a store to the same place follows, with
    nothing between but what an update has: percpu_add, or percpu_read and percpu_write of the same
    line."""
    register = riscv64_register(kernel)
    code = function.instructions
    for index, load in enumerate(code):
        if load.op != ops.LOAD or load.base != register or not load.writes:
            continue
        for i in code[index + 1:index + NEAR_BY]:
            if i.op == ops.STORE and (i.base, i.imm, i.width) == (register, load.imm, load.width):
                line = kernel.lines.at(load.address)
                if line == kernel.lines.at(i.address):
                    yield load.address, i.end
                break
            if i.op not in (ops.OTHER, ops.ADD, ops.ADD_IMM, ops.BRANCH) or \
                    i.address in function.targets or register in i.writes:
                break


def each_sequence_is_in_the_table(kernel, code, findings, _options):
    """sequences-empty and sequence-missing"""
    if not kernel.restarts or kernel.arch not in FINDERS:
        return
    entries = sorted(kernel.sequences)
    sure, likely = [], []
    for function in code.functions:
        if not is_library(kernel, function.start):
            sure += [a for a in accesses(kernel, function) if not covered(a, entries)]
            if kernel.arch == "riscv64":
                likely += [a for a in riscv64_updates(kernel, function) if not covered(a, entries)]
    compiled = [a for a in sure + likely if not kernel.lines.is_assembly(a[0])]
    if not entries and compiled:
        findings.add("sequences-empty", ERROR,
                     f"the table of sequences is empty, and there are {len(compiled)} accesses of "
                     "several instructions, the first here",
                     "A trap inside of one is not sent back to its start: updates are lost, and a "
                     "thread that has moved works on another CPU's copy.",
                     "The linker script must collect the sections percpu_sequences.* as percpu.ld "
                     "does; no strip or objcopy may remove them.", compiled[0][0])
        return
    for access in sure:
        report(kernel, findings, access, entries, True)
    for access in likely:
        report(kernel, findings, access, entries, False)


def covered(access, entries):
    """Whether one entry has all of it."""
    return any(start <= access[0] and access[1] <= end for start, end in entries
               if start <= access[0] < end)


def report(kernel, findings, access, entries, sure):
    """One that is in no entry."""
    assembly = kernel.lines.is_assembly(access[0])
    level = NOTE if assembly or assembly is None else ERROR if sure else WARNING
    partly = next((e for e in entries if e[0] < access[1] and access[0] < e[1]), None)
    what = f"an access of several instructions, {access[0]:#x} to {access[1]:#x}, is in no entry " \
        "of the table of sequences"
    if partly:
        what += f"; one from {partly[0]:#x} to {partly[1]:#x} has a part of it"
    mend = "Link again, by a script that collects percpu_sequences.* as percpu.ld does."
    if assembly:
        mend = "Nothing, if interrupts are off there, as in trap entry, or the caller is pinned."
    elif assembly is None:
        mend += " In assembly it is right where interrupts are off: compile with -g, by which " \
            "this is an error or none."
    elif not sure:
        mend += " If it is percpu_read and percpu_write, two operations of a pinned caller, it " \
            "is right: --allow sequence-missing:FUNCTION."
    findings.add("sequence-missing", level, what,
                 "A trap in the middle is not sent back to the start: an update is lost, or made "
                 "to another CPU's copy.", mend, access[0])
