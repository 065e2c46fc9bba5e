# SPDX-License-Identifier: MIT
"""TAP on standard output, for prove."""


class Tap:
    """Counts the results, and prints each."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, text, why=""):
        """One result; WHY is printed if it is not ok: what was found instead."""
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {text}")
        if not passed and why:
            print("\n".join("#   " + line for line in str(why).splitlines()))
        return passed

    def none(self, findings, text):
        """Ok if FINDINGS is empty."""
        findings = list(map(str, findings))
        more = len(findings) - 20
        lines = findings[:20] + ([f"and {more} more"] if more > 0 else [])
        return self.ok(not findings, text, "\n".join(lines))

    def skip(self, text, why):
        """What cannot be looked at here."""
        self.count += 1
        print(f"ok {self.count} - {text} # skip {why}")

    def done(self):
        """The plan; the exit status."""
        print(f"1..{self.count}")
        return 1 if self.failed or not self.count else 0
