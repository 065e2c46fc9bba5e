# SPDX-License-Identifier: MIT
"""
The time line of a boot page: read from the page, drawn, and compared with a recorded run.

The table has columns: the level, what the boot CPU does, what every other CPU does, and further
ones, the stack and the register among them, for the state that the boot CPU is in afterwards, or,
from a row with dashes there on, the other. A row without a level, or, for the other, further in,
goes on with what is above; ":" is nothing new.
"""

import dataclasses
import re

from percpu_tools import svg

LANES = ("boot", "other")
LANE = (svg.WIDTH - 3 * svg.PADDING) // 2
KINDS = {"real": "early", "prot.": "early", "EL3": "firmware", "M": "firmware", "entry": "early"}


@dataclasses.dataclass
class Entry:
    """What one CPU does in a row: its words, and {column: word} of its state afterwards."""
    lane: str
    level: str
    text: str
    states: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Timeline:
    """ROWS are lists of entries, or the text of a line across."""
    heads: list
    rows: list


def block_of(page, heading):
    """The first block below a heading."""
    start = next(number for number, text in page.prose if text == f"## {heading}")
    return next(block for block in page.blocks if block.line > start)


def block_below(page, heading):
    """Its lines."""
    return block_of(page, heading).code.splitlines()


def cut(line, spans):
    """The cells of a line."""
    return [line[start:end].rstrip() for start, end in spans]


def level_of(text, levels):
    """("level", text) of "level: text" in the lane of other CPUs."""
    match = re.match(rf"((?:{levels})(?: to (?:{levels}))?):\s+(.*)", text)
    return (match[1], match[2]) if match else ("", text)


def add(entry, text):
    """Goes on with an entry."""
    entry.text += text if entry.text.endswith("_") else f" {text}"


def read(page):
    """The time line of a page."""
    head, dashes, *lines = block_below(page, "The time line")
    spans = [match.span() for match in re.finditer("-+", dashes)]
    spans = [(start, after) for (start, _), (after, _) in zip(spans, spans[1:] + [(999, 0)])]
    timeline, last = Timeline(cut(head, spans), []), {}
    levels = "|".join(sorted({re.escape(line[:spans[0][1]].strip()) for line in lines} - {""}))
    owner = "boot"
    for line in lines:
        across = re.fullmatch(r"\s+-{5,} (.*) -{5,}", line)
        if across:
            timeline.rows.append(across[1])
            continue
        level, left, right, *states = cut(line, spans)
        entries, level = [], level.strip()
        if left.strip() not in ("", ":"):
            if level or not left.startswith(" "):
                last["boot"] = Entry("boot", level, left.strip())
                entries.append(last["boot"])
            else:
                add(last["boot"], left.strip())
        if right.strip() not in ("", ":"):
            if right.startswith(" ") and last["other"]:
                add(last["other"], right.strip())
            else:
                last["other"] = Entry("other", *level_of(right.strip(), levels))
                entries.append(last["other"])
        elif right.strip() == ":":
            last["other"] = None
        if states[0].startswith("---"):
            owner = "other"
        elif last.get(owner) and any(states):
            last[owner].states = {head: word.strip() for head, word in
                                  zip(timeline.heads[3:], states)}
        if entries:
            timeline.rows.append(entries)
    return timeline


def names(timeline):
    """What looks like a name of the kernel's, anywhere: in small letters, with _."""
    return {name for lane in LANES for entry in lane_of(timeline, lane)
            for name in re.findall(r"\b[a-z0-9_]*_[a-z0-9_]*\b", entry.text)}


def functions(entry, symbols):
    """The functions of the kernel that an entry names, in its order."""
    return [name for name in re.findall(r"(?<!to )\b(\w*_\w*)\b(?! returns)", entry.text)
            if name in symbols]


def lane_of(timeline, lane):
    """The entries of one."""
    return [entry for row in timeline.rows if not isinstance(row, str) for entry in row
            if entry.lane == lane]


def in_order(named, passed):
    """The last places in PASSED where the functions NAMED come in this order; None if they do not.
    The last: a function that another one calls first is named for its own call."""
    places, end = [], len(passed)
    for name in reversed(named):
        end = next((place for place in range(end - 1, -1, -1) if passed[place][0] == name), None)
        if end is None:
            return None
        places.insert(0, end)
    return places


def differences(timeline, lane, passed, symbols, state):
    """What the page says of a CPU and a run does not: PASSED is [(function, registers)] in order,
    STATE says in the page's words what registers are: (level, {column: word})."""
    entries = [(entry, name, names[-1] == name) for entry in lane_of(timeline, lane)
               for names in [functions(entry, symbols)] for name in names]
    named = [name for _, name, _ in entries]
    places = in_order(named, passed)
    if not named or places is None:
        return [f"the page has {', '.join(named)}",
                f"the run has {', '.join(name for name, _ in passed if name in named)}"]
    found, states = [], [state(lane, passed[place][1]) for place in places]
    for (entry, name, is_last), (level, _), (_, after) in zip(entries, states,
                                                             states[1:] + [(None, {})]):
        if level and entry.level and level not in entry.level and name in entry.text.split(":")[0]:
            found.append(f"{name} is entered at {level}, the page has {entry.level}")
        found += [f"after {name} there is {after[head]}, the page has {word}"
                  for head, word in entry.states.items() if is_last and head in after
                  and re.match("(stack|area) |0", word) and word != after[head]]
    return found


def runs_of(entry, shown):
    """The words of an entry, with what it names in bold; and what changes in its state."""
    match = re.match(r"(\w+)([:,]?)(?!\w)(.*)", entry.text)
    is_name = match and ("_" in match[1])
    words = [(entry.level, "s")] if entry.level else []
    words += [(match[1] + match[2], "b"), (match[3], "")] if is_name else [(entry.text, "")]
    changed = [word if " " in word else f"{head} {word}" for head, word in
               entry.states.items() if word != shown.get(head)
               and re.match("stack|area|on$", word)]
    return words, changed


def draw(timeline, title, what):
    """The file's text."""
    drawing = svg.Drawing(title, what)
    drawing.paragraph([(title, "b")])
    drawing.paragraph([("in blue the level; → what is there from then on", "f")])
    heads = [svg.wrap([(head, "s")], LANE) for head in timeline.heads[1:3]]
    for index, lines in enumerate(heads):
        for number, line in enumerate(lines):
            drawing.text(svg.PADDING + index * (LANE + svg.PADDING),
                         drawing.y + number * svg.LINE, line)
    drawing.y += max(map(len, heads)) * svg.LINE + svg.PADDING
    shown = {lane: {} for lane in LANES}
    for row in timeline.rows:
        if isinstance(row, str):
            drawing.paragraph([(f"— {row} —", "f")])
            continue
        boxes = {}
        for entry in row:
            words, changed = runs_of(entry, shown[entry.lane])
            shown[entry.lane] = entry.states or shown[entry.lane]
            lines = svg.wrap(words, LANE - 2 * svg.PADDING)
            boxes[entry.lane] = (entry, lines + [[(f"→ {value}", "f")] for value in changed])
        height = max(len(lines) for _, lines in boxes.values()) * svg.LINE + svg.PADDING
        for index, lane in enumerate(LANES):
            x = svg.PADDING + index * (LANE + svg.PADDING)
            if lane not in boxes:
                drawing.rule(x + LANE // 2, drawing.y, drawing.y + height)
                continue
            entry, lines = boxes[lane]
            drawing.box(x, drawing.y, (LANE, height), KINDS.get(
                entry.level.split()[-1] if entry.level else "M", "kernel"))
            for number, line in enumerate(lines):
                drawing.text(x + svg.PADDING, drawing.y + 2 + number * svg.LINE, line)
        drawing.y += height + svg.PADDING // 2
    return drawing.whole()
