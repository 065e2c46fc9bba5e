#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Puts what make bench has made into the documentation.

    into_docs.py OUT DOCS

Of DOCS/bench.md, what is between the two comments becomes OUT/bench.md; the plots are copied.
"""

import glob
import os
import shutil
import sys

START, END = "<!-- results: made by make bench-docs -->\n", "<!-- end of results -->\n"


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
    _, after = rest.split(END)
    with open(page, "w", encoding="utf-8") as file:
        file.write(before + START + "\n" + results + "\n" + END + after)
    for path in made:
        shutil.copy(path, docs)


if __name__ == "__main__":
    main()
