#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Checks the pages: their code compiles, their links lead somewhere, what they name exists; and the
tree's lists of itself, tree.py. TAP; for prove, from the top of the tree. The argument is the
architecture to compile for; the settings are those of build.py.

A fenced block says what it is in its info string: `c`, `asm` or `ld`, which are compiled, assembled
or linked with, or `text`, which is not checked; then the architectures that it is for, all if none
is named. `text quoted` is what the library, its linker script or its tools say: each paragraph must
stand in their sources, and docs/troubleshooting.md has every sentence. What a table has in a column
`ours`, code of the page uses. All C blocks of a page are one unit, in the order of the page, and so
are its assembly blocks; `c body` is the inside of a function, by itself; `ld` is a whole linker
script. Functions of the reader's kernel need not be defined, per-CPU variables do. A `diff`, and
what has `file=` in its info string, is applied, built and booted by tests/install/converted.py,
tests/porting/check.py or tests/limine/check.py. The pictures of the boot pages: pictures.py.

That the checks can fail is checked first, on the pages in faults.py.
"""

import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "../../tools")]

import pages
from build import Builder
from faults import FAULTS
from messages import Messages, rules_apart
from names import Names, Places, contents, dead_links, long_lines
from pictures import check as check_pictures
from tap import Tap
from tree import check_tree


# Has the sentences.
SYMPTOMS = "docs/troubleshooting.md"
# Beside docs/*.md.
ABOUT = ("README.md", "CONTRIBUTING.md", "tests/README.md", "tests/cases.md")
# Their tables have long lines.
LONG = (*ABOUT, "docs/bench.md")
LONG_TABLES = ("docs/modules.md", "docs/names.md", SYMPTOMS)


class Silent:
    """A Tap that only remembers what failed."""

    def __init__(self):
        self.failures = []

    def ok(self, passed, text, _why=""):
        """One result."""
        if not passed:
            self.failures.append(text)
        return passed


def open_reservations(page):
    """C61: returns from traps behind the handler, which may have changed the thread, without an SC."""
    found = []
    for block in (block for block in page.blocks if block.language == "asm"):
        for way in re.split(r"\bcall\s+trap_handler\b", block.code)[1:]:
            back = re.search(r"^\s*(?:[sm]ret|j\s+trampoline_exit)\b", way, re.M)
            if back and not re.search(r"^\s*sc\.[wd]\s", way[:back.start()], re.M):
                found.append(f"{page.path}:{block.line}: no SC between trap_handler and {back[0]}")
    return found


def not_compiled(page, names):
    """Names in a column `ours` of PAGE's tables that no code of it uses."""
    code = "".join(block.code for block in page.blocks if block.language in ("c", "asm"))
    used, found, column = set(re.findall(r"\w+", code)), [], None
    for number, line in page.prose:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            column = None
        elif "ours" in cells:
            column = cells.index("ours")
        elif column is not None:
            found += [f"line {number}: no code of the page uses {name}"
                      for name in re.findall(r"(?:percpu|PERCPU)_\w+", cells[column])
                      if name not in used | names.variables]
    return found


def check_text(tap, names, places, page):
    """Links, names, fences and lines."""
    def at(path):
        return os.path.join(os.path.dirname(page.path), path)

    def anchors_of(path):
        return (pages.read(at(path), contents(at(path))) if path else page).anchors()

    for what, found in (("fences", page.wrong), ("names", names.unknown(page)),
                        ("places", places.unknown(page, at)),
                        ("traps", open_reservations(page)),
                        ("quotations", Messages().unknown(page)),
                        ("tables", not_compiled(page, names)),
                        ("links", dead_links(page, lambda path: os.path.exists(at(path)),
                                             anchors_of)),
                        ("lines", [] if page.path in LONG
                         else long_lines(page, page.path in LONG_TABLES))):
        tap.ok(not found, f"the {what} of {page.path}", "\n".join(found))


def check_code(tap, builder, page):
    """What is in blocks, for the builder's architecture."""
    arch, objects = builder.arch, []
    for language, word, extension in (("c", "C", ".c"), ("asm", "assembly", ".S")):
        blocks = page.code(language, arch)
        if blocks:
            path, text = builder.compile_page(page, blocks, extension)
            tap.ok(path, f"the {word} of {page.path} is right for {arch}", text)
            objects += [path] if path else []
    lacking = builder.lacking(objects) if objects else []
    tap.ok(not lacking, f"the variables of {page.path} are defined in it", "\n".join(lacking))
    for block in page.code("c", arch, is_body=True):
        path, text = builder.compile_body(page, block)
        tap.ok(path, f"the body at {page.path}:{block.line} is right for {arch}", text)
    for block in page.code("ld", arch):
        passed, text = builder.link(page, block)
        tap.ok(passed, f"the script at {page.path}:{block.line} links for {arch}", text)


def check_faults(tap, names, places, builder):
    """Each wrong page fails, where it is wrong and nowhere else."""
    for what, text, words in FAULTS:
        silent, page = Silent(), pages.read("wrong.md", text)
        check_text(silent, names, places, page)
        if not page.wrong:
            check_code(silent, builder, page)
        named = [line for line in silent.failures if line.startswith(words)]
        # What does not exist does not compile either: only names may fail beside.
        others = [line for line in silent.failures
                  if line not in named and not line.startswith("the names of")]
        tap.ok(named and not others, f"{what} is found", "\n".join(silent.failures))


def main():
    """Checks everything for one architecture."""
    tap, builder = Tap(), Builder(sys.argv[1])
    names, places = Names(), Places()
    if not tap.ok(builder.passed and len(builder.settings) > 1,
                  f"make builds the library for {builder.arch}", builder.text):
        return tap.done()
    check_faults(tap, names, places, builder)
    checked = [pages.read(path, contents(path)) for path in
               [*ABOUT] + sorted(glob.glob("docs/*.md"))]
    for page in checked:
        check_text(tap, names, places, page)
        check_code(tap, builder, page)
    check_tree(tap)
    check_pictures(tap, builder)
    text = "\n".join(line for page in checked for line in page.lines)
    for what, every in (("error", names.errors), ("variable of config.mk", names.variables)):
        missing = sorted(name for name in every if name not in text)
        tap.ok(not missing, f"every {what} is in a page", "\n".join(missing))
    symptoms = next(page for page in checked if page.path == SYMPTOMS)
    tap.none(Messages().missing(symptoms), f"every sentence of the library is in {SYMPTOMS}")
    for path in glob.glob("docs/percpu-check.md"):
        tap.none(rules_apart(symptoms, contents(path)), f"the rules of {path} are in {SYMPTOMS}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
