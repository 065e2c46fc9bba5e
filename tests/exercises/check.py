#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
The exercises at the end of docs/boot-<arch>.md, solved. TAP; for prove, from the top of the tree.
The argument is the architecture.

Each heading "### Exercise N: ..." has a link to a solution, a patch, and a block: a make command
and lines that it prints when the exercise is solved, in any order, with ... for what differs from
run to run. On a copy of the tree each solution is applied, built and run by that very command, must
print those very lines, and nothing that is not ok.

That this can fail is shown, too: what the page has the reader begin with, a copy of kernels/hello,
must not pass for any exercise, and a solution for no other exercise than its own.

    TEST_OUT       where output goes; build/exercises if not set
    TEST_LLVM      not empty: the LLVM tools
"""

import dataclasses
import glob
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Behind this directory, for both have a check.py.
sys.path.append(os.path.join(ROOT, "tests", "docs"))

import pages
from names import contents
from tap import Tap

KERNEL = "kernels/mine"
TIMEOUT = 600  # seconds, as QEMU_TIMEOUT: not to measure
FAILURES = re.compile(r"not ok |Bail out!|make.* \*\*\*")


@dataclasses.dataclass
class Exercise:
    """One of a page. LINES is what its solution prints; OUTPUT what it has printed."""
    title: str
    patch: str
    command: str
    lines: list
    output: list = dataclasses.field(default_factory=list)


def exercises_of(page):
    """The exercises, in order; what is missing is None, or empty."""
    starts = [(number, text[4:]) for number, text in page.prose
              if re.match(r"### Exercise \d+: ", text)]
    found = []
    for (start, title), end in zip(starts, [start for start, _ in starts[1:]] + [sys.maxsize]):
        patch = next((target for number, target in page.links()
                      if start < number < end and target.endswith(".patch")), None)
        text = "".join(block.code for block in page.blocks if start < block.line < end)
        command, *lines = text.splitlines() or [""]
        found.append(Exercise(title, patch and os.path.normpath(f"docs/{patch}"),
                              command.removeprefix("$ "), lines))
    return found


def missing(lines, output):
    """Those of LINES that no line of OUTPUT is, each of which counts once; and what failed."""
    left, lacking = list(output), []
    # What leaves little open first: another line may fit what leaves much open, too.
    for line in sorted(lines, key=lambda line: -len(line.replace("...", ""))):
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        match = next((text for text in left if pattern.fullmatch(text)), None)
        if match is None:
            lacking.append(line)
        else:
            left.remove(match)
    return lacking + [f"(not to be printed) {text}" for text in left if FAILURES.match(text)]


class Workshop:
    """A copy of the tree."""

    def __init__(self, arch):
        self.out = os.path.abspath(f"{os.environ.get('TEST_OUT') or 'build/exercises'}/{arch}")
        self.tree = f"{self.out}/tree"
        shutil.rmtree(self.tree, ignore_errors=True)
        # Without what a reader has made of the exercises here.
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns(
            "build", ".git", "__pycache__", os.path.basename(KERNEL)))

    def run(self, command):
        """The lines that a command of the page prints, on the tree as it is."""
        words = shlex.split(command) + ["KERNELS=mine", f"O={self.out}/build",
                                        f"LLVM={os.environ.get('TEST_LLVM', '')}"]
        environment = {**os.environ, "MAKEFLAGS": "", "MAKEOVERRIDES": "", "MAKELEVEL": ""}
        with subprocess.Popen(words, cwd=self.tree, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True) as make:
            try:
                text = make.communicate(timeout=TIMEOUT)[0]
            except subprocess.TimeoutExpired:
                os.killpg(make.pid, signal.SIGKILL)
                text = make.communicate()[0] + f"\n(ended after {TIMEOUT} s)\n".encode()
        return [line.rstrip("\r") for line in text.decode("latin-1").split("\n")]

    def patch(self, path, *more):
        """Applies a solution. What patch says if it does not fit, else None."""
        words = ["patch", "--strip=1", "--fuzz=0", "--batch", "--no-backup-if-mismatch",
                 "--reject-file=-", *more, f"--input={ROOT}/{path}"]
        done = subprocess.run(words, cwd=self.tree, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout if done.returncode else None

    def begin(self):
        """What a reader does first. Not with its times, or make takes what is built for newer."""
        shutil.copytree(f"{ROOT}/kernels/hello", f"{self.tree}/{KERNEL}",
                        copy_function=shutil.copyfile)


def check_solution(tap, workshop, exercise):
    """Applies, builds, runs and judges one; then takes it out again."""
    wrong = workshop.patch(exercise.patch)
    if not tap.ok(not wrong, f"{exercise.title}: the solution applies",
                  f"solution {exercise.patch} no longer applies: make it anew, for the tree as it "
                  f"is\n{wrong}"):
        return
    exercise.output = workshop.run(exercise.command)
    lacking = missing(exercise.lines, exercise.output)
    tap.ok(not lacking, f"{exercise.title}: the solution prints the lines of the page",
           "\n".join(["lacking:", *lacking, f"{exercise.command} printed:",
                      *exercise.output[-40:]]))
    workshop.patch(exercise.patch, "--reverse")


def check_fails(tap, workshop, exercises):
    """Neither what one begins with passes, nor another exercise's solution."""
    shutil.rmtree(f"{workshop.tree}/{KERNEL}", ignore_errors=True)
    workshop.begin()
    unsolved = {command: workshop.run(command) for command in {e.command for e in exercises}}
    for exercise in exercises:
        output = unsolved[exercise.command]
        tap.ok("1..4" in output and missing(exercise.lines, output),
               f"{exercise.title}: is not solved to begin with", "\n".join(output[-40:]))
        tap.none([other.title for other in exercises if other is not exercise and other.output
                  and not missing(exercise.lines, other.output)],
                 f"{exercise.title}: no other solution passes for its own")


def main():
    """Checks the exercises of one architecture."""
    tap, arch = Tap(), sys.argv[1]
    path = f"docs/boot-{arch}.md"
    exercises = exercises_of(pages.read(path, contents(path)))
    patches = sorted(glob.glob(f"kernels/exercises/{arch}/*"))
    for exercise in exercises:
        tap.ok(exercise.patch in patches and exercise.command.startswith("make ")
               and exercise.lines, f"{path}: {exercise.title}: has a solution, a command and what it prints")
    if not tap.ok(not tap.failed and sorted(e.patch for e in exercises) == patches,
                  f"{path} has an exercise for each of {len(patches)} solutions"):
        return tap.done()
    workshop = Workshop(arch)
    for exercise in exercises:
        check_solution(tap, workshop, exercise)
    check_fails(tap, workshop, exercises)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
