# SPDX-License-Identifier: MIT
"""Proves each restartable sequence of a kernel: percpu-check --prove. docs/restart.md says what is
proven, and what that assumes."""

import bisect
import functools
from dataclasses import dataclass

from percpu_tools import (aarch64, around, code_aarch64, code_riscv64, entry, findings, proof,
                          riscv)
from percpu_tools.code import BRANCH, CALL, JUMP, Code
from percpu_tools.entry import Broken
from percpu_tools.kernel import Refused
from percpu_tools.shapes import Shape
from percpu_tools.symbolic import Solver, Undecided, z3

DECODERS = {"aarch64": aarch64, "riscv64": riscv}
ALL_CODE = {"aarch64": code_aarch64, "riscv64": code_riscv64}
REGISTERS = {"gp": "x3", "tp": "x4", "el1": "tpidr_el1", "el2": "tpidr_el2"}
DELTA = "__percpu_near.percpu_delta"
RESERVED = ("percpu_delta", "percpu_cpu_number")
PUBLISHES = "percpu_sequence_publishes."
# How far behind an address that the caller gives a sequence may publish.
REACH = 4096


@dataclass(frozen=True)
class Finding:
    """What is not as it must be with the sequence at an address."""
    rule: str
    address: int
    where: str
    text: str


class Prover:
    """Proves the sequences of one kernel. Each shape once: what differs within a shape, the
    variable and the code around, is looked at for each sequence. PROOFS may be shared; CODE is all
    of the kernel's, if it is there already."""

    def __init__(self, kernel, proofs=None, code=None):
        if z3 is None:
            raise Refused("Python's module z3 is not installed, which --prove needs: run apt-get "
                          "install python3-z3")
        if kernel.arch not in DECODERS:
            raise Refused(f"{kernel.path} has restartable sequences of {kernel.arch}: --prove "
                          f"knows the instructions of {' and '.join(DECODERS)} only; run "
                          "percpu-check without it")
        self.kernel, self.code = kernel, code
        names = {REGISTERS[c.arch.split("_")[0]] for c in kernel.configurations}
        if len(names) != 1:
            raise Refused(f"{kernel.path} mixes configurations with different per-CPU registers: "
                          f"{' and '.join(sorted(names))}; build all of it for one")
        self.machine = entry.Machine(DECODERS[kernel.arch], names.pop(), kernel.read)
        self.is_zero = kernel.configuration.vma == "zero"
        delta = kernel.value(DELTA)
        self.delta = None if delta is None or self.is_zero else delta - kernel.template.start
        self.publishing = set(self.published_by())
        self.solver = Solver()
        self.proofs = {} if proofs is None else proofs
        self.functions = {}
        self.shapes = set()
        self.findings = []

    @property
    def obligations(self):
        """How many questions the solver has been asked."""
        return self.solver.asked

    def published_by(self):
        """Where the sequences start of which the author says that they publish: the symbol is that
        of the entry, which begins with the distance to them."""
        for name in self.kernel.symbols:
            for symbol in self.kernel.named(name) if name.startswith(PUBLISHES) else ():
                distance = self.kernel.read(symbol.value, 4)
                yield symbol.value + int.from_bytes(distance, "little", signed=True)

    def prove(self):
        """The Findings, of all sequences."""
        ends = 0
        for start, end in sorted(self.kernel.sequences):
            if start < ends:
                self.found(start, "table", "its entry overlaps the one before it")
            ends = max(ends, end)
            try:
                self.prove_one(start, end)
            except Broken as broken:
                self.found(start, *broken.args)
            except Undecided:
                self.found(start, "not understood", "the solver has given up on where it is")
        return self.findings

    def found(self, start, rule, text):
        """Notes a finding."""
        self.findings.append(Finding(rule, start, self.kernel.where(start), text))

    def prove_one(self, start, end):
        """Raises Broken for what ends the proof of a sequence, and notes what else is found."""
        code = entry.instructions(self.machine, start, end)
        ways_out = entry.exits(self.machine, code)
        entry.check(self.machine, code, ways_out, start in self.publishing)
        shape, found = self.proof(code, ways_out)
        for failure in found.failures[:1]:
            self.failed(start, code, failure)
        if found.failures:
            return
        self.places(start, code, shape, found)
        self.look_around(start, end, code, shape, found, ways_out)

    def proof(self, code, ways_out):
        """The shape of a sequence, and the Proof of that. If it does not hold with all numbers, it
        may with those that there are."""
        shape = Shape(code, ways_out, self.machine.keep, self.delta)
        self.shapes.add(shape.key)
        found = self.proof_of(shape)
        if (found.failures or found.left) and shape.numbers:
            shape = Shape(code, ways_out, self.machine.keep, self.delta, numbered=True)
            found = self.proof_of(shape)
        return shape, found

    def proof_of(self, shape):
        """A shape's proof, made once."""
        key = (shape.key, self.is_zero)
        if key not in self.proofs:
            self.proofs[key] = proof.prove(shape, self.solver, self.machine, self.is_zero)
        return self.proofs[key]

    def failed(self, start, code, failure):
        """Starting over is not the same as beginning."""
        read, changed = set(), set()
        for n, i in enumerate(code):
            read |= i.reads - changed
            changed |= i.writes if n < len(code) - 1 else set()
        names = ", ".join(sorted(read & changed))
        why = f"; {names}: read as an input, and written before the last instruction" if names \
            else ""
        self.found(start, "inputs", f"begun again after a trap before {code[failure.at]}, "
                   f"{failure.text} than if it were begun then{why}")

    # ---- The variable ----

    def places(self, start, code, shape, found):
        """The last access is in this CPU's area, in a variable."""
        numbers = [(z3.BitVec(f"constant {name}", 64), z3.BitVecVal(number, 64))
                   for number, name in shape.numbers.items()]
        numbers.append((z3.BitVec("template", 64),
                        z3.BitVecVal(self.kernel.template.start, 64)))
        stores = [i for i in code[:-1] if i.stores]
        for place in found.published:
            if not place.is_operand:
                one = stores[0] if len(stores) == 1 else "a store before the last"
                self.in_variable(start, one, place, numbers)
        for behind in found.behind:
            self.behind(start, stores[0], *behind, numbers)
        for place in found.accesses:
            if not place.is_operand:
                self.in_variable(start, code[-1], place, numbers)
        for source, target in found.copies:
            self.same_variable(start, code, source, target, numbers)
        for distance, *sizes, conditions in found.repeated:
            self.not_repeated(start, distance, sizes, conditions, numbers)

    def in_variable(self, start, last, place, numbers):
        """An access, which the instruction LAST makes, is within one variable, and naturally
        aligned."""
        offset = z3.simplify(z3.substitute(place.offset, *numbers))
        conditions = [z3.substitute(c, *numbers) for c in place.conditions]
        at = self.solver.example(offset, conditions)
        if at is None:
            return
        variable = self.variable(at)
        if variable is None:
            self.found(start, "address", f"{last} is in no variable of this CPU's area"
                       f"{self.distance(offset, at)}")
            return
        within = z3.And(z3.UGE(offset, variable.offset),
                        z3.ULE(offset, variable.offset + variable.size - place.size))
        if place.size > variable.size or not self.solver.always(within, conditions):
            text = f"{last} accesses {place.size} bytes that are not all in one variable: at " \
                f"{at} bytes from the area's address there is {variable.name}, of {variable.size}"
            self.found(start, "address", text if z3.is_bv_value(offset) else
                       f"{last} may be anywhere: its address is not this CPU's area's, read in the "
                       "entry, and a distance that stays within one variable")
        elif not self.solver.always(offset & (place.size - 1) == 0, conditions):
            self.found(start, "atomic", f"{last} accesses {place.size} bytes of {variable.name} "
                       f"that are not aligned to that{self.distance(offset, at)}: it is not "
                       "single-copy atomic")
        elif variable.name in RESERVED and (isinstance(last, str) or last.stores):
            self.found(start, "address", f"{last} writes {variable.name}, which is the library's")

    def behind(self, start, store, place, distance, distances, conditions, numbers):
        """What is published lies in the operand's variable, a bounded DISTANCE behind the last
        access, and not where the sequence loads or stores last; or in another variable."""
        known = lambda e: z3.substitute(e, *numbers)
        always = lambda e: self.solver.always(known(e), [known(c) for c in conditions])
        bounded = z3.And(z3.ULE(distance, REACH - place.size), distance & (place.size - 1) == 0)
        apart = [z3.Or(d >= size, d <= -place.size) for d, size in distances]
        if not always(bounded):
            self.in_variable(start, store, place, numbers)
        elif not always(z3.And(*apart)):
            self.found(start, "store", f"{store} may store to where it has loaded from or stores "
                       "last: begun again, it would take that for its input")

    def not_repeated(self, start, distance, sizes, conditions, numbers):
        """What a sequence publishes is not what it loads, or writes last: the DISTANCE between two
        accesses of these SIZES, where it is a number for given conditions."""
        distance = z3.simplify(z3.substitute(distance, *numbers))
        if not z3.is_bv_value(distance) or self.solver.example(
                distance, [z3.substitute(c, *numbers) for c in conditions]) is None:
            return
        if -sizes[0] < distance.as_signed_long() < sizes[1]:
            self.found(start, "store", "it stores, before its last instruction, to where it has "
                       "loaded from or stores last: begun again, it would take that for its input")

    @staticmethod
    def distance(offset, at):
        """Where that is, if it is one place."""
        return f": it is {at - (at >> 63 << 64)} bytes from the area's address" \
            if z3.is_bv_value(offset) else ", for what memory or a register may hold"

    def variable(self, offset):
        """The variable that an offset is in."""
        variables = self.kernel.variables
        n = bisect.bisect_right([v.offset for v in variables], offset) - 1
        while n >= 0:
            if offset < variables[n].offset + variables[n].size:
                return variables[n]
            n -= 1
            if offset - variables[n].offset > 1 << 24:
                break
        return None

    def same_variable(self, start, code, source, target, numbers):
        """What has been loaded, and is computed into what is stored, comes from the variable that
        it is stored to."""
        if source.is_operand != target.is_operand:
            return
        mine, its = (z3.simplify(z3.substitute(p.offset, *numbers)) for p in (source, target))
        if self.solver.always(mine == its, target.conditions):
            return
        if source.is_operand:
            text = "another place than it was loaded from"
        elif z3.is_bv_value(mine) and z3.is_bv_value(its):
            one, other = self.variable(mine.as_long()), self.variable(its.as_long())
            if one == other or other is None:
                return
            text = f"{other.name}, what was loaded from {one.name if one else 'no variable'}"
        else:
            return
        self.found(start, "address", f"{code[-1]} stores, to {text}: an update is of one variable")

    # ---- The code around ----

    def look_around(self, start, end, code, shape, found, ways_out):
        """What the function does before, behind and into the sequence."""
        for address in self.jumps_into(start, end):
            self.found(start, "branch", f"the code at {self.kernel.where(address)} branches into "
                       "it: what is then begun again has not been begun")
        if code[-1].exclusive == "store":
            self.asked(start, code[-1], ways_out)
        function = self.function(start)
        if function is None:
            self.left_over(start, code, shape, found, None, {})
            return
        for register in sorted(map(shape.name, found.pointers)):
            origin = function.origin(register, start)
            if origin and register != self.machine.percpu:
                self.found(start, "begin", f"it accesses memory by {register}, which {origin} has "
                           "found by the per-CPU register before the entry begins: that may be "
                           "another CPU's area by now")
        bases = {shape.name(register) for register in found.bases}
        following = function.goes_on(bases, end)
        if following:
            self.found(start, "end", f"{following} goes on with this CPU's area behind the end: "
                       "the entry must end right behind the operation's last instruction")
        self.left_over(start, code, shape, found, function if function.is_whole else None,
                       {name: address for address, name in ways_out.items()})

    @functools.cached_property
    def jumps(self):
        """(where to, from where) of each direct branch in the kernel."""
        code = self.code or Code(self.kernel, ALL_CODE[self.kernel.arch])
        return sorted((i.target, i.address) for f in code.functions for i in f.instructions
                      if i.op in (BRANCH, JUMP, CALL) and i.target is not None)

    def jumps_into(self, start, end):
        """The addresses of instructions outside a sequence that branch into it."""
        found = self.jumps[bisect.bisect_left(self.jumps, (start + 1,)):
                           bisect.bisect_left(self.jumps, (end,))]
        return [address for _, address in found if not start <= address < end]

    def asked(self, start, last, ways_out):
        """Somebody looks whether a store-exclusive has stored."""
        status = next((name for name, e in last.sets if e == ("status",)), None)
        function = self.function(start)
        is_dead = status is None or function and function.is_whole and \
            function.is_dead(status, last.end)
        if is_dead and "behind" not in ways_out.values():
            self.found(start, "exclusive", f"nothing looks whether {last} has stored, which may "
                       "fail without a cause")

    def left_over(self, start, code, shape, found, function, ways_out):
        """No register that the first attempt has changed is used as if it had not been."""
        told = set()
        for left in found.left:
            register = shape.name(left.register)
            is_flag = register in self.machine.decoder.FLAGS
            name = "the condition flags" if is_flag else register
            if (name, left.exit) in told:
                continue
            if function and function.is_dead(register, ways_out[left.exit]):
                continue
            told.add((name, left.exit))
            self.found(start, "inputs", f"begun again after a trap before {code[left.at]}, it may "
                       f"leave {name} as the first attempt has made it, and what follows may "
                       "use it: write it on every way through the sequence, or in none before the "
                       "end")

    def function(self, address):
        """The function that a sequence is in, or what a symbol without a size is followed by; None
        if there is no symbol."""
        symbol = self.kernel.function_at(address)
        if symbol is None:
            return None
        if symbol.value not in self.functions:
            end = symbol.end if symbol.size else min(
                (f.value for f in self.kernel.functions if f.value > symbol.value),
                default=self.kernel.segment_at(symbol.value).end)
            mine = [s for s in self.kernel.sequences if symbol.value <= s[0] < end]
            self.functions[symbol.value] = around.Function(self.machine, symbol.value, end, mine,
                                                           symbol.size > 0)
        return self.functions[symbol.value]


# ---- percpu-check ----

WHY = {
    "table": "An entry is for one sequence: percpu_restart takes the one that starts last before "
             "the pc.",
    "not understood": "Nothing is proven of it.",
    "begin": "A trap before the entry's first instruction starts nothing over: what has been read "
             "or found before it may be another CPU's by now.",
    "end": "Behind the last instruction nothing starts over, and before it the operation must have "
           "had no effect.",
    "inputs": "A sequence that starts over finds in its registers what the first attempt has left "
              "there.",
    "store": "A sequence that starts over repeats all that it has done.",
    "atomic": "Between two accesses, or the halves of one, another CPU or a trap may see half of "
              "it.",
    "address": "The operation must be on the area of the CPU that it runs on.",
    "register": "The per-CPU register is the CPU's; a trap preserves the general registers and the "
                "condition flags, and no others.",
    "branch": "Only what begins at the entry's first instruction, and is left at its end, can be "
              "started over.",
    "stack": "What a trap puts on the stack would be taken for the sequence's own.",
    "exclusive": "A trap makes a store-exclusive fail whose load-exclusive came before it.",
}
MEND = "docs/restart.md has the rules of sequences, and what a proof assumes."


def add_arguments(parser):
    """Of percpu-check's command line."""
    parser.add_argument("--prove", action="store_true", help="prove each restartable sequence, by "
                        "python3-z3: aarch64 and riscv64")


def run(kernel, code, all_findings, options):
    """Adds what cannot be proven, and how much could be, to percpu-check's findings."""
    if not options.prove:
        return
    if kernel.arch not in DECODERS and not kernel.sequences:
        all_findings.add("prove", findings.NOTE, "this kernel has no restartable sequences.",
                         "Each operation of the library is one instruction there, and the "
                         "kernel has none of its own.", "")
        return
    prover = Prover(kernel, code=code)
    for found in prover.prove():
        all_findings.add("prove", findings.ERROR, f"this sequence is not proven: {found.text}.",
                         WHY[found.rule], MEND, found.address)
    all_findings.add("prove", findings.NOTE, summary(prover) + ".",
                     "docs/restart.md says what a proof assumes.", "")


def summary(prover):
    """What has been proven, in words."""
    count, wrong = len(prover.kernel.sequences), len({f.address for f in prover.findings})
    if not count:
        return "there are no restartable sequences: nothing has been proven"
    return (f"{count - wrong} of {count} restartable sequences are proven, of "
            f"{len(prover.shapes)} shapes, by {prover.obligations} obligations")
