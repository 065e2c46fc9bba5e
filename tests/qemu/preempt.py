# SPDX-License-Identifier: MIT
"""Judges kernels/preempt: whether what could do harm has happened at all, and what came of it."""

import re

COUNTS = re.compile(r"^# migrations (\d+), interrupts inside sequences (\d+), restarts (\d+), "
                    r"lost (\d+)$", re.M)
MORE = re.compile(r"^# interrupts (\d+), nested traps (\d+), switches put off (\d+)$", re.M)


def judge(tap, lines, scenario, settings):
    """LINES are the kernel's. On x86_64 an operation is one instruction, and the object cache's are
    the only sequences, which PERCPU_VMA zero has not."""
    text = "\n".join(lines)
    counts, more = COUNTS.search(text), MORE.search(text)
    if not tap.ok(counts and more, "the kernel says what has happened"):
        return
    migrations, inside, restarts, lost = map(int, counts.groups())
    interrupts, nested, put_off = map(int, more.groups())
    sequences = settings.preempt == "restart" and (settings.arch != "x86_64" or inside > 0)
    fixed_up = "fixup=0" not in scenario.append
    held = "hooks=0" not in scenario.append
    tap.ok(interrupts and nested, f"{interrupts} interrupts, {nested} traps inside their handlers")
    tap.ok((migrations > 0) == (scenario.smp != "1"), f"threads have migrated {migrations} times")
    tap.ok((inside > 0) == sequences and restarts == (inside if fixed_up else 0),
           f"{inside} interrupts inside sequences, {restarts} restarts",
           f"there are sequences: {sequences}; they are restarted: {fixed_up}")
    tap.ok((put_off > 0) == held, f"{put_off} switches put off: preemption was held off")
    tap.ok((lost == 0) == (fixed_up and held), f"{lost} lost")
