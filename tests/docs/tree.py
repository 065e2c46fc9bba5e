# SPDX-License-Identifier: MIT
"""What the tree lists of itself: what such a list leaves out."""

import glob
import re

from names import contents

# Goals that what continuous integration runs leaves out.
BY_HAND = ("kvm-test",)


def makefiles():
    """The text of the Makefile and of what it includes, without comments."""
    paths = ["Makefile", *sorted(glob.glob("t*/**/*.mk", recursive=True))]
    return re.sub(r"^#.*\n", "", "\n".join(map(contents, paths)), flags=re.M)


def rule(text, goal):
    """The rule for GOAL, which an empty line ends."""
    return "".join(re.findall(rf"^{goal}:(?:.+\n)*", text, re.M))


def test_goals(text):
    """The goals of make that are tests."""
    return sorted(set(re.findall(r"^([a-z][a-z-]*-test):", text, re.M)))


def not_run(text, integration):
    """Tests that neither make check, of the makefiles TEXT, nor INTEGRATION runs."""
    run = "\n".join([integration] + [rule(text, goal) for goal in
                                     ("check", "check-one", "check-second")])
    return [goal for goal in test_goals(text)
            if goal not in BY_HAND and not re.search(rf"(?<![\w-]){goal}(?![\w-])", run)]


def check_tree(tap):
    """The lists of this tree."""
    made = makefiles()
    tap.ok(not_run(f"{made}\nodd-test:\n\ttrue\n", "") == ["mutation-test", "odd-test"],
           "a test that nobody runs is found")
    tap.none(not_run(made, contents(".ci/run")), "make check or .ci/run runs every test")
