# SPDX-License-Identifier: MIT
"""What an entry of the table must look like before anything is proven of it: instructions that are
understood, of which the first reads the per-CPU register and the last makes the only access."""

from percpu_tools.machine import MASK, NotUnderstood


class Machine:
    """An architecture's decoder, and the register that is the per-CPU one."""

    def __init__(self, decoder, percpu, read):
        self.decoder, self.percpu, self.read = decoder, percpu, read
        self.pointer = decoder.POINTER
        self.keep = frozenset((percpu, self.pointer, *decoder.FLAGS))

    def decode(self, address):
        """The instruction at an address. Raises NotUnderstood."""
        return self.decoder.decode(self.read, address)

    def is_general(self, name):
        """Whether a trap preserves it."""
        return name[0] == "x" or name in self.keep


class Broken(Exception):
    """A rule that a sequence breaks: (name of the rule, sentence)."""


def broken(rule, text):
    """To be raised."""
    return Broken(rule, text)


def instructions(machine, start, end):
    """The instructions of an entry."""
    code, at = [], start
    while at < end:
        try:
            code.append(machine.decode(at))
        except NotUnderstood as error:
            raise broken("not understood", f"the instruction at {at:#x} is not understood: "
                         f"{error}; sequences load, compute, compare, branch and store, in "
                         "general registers") from error
        at = code[-1].end
    if at != end:
        raise broken("end", f"the entry ends within {code[-1]}; it must end right behind the last "
                     "instruction")
    return code


def exits(machine, code):
    """Where a sequence may be left: {address: name}. A sequence that ends by a store-exclusive may
    be followed by the branch that starts it over if that failed; then it is also left behind it."""
    end = code[-1].end
    found = {end: "end"}
    if code[-1].exclusive == "store":
        try:
            following = machine.decode(end)
        except NotUnderstood:
            return found
        status = {name for name, e in code[-1].sets if e == ("status",)}
        if following.branch and following.branch[1] == code[0].address and \
                following.reads == status and not following.call:
            found[following.end] = "behind"
    return found


def check(machine, code, ways_out, publishes):
    """Raises Broken for the first rule that the instructions break. PUBLISHES: whether the author
    says that it stores to memory which nobody reads before its last instruction."""
    check_begin(machine, code)
    for n, i in enumerate(code):
        check_registers(machine, i)
        check_branch(code, n, ways_out)
    check_stack(machine, code)
    check_stores(code, publishes)
    check_last(code[-1])
    check_exclusives(code)


def check_begin(machine, code):
    """The first instruction reads the per-CPU register; before it there may be constants."""
    constants = set()
    for i in code:
        if machine.percpu in i.reads:
            break
        if i.loads or i.stores or i.branch or i.reads - constants:
            raise broken("begin", f"{i} comes before the per-CPU register {machine.percpu} is "
                         "read: the entry must begin with the operation's first instruction, "
                         "which reads it")
        constants |= i.writes
    else:
        raise broken("begin", f"nothing reads the per-CPU register {machine.percpu}: the entry "
                     "is not of a per-CPU operation")
    if len(code) == 1:
        raise broken("begin", f"{code[0]} is the only instruction: one needs no entry, so this one "
                     "begins late or ends early")


def check_registers(machine, i):
    """What an instruction may read and write."""
    if machine.percpu in i.writes:
        raise broken("register", f"{i} writes the per-CPU register: only the library does, and in "
                     "no sequence")
    for name in sorted(i.reads | i.writes):
        if not machine.is_general(name):
            raise broken("register", f"{i} uses {name}, which is neither the per-CPU register "
                         f"{machine.percpu} nor one that every trap preserves")


def check_branch(code, n, ways_out):
    """Branches go forward, inside or out at the end."""
    i = code[n]
    if not i.branch:
        return
    if i.call or i.branch[1] is None:
        raise broken("branch", f"{i} is a call, or a branch to where a register says: a sequence "
                     "has neither")
    target = i.branch[1]
    if target in ways_out:
        return
    if target <= i.address:
        raise broken("branch", f"{i} branches back, to {target:#x}: a sequence that repeats itself "
                     "may never get through, and is not proven")
    if target not in {other.address for other in code}:
        raise broken("branch", f"{i} branches to {target:#x}: a sequence is left at its end, "
                     f"{code[-1].end:#x}, and nowhere else")


def check_stores(code, publishes):
    """No store before the last instruction; or no load behind it, where it is said to be to memory
    that nobody reads yet."""
    early = next((n for n, i in enumerate(code[:-1]) if i.stores), None)
    if early is None:
        return
    i = code[early]
    if not publishes or i.exclusive:
        raise broken("store", f"{i} stores, and is not the last instruction: begun again after "
                     "it, the operation would take effect twice")
    for later in code[early + 1:]:
        if later.loads:
            raise broken("store", f"{later} loads behind {i}, which stores: in a sequence that "
                         "publishes, all loads come before the first store")


def check_stack(machine, code):
    """Nothing below the stack pointer, nor by a register that is made of it."""
    distances = {machine.pointer: 0}
    for i in code:
        for address in [a for _, a in i.loads] + [a for _, a, _ in i.stores]:
            distance = from_stack(address, distances)
            if distance is not None and distance >> 63:
                raise broken("stack", f"{i} uses memory below the stack pointer, which a trap "
                             "overwrites")
        distances.update({name: from_stack(e, distances) for name, e in i.sets})


def from_stack(expression, distances):
    """How far from the stack pointer an address is, if it is a constant distance; else None."""
    if expression[0] == "reg":
        return distances.get(expression[1])
    if expression[0] in ("add", "sub") and expression[2][0] in ("imm", "const"):
        base = from_stack(expression[1], distances)
        sign = 1 if expression[0] == "add" else -1
        return None if base is None else base + sign * expression[2][1] & MASK
    return None


def check_last(i):
    """The last instruction makes one single-copy-atomic access."""
    count = len(i.stores) or len(i.loads)
    if not count or i.branch:
        raise broken("end", f"the last instruction, {i}, is no load or store: the entry must end "
                     "right behind the operation's only effect")
    if i.stores and i.loads:
        raise broken("end", f"the last instruction, {i}, both loads and stores")
    if count > 1 and not (i.exclusive == "store" and i.stores):
        raise broken("atomic", f"the last instruction, {i}, makes {count} accesses, and another "
                     "CPU or a fault may come between: it must be single-copy atomic")


def check_exclusives(code):
    """A load-exclusive and its store-exclusive are in one sequence: a trap breaks the pair."""
    loads = [i for i in code if i.exclusive == "load"]
    is_store = code[-1].exclusive == "store"
    if loads and not is_store:
        raise broken("exclusive", f"{loads[0]} has no store-exclusive at the end of the sequence")
    if not is_store:
        return
    if len(loads) != 1:
        raise broken("exclusive", f"{code[-1]} has {len(loads)} load-exclusives in the sequence: "
                     "it needs its one, for a trap clears what that has noted")
    if [(size, a) for size, a, _ in code[-1].stores] != list(loads[0].loads) or \
            any(i.writes & code[-1].reads & loads[0].reads
                for i in code[code.index(loads[0]):-1]):
        raise broken("exclusive", f"{code[-1]} is not to the address that {loads[0]} has loaded")
    around = next((i for i in code[:code.index(loads[0])]
                   if i.branch and loads[0].address < i.branch[1] < code[-1].end), None)
    if around:
        raise broken("exclusive", f"{around} leads past {loads[0]} to {code[-1]}, which then "
                     "belongs to none")
