# SPDX-License-Identifier: MIT
"""Each way to build the library in, with a kernel that boots."""

import glob
import os
import re
import shlex
import shutil

from common import ARCH, SOURCE, TRIPLE, fresh_directory, run, tail, write
from kernel import (DEFAULTS, FLAGS, LINK, OWN_FILE, THIRD_PARTY, WARNINGS, archiver, boots,
                    builds, compiler_words, copy, cross_file, environment, make_words, of_page, put,
                    refused, toolchain_file)

# By variables of each build.
HOOKS = "smp_hooks_image_line64_debug0"


def by_hand(tap):
    """A shell's commands."""
    out = copy("by-hand")
    put(out, "by-hand/build.sh")
    given = {"CC": shlex.join(compiler_words()), "AR": archiver(), "ARCH": ARCH,
             "LDFLAGS": LINK[ARCH], "CFLAGS": f"-std=gnu11 -O2 {FLAGS[ARCH]} {WARNINGS}"}
    words = ["env", *(f"{key}={value}" for key, value in given.items())]
    if builds(tap, "by hand", out, [*words, "sh", "-e", "build.sh"]):
        boots(tap, "by hand", out)


def make(tap):
    """By percpu.mk: defaults, a file, single values, a recursive build; and each percpu_panic."""
    for name, variables, wanted, panic in (
            ("defaults", {"OPT": "-O0"}, DEFAULTS, "own"),
            ("a file", {"PERCPU_CONFIG_FILE": "own_percpu.h"}, OWN_FILE, "called"),
            ("values", {"PERCPU_PREEMPT": "hooks", "OPT": "-O3"}, HOOKS, "library"),
            ("LTO", {"OPT": "-O2 -flto"}, DEFAULTS, "own"),
            ("LTO, panic", {"OPT": "-O2 -flto"}, DEFAULTS, "called")):
        out = copy("make", re.sub(r"\W+", "-", name), panic=panic)
        put(out, "make/Makefile")
        put(out, "own_percpu.h")
        before = [make_words()] if name == "values" else []
        if builds(tap, f"make, {name}", out, *before, make_words(**variables)):
            boots(tap, f"make, {name}", out, wanted, panic=panic)
        there = glob.glob(f"{out}/{THIRD_PARTY}/**/*.[do]", recursive=True)
        tap.ok(not there, f"make, {name}: writes nothing into the library's folder", there)
    again(tap, out)
    recursive(tap)


def again(tap, out):
    """A second make with the same flags compiles nothing. The last one was that of LTO, panic."""
    passed, text = run(make_words(OPT="-O2 -flto"), f"{out}/again.log", cwd=out, env=environment())
    tap.ok(passed and "is up to date" in text, "make: then it has nothing to do", tail(text))


INNER = """include ../own.mk
kernel.elf: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $(PERCPU_LDFLAGS) -T ../kernel.ld -o $@ $(OBJECTS)
%.o: %.c
	$(CC) $(CFLAGS) $(PERCPU_CPPFLAGS) -c $< -o $@
%.o: ../%.S
	$(CC) $(CFLAGS) $(PERCPU_CPPFLAGS) -c $< -o $@
"""


def recursive(tap):
    """A make below the one that includes percpu.mk takes what that exports."""
    out = copy("make", "recursive")
    put(out, "recursive/Makefile")
    write(f"{out}/own.mk", "OBJECTS := boot.o main.o $(PERCPU_SOURCES:.c=.o)\n")
    write(f"{out}/src/Makefile", INNER)
    for name in ("main.c", "stranger.h"):
        shutil.move(f"{out}/{name}", f"{out}/src/{name}")
    if builds(tap, "make, recursive", out, [*make_words(), "kernel"]):
        shutil.copy(f"{out}/src/kernel.elf", out)
        boots(tap, "make, recursive", out, archive=False)


def cmake_words(*more, generator="Ninja"):
    """The two commands of a build."""
    return (["cmake", "-S", ".", "-B", "build", "-G", generator, "--toolchain", "toolchain.cmake",
             f"-DCMAKE_C_FLAGS_RELEASE=-O2 {WARNINGS}", "-DCMAKE_BUILD_TYPE=Release", *more],
            ["cmake", "--build", "build", "--parallel", "1"])


def cmake_kernel(tap, name, way, *more, wanted=DEFAULTS, at=None, **options):
    """Builds and boots the kernel of the page's CMakeLists.txt WAY."""
    out = copy("cmake", name.replace(" ", "-"), at=at)
    put(out, f"{way}/CMakeLists.txt")
    put(out, "own_percpu.h")
    toolchain_file(out)
    if builds(tap, f"CMake, {name}", out, *cmake_words(*more, **options)):
        boots(tap, f"CMake, {name}", out, wanted, kernel="build/kernel.elf")


def cmake(tap):
    """add_subdirectory, by CMake's makefiles; FetchContent, which gets the library from here."""
    cmake_kernel(tap, "add_subdirectory", "add_subdirectory", at="third_party/percpu",
                 generator="Unix Makefiles")
    cmake_kernel(tap, "FetchContent", "fetch", f"-DFETCHCONTENT_SOURCE_DIR_PERCPU={SOURCE}",
                 "-DPERCPU_CONFIG_FILE=own_percpu.h", wanted=OWN_FILE)


def package(tap):
    """find_package, of what make install and what cmake --install lay."""
    out = fresh_directory("package")
    passed, text = run([*shlex.split(os.environ["TEST_INSTALL"]), f"O={out}/build", "ARCH_ABIS=",
                        f"PREFIX={out}/made", "install"], f"{out}/made.log")
    if tap.ok(passed, "make install", tail(text)):
        cmake_kernel(tap, "the package of make install", "package",
                     f"-DCMAKE_PREFIX_PATH={out}/made")
    toolchain_file(out)
    passed, text = run(["sh", "-ec", f"""
        cmake -S {SOURCE} -B cmake -G Ninja --toolchain {out}/toolchain.cmake \\
            -DCMAKE_INSTALL_PREFIX={out}/cmade -DPERCPU_PREEMPT=hooks -DCMAKE_BUILD_TYPE=Release
        cmake --build cmake --parallel 1
        cmake --install cmake"""], f"{out}/cmade.log", cwd=out, env=environment())
    if tap.ok(passed, "cmake --install", tail(text)):
        cmake_kernel(tap, "the package of cmake --install", "package",
                     f"-DCMAKE_PREFIX_PATH={out}/cmade", wanted=HOOKS)
    tap.ok(laid(f"{out}/made") == laid(f"{out}/cmade"), "both lay the same files",
           laid(f"{out}/made") ^ laid(f"{out}/cmade"))


def laid(prefix):
    """The files below PREFIX that are the library's."""
    return {os.path.relpath(os.path.join(path, name), prefix) for path, _, names in os.walk(prefix)
            for name in names if "/bin" not in path and "/share" not in path}


def meson_words(*more):
    """The two commands of a build."""
    return (["meson", "setup", "build", "--cross-file", "cross.ini", "-Dwarning_level=3",
             "-Doptimization=2", "--wrap-mode=nodownload", *more],
            ["ninja", "-C", "build", "-j", "1"])


def meson_folder(name, way, libdir, at, preempt="none"):
    """The kernel of the page's meson.build WAY, which is for PREEMPT if it says one."""
    out = copy("meson", name.replace(" ", "-"), at=at)
    put(out, f"{way}/meson.build", of_page(f"{way}/meson.build").replace("none", preempt))
    put(out, "own_percpu.h")
    cross_file(out, libdir)
    return out


def meson_kernel(tap, name, way, *more, wanted=DEFAULTS, libdir="/nowhere", at=None):
    """Builds and boots the kernel of the page's meson.build WAY."""
    out = meson_folder(name, way, libdir, at, wanted.split("_")[1])
    if builds(tap, f"Meson, {name}", out, *meson_words(*more)):
        boots(tap, f"Meson, {name}", out, wanted, kernel="build/kernel.elf")


def meson(tap):
    """A subproject; a dependency that is one; a dependency that is installed, or is not wanted."""
    meson_kernel(tap, "subproject", "subproject", "-Dpercpu:PERCPU_CONFIG_FILE=own_percpu.h",
                 wanted=OWN_FILE, at="subprojects/percpu")
    meson_kernel(tap, "dependency, not installed", "dependency", "-Dpercpu:PERCPU_PREEMPT=hooks",
                 wanted=HOOKS, at="subprojects/percpu")
    out = fresh_directory("meson", "prefix")
    passed, text = run([*shlex.split(os.environ["TEST_INSTALL"]), f"O={out}/build", "ARCH_ABIS=",
                        f"PREFIX={out}/made", "install"], f"{out}/made.log")
    if not tap.ok(passed, "make install", tail(text)):
        return
    libdir = f"{out}/made/lib/{TRIPLE}/pkgconfig"
    meson_kernel(tap, "dependency, installed", "dependency", libdir=libdir)
    for what, given, preempt, said in (
            ("dependency, installed for something else", [], "hooks",
             "this kernel is for PERCPU_PREEMPT=hooks, and libpercpu is built for none"),
            ("dependency, a subproject of something else",
             ["--force-fallback-for=percpu", "-Dpercpu:PERCPU_CONFIG_FILE=own_percpu.h"], "none",
             "this kernel is for PERCPU_PREEMPT=none, and libpercpu is built for restart")):
        out = meson_folder(what, "dependency", libdir, "subprojects/percpu", preempt)
        refused(tap, f"Meson, {what}", out, meson_words(*given)[0], said)


GROUPS = {"by-hand": by_hand, "make": make, "cmake": cmake, "package": package, "meson": meson}
