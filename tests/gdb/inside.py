# SPDX-License-Identifier: MIT
"""Run by GDB for check.py: uses the commands as one would type them, and judges what they say."""

import os
import re
import subprocess
import sys
import traceback

import gdb
import gdb.types

from tap import Tap

TAP = Tap()
CPUS, SEED = int(os.environ["TEST_CPUS"]), int(os.environ["TEST_SEED"])
WORD = (1 << 64) - 1


def say(command):
    """What GDB says to a command, or the error that it ends in."""
    try:
        return gdb.execute(command, to_string=True).strip()
    except gdb.error as error:
        return str(error)


def says(command, wanted):
    """The whole of it is so."""
    said = say(command)
    TAP.ok(said == wanted, f"{command}: {wanted.splitlines()[0]}", said)


def matches(command, pattern, text=""):
    """Somewhere in it."""
    said = say(command)
    TAP.ok(re.search(pattern, said) and "Traceback" not in said and "Python" not in said,
           f"{command}: {text or pattern}", said)


def run_to(place):
    say(f"hbreak {place}")
    say("continue")
    say("delete")
    here = gdb.selected_frame().name()
    TAP.ok(here == place or place.startswith("*"), f"the machine comes to {place}", here)


def mark(cpu):
    """kernels/smp/main.c, mark_of."""
    return SEED ^ (cpu * 0x9e3779b97f4a7c15 & WORD)


def hardware_ids():
    """Of each CPU, as the kernel has numbered them."""
    return [int(gdb.parse_and_eval(f"cpus[{cpu}].hwid")) for cpu in range(CPUS)]


def every_cpu(name, value):
    return "\n".join(f"CPU {cpu}: {name} = {value(cpu)}" for cpu in range(CPUS))


# ---- The tests ----

def areas():
    """A kernel that runs, from before it has areas to when all CPUs have done their work."""
    before_init()
    unbound()
    condition()
    run_to("outside_changed")
    if os.environ["TEST_ARCH"] == "x86_64":
        page()
    whose_is_which()
    values()
    expressions()
    refusals()
    say("continue &")
    matches("percpu CPU_ID", "the CPUs are running: stop them first", "it says to stop them")


def page():
    """The session in docs/debugging.md. Addresses, sizes, what a CPU is just doing may differ."""
    with open("docs/debugging.md", encoding="utf-8") as file:
        session = re.search(r"```text\n(\(gdb\) .*?)```", file.read(), re.S)[1]
    for step in session.split("(gdb) ")[1:]:
        command, wanted = step.split("\n", 1)
        said, wanted = (re.sub(r"0x\w+|\[\w+ *\]|\d+(?= of 2048)", "...", text.strip())
                        for text in (say(command), wanted))
        TAP.ok(said == wanted, f"docs/debugging.md: {command}", said)


def before_init():
    run_to("kernel_main")
    matches("percpu CPU_ID", "no CPU has an area yet: percpu_init has not been called")
    matches("info percpu", "(?s)Template: at 0x.*Areas: no CPU has an area yet")


def unbound():
    """All have areas, and only the boot CPU has been bound to its own."""
    run_to("cpus_start")
    ids = hardware_ids()
    lost = r"is bound to no area: its \w+ is 0x\w+"
    matches("percpu CPU_ID", "^CPU 0: CPU_ID = 4711$")
    matches("info percpu", rf"CPUs 1-{CPUS - 1}: 0x\w+, no thread is bound to it")
    matches("info percpu", rf"(?s)CPU 0: 0x\w+, thread {ids[0] + 1} \(.*"
            + rf".*thread \d+ \([^\n]*\) {lost}" * (CPUS - 1), "the others' threads, and why")
    say(f"thread {ids[1] + 1}")
    matches("percpu CPU_ID", f"this thread {lost}. It has not called")
    says("percpu CPU_ID 2", "CPU 2: CPU_ID = 0")
    say(f"thread {ids[0] + 1}")


def condition():
    """A breakpoint for one CPU."""
    say('hbreak do_rounds if $percpu("percpu_cpu_number") == 2')
    say("continue")
    say("delete")
    says("percpu percpu_cpu_number", "CPU 2: percpu_cpu_number = 2")


def whose_is_which():
    """By the kernel's own list of hardware ids, in whose order GDB has threads."""
    ids = hardware_ids()
    info = say("info percpu")
    TAP.ok(f"Areas: {CPUS}, from " in info, f"info percpu: {CPUS} areas", info)
    for cpu, hardware in enumerate(ids):
        base = int(gdb.parse_and_eval(f"reports[{cpu}].thread_pointer"))
        TAP.ok(re.search(rf"CPU {cpu}: {base:#x}, thread {hardware + 1} \(", info),
               f"info percpu: CPU {cpu} is thread {hardware + 1}, its area at {base:#x}", info)
        say(f"thread {hardware + 1}")
        says("percpu CPU_ID", f"CPU {cpu}: CPU_ID = {cpu}")
        says("percpu/x mark", f"CPU {cpu}: mark = {mark(cpu):#x}")
        says('output/d $percpu("CPU_ID")', f"{cpu}")


def values():
    """Of every CPU, from any thread."""
    own = ids_first()
    says("percpu --all CPU_ID", every_cpu("CPU_ID", lambda cpu: cpu))
    says("percpu/u --all mark", every_cpu("mark", mark))
    says("percpu --all far_counts[999]", f"CPUs 0-{CPUS - 1}: far_counts[999] = 3")
    says("percpu/d --all bytes", "CPU 0: bytes = {17, 0, 34}\n"
         f"CPUs 1-{CPUS - 1}: bytes = {{17, -120, 34}}")
    says("percpu/d near_struct.halves[2] 3", "CPU 3: near_struct.halves[2] = 6")
    matches("percpu near_struct 1", r'CPU 1: near_struct = \{byte = 1 .*, word = 2, text = 0x\w+ '
            r'"three", halves = \{4, 5, 6\}\}', "a structure")
    says("percpu near_enum", f"CPU {own}: near_enum = GREEN")
    says("percpu/x initial.c:near_u32 2", "CPU 2: initial.c:near_u32 = 0x84050607")
    says("percpu/x same_name.c:near_u32 2", "CPU 2: same_name.c:near_u32 = 0x22222222")
    matches("percpu --all", r"(?s)CPU \d, area at 0x\w+:\n.* same_name.c:near_u32 = 572662306\n.*"
            r" far_array = \{1, 0 <repeats 699 times>, 2, .*page_text = ", "all variables")


def whose():
    """The same in a configuration whose register, or whose areas, are found otherwise."""
    before_init()
    run_to("outside_changed")
    whose_is_which()
    says("percpu --all CPU_ID", every_cpu("CPU_ID", lambda cpu: cpu))
    says("percpu --all far_counts[999]", f"CPUs 0-{CPUS - 1}: far_counts[999] = 3")
    says('output $percpu("near_struct", 2).word + $percpu("near_struct", 3).halves[1]', "7")


def ids_first():
    """The CPU that is thread 1, selected."""
    say("thread 1")
    return hardware_ids().index(0)


def expressions():
    """$percpu is the variable itself."""
    says('output $percpu("near_struct", 2).word + $percpu("near_struct", 3).halves[1]', "7")
    says('output $percpu("near_pointer", 2)[1] == \'o\'', "1")
    say('set var $percpu("near_struct", 2).halves[2] = 77')
    says("percpu --all near_struct.halves[2]",
         "CPUs 0-1: near_struct.halves[2] = 6\nCPU 2: near_struct.halves[2] = 77\n"
         "CPU 3: near_struct.halves[2] = 6")
    says('output (long)&$percpu("mark", 3) - (long)&$percpu("mark", 1) '
         "== reports[3].thread_pointer - reports[1].thread_pointer", "1")
    say('print $percpu("near_enum", 1)')
    says("ptype $", "type = enum colour {RED = 7, GREEN = 70000}")


def refusals():
    for cpu in (str(CPUS), "-1", "1 << 20"):
        matches(f"percpu CPU_ID {cpu}", rf"there is no CPU -?\d+: the kernel has {CPUS} areas")
    matches('print $percpu("CPU_ID", 99)', "there is no CPU 99")
    matches("percpu near_strct", "no per-CPU variable near_strct; is it near_struct?")
    matches("percpu near_struct.wrod", "no member named wrod")
    matches("percpu *near_pointer", "is no name of a variable")
    matches("percpu", "say which variable")
    matches("percpu --everything", "say which variable")
    matches("print $percpu()", "say which variable")
    matches('print $percpu("CPU_ID", 0, 1)', "say which variable")
    matches("percpu main.c:outside_none", "no per-CPU variable outside_none")
    matches("percpu main.c:far_array", "far_array is not known to be in main.c: it is not static"
            "|far_array is defined in initial.c, not in main.c")
    matches("print $percpu(3)", "the name of a variable is a string")
    matches("percpu near_u32", "near_u32 is defined in initial.c and same_name.c: say in which"
            "|near_u32 is defined in same_name.c and initial.c: say in which")
    matches("percpu main.c:near_u32", "near_u32 is defined in .*, not in main.c")


def sequences():
    """Stepping through one, instruction by instruction, does what it is to do, once."""
    run_to("kernel_main")
    matches("percpu --sequence", "is in no restartable sequence")
    start, length = next(find("percpu_inc(bytes[1])"), (None, None))
    if not start:
        matches("percpu --sequence", "; the kernel has 0.")
        TAP.skip("a sequence is stepped through", "on this architecture there are none")
        return
    run_to(f"*{start:#x}")
    say("set scheduler-locking on")
    before = int(gdb.parse_and_eval('$percpu("bytes")[1]'))
    matches("percpu --sequence", rf"(?s){start:#x} is in a restartable sequence.*=> {start:#018x}")
    steps = 0
    while start <= gdb.selected_frame().pc() < start + length:
        last = int(gdb.parse_and_eval('$percpu("bytes")[1]'))
        TAP.ok(last == before, f"after {steps} instructions the variable is as it was", last)
        say("stepi")
        steps += 1
    after = int(gdb.parse_and_eval('$percpu("bytes")[1]'))
    TAP.ok(after == (before + 1) % 256 and steps * 4 >= length,
           f"after all {steps} it is one more", f"{before}, then {after}")
    said = say("percpu --sequence")
    TAP.ok(f"{start:#018x}" not in said, "percpu --sequence: that one is left", said)


def find(text):
    """Sequences of a source line with that text, as start and length."""
    at, end = (int(gdb.parse_and_eval(f"&_percpu_sequences_{which}")) for which in ("start", "end"))
    memory = gdb.selected_inferior()
    for entry in range(at, end, 8):
        data = bytes(memory.read_memory(entry, 8))
        start = entry + int.from_bytes(data[:4], "little", signed=True)
        line = gdb.find_pc_line(start)
        if line.symtab and text in source(line.symtab.fullname(), line.line):
            yield start, int.from_bytes(data[4:], "little")


def source(path, line):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()[line - 1]


def single():
    """PERCPU_MODE sp."""
    run_to("kernel_main")
    matches("percpu CPU_ID", "CPU 0: CPU_ID = ")
    matches("percpu CPU_ID 1", "there is no CPU 1: the kernel has 1 area, for CPU 0")


def user_mode():
    """kernels/usermode, whose programs have another CPU's area in the registers that they can
    write: no command takes that for theirs."""
    run_to("arch_user_frame_create")
    ids = hardware_ids()
    say("finish")
    frame = gdb.history(0)
    program = int(frame["rip" if gdb.types.has_field(frame.type.target(), "rip") else "pc"])
    deltas = [int(gdb.parse_and_eval(f'$percpu("percpu_delta", {cpu})')) for cpu in range(CPUS)]
    template = int(gdb.parse_and_eval("&_percpu_load_start"))
    run_to(f"*{program:#x}")
    cpu = ids.index(gdb.selected_thread().num - 1)
    other = deltas[(cpu + 1) % CPUS]
    say(f"set var $gs_base = {other}")
    say(f"set var $gp = {template + other}")
    said = say("percpu percpu_cpu_number")
    TAP.ok(said == f"CPU {cpu}: percpu_cpu_number = {cpu}"
           or re.search("in user mode, where [gt]p is the program's", said)
           or re.search("in user mode, or has a page table without it. Select another", said),
           "percpu percpu_cpu_number: the right one's, or why it cannot be known", said)


def faces():
    """Variables of percpu/linux.h and percpu.hpp, by the names that their users have given them."""
    run_to("outside_changed")
    says("percpu linux_count 2", "CPU 2: linux_count = 258")
    says("percpu/d linux_queue 3", "CPU 3: linux_queue = {length = 3, first = {4, 5}}")
    says("percpu --all linux_far", f"CPUs 0-{CPUS - 1}: linux_far = -6")
    says("percpu linux_queue.first[1] 1", "CPU 1: linux_queue.first[1] = 5 '\\005'")
    if "cxx_count" not in say("info variables -q cxx_count"):
        TAP.skip("variables of percpu.hpp", "no compiler of C++ is installed")
        return
    says("percpu cxx_count 2", "CPU 2: cxx_count = 258")
    says("percpu scheduler::load 1", "CPU 1: scheduler::load = {one = 7, other = {8, 9}}")
    says("percpu kernel::scheduler::load.other[1] 1",
         "CPU 1: kernel::scheduler::load.other[1] = 9")
    says("percpu --all cxx_far", f"CPUs 0-{CPUS - 1}: cxx_far = {{-6, 6}}")
    says("percpu cxx_flag 3", "CPU 3: cxx_flag = true")
    says('output $percpu("scheduler::load", 2).one + $percpu("kernel::cxx_far", 3)[1]', "13")
    matches("percpu --all", r"(?m)^  scheduler::load = \{one = 7, other = \{8, 9\}\}$")
    matches("percpu scheduler::lod", "no per-CPU variable scheduler::lod; is it scheduler::load?")


def handles():
    """kernels/hotplug, whose CPUs count in variables that percpu_alloc has made."""
    run_to("work_prepare")
    matches("percpu percpu_at(dynamic)", "dynamic is 0: percpu_alloc has not made it")
    run_to("allocate_one")
    say("finish")
    by_hand = '*(size_t *)((unsigned long)dynamic + $percpu("percpu_delta", {cpu}))'
    for cpu in range(CPUS):
        say(f'set var $percpu("percpu_at(dynamic)", {cpu}).counted = {100 + cpu}')
        says(f"output/d {by_hand.format(cpu=cpu)}", f"{100 + cpu}")
    says("percpu --all percpu_at(dynamic).counted",
         every_cpu("percpu_at(dynamic).counted", lambda cpu: 100 + cpu))
    matches("percpu percpu_at(dynamic) 3", r"CPU 3: percpu_at\(dynamic\) = \{counted = 103, ticks")
    matches("percpu percpu_at(renewed) 2", r"^CPU 2: percpu_at\(renewed\) = \d+$")
    matches("percpu percpu_at(dynamic).none", "no member named none")
    matches("percpu percpu_at(cpus[0].hwid)", "is no handle: its type is unsigned long")
    matches("percpu percpu_at(none)", "No symbol .none. in current context")


def untyped():
    """A kernel without -g."""
    run_to("outside_changed")
    matches("percpu CPU_ID 3", r"CPU 3: CPU_ID = 03 00 00 00 00 00 00 00\n.*Compile .* with -g")
    matches("percpu initial.c:near_u32 1", "CPU 1: initial.c:near_u32 = 07 06 05 84\n")
    matches("percpu near_struct.byte", "has no type that GDB knows.*: compile .* with -g")
    matches("percpu --all", r"(?s)near_u8 = 81\n.*far_array = 01 00.* \.\.\.\n")
    matches("info percpu", rf"Areas: {CPUS}, from 0x")


def files():
    """Files that are no such kernel, and no machine."""
    folder = os.environ["TEST_FOLDER"]
    stripped = os.path.join(folder, "stripped.elf")
    subprocess.run([os.environ["TEST_OBJCOPY"], "--strip-all", os.environ["TEST_ELF"], stripped],
                   check=True)
    matches("percpu CPU_ID", "there is no machine: connect to one")
    matches("percpu --sequence", "there is no machine: connect to one")
    matches('print $percpu("CPU_ID", 0)', "there is no machine: connect to one")
    matches("info percpu", "(?s)Template: at .*Areas: there is no machine")
    say(f"file {stripped}")
    matches("percpu CPU_ID", "has no per-CPU part: .* or it is stripped")
    matches("info percpu", "has no per-CPU part: .* or it is stripped")
    say("file")
    matches("percpu CPU_ID", "GDB has no kernel: name its ELF file")
    matches('print $percpu("CPU_ID")', "GDB has no kernel: name its ELF file")


def by_itself():
    """Linked as kernel.elf-gdb.py, where GDB is told that this is safe."""
    matches("percpu CPU_ID", "there is no machine: connect to one")
    said = subprocess.run(["gdb-multiarch", "-q", "-nx", "-batch", os.environ["TEST_ELF"],
                           "-ex", "percpu CPU_ID"], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
    TAP.ok("auto-loading has been declined" in said and "add-auto-load-safe-path" in said
           and 'Undefined command: "percpu"' in said, "elsewhere GDB declines, and says how", said)


def main():
    name = os.environ["TEST_NAME"]
    gdb.execute("set confirm off")
    if name != "by-itself":
        gdb.execute(f"source {os.environ['TEST_COMMANDS']}")
    try:
        globals()[name.replace("-", "_")]()
    except (gdb.error, ValueError, LookupError):
        TAP.ok(False, "the test comes to its end", traceback.format_exc())
    sys.stdout.flush()
    status = TAP.done()
    gdb.execute(f"quit {status}")


main()
