# SPDX-License-Identifier: MIT
"""
SVG that can be read on a phone, by day and by night: 400 units wide, text of 14, and each colour
twice, chosen by what the reader prefers. Text is wrapped here, by widths that fit a common
sans-serif font with some room.
"""

import html
import re

WIDTH = 400
FONT = 14
LINE = 18
PADDING = 6
# Each a fill of boxes, except the first four: the page and what is written.
COLOURS = {"page": ("#ffffff", "#0d1117"), "text": ("#1b1f24", "#e6edf3"),
           "faint": ("#525a63", "#a5b0bc"), "strong": ("#0a4a94", "#93c5ff"),
           "firmware": ("#e8eaed", "#262c34"), "early": ("#fdeccb", "#3d3013"),
           "kernel": ("#dcebfb", "#14304f"), "areas": ("#d9f2df", "#143a22")}
WRITTEN = ("text", "faint", "strong")
CONTRAST = 4.5  # WCAG 2, level AA, for text of this size


def luminance(colour):
    """Relative luminance (WCAG 2) of #rrggbb."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def weak_pairs():
    """What is written in one colour on another that is too much like it."""
    found = []
    for scheme in (0, 1):
        for fill in sorted(set(COLOURS) - set(WRITTEN)):
            for written in WRITTEN:
                light, dark = sorted((luminance(COLOURS[name][scheme]) for name in (fill, written)),
                                     reverse=True)
                if (light + 0.05) / (dark + 0.05) < CONTRAST:
                    found.append(f"{written} on {fill}, {('light', 'dark')[scheme]}")
    return found


def width(word, bold=False):
    """Of a word, in units."""
    em = sum(0.4 if c in "iljtfrI.,:;'\"|!()[]- " else 0.88 if c in "mwMW%" else
             0.72 if c.isupper() else 0.62 for c in word)
    return em * FONT * (1.1 if bold else 1)


def pieces(word):
    """Where a word may be broken: behind _."""
    return re.findall(r"[^_]*_+|[^_]+", word) or [word]


def wrap(runs, room):
    """Lines of [(text, class)], of the words of RUNS, which are such pairs."""
    lines, line, used = [], [], 0
    for text, kind in runs:
        for word in text.split():
            gap = width(" ") if line else 0
            for piece in ([word] if width(word, kind in ("b", "s")) <= room else pieces(word)):
                size = width(piece, kind in ("b", "s"))
                if line and used + gap + size > room:
                    lines.append(line)
                    line, used, gap = [], 0, 0
                line.append(((" " if gap else "") + piece, kind))
                used += gap + size
                gap = 0
    return lines + ([line] if line else [])


class Drawing:
    """Elements, one below the other; Y is where the next one goes."""

    def __init__(self, title, description):
        self.title, self.description, self.parts, self.y = title, description, [], PADDING

    def box(self, x, y, size, kind):
        """A filled rectangle; KIND free is only an outline."""
        self.parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{size[0]}" '
                          f'height="{size[1]}" rx="4"/>')

    def text(self, x, y, line, anchor=""):
        """A line as wrap makes it, or a text: Y is the top."""
        runs = [(line, "")] if isinstance(line, str) else line
        spans = "".join(f'<tspan class="{kind}">{html.escape(text, quote=False)}</tspan>' if kind
                        else html.escape(text, quote=False) for text, kind in runs)
        self.parts.append(f'<text x="{x}" y="{y + FONT}"{anchor}>{spans}</text>')

    def paragraph(self, runs, x=PADDING, room=WIDTH - 2 * PADDING):
        """Wrapped text by itself."""
        for line in wrap(runs, room):
            self.text(x, self.y, line)
            self.y += LINE
        self.y += PADDING

    def rule(self, x, y, end):
        """A dashed line downwards: nothing happens, or nothing is there."""
        self.parts.append(f'<path class="rule" d="M{x} {y}V{end}"/>')

    def style(self, scheme):
        """The colours of a scheme."""
        of = {name: pair[scheme] for name, pair in COLOURS.items()}
        return (f"text{{fill:{of['text']}}}.f{{fill:{of['faint']}}}.s{{fill:{of['strong']}}}"
                f".page{{fill:{of['page']}}}.free{{stroke:{of['faint']}}}"
                f".rule{{stroke:{of['faint']}}}"
                + "".join(f".{name}{{fill:{of[name]}}}" for name in COLOURS
                          if name not in ("page", *WRITTEN)))

    def whole(self):
        """The file."""
        height = self.y + PADDING
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" '
            'role="img" aria-labelledby="title desc">',
            f'<title id="title">{html.escape(self.title)}</title>',
            f'<desc id="desc">{html.escape(self.description)}</desc>',
            f"<style>text{{font:{FONT}px sans-serif;white-space:pre}}.b,.s{{font-weight:bold}}"
            f".m{{font-family:monospace}}.free{{fill:none;stroke-dasharray:3 3}}"
            f".rule{{fill:none;stroke-dasharray:2 4}}{self.style(0)}"
            f"@media (prefers-color-scheme:dark){{{self.style(1)}}}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}"/>', *self.parts, "</svg>", ""])
