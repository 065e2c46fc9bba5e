# SPDX-License-Identifier: MIT
"""What a search of a model's states is."""

import dataclasses

STEPS = 10000		# the longest run looked for; those that there are have about a hundred
DEADLOCK, CYCLE = "invalid end state", "non-progress cycle"


@dataclasses.dataclass
class Search:
    """One search. FAILS is empty, or a part of the violation that must be found."""
    what: str
    macros: str = ""
    fails: str = ""
    model: str = "restart"
    ends: bool = False		# look for runs that never end, beside the assertions
    steps: int = STEPS
