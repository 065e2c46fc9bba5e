#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What tools/setup installs, given what apt says: the real apt is not asked. TAP; for prove.

The programs that it runs are made here, and answer for a release: of the package names that matter,
those that the release has, and those that are installed.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

SETUP = os.path.abspath("tools/setup")


def llvm(*versions):
    return {f"{name}-{version}{more}" for version in versions for name, more in (
        ("clang", ""), ("lld", ""), ("llvm", ""), ("libclang-rt", "-dev"), ("clang-format", ""),
        ("clang-tidy", ""))}


# In every release.
COMMON = set("""
make gcc g++ libc6-dev git gcc-aarch64-linux-gnu g++-aarch64-linux-gnu gcc-riscv64-unknown-elf
qemu-system-x86 qemu-system-arm qemu-system-misc opensbi device-tree-compiler perl python3
python3-pyelftools python3-z3 pkg-config patch cmake meson ninja-build gdb-multiarch valgrind
grub-common grub-pc-bin grub-efi-amd64-bin ovmf xorriso mtools
u-boot-qemu gnuplot-nox cppcheck shellcheck spin debootstrap
debian-archive-keyring
""".split())
RISCV = {"qemu-system-riscv"}
DEBIAN_12 = COMMON | llvm("14", "15", "16", "19")
DEBIAN_13 = COMMON | RISCV | llvm("17", "18", "19")
UBUNTU_24_04 = COMMON | llvm("14", "15", "16", "17", "18")
NEITHER_16_NOR_19 = COMMON | llvm("14", "15", "18")

SECOND = {"clang-19", "lld-19", "llvm-19"}
ON_DEBIAN_12 = COMMON | llvm("16") | SECOND
ON_DEBIAN_13 = (COMMON | RISCV | llvm("19")) - {"qemu-system-misc"}

# The programs. $state is a folder of files: what is offered, once apt-get update has been called;
# what is installed; the calls of apt-get.
PROGRAMS = {
    "dpkg-query": 'sed "s/^/installed /" $state/installed',
    "apt-cache": """shift
for name in "$@"; do
	echo "$name:"
	if [ -e $state/updated ] && grep -qx "$name" $state/offered; then
		printf '  Installed: (none)\\n  Candidate: 1:2.3-4\\n'
	else
		printf '  Installed: (none)\\n  Candidate: (none)\\n'
	fi
done""",
    "apt-get": """echo "$*" >>$state/calls
if [ "$1" = update ]; then : >$state/updated; else echo "- apt-get $1" >&2; fi""",
    "id": "echo 0",
    "qemu-system-riscv64": "",
}
NEEDED = ("sh", "awk", "env", "sed", "grep")


def write(path, text, mode=0o644):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, mode)


def setup(offered, installed=(), updated=False, without=(), arguments=()):
    """(exit status, what was printed, {packages installed}, calls of apt-get)"""
    with tempfile.TemporaryDirectory(prefix="percpu-setup-") as state:
        path = os.path.join(state, "bin")
        os.mkdir(path)
        for name in NEEDED:
            os.symlink(shutil.which(name), os.path.join(path, name))
        for name, code in PROGRAMS.items():
            there = name != "qemu-system-riscv64" or {"qemu-system-riscv", name} & set(installed)
            if name not in without and there:
                write(f"{path}/{name}", f"#!/bin/sh\nstate={state}\n{code}\n", 0o755)
        write(f"{state}/offered", "".join(f"{name}\n" for name in offered))
        write(f"{state}/installed", "".join(f"{name}\n" for name in installed
                                            if name != "qemu-system-riscv64"))
        write(f"{state}/calls", "")
        if updated:
            write(f"{state}/updated", "")
        done = subprocess.run([SETUP, *arguments], env={"PATH": path}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        with open(f"{state}/calls", encoding="ascii") as file:
            calls = file.read().splitlines()
    words = [word for call in calls if call.startswith("install") for word in call.split()[1:]]
    return done.returncode, done.stdout, {word for word in words if word[0] != "-"}, calls


def judge_from_nothing(tap, release, offered, wanted, says=""):
    status, output, got, _ = setup(offered)
    tap.ok(status == 0 and got == wanted,
           f"C59 {release}, from nothing: what is needed is installed",
           f"too many: {got - wanted}, missing: {wanted - got}\n{output}")
    before = output.split("- apt-get install")[0]
    tap.ok("installing" in before and all(name in before for name in wanted),
           f"{release}: it says so before", output)
    if says:
        tap.ok(says in output, f"{release}: it says: {says}", output)


def judge_again(tap, release, offered, installed):
    status, output, _, calls = setup(offered, installed | {"qemu-system-riscv64"}, updated=True)
    tap.ok(status == 0 and not calls and "everything is there" in output,
           f"{release}: with all that there, apt-get is not called", f"{calls}\n{output}")


def judge_refusal(tap, text, offered, words, **more):
    status, output, got, _ = setup(offered, **more)
    tap.ok(status != 0 and words in output and not got, f"{text}: {words}", output)


def main():
    tap = Tap()
    judge_from_nothing(tap, "Debian 12", DEBIAN_12, ON_DEBIAN_12)
    judge_from_nothing(tap, "Debian 13", DEBIAN_13, ON_DEBIAN_13)
    judge_from_nothing(tap, "Ubuntu 24.04", UBUNTU_24_04, COMMON | llvm("16"),
                       "apt has no LLVM 19 beside 16")
    judge_from_nothing(tap, "a release with neither 16 nor 19", NEITHER_16_NOR_19,
                       COMMON | llvm("18"), "apt has no LLVM 19 beside 18")
    judge_again(tap, "Debian 12", DEBIAN_12, ON_DEBIAN_12)
    judge_again(tap, "Debian 13", DEBIAN_13, ON_DEBIAN_13)

    before = COMMON | llvm("16") | {"qemu-system-riscv64"}
    status, output, got, _ = setup(DEBIAN_12, before, updated=True)
    tap.ok(status == 0 and got == SECOND, "Debian 12, set up when there was only 16: 19 is added",
           f"{got}\n{output}")
    status, output, got, calls = setup(UBUNTU_24_04, before, updated=True)
    tap.ok(status == 0 and not calls and "everything else is there" in output,
           "where 19 cannot be had, that is all", output)
    status, output, got, _ = setup(DEBIAN_12, (COMMON | llvm("19")) - {"spin"}, updated=True)
    tap.ok(status == 0 and got == {"spin"}, "what is installed is not installed in another version",
           f"{got}\n{output}")

    judge_refusal(tap, "what is needed and lacking is named", DEBIAN_12 - {"spin"},
                  "apt has no spin, which is needed")
    judge_refusal(tap, "so is a lack of every version", COMMON | RISCV,
                  "apt has no clang, lld, llvm and libclang-rt of one of the versions")
    judge_refusal(tap, "and one of apt", DEBIAN_12, "has no apt-get", without=("apt-get",))
    judge_refusal(tap, "and what it does not understand", DEBIAN_12, "there is no --lst",
                  arguments=("--lst",))
    status, output, _, calls = setup(DEBIAN_13, updated=True, arguments=("--list",))
    tap.ok(status == 0 and not calls and set(output.split()) == ON_DEBIAN_13,
           "--list prints the names, and installs nothing", output)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
