# SPDX-License-Identifier: MIT
"""Converts the kernel in tests/install/converted as docs/converting.md says.

Each heading of the page that begins with a number is a step, and the diffs below it are applied, by
patch. After each step the kernel is built by its own Makefile, which finds the library by
pkg-config alone, and booted, and must print what it printed before. At last it is built without the
library, with the files that the page has for architectures that the library does not have.

The same kernel in Linux's shape, whose other files are in converted/linux, has the first steps in
common, those of LINUX_STEPS, and then the page's diffs for it.
"""

import glob
import os
import re
import shlex
import shutil
import sys

from common import (ARCH, CC, HERE, IS_CLANG, LD, SOURCE, fresh_directory, read, run,
                    strangers_environment, tail, write)

# Behind this directory, for both have a faults.py.
sys.path.append(os.path.join(SOURCE, "tests", "docs"))

import pages

KERNEL = f"{HERE}/converted"
PAGE = f"{SOURCE}/docs/converting.md"
# How the library is built. With the first ones each state is booted, else the last one only.
LINUX = "converted-linux"
LINUX_STEPS = ("1.", "2.")
EACH = {"converted-none": {}, LINUX: {"PERCPU_RISCV_REG": "tp"},
        "converted-tp": {"PERCPU_RISCV_REG": "tp"}, "converted-gp": {"PERCPU_RISCV_REG": "gp"}}
LAST = {f"converted-{preempt}": {"PERCPU_RISCV_REG": "tp", "PERCPU_PREEMPT": preempt,
                                 "PERCPU_DEBUG": "1"} for preempt in ("hooks", "restart")}
GROUPS = {name: {"PERCPU_PREEMPT": "none", "PERCPU_DEBUG": "0", "PERCPU_RISCV_LEVEL": "s",
                 **settings} for name, settings in {**EACH, **LAST}.items()}


def copy_start(name, out):
    """The kernel before it is converted."""
    shape = glob.glob(f"{KERNEL}/linux/*") if name == LINUX else []
    for path in glob.glob(f"{KERNEL}/*.[ch]") + glob.glob(f"{KERNEL}/{ARCH}/*") + shape:
        shutil.copy(path, out)


def steps_of(page, register, is_linux):
    """[(the heading, the diff)] for this architecture, shape and, if it has a choice, register, in
    the order of the page."""
    steps = [(number, re.sub("^#+ ", "", text), "") for number, text in page.prose
             if re.match(r"#+ ", text)]
    for block in page.code("diff", ARCH):
        at = max(index for index, step in enumerate(steps) if step[0] < block.line)
        is_wanted = block.is_linux or steps[at][1].startswith(LINUX_STEPS) if is_linux \
            else not block.is_linux
        if is_wanted and (register in block.registers or not register):
            steps[at] = (*steps[at][:2], steps[at][2] + block.code)
    return [(heading, diff) for _, heading, diff in steps if diff]


def wanted_results():
    """What the kernel must print, whatever runs where."""
    cpus = int(re.search(r"#define NCPU (\d+)", read(f"{KERNEL}/kernel.h"))[1])
    rounds = int(re.search(r"#define ROUNDS (\d+)", read(f"{KERNEL}/main.c"))[1])
    threads = cpus + 1
    return "".join([*(f"thread {thread}: rounds {rounds}\n" for thread in range(threads)),
                    f"under the lock {threads * rounds}, by all CPUs {threads * rounds}\n"])


def boots(tap, name, out, environment, *settings):
    """Builds and boots what is in OUT."""
    words = ["make", "-s", f"CC={shlex.join(CC)}", f"OBJCOPY={os.environ['TEST_OBJCOPY']}",
             *settings]
    if IS_CLANG:
        # Debian's clang-16 takes ld.lld of another version by -fuse-ld=lld.
        words += [f"LDFLAGS=--ld-path={shutil.which(LD[0])}"]
    for path in glob.glob(f"{out}/*.o") + glob.glob(f"{out}/kernel"):
        os.remove(path)
    passed, text = run(words + ["kernel"], f"{out}/build.log", cwd=out, env=environment)
    if not tap.ok(passed, f"{name}: builds", tail(text)):
        return
    passed, text = run(words + ["run"], f"{out}/run.log", cwd=out, env=environment)
    tap.ok(passed and wanted_results() in text, f"{name}: boots, and prints the same", tail(text))


def apply(tap, name, out, diff):
    """Applies what the page says."""
    write(f"{out}/diff", diff)
    passed, text = run(["patch", "--strip=1", "--fuzz=0", "--batch", "--no-backup-if-mismatch",
                        "--input=diff"], f"{out}/patch.log", cwd=out)
    return tap.ok(passed, f"{name}: the diffs fit", text)


def without_library(tap, page, out):
    """The converted kernel, with the build of the start, and the page's files in place of ours."""
    for name in ("Makefile", "kernel.ld"):
        shutil.copy(f"{KERNEL}/{ARCH}/{name}", out)
    files = [block for block in page.blocks if block.file and ARCH in block.archs]
    for block in files:
        write(f"{out}/{block.file}", block.code)
    include = {os.path.dirname(block.file).split("/")[0] for block in files}
    tap.ok(len(files) == 2 and len(include) == 1, "the page has a header, and one for assembly")
    boots(tap, "without the library", out, strangers_environment("", sysroot="/nowhere"),
          f"CPPFLAGS=-I{min(include)}")


def converted(tap, name):
    """Converts the kernel for one configuration of the library."""
    settings, each_state = GROUPS[name], name in EACH
    out = fresh_directory(name)
    stage, page = f"{out}/stage", pages.read(PAGE, read(PAGE))
    passed, text = run([*shlex.split(os.environ["TEST_INSTALL"]), f"O={out}/build", "ARCH_ABIS=",
                        f"DESTDIR={stage}", "PREFIX=/opt/percpu",
                        *(f"{name}={value}" for name, value in settings.items()), "install"],
                       f"{out}/install.log")
    if not tap.ok(passed, f"install, with {settings}", tail(text)):
        return
    kernel = fresh_directory(name, "kernel")
    environment = strangers_environment("", sysroot=stage, prefix="/opt/percpu")
    steps = steps_of(page, settings.get("PERCPU_RISCV_REG"), name == LINUX)
    copy_start(name, kernel)
    if each_state:
        boots(tap, "the kernel before", kernel, strangers_environment("", sysroot="/nowhere"))
    for heading, diff in steps:
        if not apply(tap, heading, kernel, diff):
            return
        if each_state or heading == steps[-1][0]:
            boots(tap, heading, kernel, environment)
    if each_state and name != LINUX:
        without_library(tap, page, kernel)
