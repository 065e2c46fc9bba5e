#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Breaks the product in named ways, one at a time, and shows which test notices.

Works on a copy of the tree. First every command runs on the unbroken copy, where it must pass; then
each mutant of mutants.py is put in and its command must fail, with the words that name the fault.
Arguments, if any, are the names of the mutants to try.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import mutants

ROOT = pathlib.Path(__file__).resolve().parents[2]


def copy_tree(to):
    """What is built and tested, without what was built before."""
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))


def run(command, tree):
    """The exit status and output of a command in the tree."""
    done = subprocess.run(command, shell=True, cwd=tree, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def show(output):
    print("\n".join("      " + line for line in output.splitlines()[-15:]))


def control(tree, commands):
    """Every command must pass where nothing is broken, or a failure proves nothing."""
    for command in commands:
        status, output = run(command, tree)
        if status:
            print(f"control: '{command}' fails with nothing broken:")
            show(output)
            return False
        print(f"control: '{command}' passes", flush=True)
    return True


def caught(tree, mutant):
    """Puts the mutant in, runs its command, and takes the mutant out."""
    path = tree / mutant.file
    before = path.read_text()
    if before.count(mutant.old) != 1:
        print(f"{mutant.name}: {mutant.file} does not have the text to break once: {mutant.old}")
        return False
    path.write_text(before.replace(mutant.old, mutant.new))
    try:
        status, output = run(mutant.command, tree)
    finally:
        path.write_text(before)
    words = re.search(mutant.words, output)
    if status and words:
        print(f"caught   {mutant.name}: {mutant.command}: {words[0].strip()}", flush=True)
        return True
    print(f"ESCAPED  {mutant.name}: {mutant.command} "
          + ("fails, but not with: " + mutant.words if status else "passes"))
    show(output)
    return False


def main():
    chosen = [m for m in mutants.MUTANTS if not sys.argv[1:] or m.name in sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="percpu-mutation-") as folder:
        tree = pathlib.Path(folder) / "tree"
        copy_tree(tree)
        if not control(tree, sorted({m.command for m in chosen})):
            return 1
        count = sum(caught(tree, mutant) for mutant in chosen)
    print(f"mutants: {count} of {len(chosen)} caught")
    return 0 if count == len(chosen) and chosen else 1


if __name__ == "__main__":
    sys.exit(main())
