# SPDX-License-Identifier: MIT
"""Judges kernels/module: whether an interrupt came at every instruction of the module's operations.

Which instructions there are is taken from the disassembly of the file that the kernel has loaded,
all of which the undisturbed run executes: a branch forward leads behind the last access, and one
back is for another try. And what must be refused is counted.
"""

import os
import re

from codegen import disassembly
from codegen.isa import ISAS
from sequences import offsets_of
from sweep import Path

OPERATIONS = ("word_add", "word_add_return", "word_xchg", "word_cmpxchg", "slot_add", "kernel_add")
LINE = re.compile(r"ok \d+ - (\w+)(, without its table)?: hit((?: 0x[0-9a-f]+)*), (\d+) restarted, "
                  r"(\d+) lost$")
LOADED = re.compile(r"ok \d+ - loaded: (\d+) sequences, all found$")
REFUSED = re.compile(r"ok \d+ - refused: ([^:]*): .")


def interruptible(function, isa):
    """The offsets of its instructions before which an interrupt can come."""
    offsets = offsets_of(function, isa)
    code = function.code[:len(offsets)]
    return [offsets[i] for i in Path.interruptible(code)]


def judge(tap, lines, images, arch, objdump, preempt):
    """LINES are the kernel's, IMAGES is where it was built."""
    loaded = os.path.join(images, "kernels", "module", "loaded", "counter.c.o")
    functions = disassembly.disassemble(objdump, loaded, ISAS[arch])
    # On x86_64 an operation is one instruction.
    restarts = preempt == "restart" and arch != "x86_64"
    reports = [match.groups() for match in map(LINE.search, lines) if match]
    tables = (None, ", without its table") if restarts else (None,)
    tap.ok([report[:2] for report in reports] == [(n, t) for t in tables for n in OPERATIONS],
           "every operation is reported, and again without the module's table if it has one")
    counts = [int(match[1]) for match in map(LOADED.search, lines) if match]
    tap.ok(len(counts) == 1 and (counts[0] >= len(OPERATIONS)) == restarts,
           "the module has a sequence for each operation, or none", f"it has {counts}")
    for name, without, places, restarted, lost in reports:
        offsets = interruptible(functions[name], ISAS[arch])
        hit = {int(place, 16) for place in places.split()}
        missed = [hex(offset) for offset in offsets if offset not in hit]
        tap.ok(not missed and (restarted != "0") == (restarts and not without)
               and (lost != "0") == bool(without),
               f"{name}{without or ''}: {len(offsets)} instructions, "
               f"{len(offsets) - len(missed)} interrupted, {restarted} restarted, {lost} lost",
               f"not before: {missed}")
    refused = [match[1] for match in map(REFUSED.search, lines) if match]
    tap.ok(len(set(refused)) == 19, "nineteen kinds of wrong modules are refused", f"{refused}")
