#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Puts what make bench has made into the documentation.

    into_docs.py OUT DOCS

Of DOCS/bench.md, what is between the two comments becomes OUT/bench.md, but for what was timed on
processors of other makers than this machine's: that stays. The plots are copied.
"""

import glob
import os
import re
import shutil
import sys

START, END = "<!-- results: made by make bench-docs -->\n", "<!-- end of results -->\n"
HOST = re.compile(r"<!-- host results: (\S+) -->\n.*?<!-- end of host results -->\n", re.DOTALL)


def hosts(text):
    """The part of each maker's processor."""
    return {match[1]: match[0] for match in HOST.finditer(text)}


def merge(old, new):
    """The new results, with the old ones of other makers behind what is for all."""
    parts = hosts(old) | hosts(new)
    for_all = HOST.sub("", new).rstrip("\n")
    return f"{for_all}\n\n" + "\n".join(parts[maker] for maker in sorted(parts))


def main():
    """All of it, or a sentence."""
    out, docs = sys.argv[1:]
    made = sorted(glob.glob(os.path.join(out, "bench-*.svg")))
    if not made or not os.path.exists(os.path.join(out, "bench.md")):
        sys.exit(f"bench-docs: there is nothing in {out}: run make bench first")
    page = os.path.join(docs, "bench.md")
    with open(os.path.join(out, "bench.md"), encoding="utf-8") as file:
        results = file.read()
    with open(page, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(START)
    old, after = rest.split(END)
    with open(page, "w", encoding="utf-8") as file:
        file.write(before + START + "\n" + merge(old, results) + "\n" + END + after)
    for path in made:
        shutil.copy(path, docs)


if __name__ == "__main__":
    main()
