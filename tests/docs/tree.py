# SPDX-License-Identifier: MIT
"""What the tree lists of itself: what such a list leaves out."""

import glob
import re

from names import contents

CASES = "tests/cases.md"
TOPS = ("arch", "boards", "docs", "include", "kernels", "ldscripts", "lib", "ports", "tests",
        "tools")
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


def asked_for(paths):
    """The options of the command line that the C files at PATHS ask for."""
    return {name for path in paths for name in re.findall(r'\boption\("(\w+)"', contents(path))}


def options(text):
    """Those that the head of a file lists."""
    listed = re.search(r"^ \* Options\b(?:.|\n)*?^ \*/", text, re.M)
    return set(re.findall(r"\b([a-z0-9]+)=", listed[0])) if listed else set()


def wrong_options(heads, asked):
    """Differences between what files list, HEADS, and what the code asks for, both
    {kernel: options}; kernel "" has those of all, and the code of architectures and boards."""
    found = [f"kernels/{kernel}/main.c does not list {name}=" for kernel in heads
             for name in sorted(asked.get(kernel, set()) - heads[kernel]) if kernel]
    found += [f"nobody asks for {name}=, which kernel {kernel or 'common'} lists"
              for kernel, listed in heads.items()
              for name in sorted(listed - asked.get(kernel, set()) - asked[""])]
    return found + [f"no list has {name}=" for name in
                    sorted(asked[""] - set().union(*heads.values()))]


def check_options(tap):
    """Each kernel lists its options."""
    mains = {path.split("/")[1]: path for path in glob.glob("kernels/*/main.c")}
    heads = {kernel: options(contents(path)) for kernel, path in mains.items()}
    heads[""] = options(contents("kernels/common/options.c"))
    asked = {kernel: asked_for(glob.glob(f"kernels/{kernel}/*.c")) for kernel in mains}
    asked[""] = asked_for(glob.glob("kernels/common/*.c") + glob.glob("arch/*/*.c")
                          + glob.glob("boards/*/*.c"))
    tap.none(wrong_options(heads, asked), "each option of a kernel is listed in its main.c")
    broken = {**heads, "smp": {"moon"}, "": set()}
    tap.ok({"kernels/smp/main.c does not list seed=", "no list has serial=",
            "nobody asks for moon=, which kernel smp lists"} <= set(wrong_options(broken, asked)),
           "a list that leaves out an option, or has another, is found")


def numbered(text):
    """The numbers of cases that TEXT has."""
    return set(re.findall(r"(?<![\w.-])[CS]\d{1,2}(?!\w)", text))


def used_numbers():
    """Those of the tree, without the key to them and this file."""
    paths = [path for top in TOPS for path in glob.glob(f"{top}/**/*", recursive=True)
             if re.search(r"\.(?:[chS]|cc|hpp|ld|md|mk|pml|py)$", path)
             and path not in (CASES, "tests/docs/tree.py")]
    return numbered("\n".join(map(contents, ["Makefile", *glob.glob("*.md"), *paths])))


def wrong_cases(text, used):
    """Numbers that the tree uses and no row of TEXT explains, or the other way round."""
    listed = re.findall(r"^\| ([CS]\d+) \| \S", text, re.M)
    every = sorted(set(listed))
    return ([f"{CASES} does not have {number}" for number in sorted(used - set(listed))]
            + [f"nothing is named {number}, which {CASES} has" for number in every
               if number not in used]
            + [f"{CASES} has {number} twice" for number in every if listed.count(number) > 1])


def wrong_folders(text, folders, goals):
    """Folders and GOALS of tests that the table TEXT lacks, and what it has that is none."""
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| (`.*`) \|$", text, re.M)
    listed = {goal for _, cell in rows for goal in re.findall(r"`([\w-]+)`", cell)}
    return sorted({row[0] for row in rows} ^ set(folders)) + sorted(set(goals) - listed)


def check_keys(tap, made):
    """The keys to what tests are named after, and to their folders."""
    text = "| number |\n|---|\n| C1 | a |\n| S3 | b |\n| S3 | b |\n"
    tap.ok(len(wrong_cases(text, {"C1", "C2"})) == 3,
           "a case without a line, a line without a case, and one that is there twice, are found")
    tap.none(wrong_cases(contents(CASES), used_numbers()), f"{CASES} has each case that is named")
    tap.ok(wrong_folders("| `a` | it | `a-test` |\n", ["b"], ["a-test", "b-test"])
           == ["a", "b", "b-test"], "a folder and a goal without a line are found")
    folders = [path.split("/")[1] for path in glob.glob("tests/[a-z]*/")]
    tap.none(wrong_folders(contents("tests/README.md"), folders, test_goals(made)),
             "tests/README.md has each folder and each test")


def check_tree(tap):
    """The lists of this tree."""
    check_options(tap)
    made = makefiles()
    check_keys(tap, made)
    tap.ok(not_run(f"{made}\nodd-test:\n\ttrue\n", "") == ["mutation-test", "odd-test"],
           "a test that nobody runs is found")
    tap.none(not_run(made, contents(".ci/run")), "make check or .ci/run runs every test")
    tap.ok(not_in_help("a-test: b \\\n\t\tc ## d\nb-test: ## b\n") == ["a-test"],
           "a test that make help leaves out is found")
    tap.none(not_in_help(made), "make help has every test")
    tap.ok(names_not_in_help("help:\n\techo 'A=1 '\n", "NAMES := A \\\n\tB\n") == ["B"],
           "a variable that make help leaves out is found")
    tap.none(names_not_in_help(made, contents("tools/names.mk")), "make help has every variable")
