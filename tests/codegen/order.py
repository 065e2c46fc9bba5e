# SPDX-License-Identifier: MIT
"""C8 and C9: what the compiler must not keep, merge, drop or move, in the functions of order.c."""

from elf import Elf

# add and xchg, as accesses of one operation: LL/SC on aarch64, and in the mode restart two.
ADD = {"none": {"x86_64": "update", "aarch64": "load store", "riscv64": "update"},
       "restart": {"x86_64": "update", "aarch64": "load store", "riscv64": "load store"}}

# (function, uses of the per-CPU register and calls, what holds).
REGISTER = [
    ("ptr_call_ptr", "this call this", "percpu_ptr forms the address again after a call"),
    ("far_ptr_call_ptr", "this call this", "percpu_ptr of a far variable does so, too"),
    ("read_call_read", "this call this", "percpu_read uses the register again after a call"),
    ("far_read_call_read", "this call this", "percpu_read of a far variable does so, too"),
    ("register_call_register", "this call this",
     "percpu_arch_get_register reads the register again after a call"),
    ("ptr_ptr", "this this", "percpu_ptr forms the address each time"),
    ("far_ptr_ptr", "this this", "percpu_ptr of a far variable does so, too"),
]

# (function, accesses, what holds).
ACCESSES = [
    ("read_call_read", "load call load", "reads before and after a call are two"),
    ("read_write_read", "load store load", "a write between two reads stays there"),
    ("far_read_write_read", "load store load", "a write between two far reads stays there"),
    ("read_read", "load load", "two reads are not merged"),
    ("read_unused", "load", "a read whose value is not used is not dropped"),
    ("stable_stable", "load", "two percpu_read_stable are merged"),
    ("far_stable_stable", "load", "two percpu_read_stable of a far variable are merged"),
    ("write_write", "store store", "a write over a write does not drop the first"),
    ("add_return_add_return", "ADD ADD", "two percpu_add_return are not merged"),
    ("xchg_unused", "ADD", "percpu_xchg whose result is not used is not dropped"),
    ("store_read_store", "store load store",
     "stores through percpu_ptr before and after a percpu_read stay there"),
    ("load_write_load", "load store load",
     "a load through percpu_ptr after percpu_write sees the new value"),
    ("load_add_load", "load ADD load",
     "a load through percpu_ptr after percpu_add sees the new value"),
    ("store_add_store", "store ADD store",
     "stores through percpu_ptr before and after a percpu_add stay there"),
    ("far_store_read_store", "store load store",
     "far: stores through percpu_ptr before and after a percpu_read stay there"),
    ("far_load_write_load", "load store load",
     "far: a load through percpu_ptr after percpu_write sees the new value"),
]

LOOPS = [
    ("read_in_loop", "the read that a loop waits for is in the loop"),
    ("read_in_counted_loop", "a far read of the same variable is in the loop"),
]


def events(function, isa):
    """The uses of the register, the accesses and the calls, in order."""
    for instruction in function.code:
        if isa.uses_percpu(instruction):
            yield "this"
        for kind, _ in isa.accesses(instruction):
            yield kind
        if isa.is_call(instruction):
            yield "call"


def has_read_in_loop(function, isa, targets):
    """Whether a branch goes back over a use of the register and the load that follows it."""
    for branch in filter(isa.is_branch, function.code):
        target = targets.get((f".text.{function.name}", branch.address), branch.target())
        body = [i for i in function.code if target <= i.address <= branch.address]
        if any(map(isa.uses_percpu, body)) and any(map(isa.accesses, body)):
            return True
    return False


def check(tap, settings):
    """What C8 asks for, what C9 asks for, and loops."""
    path = settings.object("order")
    functions, isa = settings.functions(path), settings.isa
    for name, uses, holds in REGISTER:
        seen = [event for event in events(functions[name], isa) if event in ("this", "call")]
        tap.ok(seen == uses.split(), f"C8 {holds}: {uses}", functions[name])
    for name, accesses, holds in ACCESSES:
        seen = [event for event in events(functions[name], isa) if event != "this"]
        wanted = accesses.replace("ADD", ADD[settings.mode][settings.arch]).split()
        tap.ok(seen == wanted, f"C9 {holds}: {' '.join(wanted)}", functions[name])
    targets = Elf(path).targets
    for name, holds in LOOPS:
        tap.ok(has_read_in_loop(functions[name], isa, targets), f"C9 {holds}", functions[name])
