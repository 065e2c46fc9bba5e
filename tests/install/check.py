#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Judges make install, with strangers' kernels above all. Called by make install-test, through
prove.

The last argument names a group: layout, pkg-config or headers, of installation.py, faces, of
faces.py, readme, of readme.py, kernel-[ABI-]VARIANT, of kernels.py, converted-CONFIGURATION, of
converted.py, or cleared, header or cut, of faults.py. A kernel is copied out of the source tree,
built by its own Makefile, which finds the library by pkg-config alone, and booted under QEMU. The
settings are those of common.py.
"""

import os
import sys

import converted
import faces
import faults
import installation
import kernels
import readme

from tap import Tap


def main():
    """Runs one group."""
    name = sys.argv[1]
    tap = Tap()
    if name.startswith("kernel-"):
        kernels.kernel(tap, name)
    elif name in converted.GROUPS:
        converted.converted(tap, name)
    else:
        {**installation.GROUPS, **faults.GROUPS, **readme.GROUPS,
         **faces.GROUPS}[name](tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
