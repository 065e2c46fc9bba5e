# SPDX-License-Identifier: MIT
"""
GDB commands for a running kernel's per-CPU variables: percpu, info percpu, $percpu(). For
`source`, or linked as KERNEL.elf-gdb.py. The manual is in libpercpu's source tree:
docs/debugging.md.
"""

import functools
import itertools
import os
import re
import struct
import sys

import gdb

# Not __file__: where a script of GDB's sources another, that is the outer one's.
sys.path.insert(0, os.path.dirname(os.path.realpath(sys._getframe().f_code.co_filename)))
from percpu_tools.running import (Areas, choose, kernel, MASK, memory,  # noqa: E402
                                  need_machine, refuse, UNBOUND, UNREADABLE)

WANTED = re.compile(r"((?P<file>[^:\s]+):)?(?P<name>[A-Za-z_]\w*(::[A-Za-z_]\w*)*)"
                    r"(?P<rest>([.[]|->).*)?$")
HANDLE = re.compile(r"percpu_at\((?P<handle>\S+)\)(?P<rest>([.[]|->).*)?$")
NEAR_WINDOW = 2048
COLUMNS = 100
BYTES = 32
NO_TYPE = "Bytes in hexadecimal: GDB knows no type. Compile the file that defines it with -g."


def parse(of, text):
    """FILE:NAME.field[index], percpu_at(HANDLE).field: the variable, and what follows it."""
    by_handle = HANDLE.match(text)
    if by_handle:
        return Dynamic(of, by_handle["handle"]), by_handle["rest"] or ""
    parts = WANTED.match(text) or refuse(
        f"{text} is no name of a variable. It is NAME, NAME.field, NAME[index], or with a static "
        "one's source, FILE.c:NAME, or percpu_at(HANDLE), all without spaces; then, if you like, a CPU.")
    variable = choose(of, parts["file"], parts["name"])
    if parts["rest"] and not variable.of_gdb(of):
        refuse(f"{parts['name']} has no type that GDB knows, so {parts['rest']} is nothing to it: "
               "compile the file that defines it with -g.")
    return variable, parts["rest"] or ""


class Dynamic:
    """A variable that percpu_alloc has made, as its handle tells of it."""

    def __init__(self, of, text):
        handle = gdb.parse_and_eval(text)
        kind = handle.type.strip_typedefs()
        if kind.code == gdb.TYPE_CODE_STRUCT and (kind.name or "").startswith("percpu_handle<"):
            self.type, handle = kind.template_argument(0), handle["address"]
        elif kind.code == gdb.TYPE_CODE_PTR:
            result = kind.target().strip_typedefs()
            # PERCPU_PTR(T) is a pointer to a function that returns a T *; Linux has a T *.
            self.type = result.target().target() if result.code == gdb.TYPE_CODE_FUNC else result
        else:
            refuse(f"{text} is no handle: its type is {kind}, not a PERCPU_PTR.")
        if int(handle) == 0:
            refuse(f"{text} is 0: percpu_alloc has not made it, or percpu_free has ended it.")
        self.offset = (int(handle) & MASK) - of.template()

    def of_gdb(self, _kernel):
        """Its type is known."""
        return self


class Copies:
    """What NAME means in the areas."""

    def __init__(self, text):
        of = kernel()
        self.variable, self.rest = parse(of, text)
        self.symbol = self.variable.of_gdb(of)
        self.areas = Areas(of)

    def value(self, cpu):
        """An lvalue of its type, or an array of bytes."""
        copy = copy_at(self.areas.base(cpu), self.variable, self.symbol)
        if self.rest:
            gdb.set_convenience_variable("_percpu", copy.address)
            copy = gdb.parse_and_eval(f"(*$_percpu){self.rest}")
        return copy

    def text(self, cpu, form):
        """It is on one line."""
        if self.symbol:
            return typed_text(self.value(cpu), form)
        return bytes_text(self.areas.base(cpu), self.variable)


def copy_at(base, variable, symbol):
    kind = symbol.type if symbol else \
        gdb.lookup_type("unsigned char").array(max(variable.size, 1) - 1)
    return gdb.Value(base + variable.offset & MASK).cast(kind.pointer()).dereference()


def typed_text(value, form):
    """As print has it, on one line."""
    said = value.format_string(**({"format": form} if form else {}))
    return " ".join(line.strip() for line in said.splitlines())


def bytes_text(base, variable):
    data = memory(base + variable.offset, min(variable.size, BYTES), variable.name)
    return data.hex(" ") + (" ..." if variable.size > BYTES else "")


def number(text):
    """A CPU's, of an expression."""
    return int(gdb.parse_and_eval(text))


def folded(rows):
    """(CPU, text) with neighbours of the same text in one: the lines."""
    for text, group in itertools.groupby(rows, key=lambda row: row[1]):
        cpus = [cpu for cpu, _ in group]
        yield f"{names(cpus)}: {text}"


def names(cpus):
    return f"CPU {cpus[0]}" if len(cpus) == 1 else f"CPUs {cpus[0]}-{cpus[-1]}"


def show_all(form):
    """Each variable of this CPU, a line each."""
    areas = Areas(kernel())
    cpu = areas.this_cpu()
    base = areas.base(cpu)
    print(f"CPU {cpu}, area at {base:#x}:")
    known = [v.name for v in areas.kernel.variables]
    for v in areas.kernel.variables:
        name = v.name if known.count(v.name) == 1 else f"{v.file or '?'}:{v.name}"
        symbol = v.of_gdb(areas.kernel)
        value = typed_text(copy_at(base, v, symbol), form) if symbol else bytes_text(base, v)
        line = f"  {name} = {value}"
        print(line if len(line) <= COLUMNS else line[:COLUMNS - 4] + " ...")


def show_sequence():
    """The restartable sequence that the selected thread is in."""
    need_machine()
    of = kernel()
    if "_percpu_sequences_end" not in of.symbols:
        refuse("the kernel has no table of restartable sequences: its linker script collects none.")
    pc = gdb.newest_frame().pc()
    at, end = (of.address(f"_percpu_sequences_{which}") for which in ("start", "end"))
    table = memory(at, end - at, "the table of sequences")
    entries = [(at + entry + start, length) for entry, (start, length)
               in zip(itertools.count(step=8), struct.iter_unpack("<iI", table)) if length]
    for start, length in entries:
        if start <= pc < start + length:
            print(f"{pc:#x} is in a restartable sequence: a trap that the kernel takes here "
                  "makes it start over.")
            code = gdb.execute(f"disassemble {start:#x},{start + length:#x}", to_string=True)
            print("\n".join(code.splitlines()[1:-1]))
            return
    print(f"{pc:#x} is in no restartable sequence; the kernel has {len(entries)}.")


def own_words(function):
    """GDB's errors as sentences, without Python's."""
    @functools.wraps(function)
    def guarded(*arguments):
        try:
            return function(*arguments)
        except gdb.MemoryError as error:
            return refuse(f"{error}: {UNREADABLE}")
        except gdb.error as error:
            return refuse(f"{error}")
    return guarded


class Percpu(gdb.Command):
    """Print a per-CPU variable.

percpu NAME             the copy of the CPU that the selected thread is
percpu NAME CPU         that of another
percpu --all NAME       every CPU's; neighbours that have the same are in one line
percpu --all            every variable of this CPU, a line each
percpu --sequence       the restartable sequence that this CPU is in

NAME may go on, .field or [index], and begin with the source of a static variable, FILE.c:NAME. Of
what percpu_alloc has made it is percpu_at(HANDLE), HANDLE an expression.
percpu/x prints as print/x does. $percpu("NAME", CPU) is for expressions."""

    def __init__(self):
        super().__init__("percpu", gdb.COMMAND_DATA)

    @own_words
    def invoke(self, argument, _from_tty):
        form = re.match(r"/([a-z])\s+", argument)
        words = argument[form.end() if form else 0:].split(None, 2 if "--all" in argument else 1)
        form = form[1] if form else ""
        if words == ["--sequence"]:
            show_sequence()
        elif words == ["--all"]:
            show_all(form)
        elif not words or len(words) > 2 or words[0] != "--all" and words[0].startswith("-"):
            refuse("say which variable, and of which CPU: percpu NAME, percpu NAME CPU, "
                   "percpu --all NAME, percpu --all or percpu --sequence")
        else:
            self.one(words, form)

    @staticmethod
    def one(words, form):
        everywhere = words[0] == "--all"
        copies = Copies(words[everywhere])
        if everywhere:
            cpus = range(copies.areas.num)
        else:
            cpus = [number(words[1]) if words[1:] else copies.areas.this_cpu()]
        for line in folded([(cpu, f"{words[everywhere]} = {copies.text(cpu, form)}")
                            for cpu in cpus]):
            print(line)
        if not copies.symbol:
            print(NO_TYPE)

    def complete(self, _text, word_):
        return [v.name for v in kernel().variables if v.name.startswith(word_)]


class InfoPercpu(gdb.Command):
    """The kernel's per-CPU areas: where each is, and which thread is bound to it."""

    def __init__(self):
        super().__init__("info percpu", gdb.COMMAND_STATUS)

    @own_words
    def invoke(self, _argument, _from_tty):
        of = kernel()
        mode, preempt, vma, line, debug, last = of.words
        print(f"Configuration: mode {mode}, preempt {preempt}, vma {vma}, cache line {line}, "
              f"debug {debug}, {last}; register {of.registers[0]}.")
        near = of.symbols.get("_percpu_near_end")
        print(f"Template: at {of.template():#x}, {of.size()} bytes"
              + (f"; near window: {near - of.start} of {NEAR_WINDOW} bytes." if near else "."))
        try:
            areas = Areas(of)
        except gdb.GdbError as error:
            print(f"Areas: {reason(error)}")
        else:
            where = "each where percpu_init_each has put it" if areas.bases else \
                f"from {areas.first:#x}, {areas.stride} bytes apart"
            print(f"Areas: {areas.num}, {where}.")
            show_threads(areas)


def reason(error):
    return str(error).split(": ", 1)[1]


def show_threads(areas):
    """Which is bound to what."""
    bound, lost = {}, []
    before = gdb.selected_thread()
    for thread in sorted(gdb.selected_inferior().threads(), key=lambda t: t.num):
        thread.switch()
        name = f"thread {thread.num} ({thread.details or thread.name})"
        try:
            bound.setdefault(areas.this_cpu(), []).append(name)
        except gdb.GdbError as error:
            lost.append(f"{name} {reason(error).split(' ', 2)[2].split('. ')[0]}")
    before.switch()
    rows = [(cpu, "; ".join(bound.get(cpu, ["no thread is bound to it"])))
            for cpu in range(areas.num)]
    for text, group in itertools.groupby(rows, key=lambda row: row[1]):
        cpus = [cpu for cpu, _ in group]
        print(f"  {names(cpus)}: {areas.base(cpus[0]):#x}, {text}")
    for line in lost:
        print("  " + line)
    if any("bound to no area" in line for line in lost):
        print(f"A thread that is bound to no area {UNBOUND}.")


class PercpuFunction(gdb.Function):
    """$percpu("NAME", CPU): a CPU's copy of a per-CPU variable; without CPU, that of the selected
thread. It is the variable itself, of its type, to be used in expressions, assigned to, or watched
by its address."""

    def __init__(self):
        super().__init__("percpu")

    @own_words
    def invoke(self, name=None, cpu=None, *more):
        if name is None or more:
            refuse('say which variable: $percpu("NAME") or $percpu("NAME", CPU)')
        if name.type.strip_typedefs().code not in (gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_PTR):
            refuse('the name of a variable is a string: $percpu("NAME", CPU)')
        copies = Copies(name.string())
        return copies.value(copies.areas.this_cpu() if cpu is None else int(cpu))


Percpu()
InfoPercpu()
PercpuFunction()
