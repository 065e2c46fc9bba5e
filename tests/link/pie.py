# SPDX-License-Identifier: MIT
"""C6 and C66: the header in position-independent code, linked -static -pie."""

import judge
from compiler import refuse
from image import Image
from layouts import judge_layout
from toolchain import COLLECTED, PLAIN, VARIANTS

LOAD = 0x10000
# The functions of programs/near.c and near.S, and where in the area each reaches: a variable, and
# bytes behind its start.
REACHED = {"load_number": ("number", 0), "store_words_2": ("words", 8), "add_number": ("number", 0),
           "address_words": ("words", 0), "load_stable": ("number", 0),
           "load_at_run_time": ("percpu_delta", 0), "assembly_load": ("number", 0),
           "assembly_store": ("number", 0), "assembly_address": ("number", 0)}
# What lld says of %lo since its version 18.
REFUSES = r"relocation R_RISCV_LO12_[IS] cannot be used against symbol .*; recompile with -fPIC"


def signed(value):
    """12 bits."""
    return (value ^ 0x800) - 0x800


def offsets_from_gp(code):
    """riscv64: what loads, stores and addi add to gp."""
    at = 0
    while at < len(code):
        word = int.from_bytes(code[at:at + 4], "little")
        if word & 3 == 3 and word >> 15 & 31 == 3:
            if word & 0x7f in (0x03, 0x13):
                yield signed(word >> 20)
            elif word & 0x7f == 0x23:
                yield signed(word >> 25 << 5 | word >> 7 & 31)
        # mv is what is left of an address with offset 0; C has it short.
        elif word & 0xf003 == 0x8002 and word >> 2 & 31 == 3:
            yield 0
        at += 4 if word & 3 == 3 else 2


def near_variables_are_reached(image):
    """By the offsets that they have in the area."""
    start = image.address("_percpu_load_start")
    for name, (variable, behind) in REACHED.items():
        function = image.named(name)[0]
        found = set(offsets_from_gp(image.bytes_at(function.address, function.size)))
        wanted = image.address(f"__percpu_near.{variable}") + behind - start
        yield found == {wanted}, f"{name} reaches {found}, {variable} is at {wanted}"


def judge_near(tap, result, name):
    """programs/near.c."""
    if image := judge.judge(tap, result, name, areas=64, load=LOAD):
        complaints = judge.faults(near_variables_are_reached(image))
        tap.ok(not complaints, f"C66 {name}: near variables are reached where they are",
               complaints)


class Linker:
    """Compiles and links for one variant."""

    def __init__(self, tools, variant, ld=None):
        self.tools, self.variant, self.ld = tools, variant, ld

    def link(self, name, *sources):
        """A program of (source, flag, ...)."""
        objects = [self.tools.compile(f"programs/{source}", "-fPIE", *flags,
                                      lto=self.variant.lto) for source, *flags in sources]
        return self.tools.link([compiled.path for compiled in objects], "scripts/pie.ld",
                               self.variant, name=name, pie=True, ld=self.ld,
                               flags=[f"--defsym=LOAD_ADDRESS={LOAD}"])


def near(tap, linker, what, *flags):
    """Each way to a near variable, on riscv64, in code for today's lld, or for none."""
    result = linker.link("near" + "".join(flags), ("near.c", *flags), ("near.S", *flags))
    if "-DPERCPU_RISCV_PIE=0" in flags and not result.path:
        refuse(tap, result, f"C66 control: {what}", REFUSES)
    else:
        judge_near(tap, result, what)


def programs(tap, linker, what, *flags):
    """All sorts of variables and accesses; and what another unit defines, which must not be reached
    through a GOT."""
    result = linker.link("pie", ("layout.c", *flags))
    judge_layout(tap, result, f"static PIE, {what}", areas=64, load=LOAD)
    for kind in ("", "_FAR"):
        result = linker.link(f"declared{kind}",
                             ("declare.c", f"-DDECLARE=PERCPU_DECLARE{kind}", *flags),
                             ("define.c", f"-DDEFINE=PERCPU_DEFINE{kind}", *flags))
        judge.judge(tap, result, f"static PIE with DECLARE{kind}, {what}", areas=64, load=LOAD)


def gnu_riscv(tap, tools):
    """Of GNU ld's emulations, riscv64-unknown-elf's have no -pie; its gcc driver drops the option.
    GCC's objects, and the archive of GCC's, are linked by lld."""
    lld = tools.an_lld()
    for variant in (PLAIN, COLLECTED):
        refuse(tap, Linker(tools, variant).link("refused", ("layout.c",)),
               f"static PIE, {variant.name}", "-pie not supported")
        if not lld:
            tap.skip(f"static PIE of GCC's objects by lld, {variant.name}", "lld is not there")
            continue
        what = f"GCC's objects by lld, {variant.name}"
        programs(tap, Linker(tools, variant, lld), what, "-DPERCPU_RISCV_PIE=1")
        near(tap, Linker(tools, variant, lld), what, "-DPERCPU_RISCV_PIE=1")


def pie(tap, tools):
    """What is right wherever it is moved to by pages."""
    if tools.arch == "riscv64" and not tools.is_lld:
        gnu_riscv(tap, tools)
        return
    for variant in VARIANTS:
        linker = Linker(tools, variant)
        programs(tap, linker, variant.name)
        for flags in ([], ["-DPERCPU_RISCV_PIE=1"], ["-DPERCPU_RISCV_PIE=0"]) \
                if tools.arch == "riscv64" else ():
            near(tap, linker, " ".join([variant.name, *flags]), *flags)


GROUPS = {"pie": pie}
