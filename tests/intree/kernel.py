# SPDX-License-Identifier: MIT
"""The stranger's kernel of tests/install as one that builds the library itself, by docs/building-in.md.

It is main.c, which is all of its C files, boot.S and kernel.ld, with the library in
third_party/percpu: a copy of what the page says is used, and nothing else.
"""

import glob
import os
import re
import shlex
import shutil
import sys

from elftools.elf.elffile import ELFFile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path.append(os.path.join(TESTS, "install"))
sys.path.append(os.path.join(TESTS, "docs"))

import kernels
import pages
from common import ARCH, CC, IS_CLANG, LD, SOURCE, fresh_directory, read, run, tail, write

PAGE_PATH = f"{SOURCE}/docs/building-in.md"
STRANGER = f"{TESTS}/install"
THIRD_PARTY = "third_party/percpu"
# Of the stranger's own makefiles. Those for GCC on riscv64 and x86_64 are the page's.
FLAGS = {"x86_64": "-ffreestanding -fno-pie -mcmodel=kernel -mno-red-zone -mgeneral-regs-only",
         "aarch64": "-ffreestanding -fpie -mgeneral-regs-only -DOWN_MEMORY",
         "riscv64": "-ffreestanding -march=rv64gc -mabi=lp64 -mcmodel=medany"}
ASM_FLAGS = {"x86_64": "", "aarch64": "", "riscv64": "-march=rv64gc -mabi=lp64"}
LINK = {"x86_64": "-nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096",
        "aarch64": "-nostdlib -static-pie -Wl,--build-id=none -Wl,--no-dynamic-linker",
        "riscv64": "-nostdlib -static -Wl,--build-id=none"}
WARNINGS = "-Wall -Wextra -Wconversion -Wundef -Werror"
# Debian's Clang starts ld.lld of another version by -fuse-ld=lld.
LINKER = [f"--ld-path={shutil.which(LD[0])}"] if IS_CLANG else []
DEFAULTS = "smp_none_image_line64_debug0"
OWN_FILE = "smp_restart_image_line128_debug0"
# What the kernel does not call, one for each part that only other kernels have.
NOT_CALLED = ("percpu_cpu_up", "percpu_cache_init", "percpu_module_alloc")


def of_page(name):
    """The file NAME of the page."""
    page = pages.read(PAGE_PATH, read(PAGE_PATH))
    [block] = [block for block in page.blocks if block.file == name]
    return block.code


def environment():
    """A user's, who has set nothing for this project."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def vendor(path):
    """Copies what the page says is used, for this architecture."""
    for name in re.findall(r"^(\S+) (?:(\S+) +)?", of_list(), re.M):
        for item in filter(None, name):
            item = item.replace("<arch>", ARCH).rstrip("/")
            if os.path.isdir(f"{SOURCE}/{item}"):
                shutil.copytree(f"{SOURCE}/{item}", f"{path}/{item}")
            else:
                os.makedirs(os.path.dirname(f"{path}/{item}"), exist_ok=True)
                shutil.copy(f"{SOURCE}/{item}", f"{path}/{item}")


def of_list():
    """What the page says to take along."""
    page = pages.read(PAGE_PATH, read(PAGE_PATH))
    [block] = [block for block in page.blocks if "ldscripts/percpu.ld" in block.code
               and block.language == "text"]
    return block.code


def main_c(panic="own"):
    """All of the kernel's C. PANIC: own, what the stranger has; called, the library calls it;
    or library, and the kernel has none."""
    files = [f"{STRANGER}/stranger.c", f"{STRANGER}/variables.c", f"{STRANGER}/{ARCH}/machine.c"]
    text = "".join(read(path) for path in files).replace('#include "report.h"\n',
                                                         read(f"{STRANGER}/report.h"))
    if panic == "called":
        text = text.replace("\tuse_other_areas();",
                            "\tpercpu_read_on(count, AREAS);\n\tuse_other_areas();")
    elif panic == "library":
        text = text.replace("percpu_panic(", "own_panic(").replace(
            "void own_panic(const char *why)\n", "static _Noreturn void own_panic(const char *why)\n")
    return text


def copy(*names, at=THIRD_PARTY, panic="own"):
    """A folder with the kernel, and the library at AT."""
    out = fresh_directory(*names)
    write(f"{out}/main.c", main_c(panic))
    for path in (f"{STRANGER}/stranger.h", f"{STRANGER}/{ARCH}/boot.S",
                 f"{STRANGER}/{ARCH}/kernel.ld"):
        shutil.copy(path, out)
    if at:
        vendor(f"{out}/{at}")
    return out


def put(out, name, text=None):
    """Lays the page's file NAME, without its folder, in OUT."""
    write(f"{out}/{os.path.basename(name)}", of_page(name) if text is None else text)


def setting(text, name, value):
    """TEXT, with another value in its one line that sets NAME: CMake's set, or Meson's."""
    for pattern, new in ((rf"^set\({name} .*\)$", f"set({name} {value})"),
                         (rf"^{name} = .*$", f"{name} = {value}")):
        if re.search(pattern, text, re.M):
            return re.sub(pattern, lambda _: new, text, flags=re.M)
    raise LookupError(f"nothing in {PAGE_PATH} sets {name}")


def own_file(name):
    """The page's file NAME: that for x86_64 and GCC, or else that for riscv64, to be changed."""
    return of_page(f"x86_64/{name}" if ARCH == "x86_64" and not IS_CLANG else name)


def kept(text, values):
    """TEXT with VALUES; as it is where that is what it says: on riscv64 and x86_64, by GCC."""
    if ARCH in ("riscv64", "x86_64") and not IS_CLANG:
        return text
    for name, value in values.items():
        text = setting(text, name, value)
    return text


def compiler_words():
    """Compiler, and what it needs to be one for this architecture and linker."""
    return CC + LINKER + (["-Wno-unused-command-line-argument"] if IS_CLANG else [])


def archiver():
    """The compiler's own ar, which reads its objects of link-time optimisation too."""
    return os.environ["TEST_AR"] if IS_CLANG else re.sub(r"gcc(-\d+)?$", r"gcc-ar\1", CC[0])


def toolchain_file(out):
    """The page's toolchain file, for this architecture and compiler."""
    target = shlex.join(compiler_words()[1:])
    values = {"CMAKE_SYSTEM_PROCESSOR": ARCH, "CMAKE_C_COMPILER": CC[0],
              "CMAKE_ASM_COMPILER": CC[0], "CMAKE_C_FLAGS_INIT": f'"{target} {FLAGS[ARCH]}"',
              "CMAKE_ASM_FLAGS_INIT": f'"{target} {ASM_FLAGS[ARCH]}"',
              "CMAKE_EXE_LINKER_FLAGS_INIT": f'"{LINK[ARCH]}"'}
    write(f"{out}/toolchain.cmake", kept(own_file("toolchain.cmake"), values))


def quoted(words):
    """A list of Meson's."""
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def cross_file(out, libdir):
    """The page's cross file, for this architecture and compiler."""
    values = {"c": quoted(compiler_words()), "ar": f"'{os.environ['TEST_AR']}'",
              "c_args": quoted(FLAGS[ARCH].split()), "c_link_args": quoted(LINK[ARCH].split()),
              "cpu_family": f"'{ARCH}'", "cpu": f"'{ARCH}'"}
    write(f"{out}/cross.ini", setting(kept(own_file("cross.ini"), values), "pkg_config_libdir",
                                      f"'{libdir}'"))


def image(tap, name, out, kernel="kernel.elf"):
    """Makes of KERNEL what QEMU takes; the run's makefile is the stranger's."""
    shutil.copy(f"{STRANGER}/{ARCH}/Makefile", f"{out}/run.mk")
    options = {"x86_64": ["-O", "elf32-i386"], "aarch64": ["-O", "binary"], "riscv64": []}[ARCH]
    passed, text = run([os.environ["TEST_OBJCOPY"], *options, f"{out}/{kernel}", f"{out}/kernel"],
                       f"{out}/image.log")
    return passed or tap.ok(False, f"{name}: objcopy", tail(text))


def symbols(path):
    """Each symbol's value and binding."""
    with open(path, "rb") as file:
        return {symbol.name: (symbol["st_value"], symbol["st_info"]["bind"]) for symbol in
                ELFFile(file).get_section_by_name(".symtab").iter_symbols()}


def boots(tap, name, out, configuration=DEFAULTS, kernel="kernel.elf", panic="own", archive=True):
    """Boots the kernel in OUT, and judges what it prints, and what it is configured for. ARCHIVE
    says that it links one, and not all objects."""
    known = symbols(f"{out}/{kernel}")
    tap.ok(any(re.match(rf"_?percpu_\w+?__{configuration}_", symbol) for symbol in known),
           f"{name}: is configured as {configuration}",
           [symbol for symbol in known if "percpu_" in symbol])
    is_weak = known.get("percpu_panic", (0, "STB_LOCAL"))[1] == "STB_WEAK"
    tap.ok(is_weak == (panic == "library"), f"{name}: percpu_panic is the right one", known)
    there = [symbol for symbol in known if symbol.startswith(NOT_CALLED)]
    tap.ok(bool(there) != archive, f"{name}: has what it calls, and all if it links all", there)
    if not image(tap, name, out, kernel):
        return
    passed, text = run(["make", "-f", "run.mk", "-o", "kernel", "run"], f"{out}/run.log", cwd=out,
                       env=environment())
    if panic == "called":
        tap.ok("Bail out! percpu: access to the variables of a CPU that has no area" in text,
               f"{name}: the library calls the kernel's percpu_panic", tail(text))
        return
    tap.ok(passed, f"{name}: QEMU ends, by the kernel's doing", tail(text))
    kernels.judge_output(tap, text, known["_start"][0])


def make_words(**variables):
    """make, with the tools and flags of this architecture, by what stands in the page's Makefile."""
    optimise = variables.pop("OPT", "-O2")
    given = {"CC": shlex.join(compiler_words()), "AR": archiver(), "PERCPU_ARCH": ARCH,
             "LDFLAGS": LINK[ARCH],
             "CFLAGS": f"-std=gnu11 {optimise} {FLAGS[ARCH]} {WARNINGS}", **variables}
    return ["make", *(f"{name}={value}" for name, value in given.items() if value is not None)]


def builds(tap, name, out, *commands):
    """Runs COMMANDS in OUT; whether all succeed."""
    for number, command in enumerate(commands):
        passed, text = run(list(command), f"{out}/build{number}.log", cwd=out, env=environment())
        if not passed:
            return tap.ok(False, f"{name}: builds", tail(text))
    return tap.ok(True, f"{name}: builds")


def refused(tap, name, out, command, words):
    """COMMAND fails, with WORDS, a regular expression; lines may be wrapped."""
    passed, text = run(list(command), f"{out}/refused.log", cwd=out, env=environment())
    said = re.search(words, re.sub(r"\s+", " ", text))
    tap.ok(not passed and said, f"{name}: is refused with the words: {words}",
           ("It was accepted.\n" if passed else "") + tail(text))
