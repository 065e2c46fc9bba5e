# SPDX-License-Identifier: MIT
"""C7: riscv64 with gp as the per-CPU register, and a script that defines __global_pointer$."""

import os
import shlex
import shutil

from compiler import refuse
from refusals import configured_library
from toolchain import HERE, PLAIN, VARIANTS

WORDS = r"libpercpu: .*remove __global_pointer\$"
NAME = "__global_pointer$"
# Where a script may define it, as a line of user.ld and what takes its place, and the definition.
DATA, FRAGMENT, BSS = ".data : { *(.data .data.*) }", "\tINCLUDE percpu.ld\n", "*(.bss .bss.*)"
LAST = "\tINCLUDE debug.ld\n"
DEFINITIONS = {
    "in .data": (DATA, DATA.replace(" }", f" {NAME} = . + 0x800; }}")),
    "before the fragment": (FRAGMENT, f"\t{NAME} = . + 0x800;\n{FRAGMENT}"),
    "behind the fragment": (FRAGMENT, f"{FRAGMENT}\t{NAME} = . + 0x800;\n"),
    "in .bss": (BSS, f"{NAME} = . + 0x800; {BSS}"),
    "at the end": (LAST, f"{LAST}\t{NAME} = . + 0x800;\n"),
    "behind SECTIONS": (LAST + "}\n", LAST + f"}}\n{NAME} = _start + 0x800;\n"),
    "absolute": (FRAGMENT, f"{FRAGMENT}\t{NAME} = 0x80000800;\n")}
# PROVIDE is for those who lack it.
PROVIDED = {
    "PROVIDE before the fragment": (FRAGMENT, f"\tPROVIDE({NAME} = . + 0x800);\n{FRAGMENT}"),
    "PROVIDE behind the fragment": (FRAGMENT, f"{FRAGMENT}\tPROVIDE({NAME} = . + 0x800);\n"),
    "no definition": (FRAGMENT, FRAGMENT)}


def script(tools, name, change, template="user.ld"):
    """A copy of the script TEMPLATE, with one change; its path."""
    with open(os.path.join(HERE, "scripts", template), encoding="ascii") as file:
        text = file.read()
    assert text.count(change[0]) == 1, name
    path = os.path.join(tools.out, f"{name.replace(' ', '-')}.{template}")
    with open(path, "w", encoding="ascii") as file:
        file.write(text.replace(*change))
    return path


def link(tools, objects, path, variant, **options):
    """A program by the script at PATH."""
    return tools.link(objects, path, variant, name=os.path.basename(path),
                      flags=[f"--defsym=LOAD_ADDRESS={tools.load}"], **options)


def positions(tap, tools):
    """Wherever the script defines it, the program does not link; the right twins do."""
    for variant in VARIANTS:
        program = tools.compile("programs/init.c", "-DINIT=percpu_init(1)", lto=variant.lto)
        for name, change in {**DEFINITIONS, **PROVIDED}.items():
            result = link(tools, [program.path], script(tools, name, change), variant)
            if name in DEFINITIONS:
                refuse(tap, result, f"C7 {NAME} {name}, {variant.name}", WORDS)
            else:
                tap.ok(result.path, f"C7 {name}, {variant.name}: links", result.why())


def ways(tap, tools):
    """So too through ld -r, and in a static PIE."""
    program = tools.compile("programs/init.c", "-DINIT=percpu_init(1)")
    position_independent = tools.compile("programs/init.c", "-DINIT=percpu_init(1)", "-fPIE")
    pie_ld = shlex.split(os.environ["TEST_LD"])[0] if tools.is_lld else tools.an_lld()
    for name in ("behind the fragment", "no definition"):
        change = {**DEFINITIONS, **PROVIDED}[name]
        results = {}
        for ld in shlex.split(os.environ["TEST_PARTIAL_LDS"]):
            if shutil.which(ld):
                whole = os.path.join(tools.out, f"{os.path.basename(ld)}.o")
                tools.run([ld, "-r", "-o", whole, program.path, "--whole-archive", tools.library],
                          whole)
                results[f"{ld} -r"] = link(tools, [whole], script(tools, name, change), PLAIN,
                                           library=False)
        if pie_ld:
            results["static PIE"] = link(tools, [position_independent.path],
                                         script(tools, name, change, "pie.ld"), PLAIN, pie=True,
                                         ld=pie_ld)
        for way, result in results.items():
            if name in DEFINITIONS:
                refuse(tap, result, f"C7 {NAME} {name}, {way}", WORDS)
            else:
                tap.ok(result.path, f"C7 {name}, {way}: links", result.why())


def tp(tap, tools):
    """With tp as the register gp is the linker's, with a definition and without."""
    library, config = configured_library(tools, "PERCPU_RISCV_REG", "tp")
    program = tools.compile("programs/init.c", config, "-DINIT=percpu_init(1)")
    for name in ("in .data", "behind the fragment", "no definition"):
        result = link(tools, [o.path for o in [program, *library]],
                      script(tools, name, {**DEFINITIONS, **PROVIDED}[name]), PLAIN, library=False)
        tap.ok(result.path, f"C45 tp, {NAME} {name}: links", result.why())


def global_pointer(tap, tools):
    """All of it, where there is gp."""
    if tools.arch != "riscv64":
        tap.skip(f"C7 {NAME}", "riscv64 alone has it")
        return
    positions(tap, tools)
    ways(tap, tools)
    tp(tap, tools)


GROUPS = {"global-pointer": global_pointer}
