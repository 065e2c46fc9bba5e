# SPDX-License-Identifier: MIT
"""What each build refuses, in words. That which differs in the fault alone is built and booted in
ways.py."""

import glob
import os
import re
import shutil

from common import ARCH, SOURCE, TRIPLE, read, write
from kernel import (THIRD_PARTY, builds, copy, cross_file, make_words, of_page, put, refused,
                    toolchain_file)

SLIP = "it knows no PERCPU_PREMPT"
MISSING = "and the configuration lacks it"
NEITHER = {"PERCPU_PREEMPT": "atomic"}


def make_refuses(tap):
    """percpu.mk, when make reads it; the header, when it is compiled; the linker."""
    out = copy("make-refuses")
    put(out, "make/Makefile")
    put(out, "own_percpu.h")
    for what, variables, words in (
            ("no architecture", {"PERCPU_ARCH": ""}, "PERCPU_ARCH is not set: set it before"),
            ("another architecture", {"PERCPU_ARCH": "mips"}, "no PERCPU_ARCH mips: take one of"),
            ("a value", NEITHER, "no PERCPU_PREEMPT atomic: take one of none hooks restart"),
            ("a slip", {"PERCPU_PREMPT": "hooks"}, f"percpu.mk: {SLIP}: what can be set is"),
            ("no file", {"PERCPU_CONFIG_FILE": "config.h"}, "no PERCPU_CONFIG_FILE config.h, seen"),
            ("both", {"PERCPU_CONFIG_FILE": "own_percpu.h", "PERCPU_MODE": "sp"},
             "in PERCPU_CONFIG_FILE, own_percpu.h, and in PERCPU_MODE too"),
            ("zero and sp", {"PERCPU_VMA": "zero", "PERCPU_MODE": "sp"},
             "PERCPU_VMA zero is for PERCPU_MODE smp")):
        refused(tap, f"make, {what}", out, make_words(**variables), words)
    text = of_page("make/Makefile")
    write(f"{out}/late.mk", text.replace("OBJECTS :=", "PERCPU_MODE := sp\nOBJECTS :=", 1))
    refused(tap, "make, a value behind the include", out, [*make_words(), "-f", "late.mk"],
            "PERCPU_MODE=sp is set behind the include: set it before")
    environment = ["env", "PERCPU_PREMPT=hooks"]
    refused(tap, "make, a slip in the environment", out, [*environment, *make_words()], SLIP)
    compiling_refuses(tap, out)
    shutil.rmtree(f"{out}/third_party/percpu/ports")
    refused(tap, "make, a copy without ports/", out, make_words(), "take ports/ of libpercpu along")


def compiling_refuses(tap, out):
    """Files of configurations, flags, and a script without the fragment."""
    whole = of_page("own_percpu.h")
    for what, old, new, words in (
            ("a slip", "PERCPU_PREEMPT", "PERCPU_PREMPT", f"PERCPU_PREEMPT is .*, {MISSING}"),
            ("no PERCPU_DEBUG", "#define PERCPU_DEBUG 0\n", "",
             f"PERCPU_DEBUG is 0 or 1, {MISSING}"),
            ("a value", "restart", "atomic", "PERCPU_PREEMPT is none, hooks or restart")):
        write(f"{out}/wrong.h", whole.replace(old, new))
        refused(tap, f"a configuration file with {what}", out,
                make_words(PERCPU_CONFIG_FILE="wrong.h"), f"libpercpu: .*{words}")
    shutil.copytree(f"{SOURCE}/ports/host", f"{out}/{THIRD_PARTY}/ports/host")
    refused(tap, "another architecture, with ports/host there", out, make_words(PERCPU_ARCH="mips"),
            r"take one of .*host \(a Linux program\)")
    refused(tap, "ports/host in a kernel", out, make_words(PERCPU_ARCH="host"),
            "libpercpu: ports/host is for a Linux program")
    refused(tap, "a file, and -D beside it", out,
            make_words(PERCPU_CONFIG_FILE="own_percpu.h", OPT="-DPERCPU_DEBUG=1"),
            "libpercpu: the configuration is in a file, and in -D too")
    if ARCH == "x86_64":
        refused(tap, "-masm=intel", out,
                [*make_words(OPT="-O2 -masm=intel"), "build/percpu/lib/smp/areas.o"],
                "libpercpu: percpu.h is for the AT&T dialect")
    if not builds(tap, "the kernel, right", out, make_words()):
        return
    text = of_page("make/Makefile").replace("-T kernel.ld", "-T bare.ld")
    write(f"{out}/bare.mk", text)
    with open(f"{out}/kernel.ld", encoding="ascii") as file:
        write(f"{out}/bare.ld", file.read().replace("INCLUDE percpu.ld", ""))
    # Built anew, for the linker to have its say.
    os.remove(f"{out}/kernel.elf")
    refused(tap, "a script without the fragment", out, [*make_words(), "-f", "bare.mk"],
            "libpercpu__linker_script_lacks__INCLUDE_percpu.ld")
    os.remove(f"{out}/main.o")
    other_version(tap, out)
    refused(tap, "objects of two configurations", out,
            [*make_words(PERCPU_PREEMPT="hooks"), *library_as_built(out)],
            "undefined (reference to|symbol:) .?percpu_init_*[a-z]*__smp_hooks")


def library_as_built(out):
    """Make's arguments not to compile it again."""
    objects = glob.glob("build/percpu/**/*.o", root_dir=out, recursive=True)
    return [f"--old-file={path}" for path in objects]


def other_version(tap, out):
    """An object that is compiled with the header of version 0.9, and a library that is not."""
    changed = (("percpu.h", "#define PERCPU_VERSION .*", "#define PERCPU_VERSION 900"),
               ("percpu/configuration.h", "#define PERCPU__ABI .*", "#define PERCPU__ABI 9"))
    for name, old, new in changed:
        path = f"{out}/{THIRD_PARTY}/include/{name}"
        shutil.copy(path, f"{path}.right")
        write(path, re.sub(old, new, read(path)))
    refused(tap, "objects of two versions", out, [*make_words(), *library_as_built(out)],
            "undefined (reference to|symbol:) .?percpu_init_*[a-z]*__smp_none_[a-z0-9_]*_v9")
    for name, *_ in changed:
        path = f"{out}/{THIRD_PARTY}/include/{name}"
        os.replace(f"{path}.right", path)
    os.remove(f"{out}/main.o")


def cmake_refuses(tap):
    """CMakeLists.txt, and the installed package."""
    out = copy("cmake-refuses")
    put(out, "add_subdirectory/CMakeLists.txt")
    put(out, "own_percpu.h")
    toolchain_file(out)
    words = ["cmake", "-S", ".", "-B", "build", "-G", "Ninja", "--toolchain", "toolchain.cmake"]
    for what, given, said in (
            ("another architecture", ["-DPERCPU_ARCH=mips"], 'no PERCPU_ARCH "mips": set it, or'),
            ("a value", ["-DPERCPU_PREEMPT=atomic"],
             'no PERCPU_PREEMPT "atomic": take one of none, hooks, restart'),
            ("a slip", ["-DPERCPU_PREMPT=hooks"], SLIP),
            ("no file", ["-DPERCPU_CONFIG_FILE=config.h"], "no PERCPU_CONFIG_FILE \".*config.h\""),
            ("both", ["-DPERCPU_CONFIG_FILE=own_percpu.h", "-DPERCPU_MODE=sp"],
             "in PERCPU_CONFIG_FILE and in PERCPU_MODE=sp too"),
            ("zero and sp", ["-DPERCPU_VMA=zero", "-DPERCPU_MODE=sp"],
             "PERCPU_VMA zero is for PERCPU_MODE smp")):
        shutil.rmtree(f"{out}/build", ignore_errors=True)
        refused(tap, f"CMake, {what}", out, [*words, *given], f"libpercpu: .*{said}")
    shutil.rmtree(f"{out}/build", ignore_errors=True)
    put(out, "CMakeLists.txt",
        "set(PERCPU_PREEMPT atomic)\n" + of_page("add_subdirectory/CMakeLists.txt"))
    refused(tap, "CMake, a value that the project sets itself", out, words,
            'libpercpu: there is no PERCPU_PREEMPT "atomic"')
    late_in_cmake(tap, out, words)
    package_refuses(tap, words)


def late_in_cmake(tap, out, words):
    """What is set behind add_subdirectory; before it, the same is taken."""
    for what, line, said in (
            ("a value", "set(PERCPU_PREEMPT restart)",
             'PERCPU_PREEMPT is set behind add_subdirectory, to "restart": set it before'),
            ("a slip", "set(PERCPU_PREMPT restart)", SLIP)):
        shutil.rmtree(f"{out}/build", ignore_errors=True)
        put(out, "CMakeLists.txt", of_page("add_subdirectory/CMakeLists.txt") + line + "\n")
        refused(tap, f"CMake, {what} behind add_subdirectory", out, words, f"libpercpu: .*{said}")
    put(out, "CMakeLists.txt", of_page("add_subdirectory/CMakeLists.txt").replace(
        "add_subdirectory", "set(PERCPU_PREEMPT restart)\nadd_subdirectory"))
    for time in ("first", "second"):
        builds(tap, f"CMake, a value before add_subdirectory, the {time} time", out, words)


def package_refuses(tap, words):
    """Of an installation: another version; one for another architecture."""
    out = copy("cmake-refuses", "package", at=None)
    toolchain_file(out)
    prefix = f"{out}/prefix"
    for path in ("include/percpu.h", "tools/cmake"):
        to = path.replace("tools/cmake", "lib/cmake/percpu")
        os.makedirs(os.path.dirname(f"{prefix}/{to}"), exist_ok=True)
        copier = shutil.copytree if os.path.isdir(f"{SOURCE}/{path}") else shutil.copy
        copier(f"{SOURCE}/{path}", f"{prefix}/{to}")
    words = [*words, f"-DCMAKE_PREFIX_PATH={prefix}"]
    text = of_page("package/CMakeLists.txt")
    put(out, "CMakeLists.txt", text)
    refused(tap, "find_package of what is there for no architecture of this one's", out, words,
            rf"libpercpu: below \S+ there is no libpercpu.a for {ARCH}( \w+)?: make .*install lays it")
    for version in ("0.1", "0.3", "1.0"):
        shutil.rmtree(f"{out}/build", ignore_errors=True)
        put(out, "CMakeLists.txt", text.replace("percpu 0.2", f"percpu {version}"))
        refused(tap, f"find_package of version {version}", out, words,
                rf"compatible with requested version \"{version}\"")
    shutil.rmtree(f"{out}/build")
    put(out, "CMakeLists.txt", text)
    refused(tap, "find_package of the host's port, which is not there", out,
            [*words, "-DPERCPU_TRIPLE=host"], "no libpercpu.a for host: make ARCH=host .*install")
    other_configuration(tap, out, prefix, words)


def other_configuration(tap, out, prefix, words):
    """What the project sets, and an installed library that is built for something else."""
    library = f"{prefix}/lib/{TRIPLE}"
    for name in ("libpercpu.a", "percpu.ld"):
        write(f"{library}/{name}", "")
    shutil.copy(f"{SOURCE}/include/percpu/defaults.h", prefix)
    write(f"{library}/include/percpu/config.h", read(f"{prefix}/defaults.h"))
    put(out, "own_percpu.h")
    text = of_page("package/CMakeLists.txt")
    built = f"library in {library} is built for"
    for what, given, said in (
            ("a value", ["-DPERCPU_PREEMPT=restart", "-DPERCPU_DEBUG=1"],
             f"PERCPU_PREEMPT=restart PERCPU_DEBUG=1, and the {built} PERCPU_PREEMPT=none "
             f"PERCPU_DEBUG=0: make ARCH={ARCH} PREFIX={prefix} PERCPU_PREEMPT=restart "
             "PERCPU_DEBUG=1 install lays one that fits"),
            ("a file", ["-DPERCPU_CONFIG_FILE=own_percpu.h"],
             f"PERCPU_PREEMPT=restart PERCPU_CACHE_LINE=128, and the {built}"),
            ("no such value", ["-DPERCPU_PREEMPT=atomic"],
             'there is no PERCPU_PREEMPT "atomic": take one of none, hooks, restart'),
            ("no such file", ["-DPERCPU_CONFIG_FILE=own.h"], 'no PERCPU_CONFIG_FILE ".*own.h"'),
            ("both", ["-DPERCPU_CONFIG_FILE=own_percpu.h", "-DPERCPU_MODE=smp"],
             "in PERCPU_CONFIG_FILE and in PERCPU_MODE=smp too"),
            ("a slip", ["-DPERCPU_PREMPT=hooks"], SLIP),
            ("another architecture", ["-DPERCPU_ARCH=mips"],
             f'PERCPU_ARCH is mips, and the compiler, .* makes code for "{ARCH}"')):
        shutil.rmtree(f"{out}/build", ignore_errors=True)
        refused(tap, f"find_package, {what}", out, [*words, *given], f"libpercpu: .*{said}")
    for what, line, said in (("a value", "set(PERCPU_PREEMPT restart)",
                              "behind find_package there is set PERCPU_PREEMPT=restart, and the "),
                             ("a slip", "set(PERCPU_PREMPT restart)", SLIP)):
        shutil.rmtree(f"{out}/build", ignore_errors=True)
        put(out, "CMakeLists.txt", f"{text}{line}\n")
        refused(tap, f"find_package, {what} behind it", out, words, f"libpercpu: .*{said}")
    put(out, "CMakeLists.txt", "set(PERCPU_PREEMPT none)\n" + text)
    for time in ("first", "second"):
        builds(tap, f"find_package, values that it is built for, the {time} time", out,
               [*words, f"-DPERCPU_ARCH={ARCH}", "-DPERCPU_DEBUG=0",
                f"-DPERCPU_TRIPLE={TRIPLE}"])
    put(out, "CMakeLists.txt", text)
    builds(tap, "find_package, a file of the same", out,
           [*words, "-UPERCPU_DEBUG", f"-DPERCPU_CONFIG_FILE={prefix}/defaults.h"])


def meson_refuses(tap):
    """meson.build; an option's name and value are Meson's to refuse."""
    out = copy("meson-refuses", at="subprojects/percpu")
    put(out, "subproject/meson.build")
    put(out, "own_percpu.h")
    cross_file(out, "/nowhere")
    for what, given, said in (
            ("another architecture", ["PERCPU_ARCH=mips"], "PERCPU_ARCH.*mips"),
            ("a value", ["PERCPU_PREEMPT=atomic"], "atomic.*PERCPU_PREEMPT"),
            ("a slip", ["PERCPU_PREMPT=hooks"], "[Uu]nknown options.*PERCPU_PREMPT"),
            ("no file", ["PERCPU_CONFIG_FILE=config.h"],
             "libpercpu: there is no PERCPU_CONFIG_FILE \".*config.h\""),
            ("both", ["PERCPU_CONFIG_FILE=own_percpu.h", "PERCPU_MODE=sp"],
             "libpercpu: .* PERCPU_CONFIG_FILE and in -DPERCPU_MODE=sp too"),
            ("zero and sp", ["PERCPU_VMA=zero", "PERCPU_MODE=sp"],
             "libpercpu: PERCPU_VMA zero is for PERCPU_MODE smp")):
        shutil.rmtree(f"{out}/build", ignore_errors=True)
        refused(tap, f"Meson, {what}", out, ["meson", "setup", "build", "--cross-file", "cross.ini",
                                             *(f"-Dpercpu:{option}" for option in given)], said)


GROUPS = {"make-refuses": make_refuses, "cmake-refuses": cmake_refuses,
          "meson-refuses": meson_refuses}
