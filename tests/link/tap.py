# SPDX-License-Identifier: MIT
"""TAP on standard output."""


class Tap:
    """Counts results and prints them; the plan comes last."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, text, why=""):
        """One result; WHY is said if it is not ok."""
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {text}")
        if not passed and why:
            print("\n".join("#   " + line for line in why.splitlines()[:40]))
        return passed

    def skip(self, text, reason):
        """What cannot be tried here, and why not."""
        self.count += 1
        print(f"ok {self.count} - {text} # SKIP {reason}")

    def done(self):
        """The plan; the exit status."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0
