#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Judges make ARCH=host install, from outside of the tree. Called by make ARCH=host install-test,
through prove.

The project of a stranger, project/, is copied and built by its own Makefile, which asks pkg-config
only. As it is, all holds in it, with and without a sanitizer; with a BUG_ the sanitizer that the
argument names must find that, at the line where it is. The settings are in the environment:

    TEST_CC                     the compiler
    TEST_STAGE, TEST_PREFIX     the DESTDIR and PREFIX of an installation
    TEST_PKG_CONFIG             pkg-config
    TEST_MAKE                   a make command for this tree that lacks arguments only
    TEST_OUT                    where output goes
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from tap import Tap

CC, STAGE, PREFIX, OUT = (os.environ[f"TEST_{name}"] for name in ("CC", "STAGE", "PREFIX", "OUT"))
IS_CLANG = "clang" in CC
# Seconds after which a program is taken to hang.
TIMEOUT = 300
ENVIRONMENT = {**{name: value for name, value in os.environ.items() if name in ("PATH", "HOME")},
               "LC_ALL": "C", "PKG_CONFIG_SYSROOT_DIR": STAGE,
               "PKG_CONFIG_LIBDIR": f"{STAGE}{PREFIX}/lib/host/pkgconfig"}
# Of one sanitizer: each BUG that it finds, and its words for the place. Of threads that meet one
# mistake at the same time, UBSan gives the column to the first; the one that speaks may be another.
POISONED = r"AddressSanitizer: use-after-poison[^#]*\n(.*\n)*? *#\d .*"
FOUND = {
    "address": {"INDEX": POISONED + "count_event ", "OVERRUN": POISONED + "clear_trace "},
    "undefined": {"INDEX": r"counters\.c:\d+(:\d+)?: runtime error: index 15 out of bounds"},
    "thread": {"RACE": r"ThreadSanitizer: data race(.*\n)*?.*(give_events|cpu_main)"}}


def run(words, **options):
    """Runs a command; its status, and what it said."""
    done = subprocess.run(words, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=TIMEOUT, check=False, **options)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def build(tap, name, *settings):
    """Copies the project and builds it; its program, or None."""
    out = os.path.join(OUT, re.sub(r"\W+", "-", name))
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "project"), out)
    status, text = run(["make", "-C", out, f"CC={CC}", *settings])
    tap.ok(status == 0 and ("warning:" not in text or "BUG" in "".join(settings)),
           f"{name}: builds, by what pkg-config says alone", text)
    return os.path.join(out, "counters-test") if status == 0 else None


def holds(tap, name, *settings, by=()):
    """The project as it is."""
    if program := build(tap, name, *settings):
        status, text = run([*by, program])
        tap.ok(status == 0 and text == "all holds\n", f"{name}: all holds, and nothing is reported",
               text)


def finds(tap, name, bug, words, *settings, by=()):
    """The project with a mistake."""
    if program := build(tap, f"{name} {bug}", f"BUG={bug}", *settings):
        status, text = run([*by, program])
        tap.ok(status != 0 and re.search(words, text), f"{name}: {bug} is found", text)


def sanitizer(tap, name):
    """One of FOUND."""
    holds(tap, name, f"SANITIZE={name}")
    for bug, words in FOUND[name].items():
        finds(tap, name, bug, words, f"SANITIZE={name}")


def plain(tap, _name):
    """Without a sanitizer, at the -O1 of the project, and at -O0 and -O2."""
    holds(tap, "plain")
    for level in ("-O0", "-O2"):
        holds(tap, f"plain {level}", f"CC={CC} {level}")


def valgrind(tap, _name):
    """By memcheck."""
    if not shutil.which("valgrind"):
        tap.skip("valgrind", "valgrind is not installed: run tools/setup")
        return
    by = ["valgrind", "-q", "--error-exitcode=9"]
    holds(tap, "valgrind", by=by)
    finds(tap, "valgrind", "UNINITIALISED", r"depends on uninitialised value\(s\)\n.*: cpu_main ",
          by=by)


def lld(tap, _name):
    """With lld as the linker."""
    if not IS_CLANG:
        tap.skip("lld", "it is clang's")
        return
    linker = f"LDFLAGS=--ld-path={shutil.which('ld.lld' + CC.removeprefix('clang'))}"
    holds(tap, "lld", linker)
    finds(tap, "lld", "OVERRUN", FOUND["address"]["OVERRUN"], linker, "SANITIZE=address")


def installed(tap, _name):
    """What is there, what goes again, and what is refused."""
    place = f"{STAGE}{PREFIX}/lib/host"
    found = {os.path.relpath(os.path.join(path, name), place)
             for path, _, names in os.walk(place) for name in names}
    wanted = {"libpercpu.a", "percpu.ld", "host.ld", "include/percpu_arch.h",
              "include/percpu/config.h", "pkgconfig/percpu.pc"}
    tap.ok(found == wanted, "install lays what it should below lib/host, and no more",
           str(found ^ wanted))
    make = shlex.split(os.environ["TEST_MAKE"]) + ["ARCH=host"]
    for goal in ("qemu-test", "kernels", "codegen-test", "qemu-run", "boot-test"):
        status, text = run([*make, goal])
        tap.ok(status != 0 and re.search(rf"ARCH=host has no {goal}: .*install", text),
               f"{goal} is refused, in words", text)
    status, text = run([*make, "PERCPU_VMA=zero", "install"])
    tap.ok(status != 0 and "ARCH=host is for PERCPU_VMA=image" in text,
           "so is PERCPU_VMA=zero", text)
    root = os.path.join(OUT, "gone")
    shutil.copytree(STAGE, root, dirs_exist_ok=True)
    status, text = run([*make, f"DESTDIR={root}", f"PREFIX={PREFIX}", "uninstall"])
    tap.ok(status == 0 and not os.listdir(root), "uninstall takes all of it", text)


PROJECT = """cmake_minimum_required(VERSION 3.16)
project(counters LANGUAGES C)
find_package(percpu REQUIRED)
add_executable(counters-test counters-test.c counters.c)
target_link_libraries(counters-test PRIVATE percpu::percpu)
"""


def package(tap, _name):
    """By CMake's find_package, which PERCPU_TRIPLE or PERCPU_ARCH tells."""
    if not shutil.which("cmake"):
        tap.skip("find_package", "cmake is not installed: run tools/setup")
        return
    for given in ("PERCPU_TRIPLE=host", "PERCPU_ARCH=host"):
        out = os.path.join(OUT, f"package-{given}")
        shutil.copytree(os.path.join(HERE, "project"), out)
        with open(f"{out}/CMakeLists.txt", "w", encoding="ascii") as file:
            file.write(PROJECT)
        status, text = run(["sh", "-ec", f"cmake -S . -B build '-DCMAKE_C_COMPILER={CC}' -D{given} "
                            f"'-DCMAKE_PREFIX_PATH={STAGE}{PREFIX}'; cmake --build build; "
                            "build/counters-test"], cwd=out)
        tap.ok(status == 0 and text.endswith("\nall holds\n"), f"find_package, {given}: all holds",
               text)


def main():
    """One group."""
    name, tap = sys.argv[1], Tap()
    groups = {**dict.fromkeys(FOUND, sanitizer), "plain": plain, "valgrind": valgrind, "lld": lld,
              "installed": installed, "package": package}
    groups[name](tap, name)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
