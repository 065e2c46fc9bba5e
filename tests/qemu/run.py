#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs one kernel under QEMU and judges what it printed. Called by make qemu-test, through prove.

The last argument names the run: KERNEL@CPUS, or a scenario of scenarios.py. The kernel's own TAP
lines are passed on, and behind them come this program's: what must be true of the machine that was
started is computed here, not taken from the kernel.

It fails if the kernel hangs, panics, plans nothing, reports less than it planned or something that
is not ok, or says what cannot be true.
"""

import os
import random
import re
import select
import shlex
import subprocess
import sys
import time

import handover
import hotplug
import machine
import madts
import module
import numa
import outside
import preempt
import scenarios
import sequences
import swapgs
import sweep
import trees
import usermode
from tap import Tap

# After these the machine may have no way to end itself.
LAST_LINES = re.compile(r"^(Bail out!|# .* it stays halted|KVM internal error)")
GRACE_SECONDS = 3


class Run:
    """One start of QEMU: its output and its end."""

    def __init__(self, command, log, timeout):
        self.command = command
        self.log = log
        self.lines = []
        self.status = None
        self.end = "ended by itself"
        self.start(timeout)

    def start(self, timeout):
        os.makedirs(os.path.dirname(self.log), exist_ok=True)
        with subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as qemu, open(self.log, "wb") as log:
            try:
                self.read(qemu, log, time.monotonic() + timeout)
            finally:
                qemu.kill()
        self.status = qemu.returncode

    def read(self, qemu, log, deadline):
        rest = b""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                if self.end == "ended by itself":
                    self.end = "hung: the time-out ended it"
                break
            if not select.select([qemu.stdout], [], [], left)[0]:
                continue
            data = os.read(qemu.stdout.fileno(), 65536)
            if not data:
                qemu.wait()
                break
            log.write(data)
            log.flush()
            rest += data
            *whole, rest = rest.split(b"\n")
            for line in whole:
                text = line.decode("latin-1").rstrip("\r")
                self.lines.append(text)
                if LAST_LINES.match(text) and self.end == "ended by itself":
                    self.end = "halted after its last line"
                    deadline = min(deadline, time.monotonic() + GRACE_SECONDS)
        if rest:
            self.lines.append(rest.decode("latin-1"))


def parse(lines):
    """The kernel's plan, its results as (passed, number, text), and its Bail out! line."""
    plans, results, bail = [], [], None
    for line in lines:
        if match := re.fullmatch(r"1\.\.(\d+)", line):
            plans.append(int(match[1]))
        elif match := re.fullmatch(r"(not )?ok (\d+) - (.*)", line):
            results.append((not match[1], int(match[2]), match[3]))
        elif line.startswith("Bail out!"):
            bail = bail or line
    return plans, results, bail


def judge_results(tap, run, scenario):
    """What holds for every kernel: a plan kept, nothing failed but what the scenario wants."""
    plans, results, bail = parse(run.lines)
    wanted = list(scenario.failures)
    for passed, _, text in results:
        expected = next((w for w in wanted if re.search(w, text)), None)
        if not passed and expected:
            wanted.remove(expected)
            tap.ok(True, f"named as it must be: {text}")
        else:
            tap.ok(passed, text)
    for missing in wanted:
        tap.ok(False, f"the kernel must report as not ok: {missing}")
    tap.ok(run.end != "hung: the time-out ended it", f"the machine {run.end}")
    if scenario.says:
        tap.ok(any(re.search(scenario.says, line) for line in run.lines),
               f"it says: {scenario.says}")
    if scenario.bail:
        tap.ok(bail and re.search(scenario.bail, bail), f"the kernel bails out: {scenario.bail}",
               f"it said: {bail}")
        return
    tap.ok(bail is None, "the kernel does not bail out", bail or "")
    tap.ok(len(plans) == 1 and plans[0] == len(results) > 0
           and [number for _, number, _ in results] == list(range(1, len(results) + 1)),
           "the kernel reports all that it planned, in order",
           f"plans {plans}, results {len(results)}")
    if scenario.status is not None and not scenario.failures:
        tap.ok(run.status == scenario.status, f"QEMU's exit status is {scenario.status}",
               f"it is {run.status}")


def judge_silence(tap, run, scenario):
    """Nothing can be heard of a machine without a console but that it ends, and how if it can tell.
    """
    tap.ok(run.end == "ended by itself", f"the machine {run.end}")
    # QEMU does, where it is a debugger that ends it.
    said = [line for line in run.lines if "Terminated via GDBstub" not in line]
    tap.ok(said == [], "it says nothing", "\n".join(said))
    if scenario.status is not None:
        tap.ok(run.status == scenario.status, f"QEMU's exit status is {scenario.status}",
               f"it is {run.status}")


CPU_LINE = re.compile(r"cpu (\d+) \((\w+) (\d+)\) reads CPU_ID (\d+) at 0x([0-9a-f]+), "
                      r"offset 0x([0-9a-f]+), rounds (\d+)")
COPY_LINE = re.compile(r"CPU 0 reads cpu (\d+)'s copies: CPU_ID (\d+), mark 0x([0-9a-f]+)")


def judge_smp(tap, run, scenario, seed):
    """The main job: every CPU of the machine, each at its own address."""
    text = "\n".join(run.lines)
    cpus = [(int(c), int(h), int(i), int(a, 16), int(o, 16), int(r))
            for c, _, h, i, a, o, r in CPU_LINE.findall(text)]
    expected = scenario.hardware_ids
    numbers = [cpu[0] for cpu in cpus]
    ids = [cpu[1] for cpu in cpus]
    tap.ok(numbers == list(range(len(expected))) and [cpu[2] for cpu in cpus] == numbers,
           f"CPUs 0 to {len(expected) - 1} report, each with its own CPU_ID", f"{cpus}")
    # The boot CPU is the first; the others keep the firmware's order.
    tap.ok(sorted(ids) == sorted(expected)
           and ids[1:] == [i for i in expected if i != ids[0]],
           f"the hardware ids are this machine's: {expected[:20]}", f"they are {ids}")
    addresses = [cpu[3] for cpu in cpus]
    strides = {b - a for a, b in zip(addresses, addresses[1:])}
    tap.ok(len(set(addresses)) == len(addresses) and len(strides) <= 1
           and all(s > 0 and s % 64 == 0 for s in strides),
           "S2 the areas lie one stride apart, a multiple of the cache line", f"{strides}")
    tap.ok(len({cpu[4] for cpu in cpus}) == 1 and all(cpu[5] >= 1000 for cpu in cpus),
           "every CPU used the same offset, some thousand times")
    marks = {int(c): int(m, 16) for c, _, m in COPY_LINE.findall(text)}
    tap.ok(marks == {cpu: machine.mark(seed, cpu) for cpu in range(len(expected))},
           f"every CPU's mark is made of this run's seed, {seed}", f"{marks}")


def judge_fault(tap, run, images):
    """The trap path: the line that the kernel announced, with the pc of the instruction."""
    text = "\n".join(run.lines)
    announced = re.search(r"^# expect: (.*)$", text, re.M)
    reported = re.search(r"^Bail out! (.*?) \(0x[0-9a-f]+\) at pc 0x([0-9a-f]+)", text, re.M)
    tap.ok(announced and reported and announced[1] == reported[1],
           "the trap is reported with what it is and the CPU it is on",
           f"announced {announced and announced[1]}, reported {reported and reported[1]}")
    pc = machine.symbol(os.path.join(images, "fault.elf"), "arch_undefined_instruction")
    tap.ok(reported and int(reported[2], 16) == pc, f"its pc is that of the instruction, {pc:#x}")


def judge_old_address(tap, run, images):
    """The trap ends the run, and concerns CPU 0's copy at its old place."""
    elf = os.path.join(images, "highhalf.elf")
    old = machine.symbol(elf, "_percpu_start") - machine.symbol(elf, "_percpu_load_start") \
        + machine.symbol(elf, "__percpu_near.count")
    reported = re.search(r"^Bail out! .* at pc 0x([0-9a-f]+), address 0x([0-9a-f]+)",
                         "\n".join(run.lines), re.M)
    tap.ok(reported and int(reported[2], 16) == old, f"the address is the linked one, {old:#x}",
           f"it is {reported and reported[2]}")
    tap.ok(reported and int(reported[1], 16) >> 63, "the pc is in the higher half")
    plans, results, _ = parse(run.lines)
    tap.ok(plans == [len(results) + 1], "all that comes before the trap is reported")


def judge_sentences(tap, run, sentences):
    """percpu_panic is called once for each mistake, whatever it uses itself."""
    said = [line for line in run.lines if re.match(r"(Bail out!|#) percpu: ", line)]
    tap.ok(len(said) == len(sentences) and all(any(text in line for line in said)
                                               for text in sentences),
           f"C37 it is said once: {', and: '.join(sentences)}", "\n".join(said))


def loaded(image, settings):
    """By a loader that does not look whether there is RAM, and passes nothing on."""
    start = machine.symbol(os.path.join(settings.images, "smp.elf"), "kernel_start")
    return ["-device", f"loader,file={image},addr={start:#x},force-raw=on,cpu-num=0"]


def one_start(settings, scenario, name):
    seed = random.getrandbits(63)
    image = scenario.image or f"{scenario.kernel}.{settings.format}"
    append = scenario.append if "{seed}" in scenario.append else "seed={seed} " + scenario.append
    append = append.replace("{seed}", str(seed)).strip()
    own = ("", False) if scenario.bare else (scenario.kernel, scenario.one_by_one)
    command = (shlex.split(settings.qemu_for(*own))
               + scenario.qemu + ["-smp", scenario.smp])
    path = os.path.join(settings.images, image)
    command += loaded(path, settings) if scenario.careless else ["-kernel", path, "-append", append]
    log = os.path.join(settings.images, "log", name.replace("/", "-") + ".log")
    if scenario.tree:
        trees.build(command, scenario.tree, f"{log}.dtb")
        command += trees.passed(f"{log}.dtb", scenario.tree_at)
    if scenario.madt:
        command += madts.build(scenario.madt, scenario.srat, scenario.xsdt, f"{log}.d")
    return Run(command, log, settings.timeout), seed


def show(run):
    """What helps to find out why it failed."""
    print(f"# the serial log is in {run.log}; its last lines:")
    print("\n".join("#   " + line for line in run.lines[-15:]))
    print("# to run it by hand: " + shlex.join(run.command))


def judge(settings, scenario, name):
    tap = Tap()
    elf = os.path.join(settings.images, f"{scenario.kernel}.elf")
    from_outside = outside.Outside(scenario, elf, settings) if scenario.outside else None
    if scenario.handover:
        from_outside = handover.Outside(scenario, elf, settings)
    run, seed = one_start(settings, scenario, name)
    if settings.cannot_emulate and "emulation failure" in run.lines:
        print(f"1..0 # SKIP {name}: {settings.cannot_emulate}")
        return 0
    if scenario.silent:
        judge_silence(tap, run, scenario)
    else:
        judge_results(tap, run, scenario)
    if scenario.kernel == "smp" and not scenario.bail and not scenario.silent:
        judge_smp(tap, run, scenario, seed)
    if scenario.kernel == "fault" and "overflow=" not in scenario.append:
        judge_fault(tap, run, settings.images)
    if scenario.sentences:
        judge_sentences(tap, run, scenario.sentences)
    if scenario.kernel == "highhalf" and scenario.bail:
        judge_old_address(tap, run, settings.images)
    if from_outside:
        from_outside.judge(tap)
    if scenario.kernel == "swapgs" and not scenario.bail and not scenario.failures:
        swapgs.judge(tap, run.lines, elf, settings.objdump, scenario.outside == "everywhere",
                     "tables=1" in scenario.append)
    if scenario.kernel == "hotplug":
        hotplug.judge(tap, run.lines, scenario, settings.board)
    if scenario.kernel == "preempt":
        preempt.judge(tap, run.lines, scenario, settings)
    if scenario.kernel == "sweep":
        sweep.judge(tap, run.lines, os.path.join(settings.images, "sweep.elf"), settings.arch,
                    settings.objdump, settings.preempt, "protect=0" not in scenario.append)
    if scenario.kernel == "numa" and not scenario.bail:
        numa.judge(tap, run.lines, run.command, settings.board, scenario)
    if scenario.kernel == "sequences":
        sequences.judge(tap, run.lines, os.path.join(settings.images, "sequences.elf"),
                        settings.arch, settings.objdump)
    if scenario.kernel == "module":
        module.judge(tap, run.lines, settings.images, settings.arch, settings.objdump,
                     settings.preempt)
    if scenario.kernel == "usermode" and not scenario.bail:
        usermode.judge(tap, run.lines, scenario, os.path.join(settings.images, "usermode.elf"))
    if scenario.kernel == "usermode" and "tables=2" in scenario.append:
        usermode.judge_too_early(tap, run.lines, os.path.join(settings.images, "usermode.elf"))
    if tap.failed:
        show(run)
    return tap.done()


def judge_boot_cpus(settings, scenario, name):
    """Starts until another CPU than the first in the list was the boot CPU."""
    tap = Tap()
    for _ in range(scenario.until_another_boot_cpu):
        run, _ = one_start(settings, scenario, name)
        lines = CPU_LINE.findall("\n".join(run.lines))
        if not tap.ok(lines and lines[0][0] == lines[0][3] == "0",
                      f"the boot CPU, {lines[0][1]} {lines[0][2]}, is CPU 0" if lines
                      else "the boot CPU is CPU 0", "\n".join(run.lines[-15:])):
            break
        if int(lines[0][2]) != scenario.hardware_ids[0]:
            tap.ok(True, "a CPU that is not the first of the list has booted")
            return tap.done()
    tap.ok(False, "a CPU that is not the first of the list boots, sooner or later")
    return tap.done()


class Settings:
    """What make says, in the environment: prove passes on nothing but the run's name."""

    cannot_emulate = ""  # why a run is skipped that KVM gives up: kvm.py

    def __init__(self):
        self.board = os.environ["TEST_BOARD"]
        self.images = os.environ["TEST_IMAGES"]  # where the kernels are
        self.format = os.environ["TEST_FORMAT"]  # what QEMU loads: elf or bin
        self.qemu = os.environ["TEST_QEMU"]  # QEMU and its settings for this board
        self.arch = os.environ["TEST_ARCH"]
        self.objdump = os.environ["TEST_OBJDUMP"]
        self.preempt = os.environ["TEST_PREEMPT"]  # PERCPU_PREEMPT
        self.timeout = float(os.environ["TEST_TIMEOUT"])  # seconds

    def qemu_for(self, kernel, one_by_one=None):
        """With what this kernel needs."""
        accel = {None: f"TEST_ACCEL_{kernel}", True: "TEST_ONE_BY_ONE", False: "TEST_ACCEL"}
        accel = accel[one_by_one]
        return " ".join([self.qemu, os.environ[accel], os.environ.get(f"TEST_QEMU_{kernel}", "")])

    def refuses(self, needs):
        """What QEMU says if it does not take the arguments NEEDS; "" if it does."""
        program = shlex.split(self.qemu)[0]
        done = subprocess.run(
            [program, *needs, "-nodefaults", "-display", "none", "-S", "-monitor", "stdio"],
            input="quit\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False)
        said = done.stdout.strip().splitlines() or [f"it ends by status {done.returncode}"]
        return "" if done.returncode == 0 else said[-1]


def main():
    settings, name = Settings(), sys.argv[1]
    scenario = scenarios.find(settings.board, name)
    refused = settings.refuses(scenario.needs) if scenario.needs else ""
    if refused:
        print(f"1..0 # SKIP {name} needs a QEMU that takes {shlex.join(scenario.needs)}: {refused}")
        return 0
    if scenario.until_another_boot_cpu:
        return judge_boot_cpus(settings, scenario, name)
    return judge(settings, scenario, name)


if __name__ == "__main__":
    sys.exit(main())
