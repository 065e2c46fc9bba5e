# SPDX-License-Identifier: MIT
"""The obligations of docs/restart.md, for the sequences of one shape, proven with Python's z3."""

from dataclasses import dataclass, field

from percpu_tools.symbolic import TooMany, World, free, initial, run, term, z3


@dataclass
class Left:
    """A register that, begun again after a trap before step AT, and left at EXIT, is not what it
    would be if begun then: it has what the first attempt put there."""
    register: str
    at: int
    exit: str


@dataclass
class Failure:
    """An obligation that does not hold: begun again after a trap before step AT."""
    at: int
    text: str


@dataclass
class Address:
    """Where a path's last access is, or a load's. OFFSET is a term: from the area's address, or,
    where it is an OPERAND's, what the operand's register and the instruction add up to."""
    offset: object
    is_operand: bool
    size: int
    conditions: tuple


@dataclass
class Proof:
    """What has been found of a shape."""
    failures: list = field(default_factory=list)
    left: list = field(default_factory=list)
    accesses: list = field(default_factory=list)
    published: list = field(default_factory=list)
    behind: list = field(default_factory=list)
    copies: list = field(default_factory=list)
    repeated: list = field(default_factory=list)
    bases: set = field(default_factory=set)
    pointers: set = field(default_factory=set)


def prove(shape, solver, machine, is_zero):
    """A shape's Proof."""
    proof = Proof()
    before, then = World("before", machine.percpu), World("then", machine.percpu)
    try:
        _, places = run(shape.steps, before.start(), before)
        wanted, _ = run(shape.steps, then.start(), then)
        for conditions, registers, at in places:
            again, _ = run(shape.steps, {**registers, machine.percpu: then.register}, then)
            compare(proof, solver, (conditions, registers, at), again, wanted)
    except TooMany:
        proof.failures.append(Failure(0, "it has more paths than are followed"))
        return proof
    addresses(proof, shape, wanted, then, is_zero)
    return proof


# ---- Starting over ----

def compare(proof, solver, place, again, wanted):
    """A trap came at a place; all memory and the register changed. Starting over, with what the
    first attempt left in the registers, gives what the operation gives if begun then."""
    conditions, registers, at = place
    for mine in again:
        for its in wanted:
            both = (*conditions, *mine.conditions, *its.conditions)
            if mine.exit != its.exit or [len(mine.access), len(mine.published)] != \
                    [len(its.access), len(its.published)]:
                if not solver.always(z3.BoolVal(False), both):
                    proof.failures.append(Failure(at, "it may take another way"))
                continue
            if not solver.always(same_access(mine, its), both):
                proof.failures.append(Failure(
                    at, "it may access another place, or store another value"))
            leftovers(proof, solver, registers, at, mine, its, both)


def same_access(mine, its):
    """That two paths make the same access, and stores before."""
    pairs = [(a, b) for one, other in zip((*mine.published, *mine.access),
                                          (*its.published, *its.access))
             for a, b in zip(one, other) if z3.is_expr(a)]
    return z3.And(*(a == b for a, b in pairs)) if pairs else z3.BoolVal(True)


def leftovers(proof, solver, registers, at, mine, its, conditions):
    """The registers that are not the same on both."""
    names = [n for n in sorted({**registers, **mine.registers, **its.registers}) if n != "x0"]
    value = lambda path, name: path.registers.get(name, initial(name))
    pairs = {n: value(mine, n) == value(its, n) for n in names}
    if solver.always(z3.And(*pairs.values()), conditions):
        return
    for name, same in pairs.items():
        if not solver.always(same, conditions):
            proof.left.append(Left(name, at, mine.exit))


# ---- Addresses ----

class Area:
    """This CPU's area, in one world, as terms."""

    def __init__(self, shape, world, is_zero):
        self.register, self.is_zero = world.register, is_zero
        self.template = z3.BitVec("template", 64)
        self.delta = None
        if shape.delta is not None:
            place = ("add", ("reg", world.percpu), shape.of(("imm", shape.delta)))
            self.delta = term(("load", 8, place), world.start(), world)
        self.any_delta = z3.BitVec("delta", 64)

    def offset(self, address):
        """A term for an address as its distance from the area, with what delta is."""
        if self.delta is not None:
            address = z3.substitute(address, (self.delta, self.register - self.template))
        return z3.simplify(address - self.register)

    def operand(self, address):
        """The part of an address that an operand gives, if the rest is delta, or, with VMA zero,
        the register; None if it is not made so."""
        if self.is_zero:
            rest = z3.simplify(address - self.register)
        elif self.delta is None:
            return None
        else:
            rest = z3.simplify(z3.substitute(address, (self.delta, self.any_delta)) -
                               self.any_delta)
        names, loads = free(rest)
        if loads or self.register.decl().name() in names or "delta" in names or \
                not any(is_address(rest, n) for n in names if is_register(n)):
            return None
        return rest

    def depends(self, value):
        """Whether a term depends on where the area is, other than by what memory holds."""
        if self.delta is not None:
            value = z3.substitute(value, (self.delta, self.any_delta))
        names, _ = free(value)
        return self.register.decl().name() in names or "delta" in names


def is_address(value, name):
    """Whether a value is what a register holds, and a distance that has nothing to do with it."""
    return name not in free(z3.simplify(value - z3.BitVec(name, 64)))[0]


def is_register(name):
    """Whether it names a register of a shape; constants, the template's address are others."""
    return name.startswith("register ")


def addresses(proof, shape, paths, world, is_zero):
    """Where the accesses are, for each sequence to compare with its symbols."""
    area = Area(shape, world, is_zero)
    for path in paths:
        for size, address, _ in path.published:
            if not is_callers(address):
                publish(proof, area, path, size, address)
        proof.repeated += [(z3.simplify(address - other), size, other_size, path.conditions)
                           for size, address, _ in path.published
                           for other_size, other in seen(path)]
        for size, address, value in path.access[:1]:
            place = located(area, path, size * len(path.access), address)
            proof.accesses.append(place)
            if value is not None:
                proof.copies += [(load, place) for load in sources(area, path, value)]
        for name, value in path.registers.items():
            if name not in (area.register.decl().name(), world.percpu) and area.depends(value):
                proof.bases.add(name)
    proof.pointers = set(pointers(shape))


def publish(proof, area, path, size, address):
    """Notes where a store before the last is: in a variable of the area's, or, where the last
    access is an operand's, perhaps as far behind that as the sequence itself says."""
    place = located(area, path, size, address)
    own = [(other_size, other) for other_size, other in seen(path)
           if area.operand(other) is not None]
    if place.is_operand or not path.access or area.operand(path.access[0][1]) is None:
        proof.published.append(place)
    else:
        distances = [(z3.simplify(address - other), other_size) for other_size, other in own]
        proof.behind.append((place, z3.simplify(address - path.access[0][1]), distances,
                             path.conditions))


def seen(path):
    """What a path has loaded, and what it accesses last: (size, address)."""
    return [*path.loaded, *((size, address) for size, address, _ in path.access)]


def is_callers(address):
    """Whether an address is made of the registers that the sequence begins with, and of nothing
    that depends on the CPU: memory of the caller's."""
    names, loads = free(address)
    return not loads and any(map(is_register, names)) and \
        all(is_register(name) or name.startswith("constant ") for name in names)


def located(area, path, size, address):
    """The Address of an access."""
    rest = area.operand(address)
    if rest is not None:
        return Address(rest, True, size, path.conditions)
    conditions = path.conditions
    if area.delta is not None:
        conditions = tuple(z3.substitute(c, (area.delta, area.register - area.template))
                           for c in conditions)
    return Address(area.offset(address), False, size, conditions)


def sources(area, path, value):
    """The Addresses of what is loaded from the area, and computed into the value that is stored."""
    for load in free(value)[1]:
        if area.delta is not None and load.eq(area.delta):
            continue
        size = load.sort().size() // 8
        place = located(area, path, size, load.arg(0))
        if place.is_operand or not free(place.offset)[1]:
            yield place


def pointers(shape):
    """The registers, of those that the sequence begins with, that addresses of loads are made of,
    or that of the last access."""
    origin = {}
    for step in shape.steps:
        places = [a for _, a in step.loads] + [a for _, a, _ in step.stores]
        for place in places:
            yield from inputs(place, origin)
        for name, e in step.sets:
            origin[name] = set(inputs(e, origin)) if not loads_in(e) else set()


def loads_in(e):
    """Whether an expression has a load in it."""
    return e[0] == "load" or any(loads_in(p) for p in e[1:] if isinstance(p, tuple))


def inputs(e, origin):
    """The registers at the beginning that an expression is made of."""
    if e[0] == "reg":
        yield from origin.get(e[1], {e[1]})
    for part in e[1:]:
        if isinstance(part, tuple):
            yield from inputs(part, origin)
