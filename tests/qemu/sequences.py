# SPDX-License-Identifier: MIT
"""Judges kernels/sequences: whether an interrupt came at every instruction of every sequence.

Which instructions there are is taken from the disassembly of its function, all of which the
undisturbed run executes: a branch out of a sequence leads behind its end.
"""

import re

from codegen import disassembly
from codegen.isa import ISAS

SEQUENCES = ("free_list_pop", "ring_push", "pair_store", "cache_pop", "cache_push")
LINE = re.compile(r"ok \d+ - (\w+)(, forgotten)?: hit((?: 0x[0-9a-f]+)*), (\d+) restarted, "
                  r"(\d+) lost$")


def offsets_of(function, isa):
    """Of its instructions; what aligns the next function, behind the return, is none."""
    end = next(i for i, instruction in enumerate(function.code) if isa.is_return(instruction))
    return [instruction.address - function.address for instruction in function.code[:end + 1]]


def judge(tap, lines, elf, arch, objdump):
    """LINES are the kernel's, ELF is its file."""
    functions = disassembly.disassemble(objdump, elf, ISAS[arch])
    reports = [match.groups() for match in map(LINE.search, lines) if match]
    wanted = [(name, forgotten) for forgotten in (None, ", forgotten") for name in SEQUENCES]
    tap.ok([report[:2] for report in reports] == wanted,
           "every sequence is reported, noted and forgotten, and no other")
    for name, forgotten, places, restarted, lost in reports:
        offsets = offsets_of(functions[name], ISAS[arch])
        hit = {int(place, 16) for place in places.split()}
        missed = [hex(offset) for offset in offsets if offset not in hit]
        noted = not forgotten
        tap.ok(not missed and (restarted != "0") == noted and (lost == "0") == noted,
               f"{name}{forgotten or ''}: {len(offsets)} instructions, "
               f"{len(offsets) - len(missed)} interrupted, {restarted} restarted, {lost} lost",
               f"not before: {missed}")
