#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
The pictures of the boot pages: docs/boot-<arch>-time.svg and docs/boot-<arch>-map.svg. Called with
architectures it draws them, for make pictures, and writes today's addresses into the text of the
memory maps. For check.py it finds out whether they still are
what would be drawn, and whether that is true: a run of kernel smp is recorded, and must pass the
functions that the page's time line names, on each CPU, in that order, at that level, and leave
stack and register as it says; and the linker must have laid out what the map has, in that order.
"""

import copy
import os
import re
import shlex
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "../../tools")]

import memory
import pages
import record
from percpu_tools import svg
import timeline
from build import Builder
from names import Places, contents

# What firmware calls its own.
CALLS = {"hart_start"}
SETTINGS = ("K", "BOARD_IMAGE", "BOARD_LOAD", "BOARD_MAX_CPUS", "QEMU")


class Machine:
    """A board: its settings in make, and kernel smp, built for it."""

    def __init__(self, builder, board):
        shown = builder.make("-s", f"BOARD={board}", "--eval", "docs-board: ; $(foreach v,"
                             + " ".join(SETTINGS) + ",$(info setting $v $($v)))@:", "docs-board")[1]
        self.settings = dict(re.findall(r"^setting (\w+) (.*)$", shown, re.M))
        self.built, self.text = builder.make(f"BOARD={board}", "KERNELS=smp", "kernels")
        if self.built:
            self.kernel = record.Kernel(f"{self.settings['K']}/smp.elf")
            self.image = f"{self.settings['K']}/smp.{self.settings['BOARD_IMAGE']}"
            self.cpus = int(self.settings["BOARD_MAX_CPUS"])
            self.load = int(self.settings["BOARD_LOAD"], 16)

    def command(self):
        """QEMU and what it needs, without what record.py decides."""
        words = shlex.split(self.settings["QEMU"])
        if "-accel" in words:
            del words[words.index("-accel"):words.index("-accel") + 2]
        return words


class Pictures:
    """Those of an architecture."""

    def __init__(self, builder):
        self.builder, self.arch = builder, builder.arch
        path = f"docs/boot-{self.arch}.md"
        self.page = pages.read(path, contents(path))
        self.line = timeline.read(self.page)
        self.machines = {board: Machine(builder, board) for board, *_ in memory.MAPS[self.arch]}
        self.first = next(iter(self.machines.values()))

    def page_today(self):
        """The page, with today's addresses in the text of the map."""
        kernels = [machine.kernel for machine in self.machines.values()]
        first = timeline.block_of(self.page, "The memory map").line - 1
        last = first + len(timeline.block_below(self.page, "The memory map"))
        return "\n".join(memory.refreshed(line, kernels) if first <= number < last else line
                         for number, line in enumerate(self.page.lines)) + "\n"

    def failed(self):
        """What make says where it has not built a kernel."""
        return "\n".join(machine.text for machine in self.machines.values() if not machine.built)

    def compiler(self):
        """Its name and its version."""
        cc = self.builder.words("CC")
        name = "Clang" if "clang" in cc[0] else "GCC"
        output = self.builder.output(*cc, "-dumpversion")
        return f"{name} {output.split('.')[0].strip()}"

    def drawn(self):
        """{path: text} of both."""
        settings = {board: (machine.kernel, machine.load, machine.cpus)
                    for board, machine in self.machines.items()}
        what = ("What the boot CPU and every other CPU do, side by side, from the top to the "
                "bottom. The text below the heading The time line says the same.")
        return {f"docs/boot-{self.arch}-time.svg": timeline.draw(
                    self.line, f"{self.arch}: from power-on to the last CPU", what),
                f"docs/boot-{self.arch}-map.svg": memory.draw(self.arch, settings,
                                                              self.compiler())}

    def symbols(self):
        """The code that a time line may name; that below 1 MiB is a copy."""
        low = record.LOW.get(self.arch)
        return {**self.first.kernel.functions, **({low[2]: None} if low else {})}

    def unknown(self, line):
        """What a time line names that is neither in the kernel nor a macro of the tree's."""
        places = Places()
        return sorted(name for name in timeline.names(line) - CALLS
                      if name not in self.first.kernel.symbols
                      and not places.defined(name, places.files))

    def recorded(self):
        """(lanes, what QEMU said) of a run."""
        named = {name for lane in timeline.LANES for entry in timeline.lane_of(self.line, lane)
                 for name in timeline.functions(entry, self.symbols())}
        functions = {name: address for name, address in self.first.kernel.functions.items()
                     if name in named}
        return record.run(self.arch, self.first.command(), self.first.image, functions,
                          self.builder.out)

    def differences(self, line, lane, passed):
        """What LINE says of a CPU and the run does not."""
        state = record.State(self.arch, self.first.kernel, self.first.cpus)
        return timeline.differences(line, lane, passed, self.symbols(), state)


def wrong_lines(pictures, lane):
    """Copies of the time line, each wrong in a way that a run must show: (what, line)."""
    def naming(line):
        return [entry for entry in timeline.lane_of(line, lane)
                if timeline.functions(entry, pictures.symbols())]

    line = copy.deepcopy(pictures.line)
    first, second = naming(line)[1:3]
    first.text, second.text = second.text, first.text
    yield "two functions in the wrong order", line
    line = copy.deepcopy(pictures.line)
    entry = next(entry for entry in naming(line)
                 if any(re.match(r"stack \w", word) for word in entry.states.values()))
    entry.states = {head: re.sub(r"stack \w", "stack 7", word)
                    for head, word in entry.states.items()}
    yield "another CPU's stack", line


def check_run(tap, pictures):
    """The time line, by a run."""
    tap.none(pictures.unknown(pictures.line),
             f"what the time line of {pictures.page.path} names is in the tree")
    line = copy.deepcopy(pictures.line)
    timeline.lane_of(line, "other")[-1].text = "no_such_function: runs"
    tap.ok(pictures.unknown(line) == ["no_such_function"], "what is not in the tree would be found")
    lanes, said = pictures.recorded()
    for lane in timeline.LANES:
        cpu = {"boot": "the boot CPU", "other": "another CPU"}[lane]
        found = pictures.differences(pictures.line, lane, lanes[lane])
        if not tap.ok(not found, f"the time line of {pictures.page.path} is what {cpu} does",
                      "\n".join([*found, "QEMU said:", *said.splitlines()[-15:]])):
            continue
        for what, line in wrong_lines(pictures, lane):
            tap.ok(pictures.differences(line, lane, lanes[lane]), f"{what} of {cpu} would be found")
    if pictures.arch in record.LOW:
        name = record.LOW[pictures.arch][2]
        pcs = {registers["pc"] for function, registers in lanes["other"] if function == name}
        drawn = {low for *_, rows in memory.MAPS[pictures.arch] for _, title, low, _ in rows
                 if title.startswith(name)}
        tap.ok(pcs == drawn, f"the map has {name} where it ran", f"it ran at {pcs}")


def check_map(tap, pictures):
    """The text of the map, by the linker's symbols."""
    machine, lines = pictures.first, timeline.block_below(pictures.page, "The memory map")
    tap.none(memory.disorder(lines, machine.kernel),
             f"the memory map of {pictures.page.path} has what the linker has, in its order")
    sizes = memory.sizes(machine.kernel, machine.load, machine.cpus)
    wanted = [f"{machine.load:#010x}", f"n * {sizes['stride']}", f"{sizes['stack']} each"]
    tap.none([text for text in wanted if not any(text in line for line in lines)],
             f"the memory map of {pictures.page.path} has load address and sizes")


def check(tap, builder):
    """All of it, for check.py."""
    pictures = Pictures(builder)
    tap.none(svg.weak_pairs(), "what pictures say can be read, in light and in dark")
    if not tap.ok(not pictures.failed(), "make builds kernel smp", pictures.failed()):
        return
    check_run(tap, pictures)
    check_map(tap, pictures)
    for path, text in pictures.drawn().items():
        there = contents(path) if os.path.exists(path) else ""
        tap.ok(memory.same_but_for_addresses(there) == memory.same_but_for_addresses(text),
               f"{path} is what would be drawn today", f"make ARCH={builder.arch} pictures")
        tap.ok(os.path.basename(path) in "".join(pictures.page.lines),
               f"{pictures.page.path} has {path}")


def main():
    """Draws those of the architectures that are named."""
    for arch in sys.argv[1:]:
        pictures = Pictures(Builder(arch))
        if pictures.failed():
            sys.exit(pictures.failed())
        for path, text in {pictures.page.path: pictures.page_today(),
                           **pictures.drawn()}.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            print(path)


if __name__ == "__main__":
    main()
