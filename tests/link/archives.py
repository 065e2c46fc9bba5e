# SPDX-License-Identifier: MIT
"""The library as an archive of objects for link-time optimisation, as CMake and Meson make one: a
symbol that only an asm names takes no member of it."""

import glob
import os

from refusals import refuse_without_fragment
from toolchain import LTO

# In error_dynamic.c.
WORDS = b"no room for the variable: raise PERCPU_DYNAMIC"
CALLS = {"percpu_init(1)": False, "percpu_alloc(&handle)": True, "percpu_cpu_up(0)": True}


def archive(tools, *flags, lto):
    """An archive of the library for PERCPU_MODE smp, and why there is none."""
    sources = [source for place in ("lib", "lib/smp", "lib/image")
               for source in sorted(glob.glob(f"{place}/*.c"))]
    objects = [tools.compile(os.path.abspath(source), *flags, lto=lto) for source in sources]
    return tools.archive("libpercpu", [o.path for o in objects if o.path]), \
        "\n".join(o.why() for o in objects if not o.path)


def optimised(tap, tools):
    """Errors have their sentences; and a script without the fragment is refused with one word."""
    library, why = archive(tools, lto=True)
    if not tap.ok(library.path and not why, "an archive for -flto", why or library.why()):
        return
    tools.library = library.path
    for call, more in CALLS.items():
        program = tools.compile("programs/errors.c", f"-DCALL={call}", lto=True)
        result = tools.link([program.path], "scripts/user.ld", LTO, name="errors",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        if tap.ok(result.path, f"{call}, of an archive for -flto: links", result.why()):
            with open(result.path, "rb") as file:
                found = WORDS in file.read()
            tap.ok(found == more, f"{call}, of an archive for -flto: percpu_strerror knows "
                   f"{'its errors' if more else 'no errors of dynamic variables'}",
                   result.command)
    program = tools.compile("programs/errors.c", "-DCALL=percpu_init(1)", lto=True)
    refuse_without_fragment(tap, tools.link(
        [program.path], "scripts/without_fragment.ld", LTO, name="without_fragment",
        flags=[f"--defsym=LOAD_ADDRESS={tools.load}"]), "without_fragment.ld, an archive for -flto")


GROUPS = {"archives": optimised}
