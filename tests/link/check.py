#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Links small programs and judges them. Called by make link-test, through prove.

The last argument names a group of cases, of refusals.py, layouts.py, pie.py, sequences.py,
modules.py, global_pointer.py, dynamic.py or archives.py; the settings are those of toolchain.py. A
wrong program must be refused with words that say what is wrong: each has a right one beside it that
differs in the fault alone. A right program must link, and its ELF file is read.
Cases run without and with --gc-sections, and with -flto.
"""

import sys

import archives
import dynamic
import global_pointer
import layouts
import modules
import pie
import refusals
import sequences
from tap import Tap
from toolchain import Toolchain

GROUPS = {**refusals.GROUPS, **layouts.GROUPS, **pie.GROUPS, **sequences.GROUPS,
          **modules.GROUPS, **global_pointer.GROUPS, **dynamic.GROUPS,
          **archives.GROUPS}


def main():
    """Runs one group."""
    name = sys.argv[1]
    tap = Tap()
    GROUPS[name](tap, Toolchain(name))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
