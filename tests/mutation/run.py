#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Breaks the product in named ways, one at a time, and shows which test notices.

Works on copies of the tree, as many as TEST_JOBS says at the same time. First a command runs on the
unbroken copy, where it must pass; then each mutant of mutants.py that it is for is put in, and it
must fail, with the words that name the fault. Arguments, if any, are the names of the mutants to
try.
"""

import collections
import concurrent.futures
import os
import pathlib
import queue
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


def last_lines(output):
    return "\n".join("      " + line for line in output.splitlines()[-15:])


def control(tree, command):
    """The command must pass where nothing is broken, or a failure proves nothing."""
    status, output = run(command, tree)
    if status:
        print(f"control: '{command}' fails with nothing broken:\n" + last_lines(output), flush=True)
    else:
        print(f"control: '{command}' passes", flush=True)
    return status == 0


def caught(tree, mutant):
    """Puts the mutant in, runs its command, and takes the mutant out."""
    path = tree / mutant.file
    before = path.read_text()
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
          + ("fails, but not with: " + mutant.words if status else "passes")
          + "\n" + last_lines(output), flush=True)
    return False


def try_command(trees, command, chosen):
    """How many of the command's mutants are caught; in a tree that nobody else uses meanwhile."""
    tree = trees.get()
    try:
        if not control(tree, command):
            return 0
        return sum(caught(tree, mutant) for mutant in chosen if mutant.command == command)
    finally:
        trees.put(tree)


def all_fit():
    """Whether each mutant has its place in the tree: seen before anything is run, and of all."""
    lost = [m for m in mutants.MUTANTS if (ROOT / m.file).read_text().count(m.old) != 1]
    for mutant in lost:
        print(f"{mutant.name}: {mutant.file} does not have the text to break once: {mutant.old}")
    return not lost


def main():
    if not all_fit():
        return 1
    chosen = [m for m in mutants.MUTANTS if not sys.argv[1:] or m.name in sys.argv[1:]]
    counts = collections.Counter(m.command for m in chosen)
    jobs = int(os.environ.get("TEST_JOBS", "1"))
    trees = queue.Queue()
    with tempfile.TemporaryDirectory(prefix="percpu-mutation-") as folder, \
            concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for job in range(jobs):
            copy_tree(pathlib.Path(folder) / str(job))
            trees.put(pathlib.Path(folder) / str(job))
        count = sum(pool.map(lambda group: try_command(trees, group[0], chosen),
                             counts.most_common()))
    print(f"mutants: {count} of {len(chosen)} caught")
    return 0 if count == len(chosen) and chosen else 1


if __name__ == "__main__":
    sys.exit(main())
