# SPDX-License-Identifier: MIT
"""The sequences of modules: a kernel that has none pays nothing, and one that adds a table gets the
look-up that knows of it, however the library comes into the link."""

from image import Image
from toolchain import COLLECTED, PLAIN

# What only a kernel with modules has, and what the two look-ups are without.
ADD = "percpu_sequences_add__"
OWN = {"percpu_restart__": "_percpu_restart_own__",
       "percpu_in_sequence__": "_percpu_in_own_sequence__"}


def addresses(image, prefix):
    """Of the symbols that begin so."""
    return {symbol.address for symbol in image.symbols if symbol.name.startswith(prefix)}


def judge(tap, result, name, present, strong):
    """PRESENT: whether the tables of modules are in the program; STRONG: whether they are asked."""
    if not tap.ok(result.path, f"{name}: links", result.why()):
        return
    image = Image(result.path)
    tap.ok(bool(addresses(image, ADD)) == present,
           f"{name}: percpu_sequences_add is {'there' if present else 'not there'}",
           result.command)
    for function, own in OWN.items():
        which, without = addresses(image, function), addresses(image, own)
        tap.ok(len(which) == 1 and (which.isdisjoint(without) if strong else which == without),
               f"{name}: {function.rstrip('_')} asks {'modules too' if strong else 'no module'}",
               f"{which}, {without}: {result.command}")


def modules(tap, tools):
    """From the archive; and with all of its objects in the link."""
    for define, variant in ((d, v) for d in (False, True) for v in (PLAIN, COLLECTED)):
        part = tools.compile("programs/modules.c", *["-DMODULES"] * define)
        if not tap.ok(part.path, "programs/modules.c compiles", part.why()):
            return
        flags = [f"--defsym=LOAD_ADDRESS={tools.load}"]
        name = f"{'a' if define else 'no'} module, {variant.name}"
        result = tools.link([part.path], "scripts/user.ld", variant, name=f"archive{define}",
                            flags=flags)
        judge(tap, result, name, define, define)
        result = tools.link([part.path, "--whole-archive"], "scripts/user.ld", variant,
                            name=f"objects{define}", flags=flags)
        judge(tap, result, f"{name}, all objects", define or not variant.gc, True)


GROUPS = {"modules": modules}
