#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Builds and runs every legal configuration of an architecture once. TAP; for prove.

The argument is the architecture. The build directories are below TEST_OUT, one for those that have
the compiler's and linker's flags in common. Of those that differ in the cache line alone there are
no more than chosen_for_128 says. With TEST_LLVM set, when the LLVM tools build them, of all these no
more than have each pair of two variables' values once. An illegal one must be refused with a
sentence, by make and by the header.
"""

import itertools
import os
import subprocess
import sys

from tap import Tap

COMMON = {
    "PERCPU_MODE": ["smp", "sp"],
    "PERCPU_PREEMPT": ["none", "hooks", "restart"],
    "PERCPU_VMA": ["image", "zero"],
    "PERCPU_CACHE_LINE": ["64", "128"],
    "PERCPU_DEBUG": ["0", "1"],
    "NOLOAD": ["0", "1"],
}
OF_ONE = {
    "x86_64": {},
    "aarch64": {"PERCPU_ARM_EL": ["1", "2"]},
    "riscv64": {"PERCPU_RISCV_REG": ["gp", "tp"], "PERCPU_RISCV_LEVEL": ["s", "m"]},
}
ILLEGAL = {
    "PERCPU_MODE": "up", "PERCPU_PREEMPT": "maybe", "PERCPU_VMA": "1", "PERCPU_DEBUG": "2",
    "PERCPU_CACHE_LINE": "32", "PERCPU_ARM_EL": "3", "PERCPU_RISCV_REG": "x5",
    "PERCPU_RISCV_LEVEL": "u", "FIRMWARE": "bios", "LLVM": "2", "V": "yes", "KERNEL": "preemt",
}
REFUSED = [({"PERCPU_VMA": "zero", "PERCPU_MODE": "sp"},
            "PERCPU_VMA=zero is for PERCPU_MODE=smp"),
           ({"PERCPU_PREMPT": "restart"}, "There is no PERCPU_PREMPT to set: take one of"),
           *(({name: "1"}, f"There is no {name} (is it {meant}?) to set") for name, meant in (
               ("KERNAL", "KERNEL"), ("LVM", "LLVM"), ("arch", "ARCH"), ("v", "V"), ("SPM", "SMP"),
               ("RUN", "RUNS"), ("LINK_TEST", "LINK_TESTS"), ("DEBUG", "PERCPU_DEBUG")))]
# What builds of packages set; and zeroes, which are as if not given.
ACCEPTED = {"CC": "cc", "CFLAGS": "-O2", "INSTALL": "install --strip-program=true",
            "TMP": "/tmp", "LLVM": "0", "V": "0"}


# What PERCPU_VMA=zero goes together with.
WITH_ZERO = {"PERCPU_MODE": "smp"}
# NOLOAD=1 changes nothing that the rest bears on: once is enough.
WITH_NOLOAD = {"PERCPU_VMA": "zero", "PERCPU_PREEMPT": "none", "PERCPU_CACHE_LINE": "64",
               "PERCPU_DEBUG": "0"}
# What kernels/sweep can do without, or nothing in it bears on; nor in kernels/preempt.
WITH_SWEEP = {"PERCPU_DEBUG": "0", "PERCPU_CACHE_LINE": "64", "NOLOAD": "0"}
WITH_PREEMPT = {**WITH_SWEEP, "PERCPU_PREEMPT": "restart"}
# What kernels/sequences needs, and kernels/module most bears on.
WITH_SEQUENCES = {**WITH_PREEMPT, "PERCPU_MODE": "smp", "PERCPU_VMA": "image"}

# In M-mode another switch is used, by what switches: what else there is, is as in S-mode.
WITH_M = {"PERCPU_VMA": "image", "PERCPU_CACHE_LINE": "64", "NOLOAD": "0"}
WITH_M_AND_SP = {"PERCPU_PREEMPT": "none"}
WITH_M_AND_TP = {"PERCPU_MODE": "smp", "PERCPU_PREEMPT": "none", "PERCPU_DEBUG": "0"}


# The line is a number that moves variables: with each way of laying them out, MODE and VMA, and
# with each value of the others, but not with each pair of these.
WITH_128 = {"PERCPU_DEBUG": "0", "PERCPU_ARM_EL": "1", "PERCPU_RISCV_REG": "gp", "NOLOAD": "0"}
WITH_128_AND_HOOKS = {"PERCPU_DEBUG": "1", "PERCPU_ARM_EL": "2", "PERCPU_RISCV_REG": "tp",
                      "NOLOAD": "0"}

# What PERCPU_DEBUG catches does not depend on the line.
WITH_MISUSES = {"PERCPU_DEBUG": "1", "PERCPU_CACHE_LINE": "64"}


def agrees(values, wanted):
    return all(values.get(name, value) == value for name, value in wanted.items())


def chosen_for_128(values):
    return agrees(values, WITH_128_AND_HOOKS if values["PERCPU_PREEMPT"] == "hooks" else WITH_128)


def chosen_for_m(values):
    return (agrees(values, WITH_M)
            and (values["PERCPU_MODE"] != "sp" or agrees(values, WITH_M_AND_SP))
            and (values["PERCPU_RISCV_REG"] != "tp" or agrees(values, WITH_M_AND_TP)))


def legal(values):
    return ((values["PERCPU_VMA"] != "zero" or agrees(values, WITH_ZERO))
            and (values["NOLOAD"] != "1" or agrees(values, WITH_NOLOAD))
            and (values["PERCPU_CACHE_LINE"] != "128" or chosen_for_128(values))
            and (values.get("PERCPU_RISCV_LEVEL") != "m" or chosen_for_m(values)))


def runs(values):
    if values["PERCPU_MODE"] == "sp":
        return "modes@1" + (" C12-before-init" if values["PERCPU_DEBUG"] == "1" else "")
    return ("modes@2 smp@3" + (" S8-area-0-in-use" if values["PERCPU_VMA"] == "zero" else "")
            + (" sweep@1 $(CONTROLS_sweep)" if agrees(values, WITH_SWEEP) else "")
            + (" preempt@2" if agrees(values, WITH_PREEMPT) else "")
            + (" sequences@1 module@1" if agrees(values, WITH_SEQUENCES) else "")
            + (" $(MISUSES)" if agrees(values, WITH_MISUSES) else ""))


def kernels(values):
    """Those that are run: it is here that the time would go."""
    return ("modes smp" + (" misuse" if values["PERCPU_DEBUG"] == "1" else "")
            + (" sweep" if agrees(values, WITH_SWEEP) else "")
            + (" preempt" if agrees(values, WITH_PREEMPT) else "")
            + (" sequences module" if agrees(values, WITH_SEQUENCES) else ""))


# A library for S-mode in M-mode, in configurations that qemu-test does not build.
WRONG_LEVEL = {"x86_64": [], "aarch64": [], "riscv64": [
    ("C30-single-cpu", "hello", {"PERCPU_MODE": "sp"}),
    ("C30-debug-sees-the-switch", "misuse", {"PERCPU_DEBUG": "1"})]}


# Code for a static PIE at work, interrupted before every instruction and by threads that migrate.
STATIC_PIE = {"riscv64": {"PERCPU_PREEMPT": "restart", "KERNELS": "sweep preempt sequences module",
                          "OPT": "-O2 -DPERCPU_RISCV_PIE=1", "OTHER_BOARDS": "",
                          "RUNS": "sweep@1 $(CONTROLS_sweep) preempt@2 sequences@1 module@1"}}

# What else make builds with: of the rest, config.h tells those who include it.
FLAGS = ("PERCPU_VMA", "NOLOAD", "PERCPU_RISCV_LEVEL", "FIRMWARE")


def configurations(arch):
    choices = {**COMMON, **OF_ONE[arch]}
    named = (dict(zip(choices, values)) for values in itertools.product(*choices.values()))
    return [values for values in named if legal(values)]


def pairs(values):
    return set(itertools.combinations(values.items(), 2))


def with_each_pair(every):
    """As few of them as a greedy choice finds."""
    left, chosen = set().union(*map(pairs, every)), []
    while left:
        chosen.append(max(every, key=lambda values: len(pairs(values) & left)))
        left -= pairs(chosen[-1])
    return chosen


def folder(arch, values):
    return "_".join([arch, *(values[name] for name in FLAGS if name in values)])


def make(arch, values, *goals):
    values = {"ARCH": arch, "LLVM": os.environ["TEST_LLVM"], **values}
    command = ["make", "--jobs=" + os.environ["TEST_JOBS"],
               *(f"{name}={value}" for name, value in values.items()), *goals]
    # No make below another one, which would let slips in names through.
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False,
                          env={**os.environ, "MAKELEVEL": ""})


def main():
    arch, out = sys.argv[1], os.environ["TEST_OUT"]
    tap = Tap()
    every = configurations(arch)
    for values in with_each_pair(every) if os.environ["TEST_LLVM"] else every:
        done = make(arch, values, f"O={out}/{folder(arch, values)}", f"RUNS={runs(values)}",
                    f"KERNELS={kernels(values)}", "OTHER_BOARDS=", "qemu-test")
        tap.ok(done.returncode == 0, " ".join(f"{n}={v}" for n, v in values.items()),
               done.stdout[-2000:])
    for variable, value in ILLEGAL.items():
        done = make(arch, {variable: value}, "library")
        words = f"There is no {variable} {value}: take one of"
        tap.ok(done.returncode != 0 and words in done.stdout,
               f"{variable}={value} is refused, and what is legal is named", done.stdout)
    for run, kernel, values in WRONG_LEVEL[arch]:
        done = make(arch, {"BOARD": "virt-riscv64", "FIRMWARE": "none", "BOARD_LEVEL": "m",
                           "PERCPU_RISCV_LEVEL": "s", **values},
                    f"O={out}/{run}", f"RUNS={run}", f"KERNELS={kernel}", "qemu-test")
        tap.ok(done.returncode == 0, f"{run}: a library for S-mode is found out in M-mode, too, "
               f"with {values}", done.stdout[-2000:])
    if arch in STATIC_PIE:
        done = make(arch, STATIC_PIE[arch], f"O={out}/static-pie", "qemu-test")
        tap.ok(done.returncode == 0, f"C66 code for a static PIE runs: {STATIC_PIE[arch]}",
               done.stdout[-2000:])
    done = make(arch, ACCEPTED, "--eval=said: ; @echo $(O) $(if $(LLVM),clang,gcc) $(Q)make", "said")
    tap.ok(done.returncode == 0 and "build gcc @make" in done.stdout,
           f"{ACCEPTED} is accepted", done.stdout)
    for values, words in REFUSED:
        done = make(arch, values, "library")
        tap.ok(done.returncode != 0 and words in done.stdout, f"{values} is refused, in words",
               done.stdout)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
