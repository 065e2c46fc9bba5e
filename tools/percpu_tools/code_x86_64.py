# SPDX-License-Identifier: MIT
"""x86_64 instructions, as percpu_tools.code wants them, from what objdump prints: GNU's or LLVM's,
in AT&T's dialect. Registers are the names of all their 64 bits; the per-CPU register is %gs, which
an access names as its segment."""

import re
import shutil
import subprocess

from percpu_tools import code
from percpu_tools.code import Instruction
from percpu_tools.kernel import Refused

NAMES = ["x86_64-linux-gnu-objdump", "objdump", "llvm-objdump",
         *(f"llvm-objdump-{version}" for version in (19, 16, 18, 17, 15, 14, 20, 21))]
LINE = re.compile(r"\s*([0-9a-f]+):\s+(\S.*)")
PREFIXES = {"lock", "rep", "repz", "repnz", "repe", "repne", "data16", "notrack", "bnd", "cs", "ds",
            "es", "ss", "addr32", "rex.W", "rex", "xacquire", "xrelease"}
MEMORY = re.compile(r"(?:%([c-gs]s):)?(-?(?:0x)?[0-9a-f]+)?"
                    r"\((%\w+)?(?:,\s*(%\w+|%?[er]iz))?(?:,\s*\d)?\)")
ABSOLUTE = re.compile(r"(?:%([c-gs]s):)?(-?(?:0x)?[0-9a-f]+)$")
COMMENT = re.compile(r"#\s*(?:0x)?([0-9a-f]+)")
MASK = (1 << 64) - 1
IMMEDIATE = re.compile(r"\$(-?0x[0-9a-f]+|-?\d+)$")
SP = "rsp"
CALL_CLOBBERS = ("rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11")
NO_WRITE = ("cmp", "test", "push", "bt", "comis", "ucomis", "prefetch", "nop", "invlpg", "clflush",
            "lgdt", "lidt", "lldt", "ltr", "out", "verr", "verw", "fxrstor", "xrstor", "ldmxcsr")
BOTH = ("xchg", "xadd", "cmpxchg")


def whole_register_names():
    """eax, ax, al: rax; and so on."""
    names = {}
    for letter in "abcd":
        for name in (f"r{letter}x", f"e{letter}x", f"{letter}x", f"{letter}l", f"{letter}h"):
            names[name] = f"r{letter}x"
    for name in ("si", "di", "bp", "sp"):
        for part in (f"r{name}", f"e{name}", name, f"{name}l"):
            names[part] = f"r{name}"
    for number in range(8, 16):
        for suffix in ("", "d", "w", "b", "l"):
            names[f"r{number}{suffix}"] = f"r{number}"
    return {f"%{name}": whole for name, whole in names.items()}


WHOLE = whole_register_names()


def find_objdump(asked=None):
    """An objdump that knows x86_64."""
    for name in [asked] if asked else NAMES:
        path = shutil.which(name)
        if path and knows(path):
            return path
    if asked:
        raise Refused(f"--objdump {asked} is no objdump for x86_64")
    raise Refused("no objdump for x86_64 is installed, which shows what an x86_64 kernel's "
                  "instructions are: run apt-get install binutils-x86-64-linux-gnu, or name one "
                  "with --objdump")


def knows(path):
    """Whether it knows the architecture: GNU's lists names of formats, LLVM's of targets."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False,
                              timeout=60)
        if "LLVM" in done.stdout:
            return True
        done = subprocess.run([path, "-i"], capture_output=True, text=True, check=False, timeout=60)
        return "elf64-x86-64" in done.stdout
    except (OSError, subprocess.TimeoutExpired):
        return False


class Decoder:
    """Runs one objdump over the whole kernel."""

    CALL_CLOBBERS = CALL_CLOBBERS

    def __init__(self, objdump=None):
        self.objdump = find_objdump(objdump)

    def decode_all(self, kernel, ranges):
        """The instructions of each range."""
        lines = self.disassemble(kernel)
        at = 0
        for start, end in ranges:
            while at < len(lines) and lines[at][0] < start:
                at += 1
            found = []
            while at < len(lines) and lines[at][0] < end:
                address, text = lines[at]
                at += 1
                following = lines[at][0] if at < len(lines) else end
                size = following - address if 0 < following - address <= 15 else 1
                found.append(decode(address, size, text))
            yield found

    def disassemble(self, kernel):
        """(address, text) of each instruction, by address."""
        done = subprocess.run([self.objdump, "-d", "--no-show-raw-insn", kernel.path],
                              capture_output=True, text=True, check=False, errors="replace")
        found = []
        for line in done.stdout.splitlines():
            match = LINE.fullmatch(line)
            if match:
                found.append((int(match[1], 16), match[2]))
        if done.returncode or not found:
            said = done.stderr.strip().splitlines()
            what = f"fails, by status {done.returncode}, on" if done.returncode else \
                "shows no instructions of"
            raise Refused(f"{self.objdump} {what} {kernel.path}"
                          + (f": {said[-1]}" if said else "") + "; name another with --objdump")
        return sorted(found, key=lambda line: line[0])


def number(text):
    """An operand's number."""
    return int(text, 16) if text else 0


def decode(address, size, text):
    """One instruction."""
    body, _, comment = text.partition("#")
    words = body.split(None, 1)
    while len(words) == 2 and words[0] in PREFIXES:
        words = words[1].split(None, 1)
    name = words[0]
    operands = words[1].split("<")[0].strip() if len(words) == 2 else ""
    return (flow(address, size, name, operands)
            or register_itself(address, size, name, operands)
            or data(address, size, name, operands, comment))


def flow(address, size, name, operands):
    """Calls, jumps and returns."""
    if name.startswith("call"):
        op = code.CALL
    elif name in ("jmp", "jmpq", "ljmp", "ljmpq"):
        op = code.JUMP
    elif name[0] == "j" or name.startswith("loop"):
        op = code.BRANCH
    elif name in ("ret", "retq", "lret", "lretq", "sysret", "sysretq", "sysretl"):
        return Instruction(address, size, code.RETURN)
    elif name in ("ud2", "hlt"):
        return Instruction(address, size, code.STOP if name == "ud2" else code.OTHER)
    elif name in ("iretq", "iret", "iretl"):
        return Instruction(address, size, code.TRAP_RETURN)
    elif name == "(bad)":
        return Instruction(address, size, code.OF_ANOTHER_MODE)
    else:
        return None
    match = re.fullmatch(r"(?:0x)?([0-9a-f]+)", operands)
    return Instruction(address, size, op, target=int(match[1], 16) if match else None,
                       base=WHOLE.get(operands.lstrip("*")))


def register_itself(address, size, name, operands):
    """What writes GS_BASE."""
    if name == "wrmsr":
        return Instruction(address, size, code.WRMSR, rs=("rax",))
    if name in ("swapgs", "wrgsbase", "wrgsbaseq", "wrgsbasel"):
        return Instruction(address, size, code.SET_REGISTER, text=name,
                           rs=(WHOLE[operands],) if operands in WHOLE else ())
    if operands.replace(" ", "").endswith((",%gs", "lgs")) or \
            (operands == "%gs" and name.startswith("pop")) or name.startswith("lgs"):
        return Instruction(address, size, code.SET_REGISTER, text=f"{name} {operands}")
    return None


def split(operands):
    """The operands, of which commas in parentheses are part."""
    return [o.strip() for o in re.split(r",(?![^(]*\))", operands)] if operands else []


def data(address, size, name, operands, comment):
    """All others."""
    if name.startswith("nop") or name in ("endbr64", "pause", "int3", "xchg") and not operands:
        return Instruction(address, size, code.NOP)
    parts = split(operands)
    last = parts[-1] if parts else ""
    if name in ("push", "pushq") and last in WHOLE:
        return Instruction(address, size, code.STORE, (SP,), SP, -8, rs=(WHOLE[last],), width=8)
    if name in ("pop", "popq") and last in WHOLE:
        return Instruction(address, size, code.LOAD, (WHOLE[last], SP), SP, width=8,
                           text=f"{name} {operands}")
    written = written_by(name, parts)
    if name.startswith("lea") and len(parts) == 2:
        return lea(address, size, parts[0], written, comment)
    place = next((p for p in enumerate(parts) if is_memory(p[1], name)), None)
    if place is None:
        return move(address, size, name, parts, written)
    index, text = place
    stores = index == len(parts) - 1 and not name.startswith(NO_WRITE) and \
        not (len(parts) == 1 and name.startswith(("mul", "imul", "div", "idiv")))
    op = code.STORE if stores and name.startswith("mov") else code.UPDATE if stores else code.LOAD
    found = access(text, comment, address + size)
    return Instruction(address, size, op, written, found[1], found[2], found[3],
                       segment=found[0], rs=tuple(WHOLE[p] for p in parts[:1] if p in WHOLE),
                       text=f"{name} {operands}", width=8 if last in WHOLE else 0)


def written_by(name, parts):
    """The registers that it writes."""
    if name.startswith(NO_WRITE):
        return ()
    if name.startswith(("rdmsr", "rdtsc", "cpuid", "mul", "div", "idiv", "cltd", "cqto", "cltq",
                        "cwtl", "in", "xgetbv", "syscall", "rep", "lods", "stos", "movs", "scas",
                        "cmps", "cld")) and not (name.startswith("movs") and len(parts) == 2 and
                                                 parts[-1] in WHOLE):
        return ("rax", "rdx", "rcx", "rbx", "rsi", "rdi", "r11") + \
            tuple(WHOLE[p] for p in parts[-1:] if p in WHOLE)
    found = [WHOLE[p] for p in (parts if name.startswith(BOTH) else parts[-1:]) if p in WHOLE]
    return tuple(found + (["rax"] if name.startswith("cmpxchg") else []))


def is_memory(part, name):
    """Whether an operand is one in memory."""
    if "(" in part:
        return True
    return bool(ABSOLUTE.fullmatch(part)) and not name.startswith(("int", "enter", "ret"))


def access(text, comment, end):
    """(segment, base, displacement or address, index). END: the instruction's, from where LLVM's
    objdump has an address relative to it, with %gs: not what it comes to."""
    match = MEMORY.fullmatch(text)
    if not match:
        match = ABSOLUTE.fullmatch(text)
        return (match[1] or "", None, number(match[2]) & MASK, None) if match \
            else ("", "?", 0, None)
    base, index = match[3], match[4]
    if base == "%rip":
        seen = COMMENT.match("#" + comment)
        place = int(seen[1], 16) if seen else end + number(match[2]) & MASK
        return match[1] or "", None, place, None
    index = None if index and index.endswith("iz") else index
    place = number(match[2])
    return (match[1] or "", WHOLE.get(base, base) if base else None,
            place if base else place & MASK, WHOLE.get(index, index))


def lea(address, size, text, written, comment):
    """The forming of an address."""
    _, base, place, index = access(text, comment, address + size)
    if index is None and base is None:
        return Instruction(address, size, code.SET, written, imm=place)
    if index is None and written:
        return Instruction(address, size, code.ADD_IMM, written, base, place)
    return Instruction(address, size, code.OTHER, written)


def move(address, size, name, parts, written):
    """What uses registers and immediates only."""
    if name in ("mov", "movq", "movl", "movabs", "movabsq") and len(parts) == 2 and written:
        match = IMMEDIATE.fullmatch(parts[0])
        if match:
            return Instruction(address, size, code.SET, written, imm=int(match[1], 0) & MASK)
        if parts[0] in WHOLE and parts[0].startswith("%r") and parts[1].startswith("%r"):
            return Instruction(address, size, code.ADD_IMM, written, WHOLE[parts[0]], 0)
    if name in ("add", "addq", "sub", "subq") and len(parts) == 2 and written \
            and parts[1].startswith("%r"):
        match = IMMEDIATE.fullmatch(parts[0])
        if match:
            value = int(match[1], 0)
            return Instruction(address, size, code.ADD_IMM, written, written[0],
                               -value if name.startswith("sub") else value)
    return Instruction(address, size, code.OTHER, written, text=f"{name} {', '.join(parts)}")
