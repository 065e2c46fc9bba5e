# SPDX-License-Identifier: MIT
"""What comes out of archives: the kernel's percpu_panic; and, of a library of objects for link-time
optimisation, as CMake and Meson make one, what takes members out of it, which no symbol does that
only an asm names."""

import glob
import os

from image import Image
from refusals import refuse_without_fragment
from toolchain import LTO, PLAIN

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


def panic(tap, tools):
    """A percpu_panic that lies in an archive of the kernel's, before the library, is taken if -u
    asks for it; by lld in any case, and in an object in any order."""
    program, own = (tools.compile("programs/panic.c", *flags) for flags in ([], ["-DOWN"]))
    archive_of_own = tools.archive("libk", [own.path])

    def taken(name, *objects):
        result = tools.link([program.path, *objects], "scripts/user.ld", PLAIN, name="panic",
                            flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
        if not tap.ok(result.path, f"{name}: links", result.why()):
            return None
        return any(symbol.name == "own_panic" for symbol in Image(result.path).symbols)

    for name, wanted, objects in (
            ("a percpu_panic in an object behind the library", True, [tools.library, own.path]),
            ("one in an archive", tools.is_lld, [archive_of_own.path]),
            ("one in an archive, with -u percpu_panic", True,
             ["-u", "percpu_panic", archive_of_own.path]),
            ("none, with -u percpu_panic", False, ["-u", "percpu_panic"])):
        tap.ok(taken(name, *objects) == wanted,
               f"{name}: that of the {'kernel' if wanted else 'library'} is taken")


def archives(tap, tools):
    """All of it."""
    panic(tap, tools)
    optimised(tap, tools)


GROUPS = {"archives": archives}
