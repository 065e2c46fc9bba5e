# SPDX-License-Identifier: MIT
"""Judges kernels/hotplug: whether each CPU went and came as often as the rounds have it."""

import re

CPU = re.compile(r"cpu (\d+) \(\w+ (\d+)\) came (\d+) times and went (\d+), counted (\d+), "
                 r"allocated (\d+), was interrupted (\d+) times and refused (\d+) times, made (\d+) "
                 r"wrong calls; constructors called (\d+), undone (\d+)$", re.M)
ROUNDS = re.compile(r"(\d+) rounds, up to (\d+) CPUs down at once: every sum over all CPUs was "
                    r"exact (\d+) times, and not (\d+) times$", re.M)
NO_INTERRUPTS = "# there are no timer interrupts: "
WITHOUT_INTERRUPTS = ("raspi3b",)
A_HUNDRED = 100
# Of constructors.c.
CONSTRUCTORS, BELOW_THE_REFUSAL, REFUSED_EVERY = 5, 3, 8


def goers(number, cpus):
    """The CPUs that go in a round: as main.c has it."""
    count = 1 + number % (cpus - 1)
    first = 1 + number * 3 % (cpus - count)
    return range(first, first + count)


def times_gone(rounds, cpus):
    """How often each CPU goes."""
    gone = [0] * cpus
    for number in range(1, rounds + 1):
        for cpu in goers(number, cpus):
            gone[cpu] += 1
    return gone


def wrong_calls(cpu, came, gone, looks, cpus):
    """How many it makes itself, and CPU 0 of every CPU whenever it looks."""
    own = 2 * came + 3 * gone
    return own if cpu else own + looks * (3 * cpus - 1)


def judge(tap, lines, scenario, board):
    """LINES are the kernel's."""
    text, cpus = "\n".join(lines), len(scenario.hardware_ids)
    reports = [tuple(map(int, line)) for line in CPU.findall(text)]
    asked = re.search(r"\brounds=(\d+)", scenario.append)
    rounds = (int(asked[1]) if asked else A_HUNDRED) if cpus > 1 else 0
    looks = 2 * rounds + 1
    tap.ok([r[0] for r in reports] == list(range(cpus))
           and sorted(r[1] for r in reports) == sorted(scenario.hardware_ids),
           f"CPUs 0 to {cpus - 1} report", f"{reports}")
    said = [tuple(map(int, line)) for line in ROUNDS.findall(text)]
    most = max((len(goers(n, cpus)) for n in range(1, rounds + 1)), default=0)
    tap.ok(said == [(rounds, most, looks, 0)],
           f"{rounds} rounds, {most} CPUs down at once, all sums exact {looks} times", f"{said}")
    wanted = []
    for cpu, gone in enumerate(times_gone(rounds, cpus)):
        came = gone + 1
        refused = -(-came // REFUSED_EVERY)
        undone = CONSTRUCTORS * gone + BELOW_THE_REFUSAL * refused
        wanted.append((came, gone, refused, wrong_calls(cpu, came, gone, looks, cpus),
                       undone + CONSTRUCTORS, undone))
    tap.ok([r[2:4] + r[7:] for r in reports] == wanted,
           "each came and went, was refused, and had its constructors undone, as often as it must",
           f"wanted {wanted}, they say {reports}")
    others = [r for r in reports if r[0]]
    tap.ok(all(r[4] and r[5] for r in others), "each counted and allocated")
    interrupts = NO_INTERRUPTS not in text
    tap.ok(interrupts == (board not in WITHOUT_INTERRUPTS)
           and all((r[6] > 0) == interrupts for r in others),
           "each was interrupted, where there are interrupts", f"{reports}")
    tap.ok(("the only CPU" in text) == (cpus == 1), "a machine of one CPU is told of it")
