#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What percpu-check --prove proves, and what it must not. Called by make prove, through prove; the
last argument is the name of a test below."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
import steps
from percpu_tools import entry, prove
from percpu_tools.kernel import Kernel
from percpu_tools.machine import NotUnderstood
from tap import Tap

ARCH = os.environ["TEST_ARCH"]
# What each fault must be found by; a few are found by more than one rule.
FAULTS = {
    "begin": "begins_late compare_late delta_late address_late one_instruction loads_from_before "
             "loads_around_a_branch without_size",
    "end": "ends_early ends_before_store ends_inside goes_on_around_a_branch",
    "branch": "jumped_into jumped_into_from_elsewhere branches_elsewhere branches_back call",
    "store": "ends_late two_stores two_halves slot_unsaid load_behind_slot "
             "publishes_its_own publishes_its_callers publishes_twice slot_of_callers_at_the_word",
    "atomic": "pair misaligned",
    "inputs": "input_overwritten input_moved flags result_left moves_stack delta_from_before",
    "stack": "below_stack below_stack_by_another scratch_on_stack",
    "address": "base_from_before neighbour too_wide outside before_area writes_delta delta "
               "without_delta through_pointer slot_unmasked slot_of_callers_unmasked "
               "operand_doubled",
    "register": "writes_register other_register",
    "not understood": "unknown",
    "exclusive": "exclusive_before exclusive_behind exclusive_apart "
                 "exclusive_skipped exclusive_unasked",
}
RULES = {f"wrong_{name}": rule for rule, names in FAULTS.items() for name in names.split()}
# A kernel that has none proves nothing. But fault has no operation that is a sequence, and on
# riscv64, where a read is one instruction, neither has hello.
FEW = {"sweep": 100, "fault": 0, "hello": 0 if ARCH == "riscv64" else 1}


def kernels():
    """(name, path) of each kernel; those of other configurations are called after their folders."""
    for folder in os.environ["TEST_KERNELS"].split():
        variant = os.path.basename(os.path.dirname(folder)) if "/prove/" in folder else ""
        for path in sorted(glob.glob(f"{folder}/**/*.elf", recursive=True)):
            name = os.path.basename(path)[:-len(".elf")]
            if os.path.basename(os.path.dirname(path)) not in ("prove", "link", "install"):
                yield " ".join(filter(None, (name, variant))), path


def shown(prover):
    """A Prover's findings, a line each."""
    return [f"{f.where}: {f.rule}: {f.text}" for f in prover.findings]


def proven(name, path, proofs):
    """The Prover of a kernel, done; its count, in words."""
    prover = prove.Prover(Kernel(path), proofs)
    prover.prove()
    return prover, f"{ARCH} {name}: {len(prover.kernel.sequences)} sequences, " \
        f"{len(prover.shapes)} shapes, {prover.obligations} obligations"


def check_sequences(tap):
    """Each sequence of each kernel is proven; no kernel has none."""
    found, proofs = list(kernels()), {}
    tap.ok(len(found) >= 9, f"{len(found)} kernels", found)
    for name, path in found:
        prover, text = proven(name, path, proofs)
        tap.none(shown(prover), text)
        few = FEW.get(name.split()[0], 1)
        tap.ok(len(prover.kernel.sequences) >= few, f"{ARCH} {name}: that is {few} or more")


def moved(machine, start, end):
    """An entry, made wrong in each way in which a table may be."""
    code = entry.instructions(machine, start, end)
    yield "begins an instruction late", code[0].end, end
    yield "ends an instruction early", start, code[-1].address
    try:
        following = machine.decode(end).end
    except NotUnderstood:
        following = end + 4
    yield "ends an instruction late", start, following


def check_table(tap):
    """A table with each of sweep's entries moved: no sequence is proven."""
    path = next(path for name, path in kernels() if name == "sweep")
    kernel, proofs = Kernel(path), {}
    machine, right = prove.Prover(kernel, proofs).machine, list(kernel.sequences)
    ways = {}
    for start, end in right:
        for text, *place in moved(machine, start, end):
            ways.setdefault(text, []).append(tuple(place))
    for text, entries in ways.items():
        kernel.sequences = [e for e in entries if e[0] < e[1]]
        prover = prove.Prover(kernel, proofs)
        prover.prove()
        missed = {e[0] for e in kernel.sequences} - {f.address for f in prover.findings}
        tap.none(map(kernel.where, sorted(missed)),
                 f"each of {len(kernel.sequences)} entries that {text} is found")
    kernel.sequences = [*right, (right[0][0], right[1][1])]
    prover = prove.Prover(kernel, proofs)
    tap.ok(any(f.rule == "table" for f in prover.prove()), "entries that overlap are found")


def check_faults(tap):
    """The faults in the program are found, each by its rule; what is right is proven."""
    kernel = Kernel(os.environ["TEST_PROGRAM"])
    prover = prove.Prover(kernel)
    prover.prove()
    rules = {}
    for finding in prover.findings:
        rules.setdefault(kernel.function_at(finding.address).name, []).append(finding)
    names = [kernel.function_at(start).name for start, _ in sorted(kernel.sequences)]
    for name in names:
        found = [f"{f.rule}: {f.text}" for f in rules.get(name, [])]
        if name.startswith("wrong_"):
            tap.ok(any(f.rule == RULES[name] for f in rules.get(name, [])),
                   f"{name} is found: {RULES[name]}", "\n".join(found) or "nothing is found")
        else:
            tap.none(found, f"{name} is proven")
    wrong = sum(name.startswith("wrong_") for name in names)
    tap.ok(wrong >= 40 and len(names) - wrong >= 11, f"{wrong} faults, {len(names) - wrong} right")


def disassembled(path):
    """(address, size, text) of each instruction that objdump sees."""
    aliases = "no-aliases" + (",numeric" if ARCH == "riscv64" else "")
    text = subprocess.run([os.environ["TEST_OBJDUMP"], "-d", "-M", aliases, path], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    for line in re.findall(r"^ *([0-9a-f]+):\t([0-9a-f]+) +\t(\S+)\t?(.*)$", text, re.MULTILINE):
        operands = re.split(r"[\t ]*(?:<|//|# )", line[3])[0].strip()
        yield int(line[0], 16), len(line[1]) // 2, f"{line[2]} {operands}".strip()


def names_register(text):
    """Whether it is of a system register that the decoder has no name for: no sequence has any."""
    return re.match(r"(mrs|msr) ", text)


def check_decoder(tap):
    """What is decoded is what objdump sees, in all code of all kernels; and all of the sequences
    is decoded."""
    paths = [path for _, path in kernels()] + [os.environ["TEST_PROGRAM"]]
    wrong, known, inside, lost = set(), 0, 0, set()
    for path in paths:
        kernel = Kernel(path)
        machine = prove.Prover(kernel).machine
        within = {at for start, end in kernel.sequences for at in range(start, end, 2)}
        for address, size, text in disassembled(path):
            inside += address in within
            if text.startswith("."):
                continue
            try:
                i = machine.decode(address)
            except NotUnderstood:
                if address in within and path != os.environ["TEST_PROGRAM"]:
                    lost.add(text)
                continue
            known += 1
            if (i.size, i.text) != (size, text) and not names_register(text):
                wrong.add(f"{i.text!r}, {i.size} bytes: objdump has {text!r}, {size}")
    tap.none(sorted(wrong), f"{known} instructions are what objdump says")
    tap.none(sorted(lost), f"none of the {inside} in sequences is unknown")


def check_instructions(tap):
    """What the decoder says that instructions do, QEMU does."""
    codes = {}
    for _, path in kernels():
        kernel = Kernel(path)
        machine = prove.Prover(kernel).machine
        for start, end in kernel.sequences:
            for i in entry.instructions(machine, start, end):
                codes.setdefault(kernel.read(i.address, i.size), i)
    steps.check(tap, ARCH, os.environ["TEST_QEMU"], codes)


def told(*arguments, path=""):
    """What percpu-check --prove gives back and says, where Python finds modules in PATH first."""
    done = subprocess.run([sys.executable, os.path.join(HERE, "../../tools/percpu-check"),
                           "--prove", *arguments], env={**os.environ, "PYTHONPATH": path},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def check_command(tap):
    """percpu-check --prove: its exit status, and what it says."""
    path = next(path for name, path in kernels() if name == "sweep")
    status, out, error = told(path)
    tap.ok(status == 0 and re.search(r"\d\d+ of \d+ restartable sequences are proven", out),
           "a right kernel: 0, and the count", f"{status}\n{out}{error}")
    status, out, error = told("--json", os.environ["TEST_PROGRAM"])
    found = {f["rule"] for f in json.loads(out)["findings"]} if out else set()
    tap.ok(status == 1 and "prove" in found, "faults: 1, and findings in JSON",
           f"{status}\n{found}{error}")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "z3.py"), "w", encoding="ascii") as file:
            file.write("raise ImportError('not here')\n")
        status, out, error = told(path, path=folder)
    tap.ok(status == 2 and "apt-get install python3-z3" in error and "Traceback" not in error,
           "no z3: 2, and what to install", f"{status}\n{out}{error}")


def main():
    """One test."""
    tap = Tap()
    {"sequences": check_sequences, "table": check_table, "faults": check_faults,
     "decoder": check_decoder, "instructions": check_instructions,
     "command": check_command}[sys.argv[1]](tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
