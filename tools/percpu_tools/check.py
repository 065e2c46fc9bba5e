# SPDX-License-Identifier: MIT
"""percpu-check: the rules, and the command line."""

import argparse
import importlib.util

from percpu_tools import (code, code_aarch64, code_riscv64, code_x86_64, rules_access,
                          rules_dynamic, rules_image, rules_sequences, rules_traps)
from percpu_tools.command import answer
from percpu_tools.findings import Findings
from percpu_tools.kernel import Refused
from percpu_tools.suits import open_kernel

RULES = [
    rules_image.the_template_is_loaded,
    rules_image.the_template_is_not_cleared,
    rules_image.the_near_window_has_room,
    rules_image.no_segment_is_writable_code,
    rules_image.no_segment_is_at_0,
    rules_image.no_segments_overlap,
    rules_image.there_is_one_configuration,
    rules_image.there_is_one_library,
    rules_access.gp_is_the_registers_only,
    rules_access.the_register_is_for_variables,
    rules_access.the_stack_protector_is_elsewhere,
    rules_access.no_access_bypasses_the_register,
    rules_access.no_data_points_into_the_template,
    rules_dynamic.constructors_are_run,
    rules_dynamic.there_is_memory_to_give,
    rules_sequences.the_table_can_be_sorted,
    rules_sequences.each_sequence_is_in_the_table,
    rules_traps.traps_come_to_percpu_restart,
    rules_traps.the_register_is_the_cpus,
    rules_image.the_panic_is_the_kernels,
]
NAMES = sorted(name for rule in RULES for name in rule.__doc__.split(" and "))
# Modules that may be there: add_arguments(parser), and run(kernel, code, findings, options), which
# does nothing unless its own option was given.
EXTRA = ["percpu_tools.prove"]


def extras():
    """Those that are."""
    found = []
    for name in EXTRA:
        if importlib.util.find_spec(name):
            module = importlib.import_module(name)
            if hasattr(module, "add_arguments"):
                found.append(module)
    return found


def decoder_for(kernel, objdump):
    """What reads this architecture's instructions."""
    fixed = {"aarch64": code_aarch64, "riscv64": code_riscv64}
    return fixed.get(kernel.arch) or code_x86_64.Decoder(objdump)


def pair(text):
    """START,END."""
    names = text.split(",")
    if len(names) != 2 or not all(names):
        raise argparse.ArgumentTypeError(f"{text!r} is not START,END, the names of two symbols")
    return names


def allowed(text):
    """RULE or RULE:FUNCTION."""
    if text.split(":")[0] not in NAMES:
        raise argparse.ArgumentTypeError(f"there is no rule {text.split(':')[0]!r}: take one of "
                                         + ", ".join(NAMES))
    return text


def arguments(modules):
    """The command line's."""
    parser = argparse.ArgumentParser(
        prog="percpu-check", description="Says what is wrong with the per-CPU part of a linked "
        "kernel, and how to mend it.", epilog="Exit status: 0: nothing is wrong; 1: something is; "
        "2: the file cannot be checked. The pages that this names are in libpercpu's source tree. "
        "The rules are in docs/percpu-check.md: " + ", ".join(NAMES) + ".")
    parser.add_argument("kernel", help="the kernel as the linker made it, an ELF file with symbols")
    parser.add_argument("--json", action="store_true", help="for programs, on standard output")
    parser.add_argument("--all", action="store_true", help="all findings, not the first ten of "
                        "each rule")
    parser.add_argument("--allow", metavar="RULE[:FUNCTION]", type=allowed, action="append",
                        default=[], help="what this rule finds, in this function, is right: a note")
    parser.add_argument("--clears", metavar="START,END", type=pair, action="append",
                        help="the kernel clears memory between these symbols, besides those that "
                        "are known by their names")
    parser.add_argument("--near-left", metavar="BYTES", type=int, default=rules_image.NEAR_LEFT,
                        help="how much of the near window is to be left (%(default)s)")
    parser.add_argument("--objdump", metavar="PROGRAM", help="for x86_64, if none is found by "
                        "itself")
    for module in modules:
        module.add_arguments(parser)
    return parser


def check_clears(kernel, start, end):
    """That these symbols are there, one before the other."""
    option = f"--clears {start},{end}"
    for name in (start, end):
        if name not in kernel.symbols:
            raise Refused(f"{option}: {kernel.path} has no symbol {name}")
    first, last = kernel.value(start), kernel.value(end)
    if first >= last:
        raise Refused(f"{option}: {start}, {first:#x}, is not before {end}, {last:#x}; it is "
                      "--clears START,END")


def check(options, modules):
    """All rules, on one kernel."""
    kernel = open_kernel(options.kernel)
    if any(configuration.arch == "host" for configuration in kernel.configurations):
        raise Refused(f"{kernel.path} is for a Linux program: the library in it is ports/host, "
                      "whose CPUs are threads, and no CPU of a kernel finds its area; build both "
                      f"for {kernel.arch}")
    for start, end in options.clears or []:
        check_clears(kernel, start, end)
    everything = code.Code(kernel, decoder_for(kernel, options.objdump))
    findings = Findings(kernel, options.allow)
    for rule in RULES:
        rule(kernel, everything, findings, options)
    for module in modules:
        module.run(kernel, everything, findings, options)
    return findings


def main(argv=None):
    """The exit status."""
    modules = extras()
    options = arguments(modules).parse_args(argv)

    def run():
        findings = check(options, modules)
        text = findings.json() if options.json else findings.text(options.all)
        return text, findings.status
    return answer("percpu-check", options.kernel, run)
