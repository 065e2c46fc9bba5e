# SPDX-License-Identifier: MIT
"""A kernel's instructions, as far as the rules ask for them, and what follows from them."""

import bisect
import functools

# What an instruction does, Instruction.op. WRITES is what it writes besides, in every one.
OTHER = 0
SET = 1		# writes[0] = imm
ADD_IMM = 2	# writes[0] = base + imm; a move if imm is 0
INSERT = 3	# writes[0] = with 16 bits replaced: imm is (value, shift)
ADD = 4		# writes[0] = base + index
LOAD = 5	# writes = memory at base + index + imm; without a base at imm, an address
STORE = 6	# the same; rs is what is stored
UPDATE = 7	# both
CALL = 8	# target, or None if indirect
JUMP = 9
BRANCH = 10	# conditional
RETURN = 11
TRAP_RETURN = 12
GET_REGISTER = 13	# writes[0] = the per-CPU register
SET_REGISTER = 14	# the per-CPU register = rs, or something else
GET_PC = 15	# writes[0] = where the trap came from
SET_VECTOR = 16	# traps go to rs from now on
WRMSR = 17
NOP = 18
STOP = 19	# nothing goes on behind it, if it is the last: a breakpoint, zeros
OF_ANOTHER_MODE = 20	# what it and what is behind it do is not known: code of 32 bits

# The text of a SET that is the upper part of an address.
PART = "part"

ACCESSES = (LOAD, STORE, UPDATE)
ENDS = (JUMP, RETURN, TRAP_RETURN)


class Instruction:
    """One instruction. Registers are what the decoder names them by."""

    __slots__ = ("address", "size", "op", "writes", "base", "imm", "index", "target", "rs", "width",
                 "segment", "text")

    def __init__(self, address, size, op, writes=(), base=None, imm=0, index=None, target=None,
                 rs=(), width=0, segment="", text=""):
        self.address = address
        self.size = size
        self.op = op
        self.writes = writes
        self.base = base
        self.imm = imm
        self.index = index
        self.target = target
        self.rs = rs
        self.width = width
        self.segment = segment
        self.text = text

    @property
    def end(self):
        """Behind its last byte."""
        return self.address + self.size


class Function:
    """A symbol in code, and the instructions up to the next one or to its end."""

    def __init__(self, symbol, instructions):
        self.symbol = symbol
        self.name = symbol.name
        self.start = symbol.value
        self.instructions = instructions

    @functools.cached_property
    def targets(self):
        """Where branches inside of it lead."""
        return {i.target for i in self.instructions if i.op in (BRANCH, JUMP)}

    def falls_through(self, is_assembly):
        """Whether it goes on behind its last instruction, in the next one. What the compiler ends
        with a call calls what never returns."""
        last = next((i for i in reversed(self.instructions) if i.op != NOP), None)
        return last is not None and last.op not in (*ENDS, STOP) and not (
            last.op == CALL and self.symbol.size and not is_assembly)


class Code:
    """All of a kernel's code. DECODER.decode_all(kernel, ranges) yields a list for each range."""

    def __init__(self, kernel, decoder):
        self.kernel = kernel
        self.decoder = decoder
        symbols, ranges = code_ranges(kernel)
        self.functions = [Function(s, i) for s, i
                          in zip(symbols, decoder.decode_all(kernel, ranges)) if i]
        self._starts = [f.start for f in self.functions]

    def at(self, address):
        """The function that ADDRESS is in, or None."""
        index = bisect.bisect_right(self._starts, address) - 1
        if index < 0:
            return None
        function = self.functions[index]
        return function if address < function.instructions[-1].end else None

    def after(self, function):
        """The one behind it, if it is there at once."""
        index = bisect.bisect_right(self._starts, function.start)
        return self.functions[index] if index < len(self.functions) else None

    def constants(self, function):
        """(instruction, registers) for each, where registers holds what is known of their contents
        before it: what the same straight piece of code has put there. Nothing is known where a
        branch leads to. It ends where code of another mode begins to show."""
        known = {}
        calls = self.decoder.CALL_CLOBBERS
        for instruction in function.instructions:
            if instruction.op == OF_ANOTHER_MODE:
                return
            if instruction.address in function.targets:
                known = {}
            yield instruction, known
            op = instruction.op
            value = result(instruction, known, self.kernel)
            for register in instruction.writes:
                known.pop(register, None)
            if value is not None:
                known[instruction.writes[0]] = value
            if op == CALL:
                for register in calls:
                    known.pop(register, None)
            elif op in ENDS:
                known = {}

    @functools.cached_property
    def edges(self):
        """For each function's start, the starts of those it goes to: by calls, jumps and branches,
        by going on behind its end, and by forming the address of one, which it may hand on; and
        whether it makes an indirect call or jump."""
        return {f.start: self._edges_of(f) for f in self.functions}

    def _edges_of(self, function):
        found, indirect = set(), False
        for instruction, known in self.constants(function):
            target = instruction.target
            if instruction.op in (CALL, JUMP) and target is None and instruction.base in known:
                target = known[instruction.base] + instruction.imm
            if instruction.op in (CALL, JUMP, BRANCH):
                if target is None:
                    indirect = True
                else:
                    self._add_edge(found, target)
            elif instruction.op in (SET, ADD_IMM) and instruction.text != PART:
                value = result(instruction, known, self.kernel)
                if value in self._entries:
                    found.add(value)
        following = self.after(function)
        if following and function.falls_through(self.kernel.lines.is_assembly(function.start)):
            found.add(following.start)
        found.discard(function.start)
        return found, indirect

    @functools.cached_property
    def _entries(self):
        return set(self._starts)

    def _add_edge(self, found, target):
        function = self.at(target)
        if function:
            found.add(function.start)

    def reached(self, starts):
        """All functions reached from those at STARTS, by address; and those of them that make
        indirect calls."""
        todo, seen, indirect = list(starts), set(), []
        while todo:
            start = todo.pop()
            if start in seen or start not in self.edges:
                continue
            seen.add(start)
            found, unknown = self.edges[start]
            todo += found
            if unknown:
                indirect.append(start)
        return seen, indirect


def result(instruction, known, kernel):
    """The value of writes[0] behind it, if known."""
    op = instruction.op
    if op == SET:
        return instruction.imm
    if op == ADD_IMM and instruction.base in known:
        return (known[instruction.base] + instruction.imm) & (1 << 64) - 1
    if op == INSERT and instruction.writes[0] in known:
        value, shift = instruction.imm
        return known[instruction.writes[0]] & ~(0xffff << shift) | value << shift
    if op == LOAD and instruction.base is None and instruction.width == 8 \
            and instruction.writes and not instruction.text and kernel.is_code(instruction.imm):
        # A word in the code: a literal of aarch64's. Of x86_64's any operation may be a load.
        return int.from_bytes(kernel.read(instruction.imm, 8), "little")
    return None


def code_ranges(kernel):
    """The symbols in sections of code, and (start, end) of what is decoded for each."""
    sections = kernel.code_sections
    symbols = kernel.functions
    found, ranges = [], []
    for index, symbol in enumerate(symbols):
        section = next((s for s in sections if s[0] <= symbol.value < s[1]), None)
        if section is None:
            continue
        end = symbols[index + 1].value if index + 1 < len(symbols) else section[1]
        if symbol.size:
            end = min(end, symbol.end)
        found.append(symbol)
        ranges.append((symbol.value, min(end, section[1])))
    return found, ranges


def without_data(kernel, ranges):
    """The ranges, each cut where a mapping symbol says that data begins: $d, until the next $x."""
    marks = sorted({(s.value, s.name[1]) for s in kernel.mapping_symbols})
    addresses = [m[0] for m in marks]
    for start, end in ranges:
        pieces, at = [], start
        index = bisect.bisect_right(addresses, start)
        is_data = index > 0 and marks[index - 1][1] == "d"
        while index < len(marks) and marks[index][0] < end:
            if not is_data:
                pieces.append((at, marks[index][0]))
            at, is_data = marks[index][0], marks[index][1] == "d"
            index += 1
        if not is_data:
            pieces.append((at, end))
        yield pieces
