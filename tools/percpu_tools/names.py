# SPDX-License-Identifier: MIT
"""The names of the library's symbols: a variable's, and what a function's says of how it was
built."""

import re

# percpu_init__smp_none_image_line64_debug0_gp_s_v2: include/percpu/configuration.h.
FUNCTION = re.compile(r"(?P<function>_?percpu_\w+?)__(?P<mode>smp|sp)"
                      r"_(?P<preempt>none|hooks|restart)_(?P<vma>image|zero)_line(?P<line>\d+)"
                      r"_debug(?P<debug>[01])_(?P<arch>\w+?)"
                      r"(?:_v(?P<abi>\d+))?")
# __percpu_near.count, of a class's __percpu_near.Scheduler.pair; of several static ones of a name
# all but one have a number behind, or .lto_priv and a number.
VARIABLE = re.compile(r"__percpu_(?P<kind>near|far)\.(?P<name>\w+(?:\.[A-Za-z_]\w*)*?)"
                      r"(?:\.lto_priv)?(?:\.\d+)?")


def variable(symbol):
    """(kind, name) of a per-CPU variable's symbol, the name as C and C++ write it; None if it is
    another."""
    match = VARIABLE.fullmatch(symbol)
    return match and (match["kind"], match["name"].replace(".", "::"))
