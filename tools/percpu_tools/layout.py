# SPDX-License-Identifier: MIT
"""percpu-map: what lies where in an area, as text, JSON or a picture, and what has changed."""

import argparse
import json
import os
import re
from typing import NamedTuple

from percpu_tools import layout_svg, layout_text
from percpu_tools.command import answer
from percpu_tools.kernel import Refused
from percpu_tools.suits import open_kernel

NEAR_WINDOW = 2048
OWN_LINE = {"image": "Define it with PERCPU_DEFINE_CACHELINE.",
            "zero": "With PERCPU_VMA=zero no variable owns its lines: pad its type to them."}


class Piece(NamedTuple):
    """A variable, or a hole, whose name is empty: the linker's padding before an aligned one."""
    name: str
    offset: int
    size: int
    kind: str = ""
    owner: str = ""

    @property
    def end(self):
        """Behind its last byte."""
        return self.offset + self.size

    def __str__(self):
        return f"{self.name} ({self.owner})" if self.owner else self.name


class Layout:
    """An area: its pieces by offset, without a gap."""

    window = NEAR_WINDOW

    def __init__(self, kernel):
        self.kernel = kernel
        self.line = kernel.configuration.line
        self.size = kernel.template.end - kernel.template.start
        self.near = kernel.template.near_end - kernel.template.start
        self.has_window = kernel.value("_percpu_near_end") is not None
        align = kernel.value("_percpu_align_end")
        align = 64 if align is None else align - kernel.template.start
        self.stride = -(-self.size // align) * align
        stride, *reserve = (kernel.value(f"_percpu_{name}")
                            for name in ("stride_end", "reserve_start", "reserve_end"))
        if stride is not None:  # percpu.ld tells it, with the reserve
            self.stride = stride - kernel.template.start
        # Offset and size of what percpu_alloc gives, which lies behind the template's.
        self.reserve = (reserve[0] - kernel.template.start, reserve[1] - reserve[0]) \
            if None not in reserve and reserve[0] != reserve[1] else None
        self.is_copied = kernel.configuration.mode == "smp"
        self.pieces = list(self._pieces())

    def _pieces(self):
        at = 0
        for v in self.kernel.variables:
            if v.offset > at:
                yield Piece("", at, v.offset - at)
            path = self.kernel.lines.owner(self.kernel.template.start + v.offset) or v.owner
            # <artificial>: link-time optimisation's unit of all files.
            yield Piece(v.name, v.offset, v.size, v.kind, "" if path[:1] == "<" else short(path))
            at = max(at, v.offset + v.size)
        if self.size > at:
            yield Piece("", at, self.size - at)

    @property
    def variables(self):
        return [piece for piece in self.pieces if piece.name]

    @property
    def holes(self):
        return [piece for piece in self.pieces if not piece.name]

    def lines(self, piece):
        """The first and the last cache line that it touches."""
        return piece.offset // self.line, max(piece.end - 1, piece.offset) // self.line

    def beside(self, piece):
        """The variables that share a cache line with it."""
        first, last = self.lines(piece)
        return [other for other in self.variables if other != piece and other.size
                and self.lines(other)[0] <= last and self.lines(other)[1] >= first]

    def named(self, name):
        """The variables of that name, FILE.c:NAME for one of several, CLASS::NAME in C++."""
        file, name = re.fullmatch(r"(?:([^:]+):(?!:))?(.*)", name,
                                  re.DOTALL).groups(default="")
        return [v for v in self.variables if v.owner.endswith(file)
                and (name == v.name or name.endswith("::" + v.name))]


def short(path):
    """The end of a path: a kernel's files are told apart by folder and name."""
    return "/".join((path or "").split("/")[-2:])


# ---- What should not be ----

def crossing(layout):
    """Variables that lie in two lines and would fit one: twice the lines to fetch."""
    return [v for v in layout.variables if 1 < v.size <= layout.line
            and layout.lines(v)[0] != layout.lines(v)[1]]


def shared(layout, remote):
    """(variable, those beside it) of each that other CPUs write or poll, and is not alone."""
    return [(v, layout.beside(v)) for v in remote if layout.beside(v)]


def findings(layout, remote):
    """Sentences."""
    said = [f"{v}, which other CPUs write or poll, shares its cache line with "
            + layout_text.names(beside) + ": each access from another CPU takes the line away "
            "from them. " + OWN_LINE[layout.kernel.configuration.vma]
            for v, beside in shared(layout, remote)]
    if layout.is_copied and layout.stride % layout.line:
        said.append(f"Areas are {layout.stride} bytes apart, which is no multiple of the cache "
                    f"line, {layout.line}: the end of one CPU's and the start of the next CPU's "
                    "share a line. Align the section .percpu to it in the linker script.")
    return said


def notes(layout):
    """What may cost something."""
    return [f"{v}, {v.size} bytes, lies across two cache lines, "
            f"{layout.lines(v)[0]} and {layout.lines(v)[1]}, and would fit one."
            for v in crossing(layout)]


# ---- Against another kernel ----

def keyed(variables):
    """By name, file, and which it is of several such."""
    found = {}
    for v in variables:
        number = sum(key[:2] == (v.name, os.path.basename(v.owner)) for key in found)
        found[v.name, os.path.basename(v.owner), number] = v
    return found


def changes(new, old):
    """(what, variable, bytes before) of each that differs, the largest change first."""
    before, now = keyed(old.variables), keyed(new.variables)
    found = [("appeared", v, 0) for k, v in now.items() if k not in before]
    found += [("vanished", v, v.size) for k, v in before.items() if k not in now]
    found += [("grew" if v.size > before[k].size else "shrank", v, before[k].size)
              for k, v in now.items() if k in before and before[k].size != v.size]
    return sorted(found, key=lambda c: -abs((c[0] != "vanished") * c[1].size - c[2]))


def as_json(layout, remote, old):
    """For programs."""
    data = {
        "kernel": layout.kernel.path, "architecture": layout.kernel.arch,
        "configuration": layout.kernel.configuration._asdict(),
        "template": layout.size, "area": layout.stride, "line": layout.line,
        "reserve": layout.reserve[1] if layout.reserve else 0,
        "near": {"used": layout.near, "of": NEAR_WINDOW} if layout.has_window else None,
        "variables": [{**v._asdict(), "lines": layout.lines(v)} for v in layout.variables],
        "holes": [{"offset": h.offset, "size": h.size} for h in layout.holes],
        "notes": notes(layout), "findings": findings(layout, remote)}
    if old:
        data["against"] = {
            "kernel": old.kernel.path, "template": old.size, "area": old.stride, "near": old.near,
            "changes": [{"change": what, "name": v.name, "owner": v.owner, "before": size,
                         "now": 0 if what == "vanished" else v.size}
                        for what, v, size in changes(layout, old)]}
    return json.dumps(data, indent=1)


# ---- The command line ----

def arguments():
    parser = argparse.ArgumentParser(
        prog="percpu-map", description="Draws the per-CPU area of a linked kernel.",
        epilog="Exit status: 0; 1: cache lines are shared that should not be; 2: a file cannot be "
        "read. The manual is in libpercpu's source tree: docs/percpu-map.md.")
    parser.add_argument("kernel", help="the kernel as the linker made it, an ELF file with symbols")
    parser.add_argument("--against", metavar="OTHER", help="another one: what grew, what is new")
    parser.add_argument("--remote", metavar="NAME,...", default="", help="variables that other "
                        "CPUs write or poll: those that share a cache line are findings")
    parser.add_argument("--all", action="store_true", help="each variable, however many there are")
    parser.add_argument("--svg", metavar="FILE", help="draw it there, too")
    parser.add_argument("--json", action="store_true", help="for programs, on standard output")
    return parser


def remote_variables(layout, listed):
    """Those that --remote names."""
    found = []
    for name in filter(None, listed.split(",")):
        variables = layout.named(name)
        if not variables:
            raise Refused(f"--remote {name}: {layout.kernel.path} has no per-CPU variable {name}")
        found += variables
    return found


def draw(layout, options, remote):
    """The picture."""
    try:
        with open(options.svg, "w", encoding="utf-8") as file:
            file.write(layout_svg.draw(layout, remote, findings(layout, remote), options.all))
    except OSError as error:
        raise Refused(f"{options.svg} cannot be written: {error.strerror}") from error


def run(options):
    """The text, and the exit status."""
    layout = Layout(open_kernel(options.kernel))
    remote = remote_variables(layout, options.remote)
    old = Layout(open_kernel(options.against)) if options.against else None
    found = findings(layout, remote)
    if options.svg:
        draw(layout, options, remote)
    if options.json:
        return as_json(layout, remote, old), int(bool(found))
    sentences = [*layout_text.folded(notes(layout), options.all), *found]
    lines = list(layout_text.text(layout, sentences, options.all))
    if old:
        lines += layout_text.against(layout, old, changes(layout, old), options.all)
    return "\n".join(lines), int(bool(found))


def main(argv=None):
    """The exit status."""
    options = arguments().parse_args(argv)
    return answer("percpu-map", options.kernel, lambda: run(options))
