# SPDX-License-Identifier: MIT
"""
percpu-map's picture: a bar for each cache line, its variables in order, to scale, and their names
below in the same order. What fills many lines, alone, is one bar. The colour is the file that
defines it; colours say nothing that is not written too.
"""

import html
import itertools

from percpu_tools import svg

ROOM = svg.WIDTH - 2 * svg.PADDING
BAR = 16
NAMES = 8  # of a line; --all: each
LINES = 60  # that are drawn by themselves; --all: each
# In light and in dark, each 3:1 against the page (WCAG 2, 1.4.11). The last: all further files.
OWNERS = (("#2f6fb0", "#6ea8e0"), ("#b35c00", "#e59a4a"), ("#2b7a3d", "#63b878"),
          ("#7a4fa3", "#b48ede"), ("#b03a48", "#e07b87"), ("#5f6873", "#98a2ad"))


def weak_colours():
    """Those that are too much like the page."""
    return [pair[scheme] for pair in OWNERS for scheme in (0, 1)
            if ratio(pair[scheme], svg.COLOURS["page"][scheme]) < 3]


def ratio(one, other):
    light, dark = sorted(map(svg.luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Picture(svg.Drawing):
    """A drawing with the colours of files."""

    def style(self, scheme):
        return super().style(scheme) + "".join(
            f".o{number}{{fill:{pair[scheme]}}}" for number, pair in enumerate(OWNERS))

    def part(self, x, width, kind, title):
        """Of a bar; what it is comes up when one points at it."""
        self.parts.append(f'<rect class="{kind}" x="{x:.1f}" y="{self.y}" width="{width:.1f}" '
                          f'height="{BAR}"><title>{html.escape(title)}</title></rect>')


def colours(layout):
    """Each file's class, the largest first."""
    sizes = {}
    for v in layout.variables:
        sizes[v.owner] = sizes.get(v.owner, 0) + v.size
    order = sorted(sizes, key=lambda owner: -sizes[owner])
    return {owner: f"o{min(number, len(OWNERS) - 1)}" for number, owner in enumerate(order)}


def blocks(layout):
    """(first line, last line, pieces in them): a block is a line, or several with one piece."""
    lines = range(-(-layout.size // layout.line))
    contents = ((line, tuple(p for p in layout.pieces if p.size
                             and layout.lines(p)[0] <= line <= layout.lines(p)[1]))
                for line in lines)
    for pieces, group in itertools.groupby(contents, key=lambda line: line[1]):
        numbers = [line for line, _ in group]
        yield numbers[0], numbers[-1], pieces


def draw_bar(picture, layout, block, classes):
    """The pieces of a block, as far as they are in it."""
    first, last, pieces = block
    start, size = first * layout.line, (last + 1 - first) * layout.line
    for piece in pieces:
        low, high = max(piece.offset, start), min(piece.end, start + size)
        picture.part(svg.PADDING + (low - start) * ROOM / size,
                     max((high - low) * ROOM / size - 1, 0.5),
                     classes.get(piece.owner, "free") if piece.name else "free",
                     f"{piece.name or 'hole'}: offset {piece.offset:#x}, {piece.size} bytes"
                     + (f", {piece.owner}" if piece.owner else ""))
    picture.y += BAR + 2


def draw_names(picture, block, remote, everything):
    """Below the bar."""
    first, last, pieces = block
    shown = pieces if everything else pieces[:NAMES]
    runs = [(f"{first}" if first == last else f"{first}-{last}", "b")]
    for piece in shown:
        kind = "s" if piece in remote else "" if piece.name else "f"
        runs.append((f"{piece.name or 'hole'}:{piece.size}", kind))
    if len(pieces) > len(shown):
        runs.append((f"and {len(pieces) - len(shown)} more", "f"))
    picture.paragraph(runs)


def draw_window(picture, layout):
    """How full the near window is."""
    picture.paragraph([("Near window:", "b"),
                       (f"{layout.near} of {layout.window} bytes", "")])
    used = min(layout.near, layout.window) * ROOM / layout.window
    picture.part(svg.PADDING, used, "s", f"{layout.near} bytes used")
    picture.part(svg.PADDING + used, ROOM - used, "free",
                 f"{layout.window - layout.near} bytes left")
    picture.y += BAR + 2 * svg.PADDING


def draw_key(picture, classes):
    """Which colour is which file."""
    for number in range(len(OWNERS)):
        owners = [owner for owner, kind in classes.items() if kind == f"o{number}"]
        if owners:
            text = owners[0] or "files that are not known"
            text = text if len(owners) == 1 else f"{len(owners)} other files"
            lines = svg.wrap([(text, "")], ROOM)
            picture.part(svg.PADDING, BAR, f"o{number}", ", ".join(owners))
            picture.text(svg.PADDING + 2 * BAR, picture.y - 1, lines[0])
            picture.y += svg.LINE + 2
    picture.y += svg.PADDING


def draw(layout, remote, sentences, everything):
    """The file."""
    kernel = layout.kernel
    name = kernel.path.rsplit("/", 1)[-1]
    picture = Picture(f"The per-CPU area of {name}", f"{layout.size} bytes, by cache lines")
    picture.paragraph([(f"{name}:", "b"), (f"{kernel.arch}; {kernel.configuration}", "")])
    picture.paragraph([(f"{layout.size} bytes in lines of {layout.line}; "
                        f"{len(layout.variables)} variables, each with its bytes", "f")])
    if layout.has_window:
        draw_window(picture, layout)
    classes = colours(layout)
    draw_key(picture, classes)
    all_blocks = list(blocks(layout))
    shown = all_blocks if everything else all_blocks[:LINES]
    for block in shown:
        draw_bar(picture, layout, block, classes)
        draw_names(picture, block, remote, everything)
    if len(all_blocks) > len(shown):
        picture.paragraph([(f"and {len(all_blocks) - len(shown)} more: --all draws them", "f")])
    for sentence in sentences:
        picture.paragraph([(sentence, "")])
    return picture.whole()
