# SPDX-License-Identifier: MIT
"""Trap entry and return: percpu_restart, and who writes the per-CPU register."""

from percpu_tools import code as ops
from percpu_tools.findings import ERROR, NOTE
from percpu_tools.rules_access import is_library, is_librarys_line

# Of the registers that a call may change: no compiled function saves or loads as many. x86_64 has
# nine, of which a vector's stub may have pushed one.
MANY = {"aarch64": 10, "riscv64": 10, "x86_64": 8}
KEPT = {"aarch64": set(range(19, 31)), "riscv64": {8, 9, *range(18, 28)},
        "x86_64": {"rbx", "rbp", "r12", "r13", "r14", "r15"}}
SP = {"aarch64": 31, "riscv64": 2, "x86_64": "rsp"}
FP = {"aarch64": 29, "riscv64": 8, "x86_64": "rbp"}
GS_BASE = 0xc0000101
SLOTS, SLOT = 8, 128  # of a vector table of aarch64's: those for traps from the kernel's own level


# ---- percpu_restart ----

def saves(function, clobbered, many):
    """Whether it stores what a trapped program has in its registers: before it writes them."""
    saved, written = set(), set()
    for i in function.instructions:
        if i.op == ops.STORE:
            saved |= set(i.rs) - written
        written |= set(i.writes)
    return len(saved & clobbered) >= many


def gives_back(function, clobbered, many):
    """Whether it loads that, and returns from a trap."""
    if not any(i.op == ops.TRAP_RETURN for i in function.instructions):
        return False
    return len({r for i in function.instructions if i.op == ops.LOAD for r in i.writes
                if r in clobbered}) >= many


def from_the_kernel(kernel, code):
    """The functions reached from the vectors for traps from the kernel's own level, where a table
    for such is known: aarch64's. None if not."""
    if kernel.arch != "aarch64":
        return None
    tables = set()
    for function in code.functions:
        for i, known in code.constants(function):
            if i.op == ops.SET_VECTOR and i.rs[0] in known:
                tables.add(known[i.rs[0]])
    if not tables:
        return None
    starts = set()
    for table in tables:
        for address in range(table, table + SLOTS * SLOT, 4):
            function = code.at(address)
            for i in function.instructions if function else ():
                if i.address == address and i.target is not None and code.at(i.target):
                    starts.add(code.at(i.target).start)
            if function and function.start == address:
                starts.add(address)
    inside = {f.start for t in tables for f in [code.at(t)] if f}
    return code.reached(starts - inside)[0]


def only_from_user_mode(kernel, function):
    """riscv64: an entry that takes its stack from a CSR, and asks nothing first. x86_64: one that
    begins with SWAPGS."""
    first = [i for i in function.instructions if i.op != ops.NOP][:1]
    if kernel.arch == "x86_64":
        return bool(first) and first[0].text == "swapgs"
    if kernel.arch != "riscv64" or not first or first[0].op != ops.OTHER \
            or SP["riscv64"] not in first[0].writes:
        return False
    return not any(i.op == ops.BRANCH for i in function.instructions[:3])


def trap_entries(kernel, code):
    """Functions that save all registers, and from which the way leads to a return from a trap."""
    clobbered, many = set(code.decoder.CALL_CLOBBERS), MANY[kernel.arch]
    returns = {f.start for f in code.functions if gives_back(f, clobbered, many)}
    own = from_the_kernel(kernel, code)
    for function in code.functions:
        if not saves(function, clobbered, many) or only_from_user_mode(kernel, function) \
                or (own is not None and function.start not in own):
            continue
        reached, indirect = code.reached([function.start])
        if reached & returns:
            yield function, reached, indirect


def traps_come_to_percpu_restart(kernel, code, findings, _options):
    """restart-not-reached"""
    if not kernel.restarts:
        return
    wanted = {s.value for c, s in kernel.library_functions
              if s.name.startswith(("percpu_restart__", "percpu_in_sequence__"))}
    for function, reached, indirect in trap_entries(kernel, code):
        if reached & wanted:
            continue
        inlined = not wanted and kernel.lines.has_inlined("percpu_restart", kernel.is_code)
        why = "An operation that a trap interrupts goes on in its middle: updates are lost, and " \
            "a thread that has moved works on another CPU's copy."
        if inlined or (wanted and indirect):
            unknown = "it was put into its caller by link-time optimisation" if inlined else \
                "the way there has calls by pointers, as in " + ", ".join(
                    code.at(a).name for a in sorted(indirect)[:3])
            findings.add("restart-not-reached", NOTE, "whether this trap entry comes to "
                         f"percpu_restart is not known: {unknown}", why,
                         "See to it that every trap from the kernel does.", function.start)
            continue
        missing = "" if wanted else ", which nothing in this kernel calls"
        findings.add("restart-not-reached", ERROR,
                     f"this trap entry never comes to percpu_restart{missing}", why,
                     "On every trap from the kernel's own level, on entry: frame->pc = "
                     "percpu_restart(frame->pc), as docs/restart.md says. If only traps from user "
                     f"mode come here: --allow restart-not-reached:{function.name}.",
                     function.start)


# ---- who writes the register ----

def writes(kernel, code):
    """(function, instruction) of each write of the per-CPU register outside of the library."""
    number = None
    if kernel.arch == "riscv64":
        number = code.decoder.register_of(kernel)
    for function in code.functions:
        if is_library(kernel, function.start):
            continue
        for i, known in code.constants(function):
            writes_it = i.op == ops.SET_REGISTER or (number is not None and number in i.writes) or \
                (i.op == ops.WRMSR and known.get("rcx") in (GS_BASE, GS_BASE - (1 << 32)))
            if writes_it and not is_librarys_line(kernel, i.address):
                yield function, i


def the_register_is_the_cpus(kernel, code, findings, _options):
    """register-restored and register-written"""
    if all(c.mode == "sp" for c in kernel.configurations):
        return
    judge = {"aarch64": aarch64_wrong, "riscv64": riscv64_wrong, "x86_64": x86_64_wrong}
    noted = set()
    for function, i in writes(kernel, code):
        wrong = judge[kernel.arch](function, i)
        if wrong:
            findings.add("register-restored", ERROR, wrong[0],
                         "The register belongs to the CPU, not to the thread: once a thread has "
                         "moved, this gives the CPU another one's area.", wrong[1], i.address)
        elif function.start not in noted:
            noted.add(function.start)
            findings.add("register-written", NOTE,
                         "code outside of the library writes the per-CPU register",
                         "That is right on the way from and to user mode, and at boot before "
                         "percpu_set_local_thread_pointer.", "Look that it is one of these.",
                         i.address)


KERNEL_RETURN = "Leave it out of the frame's registers that are loaded on the way back to the " \
    "kernel; load it on the way to user mode only."
SWITCH = "Leave the register out of what a context switch saves and loads."


def is_switch(function, arch):
    """Whether it loads what a call keeps, and a stack, and returns: a context switch. A load from
    the stack that moves it, ldp x29, x30, [sp], #16 or pop, loads none."""
    code = function.instructions
    loaded = {r for i in code if i.op == ops.LOAD for r in i.writes}
    stack = any(SP[arch] in i.writes and i.base not in (SP[arch], FP[arch]) and (
        i.op == ops.LOAD or i.op == ops.ADD_IMM and i.imm == 0) for i in code)
    return stack and len(loaded & KEPT[arch]) >= 6 and any(i.op == ops.RETURN for i in code)


def loaded_for(function, instruction):
    """The load that an instruction's operand comes from, or None."""
    loaded = None
    for i in function.instructions:
        if i is instruction:
            break
        if set(instruction.rs) & set(i.writes):
            loaded = i if i.op == ops.LOAD else None
    return loaded


def aarch64_wrong(function, instruction):
    """msr tpidr_el1 from a frame, on the way out of a trap; or in a context switch."""
    loaded = loaded_for(function, instruction)
    if loaded is None:
        return None
    if loaded.base == SP["aarch64"] and any(i.op == ops.TRAP_RETURN
                                            for i in function.instructions):
        return "tpidr_el1 is loaded from a frame on the way out of a trap", \
            "Leave it out of the frame: user code can neither read nor write it."
    if is_switch(function, "aarch64"):
        return "a context switch loads tpidr_el1", SWITCH
    return None


def riscv64_wrong(function, instruction):
    """C38: gp from a frame on the way back to the kernel, that is, on a stack that is not changed;
    or in a context switch."""
    code = function.instructions
    if instruction.op != ops.LOAD:
        return None
    if is_switch(function, "riscv64"):
        return "a context switch loads the per-CPU register", SWITCH
    if instruction.base != SP["riscv64"]:
        return None
    behind = [i for i in code if i.address > instruction.address]
    end = next((n for n, i in enumerate(behind) if i.op == ops.TRAP_RETURN), None)
    if end is None:
        return None
    skipped = any(i.op == ops.BRANCH and i.address < instruction.address < i.target for i in code)
    other_stack = any(SP["riscv64"] in i.writes and i.op != ops.ADD_IMM for i in behind[:end])
    straight = not any(i.op in (ops.BRANCH, *ops.ENDS) for i in behind[:end])
    if skipped or other_stack or not straight:
        return None
    return "the per-CPU register is loaded from a frame on the way back to the kernel, on the " \
        "stack that the trap came on", KERNEL_RETURN


def x86_64_wrong(function, instruction):
    """A selector into %gs on the way out of a trap; or GS_BASE from memory in a context switch,
    unless swapgs has made it the other one."""
    texts = {i.text for i in function.instructions}
    if instruction.rs and "swapgs" not in texts and loaded_for(function, instruction) \
            and is_switch(function, "x86_64"):
        return "a context switch loads GS_BASE", SWITCH
    if "gs" not in instruction.text or "swapgs" in instruction.text \
            or "gsbase" in instruction.text:
        return None
    if any(i.op == ops.TRAP_RETURN for i in function.instructions) and "swapgs" not in texts:
        return "a selector is loaded into %gs on the way out of a trap, which changes GS_BASE", \
            "Leave %gs alone; between user mode and the kernel there is swapgs."
    return None
