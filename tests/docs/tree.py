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
    return "".join(re.findall(rf"^{goal}:.*\n(?:.+\n)*", text, re.M))


def test_goals(text):
    """The goals of make that are tests."""
    return sorted(set(re.findall(r"^([a-z][a-z-]*-test):", text, re.M)))


def not_run(text, integration):
    """Tests that neither make check, of the makefiles TEXT, nor INTEGRATION runs."""
    run = "\n".join([integration] + [rule(text, goal) for goal in
                                     ("check", "check-one", "check-second")])
    return [goal for goal in test_goals(text)
            if goal not in BY_HAND and not re.search(rf"(?<![\w-]){goal}(?![\w-])", run)]


def not_in_help(text):
    """Tests without a line of make help: words behind ##, on the line of the goal."""
    return [goal for goal in test_goals(text) if not re.search(rf"^{goal}:.*## ", text, re.M)]


def names_not_in_help(text, names):
    """Variables of tools/names.mk, NAMES, that the recipe of help leaves out."""
    listed = re.search(r"^NAMES := ((?:.*\\\n)*.*)", names, re.M)[1].replace("\\", " ").split()
    return [name for name in listed if not re.search(rf"\b{name}=", rule(text, "help"))]


def check_tree(tap):
    """The lists of this tree."""
    made = makefiles()
    tap.ok(not_run(f"{made}\nodd-test:\n\ttrue\n", "") == ["mutation-test", "odd-test"],
           "a test that nobody runs is found")
    tap.none(not_run(made, contents(".ci/run")), "make check or .ci/run runs every test")
    tap.ok(not_in_help("a-test: b \\\n\t\tc ## d\nb-test: ## b\n") == ["a-test"],
           "a test that make help leaves out is found")
    tap.none(not_in_help(made), "make help has every test")
    tap.ok(names_not_in_help("help:\n\techo 'A=1 '\n", "NAMES := A \\\n\tB\n") == ["B"],
           "a variable that make help leaves out is found")
    tap.none(names_not_in_help(made, contents("tools/names.mk")), "make help has every variable")
