#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs one kernel as run.py does, but by KVM. Called by make kvm-test.

That is the processor itself only where its virtualization does it; else it is said that it is not,
and what KVM then cannot run is skipped. So is everything, with a sentence, where there is no KVM.
The run hundred-starts starts 8 CPUs a hundred times.
"""

import fcntl
import os
import platform
import re
import sys
import time

import run
import scenarios
from tap import Tap

API_VERSION, CREATE_VM = 0xAE00, 0xAE01  # ioctls (Linux, virt/kvm/api)
STARTS, SECONDS = 100, 600  # whichever is over first, where KVM interprets


def why_not():
    """Why there is no KVM for x86_64 here; "" if there is."""
    if platform.machine() != "x86_64":
        return f"this machine is {platform.machine()}, and the kernels are for x86_64"
    if not os.path.exists("/dev/kvm"):
        return "this machine has no /dev/kvm: its processor or who runs it does not offer it"
    try:
        with open("/dev/kvm", "rb", buffering=0) as kvm:
            if fcntl.ioctl(kvm, API_VERSION) != 12:
                return "/dev/kvm has another interface than that of API version 12"
            os.close(fcntl.ioctl(kvm, CREATE_VM, 0))
    except OSError as error:
        return f"/dev/kvm cannot be used: {error.strerror}"
    return ""


def processor():
    """Its name, and by which module KVM uses it."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        name = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    modules = sorted(os.path.basename(f"/sys/module/{module}")
                     for module in os.listdir("/sys/module") if module.startswith("kvm_"))
    return name[1] if name else "a processor without a name", modules


def interprets(modules):
    """Without these two KVM has no hardware that runs a kernel, and does it in software."""
    return not {"kvm_intel", "kvm_amd"} & set(modules)


def hundred_starts(settings):
    """By KVM that interprets, as many as there is time for."""
    tap = Tap()
    scenario = scenarios.find(settings.board, "smp@8")
    scenario.append = "outside=0"
    wrong, count, start = [], 0, time.monotonic()
    for number in range(STARTS):
        if settings.cannot_emulate and time.monotonic() - start > SECONDS:
            break
        done, _ = run.one_start(settings, scenario, "hundred-starts")
        plans, results, bail = run.parse(done.lines)
        if bail or done.status != scenario.status or plans != [len(results)] \
                or not all(passed for passed, _, _ in results):
            wrong.append(f"start {number}: {done.end}, {bail or done.lines[-3:]}")
        count += 1
    print(f"# {count} starts took {time.monotonic() - start:.0f} s")
    tap.none(wrong, f"all 8 CPUs have come at each of {count} starts")
    return tap.done()


def main():
    why = why_not()
    if why:
        print(f"1..0 # SKIP kvm-test: {why}")
        return 0
    name, modules = processor()
    print(f"# KVM by {' '.join(modules)} on {name}")
    if interprets(modules):
        print("# it is not done by the processor's virtualization: KVM interprets the kernel's "
              "instructions, and a pass says nothing of the processor")
        run.Settings.cannot_emulate = "KVM, which interprets the kernel here, does not know an " \
                                      "instruction of it"
    if sys.argv[1] == "hundred-starts":
        return hundred_starts(run.Settings())
    return run.main()


if __name__ == "__main__":
    sys.exit(main())
