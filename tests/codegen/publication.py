# SPDX-License-Identifier: MIT
"""How the kernels pass what they wrote from CPU to CPU: a release store, an acquire load.

A static function that was inlined is looked for in the one that contains it.
"""

import re

CPUS = "kernels/common/cpus.c"
SMP = "kernels/smp/main.c"


def fence(instruction):
    """(before, after) of a RISC-V fence, as sets of the letters r and w; None if it is none."""
    if instruction.mnemonic != "fence":
        return None
    # Without operands it orders everything.
    before, after = instruction.parts() if instruction.operands else ("rw", "rw")
    return set(before) & set("rw"), set(after) & set("rw")


def riscv_acquires(code, isa):
    """The loads that have .aq, or behind which a fence comes before anything else."""
    for i, following in zip(code, code[1:] + code[:1]):
        if not any(kind in ("load", "update") for kind, _ in isa.accesses(i)):
            continue
        after = fence(following)
        if ".aq" in i.mnemonic or after and "r" in after[0] and after[1] == {"r", "w"}:
            yield i


def riscv_releases(code, isa):
    """The stores that have .rl, or before which a fence came last; LR may be between."""
    fenced = False
    for i in code:
        before = fence(i)
        kinds = [kind for kind, _ in isa.accesses(i)]
        if before:
            fenced = before[0] == {"r", "w"} and "w" in before[1]
        elif isa.is_call(i):
            fenced = False
        elif kinds and not i.mnemonic.startswith("lr."):
            if kinds[0] != "load" and (fenced or re.search(r"\.(aq)?rl$", i.mnemonic)):
                yield i
            fenced = False


def acquires(arch, function, isa):
    """The acquire loads of a function."""
    if arch == "riscv64":
        return list(riscv_acquires(function.code, isa))
    return [i for i in function.code if re.match(r"ldar|ldapr|ldaxr", i.mnemonic)]


def releases(arch, function, isa):
    """The release stores of a function."""
    if arch == "riscv64":
        return list(riscv_releases(function.code, isa))
    return [i for i in function.code if re.match(r"stlr|stlxr", i.mnemonic)]


def calls(function, name):
    """Whether it calls NAME, as opposed to containing it."""
    # A static function may be named by its section.
    return any(i.symbols[0] in (name, f".text.{name}") for i in function.code
               if i.relocations and "CALL" in i.relocations[0])


def check_build(tap, settings, build):
    """The five places."""
    arch, isa = settings.arch, settings.isa
    cpus = settings.functions(build.object(CPUS))
    smp = settings.functions(build.object(SMP))
    what = f"-{build.name}"
    for name in ("wait_for", "wait_while"):
        tap.ok(acquires(arch, cpus[name], isa), f"{what} {name} loads the flag with acquire",
               cpus[name])
    enter = cpus.get("leave_starting", cpus["secondary_entry"])
    tap.ok(releases(arch, enter, isa),
           f"{what} a CPU stores that it is online with release, in {enter.name}", enter)
    work, main = smp["work"], smp["kernel_main"]
    tap.ok(releases(arch, work, isa), f"{what} smp: work stores done with release", work)
    own = len(releases(arch, main, isa)) - (0 if calls(main, "work") else 1)
    tap.ok(own >= 1, f"{what} smp: kernel_main stores go with release", main)


def check(tap, settings):
    """Each build."""
    if settings.arch == "x86_64":
        tap.skip("acquire and release",
                 "every load of x86_64 acquires and every store releases (Intel SDM volume 3, "
                 "Memory Ordering): there is nothing to see in the code")
        return
    for build in settings.builds:
        check_build(tap, settings, build)
