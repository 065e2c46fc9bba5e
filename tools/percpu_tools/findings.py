# SPDX-License-Identifier: MIT
"""What the rules say, and how it is shown."""

import dataclasses
import json
import textwrap

ERROR, WARNING, NOTE = "error", "warning", "note"
SHOWN = 10


@dataclasses.dataclass
class Finding:
    """What is wrong, why that matters, and how to mend it; each a sentence or more. Address: where,
    None for what is nowhere in particular; function: what --allow may name."""
    rule: str
    level: str
    what: str
    why: str
    mend: str
    address: int = None
    function: str = ""
    where: str = ""


class Findings:
    """Collects them for one kernel."""

    def __init__(self, kernel, allowed=()):
        self.kernel = kernel
        self.allowed = set(allowed)
        self.all = []

    def add(self, rule, level, what, why, mend, address=None):
        """One finding; one that is allowed becomes a note."""
        function = self.kernel.function_at(address) if address is not None else None
        name = function.name if function else ""
        if level != NOTE and self.allowed & {rule, f"{rule}:{name}"}:
            level, mend = NOTE, "Nothing: allowed by --allow."
        where = self.kernel.where(address) if address is not None else ""
        self.all.append(Finding(rule, level, what, why, mend, address, name, where))

    @property
    def status(self):
        """The exit status."""
        return 1 if any(f.level != NOTE for f in self.all) else 0

    def text(self, verbose=False):
        """For people: errors first; of each rule the first few, unless VERBOSE."""
        lines = []
        for level in (ERROR, WARNING, NOTE):
            for rule in dict.fromkeys(f.rule for f in self.all if f.level == level):
                lines += self._text_of(
                    [f for f in self.all if (f.level, f.rule) == (level, rule)], verbose)
        counts = [f"{n} {name}{'s' * (n != 1)}" for name in (ERROR, WARNING, NOTE)
                  if (n := sum(f.level == name for f in self.all))]
        configurations = "; ".join(sorted(map(str, self.kernel.configurations)))
        lines.append(f"{self.kernel.path}: {self.kernel.arch}, {configurations}: "
                     f"{', '.join(counts) or 'nothing found'}")
        return "\n".join(lines)

    def _text_of(self, findings, verbose):
        """Those of one rule and level: why and how once, if they are the same."""
        lines = []
        shown = findings if verbose else findings[:SHOWN]
        for index, finding in enumerate(shown):
            head = f"{finding.level} [{finding.rule}]"
            lines.append(f"{head} {finding.where + ': ' if finding.where else ''}{finding.what}")
            following = shown[index + 1] if index + 1 < len(shown) else None
            if following is None or (following.why, following.mend) != (finding.why, finding.mend):
                lines += textwrap.wrap(f"{finding.why} {finding.mend}", 96, initial_indent="    ",
                                       subsequent_indent="    ", break_on_hyphens=False,
                                       break_long_words=False)
        if len(findings) > len(shown):
            lines.append(f"    and {len(findings) - len(shown)} more: --all shows them")
        return lines

    def json(self):
        """For programs."""
        return json.dumps({
            "file": self.kernel.path, "architecture": self.kernel.arch,
            "configurations": [c._asdict() for c in sorted(self.kernel.configurations)],
            "status": self.status, "findings": [dataclasses.asdict(f) for f in self.all]}, indent=1)
