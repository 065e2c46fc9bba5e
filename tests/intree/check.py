#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Judges docs/building-in.md: a kernel that builds the library itself, by each way of the page, with
the page's own files. Called by make intree-test, through prove.

The last argument names a group: a way, of ways.py; a way's refusals, of refusals.py; or flags. The
settings are those of tests/install/common.py, and TEST_AR.
"""

import sys

import kernel  # finds the modules of tests/install
import flags
import refusals
import ways

from tap import Tap


def main():
    """Runs one group."""
    tap = Tap()
    {**ways.GROUPS, **refusals.GROUPS, **flags.GROUPS}[sys.argv[1]](tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
