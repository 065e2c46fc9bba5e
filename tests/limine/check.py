#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Builds the kernel that docs/limine.md is made of, has tests/limine/loader load it, and judges
what it says. TAP; called by make limine-test, through prove.

A block of the page with `file=` in its info string is that file. The kernel is built by the page's
own Makefile, which finds the library by pkg-config alone, and runs on four CPUs. That a step of the
page is needed is shown by kernels that leave it out, and must not pass. Settings come in the
environment:

    TEST_ARCH, TEST_TRIPLE, TEST_CC, TEST_LD    what is tested, and the tools
    TEST_OUT                                    where output goes; the installation is in stage/
    TEST_LOADER, TEST_FILE                      the loader's image, and the address of the ELF file
    TEST_QEMU, TEST_TIMEOUT
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path += [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "docs")]

import pages
from tap import Tap

PAGE = f"{SOURCE}/docs/limine.md"
ARCH, TRIPLE, OUT = (os.environ[f"TEST_{name}"] for name in ("ARCH", "TRIPLE", "OUT"))
LIBDIR = "/usr/local/lib/<triple>/pkgconfig"
CPUS = 4
INITIAL = 1000
# Sockets make APIC ids that are no numbers of CPUs.
MACHINE = {"x86_64": ["-smp", f"{CPUS},sockets=2,cores=3,maxcpus=6"],
           "riscv64": ["-smp", str(CPUS)],
           "aarch64": ["-smp", str(CPUS), "-semihosting-config", "enable=on,target=native"]}
IDS = {"x86_64": {0, 1, 2, 4}, "aarch64": {0, 1, 2, 3}, "riscv64": {0, 1, 2, 3}}
MEMORY_LINE = re.compile(r"lists (0x\w+) to (0x\w+) as usable, from (0x\w+) on directly mapped")
CPU_LINE = re.compile(r"^cpu (\d+) id (\d+) traps (\d+) count (\d+) place (\d+)$", re.M)

# What is left out: (what must not pass then, the file, what stands there, what in its place). A
# machine that would hang is powered off instead.
OFF = "\tldr\tx0, =0x84000008\n\thvc\t#0"
FAULTS = {
    "": [("one number for all other CPUs", "main.c", "= number++;", "= number;"),
         ("a base revision that the loader does not know", "requests.c", "bdc, 3}", "bdc, 9}")],
    "x86_64": [("a GDT that is loaded after the CPU is bound", "main.c",
                "\tcheck(percpu_set_local_thread_pointer(0));\n",
                "\tcheck(percpu_set_local_thread_pointer(0));\n\tprepare_cpu();\n")],
    "aarch64": [("a CPU that stays in EL1t", "entry.S",
                 "\tto_el1h\n\tb\tkernel_main", "\tb\tkernel_main")],
}


def run(command, log, **options):
    """Runs COMMAND into the file LOG; (whether it succeeded, what it said)."""
    with open(log, "wb") as output:
        try:
            status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                    timeout=int(os.environ["TEST_TIMEOUT"]), check=False,
                                    **options).returncode
        except subprocess.TimeoutExpired:
            status = None
    with open(log, "r", encoding="latin-1") as output:
        return status == 0, output.read().replace("\r", "") + ("" if status is not None else
                                                               "\nended by the time-out\n")


def page_files():
    """{name: text} of the page's kernel for this architecture."""
    with open(PAGE, encoding="utf-8") as file:
        page = pages.read(PAGE, file.read())
    return {block.file: block.code for block in page.blocks if block.file and ARCH in block.archs}


def page_flags():
    """What the page's table has as FLAGS."""
    with open(PAGE, encoding="utf-8") as file:
        return re.search(rf"^\| {ARCH} \| `(-m[^`]+)` \|$", file.read(), re.M)[1]


def flags_for(compiler):
    """The page's flags. Clang before 17 has no names for CSR instructions, and needs none."""
    flags = page_flags()
    tried = subprocess.run([*compiler, *shlex.split(flags), "-E", "-x", "c", "/dev/null"],
                           capture_output=True, check=False)
    return flags if tried.returncode == 0 else flags.replace("_zicsr_zifencei", "")


def build(folder, files):
    """The page's files, our console, and the kernel of them."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, text in files.items():
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text.replace(LIBDIR, f"{OUT}/stage/opt/percpu/lib/{TRIPLE}/pkgconfig"))
    shutil.copy(f"{HERE}/console/console.c", folder)
    shutil.copy(f"{HERE}/console/{ARCH}.h", f"{folder}/machine.h")
    compiler = shlex.split(os.environ["TEST_CC"])
    environment = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": f"{OUT}/stage", "MAKEFLAGS": ""}
    return run(["make", "-s", f"CC={shlex.join(compiler)}", f"LD={os.environ['TEST_LD']}",
                f"FLAGS={flags_for(compiler)}", "kernel"],
               f"{folder}/build.log", cwd=folder, env=environment)


def boot(folder):
    """What the kernel says when the loader has loaded it."""
    device = f"loader,file={folder}/kernel,addr={os.environ['TEST_FILE']},force-raw=on"
    return run([*shlex.split(os.environ["TEST_QEMU"]), *MACHINE[ARCH], "-device", device,
                "-kernel", os.environ["TEST_LOADER"]], f"{folder}/run.log")[1]


def findings(text):
    """[what is not as it must be] in what the kernel said."""
    cpus = [tuple(map(int, match)) for match in CPU_LINE.findall(text)]
    places = {place for *_, place in cpus}
    memory = MEMORY_LINE.search(text)
    low, high, direct = (int(word, 16) for word in memory.groups()) if memory else (0, 0, 0)
    return [what for what, wrong in {
        "it does not end well": not text.endswith("done\n"),
        f"there are not {CPUS} CPUs, in order": [cpu[0] for cpu in cpus] != list(range(CPUS)),
        "the hardware's ids are not those of the machine": {cpu[1] for cpu in cpus} != IDS[ARCH],
        "a CPU has not taken its trap once": any(cpu[2] != 1 for cpu in cpus),
        "a CPU has not counted from the initial value on":
            any(count != INITIAL + cpu + 1 for cpu, _, _, count, _ in cpus),
        "two CPUs have one place": len(places) != len(cpus),
        "a place is not in usable memory, by the direct map":
            not all(low <= place - direct < high for place in places)}.items() if wrong]


def check_fault(tap, what, files, name, old, new):
    """The page without one of its steps: it builds, and must not pass."""
    wrong = dict(files)
    if not tap.ok(old in wrong[name], f"the page has what {what} lacks"):
        return
    wrong[name] = wrong[name].replace(old, new, 1).replace("\tb\t.\n", OFF + "\n", 1)
    folder = f"{OUT}/{re.sub(r'[^a-z]+', '-', what.lower())}"
    passed, text = build(folder, wrong)
    text = boot(folder) if passed else text
    tap.ok(passed and findings(text), f"{what} is noticed", text)


def main():
    """The page's kernel, and those without a step."""
    tap, files = Tap(), page_files()
    folder = f"{OUT}/kernel"
    passed, text = build(folder, files)
    if tap.ok(passed, "the page's kernel builds", text):
        text = boot(folder)
        tap.ok(not findings(text), f"the page's kernel runs on {CPUS} CPUs, each in its own area",
               "\n".join([*findings(text), *text.splitlines()[-30:]]))
        for fault in FAULTS[""] + FAULTS.get(ARCH, []):
            check_fault(tap, fault[0], files, *fault[1:])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
