#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Puts together what the parts of make bench have found.

    report.py RESULTS OUT

RESULTS is the directory of their files. It writes OUT/bench.json, OUT/bench.md and the plots,
OUT/bench-*.svg, and prints the Markdown.
"""

import json
import os
import sys

import plots
import tables
from results import Results


def main():
    """All of it."""
    directory, out = sys.argv[1:]
    results = Results(directory)
    with open(os.path.join(out, "bench.json"), "w", encoding="utf-8") as file:
        json.dump(results.tree, file, indent=1)
        file.write("\n")
    page = tables.markdown(results)
    with open(os.path.join(out, "bench.md"), "w", encoding="utf-8") as file:
        file.write(page)
    print(page)
    drawn = plots.draw(results, os.path.join(directory, "plots"), out)
    print(f"In {out}: bench.json, bench.md, {', '.join(drawn)}")


if __name__ == "__main__":
    main()
