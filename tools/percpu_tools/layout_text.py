# SPDX-License-Identifier: MIT
"""percpu-map's text: a table that is no longer than one reads, and what has changed."""

import itertools
import textwrap

ROWS = 40  # about: what is smaller is folded
BAR = 50
COLUMNS = 100
OWNER = 24


def names(pieces, most=6):
    """In words."""
    known = [piece.name for piece in pieces]
    more = len(known) - most
    return ", ".join(known[:most]) + (f" and {more} more" if more > 0 else "")


def bar(used, total):
    filled = min(BAR, -(-used * BAR // total)) if total else 0
    return "[" + "#" * filled + "." * (BAR - filled) + "]"


def summary(layout):
    """What is above the table."""
    kernel = layout.kernel
    yield (f"{kernel.path}: {kernel.arch}; {kernel.configuration}")
    yield (f"Template: {layout.size} bytes, {len(layout.variables)} variables, "
           f"{sum(h.size for h in layout.holes)} bytes of holes."
           + (f" An area for each CPU: {layout.stride} bytes." if layout.is_copied else ""))
    if layout.reserve:
        yield (f"Reserve: {layout.reserve[1]} bytes for percpu_alloc, from offset "
               f"{layout.reserve[0]:#x}.")
    if layout.has_window:
        yield (f"Near window: {bar(layout.near, layout.window)} {layout.near} of "
               f"{layout.window} bytes.")


def table_rows(layout, everything):
    """Lists of pieces, each a row: the largest by themselves, the others folded by cache lines, as
    few of them as does."""
    rows = [[piece] for piece in layout.pieces]
    largest = sorted(layout.pieces, key=lambda p: -p.size)[:ROWS // 2]
    together = 1
    while not everything and len(rows) > ROWS and together * layout.line <= layout.size:
        def key(piece):
            return (piece.offset < layout.near, piece.offset if piece in largest else -1,
                    layout.lines(piece)[0] // together)  # pylint: disable=cell-var-from-loop
        rows = [list(group) for _, group in itertools.groupby(layout.pieces, key)]
        together *= 2
    return rows


def in_words(row):
    """What, what kind, whose."""
    variables = [piece for piece in row if piece.name]
    if len(row) == 1:
        return (row[0].name or "(hole)", row[0].kind, row[0].owner)
    holes = sum(piece.size for piece in row if not piece.name)
    text = names(variables, 3) + (f", {holes} bytes of holes" if holes else "")
    kinds = sorted({v.kind for v in variables})
    owners = sorted({v.owner for v in variables})
    return (text, kinds[0] if len(kinds) == 1 else "",
            owners[0] if len(owners) == 1 else f"{len(owners)} files")


def table(layout, everything):
    """Offset, size, cache lines, name, kind and owner; a rule where a line begins."""
    yield f"{'offset':>8} {'bytes':>7} {'lines':>9}  {'kind':4} {'defined in':{OWNER}} variable"
    for row in table_rows(layout, everything):
        first, last = layout.lines(row[0])[0], layout.lines(row[-1])[1]
        text, kind, owner = in_words(row)
        size = row[-1].end - row[0].offset
        lines = f"{first}" if first == last else f"{first}-{last}"
        yield f"{row[0].offset:#8x} {size:7} {lines:>9}  {kind:4} {owner:{OWNER}} {text}".rstrip()


def text(layout, sentences, everything):
    """All of it."""
    yield from summary(layout)
    yield ""
    yield from table(layout, everything)
    if len(table_rows(layout, everything)) < len(layout.pieces):
        yield "Smaller variables are folded: --all shows each."
    for sentence in sentences:
        yield ""
        yield from textwrap.wrap(sentence, COLUMNS)


def detail(change):
    """In words."""
    what, v, size = change
    how = {"appeared": f"{v.size} bytes", "vanished": f"{size} bytes"}.get(
        what, f"from {size} to {v.size} bytes")
    return f"  {what}: {v}, {how}"


def against(new, old, changes, everything):
    """What has changed from OLD to NEW."""
    yield ""
    yield f"Against {old.kernel.path}: {old.kernel.arch}; {old.kernel.configuration}"
    for what, was, now in (("Template", old.size, new.size), ("Area", old.stride, new.stride),
                           ("Near window", old.near, new.near)):
        yield f"{what}: {was} bytes, now {now} ({now - was:+})."
    yield from folded(map(detail, changes), everything)
    if not changes:
        yield "  The variables are the same."


def folded(lines, everything):
    """Some of them, and how many more there are."""
    lines = list(lines)
    most = len(lines) if everything or len(lines) <= ROWS else ROWS // 2
    yield from lines[:most]
    if len(lines) > most:
        yield f"  and {len(lines) - most} more: --all shows each."
