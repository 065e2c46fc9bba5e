# SPDX-License-Identifier: MIT
"""Runs a sequence on values that are not known, as terms of Python's z3.

Until its last instruction a sequence stores nothing (percpu_tools.entry sees to that), so whatever
it loads is a function of the address alone: one for each size, of which nothing is known. Loads of
different sizes from one place need not even agree: what holds for that, holds for memory.
"""

from dataclasses import dataclass

try:
    import z3
except ImportError:
    z3 = None

PATHS = 64
# What the solver may spend on an obligation, in its own measure, which is no time; none of ours
# takes a hundredth of it.
EFFORT = 50_000_000


class TooMany(Exception):
    """More paths than are followed."""


class Undecided(Exception):
    """The solver has given up."""


@dataclass
class Path:
    """A way through the code: CONDITIONS under which it is taken, what REGISTERS hold at its end,
    where it ends, its last ACCESS, or () where it left early, and what it has PUBLISHED before:
    all stores but the last; LOADED is each (size, address) that it has loaded."""
    conditions: tuple
    registers: dict
    exit: object
    access: tuple = ()
    published: tuple = ()
    loaded: tuple = ()


class World:
    """What memory and the per-CPU register hold at one time; what they hold in another world has
    nothing to do with it."""

    def __init__(self, name, percpu):
        self.register = z3.BitVec(f"{name}.{percpu}", 64)
        self.percpu = percpu
        self.loads = {n: z3.Function(f"{name}.load{n}", z3.BitVecSort(64), z3.BitVecSort(8 * n))
                      for n in (1, 2, 4, 8)}

    def load(self, size, address):
        """What SIZE bytes at an address are."""
        value = self.loads[size](address)
        return value if size == 8 else z3.ZeroExt(64 - 8 * size, value)

    def start(self):
        """The registers when a sequence begins."""
        return {self.percpu: self.register}


def of_bit(condition):
    """A truth value as 0 or 1."""
    return z3.If(condition, z3.BitVecVal(1, 64), z3.BitVecVal(0, 64))


def low(bits, value):
    """The low bits, zero-extended."""
    return value if bits == 64 else z3.ZeroExt(64 - bits, z3.Extract(bits - 1, 0, value))


def sext(bits, value):
    """The low bits, sign-extended."""
    return value if bits == 64 else z3.SignExt(64 - bits, z3.Extract(bits - 1, 0, value))


OPERATORS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "shl": lambda a, b: a << b,
    "shr": lambda a, b: z3.LShR(a, b),
    "sar": lambda a, b: a >> b,
    "eq": lambda a, b: of_bit(a == b),
    "ult": lambda a, b: of_bit(z3.ULT(a, b)),
    "slt": lambda a, b: of_bit(a < b),
}


def initial(name):
    """What a register holds that nothing has written."""
    return z3.BitVec(name, 64)


def term(expression, registers, world):
    """An expression as a term."""
    def of(e):
        name = e[0]
        if name in ("const", "imm"):
            return z3.BitVecVal(e[1], 64)
        if name == "sym":
            return z3.BitVec(f"constant {e[1]}", 64)
        if name == "reg":
            found = registers.get(e[1])
            return initial(e[1]) if found is None else found
        if name == "load":
            return world.load(e[1], of(e[2]))
        if name == "status":
            return of_bit(z3.Bool("store-exclusive fails"))
        if name in ("low", "sext"):
            return (low if name == "low" else sext)(e[1], of(e[2]))
        if name == "ite":
            return z3.If(of(e[1]) != 0, of(e[2]), of(e[3]))
        return OPERATORS[name](of(e[1]), of(e[2]))
    return z3.simplify(of(expression))


def stores(step, registers, world):
    """What an instruction stores: each (size, address, value)."""
    return tuple((size, term(a, registers, world), term(v, registers, world))
                 for size, a, v in step.stores)


def accesses(step, registers, world):
    """What the last instruction does to memory: as stores; the value of a load is None."""
    return stores(step, registers, world) or \
        tuple((size, term(a, registers, world), None) for size, a in step.loads)


def after(step, registers, world):
    """The registers behind an instruction."""
    result = dict(registers)
    for name, value in step.sets:
        result[name] = term(value, registers, world)
    return result


def run(steps, registers, world):
    """All paths from the first step on. Also each (conditions, registers, index) before a step
    that is not the first: where a trap may come."""
    todo, paths, places = [((), registers, (), (), 0)], [], []
    while todo:
        conditions, registers, published, loaded, at = todo.pop()
        step = steps[at]
        if at:
            places.append((conditions, registers, at))
        last = at == len(steps) - 1
        following = after(step, registers, world)
        loaded += tuple((size, term(a, registers, world)) for size, a in step.loads)
        if len(todo) + len(paths) > PATHS:
            raise TooMany
        if last:
            paths.append(Path(conditions, following, "end", accesses(step, registers, world),
                              published, loaded))
            continue
        published += stores(step, registers, world)
        for condition, target in ways(step, registers, world, at):
            taken = conditions if z3.is_true(condition) else (*conditions, condition)
            if z3.is_false(condition):
                continue
            if isinstance(target, int):
                todo.append((taken, following, published, loaded, target))
            else:
                paths.append(Path(taken, following, target, (), published, loaded))
    return paths, places


def ways(step, registers, world, at):
    """(condition, where to) behind a step: the index of another, or a name for outside."""
    if not step.branch:
        return [(z3.BoolVal(True), at + 1)]
    condition = z3.simplify(term(step.branch[0], registers, world) != 0)
    return [(condition, step.branch[1]), (z3.simplify(z3.Not(condition)), at + 1)]


def free(expression):
    """The unknowns in a term, loads as a whole not looked into: {term}; and its loads."""
    names, loads, todo, seen = set(), [], [expression], set()
    while todo:
        e = todo.pop()
        if e.get_id() in seen:
            continue
        seen.add(e.get_id())
        if e.num_args() == 0:
            if e.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                names.add(e.decl().name())
        elif e.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            loads.append(e)
        else:
            todo += e.children()
    return names, loads


class Solver:
    """Counts what it has been asked."""

    def __init__(self):
        self.asked = 0

    def always(self, statement, conditions=()):
        """Whether the statement holds in all worlds that meet the conditions."""
        self.asked += 1
        solver = z3.SolverFor("QF_UFBV")
        solver.set("random_seed", 0)
        solver.set("rlimit", EFFORT)
        solver.add(*conditions, z3.Not(statement))
        return solver.check() == z3.unsat

    def example(self, value, conditions=()):
        """A number that a term may be; None if the conditions are never met. Raises Undecided."""
        self.asked += 1
        solver = z3.SolverFor("QF_UFBV")
        solver.set("random_seed", 0)
        solver.add(*conditions)
        answer = solver.check()
        if answer == z3.unknown:
            raise Undecided
        if answer == z3.unsat:
            return None
        return solver.model().eval(value, model_completion=True).as_long()
