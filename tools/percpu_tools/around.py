# SPDX-License-Identifier: MIT
"""The code around a sequence: whether it begins and ends where the operation does, and what the
registers are for that it may leave changed."""

from percpu_tools.kernel import Refused
from percpu_tools.machine import NotUnderstood, walk

FAR_ENOUGH = 400
NEARBY = 32


class Unknown:
    """An instruction that is not understood."""

    def __init__(self, machine, address):
        self.size, self.touched = machine.decoder.touched(machine.read, address)
        self.end = address + self.size
        self.address = address


class Function:
    """The function that sequences are in, of which SEQUENCES are all; or, if not IS_WHOLE, the
    code of one whose end is not known, up to the next symbol."""

    def __init__(self, machine, start, end, sequences, is_whole=True):
        self.machine, self.start, self.end = machine, start, end
        self.sequences, self.is_whole = sequences, is_whole
        self.code = {}
        at = start
        while at < end:
            try:
                self.code[at] = instruction = self.at(at)
            except Refused:
                break  # it ends within an instruction
            at = instruction.end

    def at(self, address):
        """The instruction at an address, or an Unknown."""
        try:
            return self.machine.decode(address)
        except NotUnderstood:
            return Unknown(self.machine, address)

    def defines(self, register):
        """Whether an instruction of it, outside of sequences, writes a register."""
        return any(register in (i.touched or {register} if isinstance(i, Unknown) else i.writes)
                   for i in self.code.values()
                   if not any(start <= i.address < end for start, end in self.sequences))

    # ---- Before a sequence ----

    def origin(self, register, start):
        """The instruction before START that has put this CPU's area, or something found from it,
        into a register, on the way on which no branch is taken; None if none is seen."""
        line = [i for address, i in sorted(self.code.items()) if address < start][-NEARBY:]
        for i in reversed(line):
            if isinstance(i, Unknown):
                if i.touched is None or register in i.touched:
                    return None
                continue
            if i.branch and (not i.call and i.branch[0] == ("const", 1) or
                             i.call and register in self.machine.decoder.CLOBBERED |
                             self.machine.decoder.ARGUMENTS):
                return None
            if register in i.writes:
                value = dict(i.sets)[register]
                return i if self.is_area(value, i.address) else None
        return None

    def is_area(self, value, at):
        """Whether a value is the register, or one made of it."""
        if value[0] in ("reg",):
            name = value[1]
            return name == self.machine.percpu or name[0] == "x" and bool(self.origin(name, at))
        if value[0] in ("add", "sub"):
            return any(self.is_area(part, at) for part in value[1:])
        return False

    # ---- Behind it ----

    def goes_on(self, registers, end):
        """The instruction behind END, on the way on which no branch is taken that need not be, that
        accesses memory by a register which holds this CPU's area; None if none is seen."""
        registers, at = set(registers), end
        for _ in range(NEARBY):
            if not registers or at is None or not self.start <= at < self.end:
                return None
            i = self.at(at)
            at = i.end
            if isinstance(i, Unknown):
                if i.touched is None:
                    return None
                registers -= i.touched
                continue
            addresses = [a for _, a in i.loads] + [a for _, a, _ in i.stores]
            if registers & {node[1] for a in addresses for node in walk(a) if node[0] == "reg"}:
                return i
            if i.call:
                return None
            if i.branch and i.branch[0] == ("const", 1):
                at = i.branch[1]
            registers -= i.writes
        return None

    def is_dead(self, register, address):
        """Whether whatever runs from an address on writes a register before it reads it."""
        todo, seen = [address], set()
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if len(seen) > FAR_ENOUGH or not self.start <= at < self.end:
                return False
            i = self.at(at)
            if isinstance(i, Unknown):
                if i.touched is None or register in i.touched:
                    return False
                todo.append(i.end)
                continue
            following = self.follow(register, i)
            if following is None:
                return False
            todo += following
        return True

    def follow(self, register, i):
        """Where an instruction goes with a register's value still there; None if it uses it."""
        decoder = self.machine.decoder
        if register in i.reads:
            return None
        if i.call:
            if register in decoder.ARGUMENTS and self.defines(register):
                return None
            is_gone = register in decoder.CLOBBERED or register in decoder.ARGUMENTS
            return [] if is_gone else [i.end]
        if register in i.writes:
            return []
        if not i.branch:
            return [i.end]
        if i.branch[1] is None or not self.start <= i.branch[1] < self.end:
            return self.leave(register, i)
        return [i.branch[1]] + ([i.end] if i.branch[0] != ("const", 1) else [])

    def leave(self, register, i):
        """What follow gives for a return, or a branch to another function."""
        decoder = self.machine.decoder
        results = decoder.RESULTS if decoder.is_return(i) else ()
        used = results or decoder.ARGUMENTS
        if register in results[:1] or register in used and self.defines(register):
            return None
        if register not in decoder.CLOBBERED | decoder.ARGUMENTS:
            return None
        return [i.end] if i.branch[0] != ("const", 1) else []
