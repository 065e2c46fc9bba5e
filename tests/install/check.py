#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Judges make install, with strangers' kernels above all. Called by make install-test, through
prove.

The last argument names a group: layout, pkg-config, headers, or kernel-[ABI-]VARIANT. A kernel is
copied out of the source tree, built by its own Makefile, which finds the library by pkg-config
alone, and booted under QEMU. The settings come in the environment:

    TEST_ARCH, TEST_TRIPLE, TEST_ABIS                   what is tested; ABIs beside the default one
    TEST_CC, TEST_CXX, TEST_LD, TEST_OBJCOPY, TEST_OBJDUMP, TEST_PKG_CONFIG     the tools
    TEST_STAGE, TEST_PREFIX                             the DESTDIR and PREFIX of an installation
    TEST_CONFIG                                         the percpu/config.h of the build
    TEST_INSTALL                                        a make command that lacks a goal only
    TEST_OUT                                            where output goes
"""

import fcntl
import glob
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

from elftools.elf.elffile import ELFFile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(1, os.path.join(SOURCE, "tests", "link"))
from tap import Tap  # noqa: E402, below what makes it be found

TIMEOUT = 60
ARCH, TRIPLE, PREFIX = (os.environ[f"TEST_{name}"] for name in ("ARCH", "TRIPLE", "PREFIX"))
STAGE, OUT = (os.path.abspath(os.environ[f"TEST_{name}"]) for name in ("STAGE", "OUT"))
ABIS = ["", *os.environ["TEST_ABIS"].split()]
CC, CXX, LD = (shlex.split(os.environ[f"TEST_{name}"]) for name in ("CC", "CXX", "LD"))
IS_CLANG = "clang" in os.path.basename(CC[0])

# Each pair of compiler and linker can do link-time optimisation of these kernels: GCC with GNU ld,
# linked by the driver, which gives ld the plugin, and Clang with lld. What cannot, GCC with lld and
# Clang with GNU ld, is no pair of ours. The library is in machine code: it takes no part.
VARIANTS = {"O0": ["OPT=-O0"], "O2": ["OPT=-O2"], "Os": ["OPT=-Os"],
            "lto": ["OPT=-O2", "LTO=1"], "c++": ["OPT=-O2", "CPLUSPLUS=1"]}
# Where the kernel runs, seen from where it is linked.
DISPLACEMENT = {"x86_64": 0, "aarch64": 0x40203000, "riscv64": 0}
KERNEL_ELF = {"x86_64": "kernel64.elf", "aarch64": "kernel.elf", "riscv64": "kernel"}
# The 64 areas that the scripts reserve would be 512 KiB in the file.
LOADED_BYTES_AT_MOST = 64 << 10


def strangers_environment(abi, sysroot=STAGE, prefix=PREFIX):
    """What a user who has never seen this project has set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    kept |= {"PKG_CONFIG_SYSROOT_DIR": sysroot} if sysroot else {}
    library = os.path.join(prefix, "lib", TRIPLE, abi).rstrip("/")
    return {**kept, "LC_ALL": "C", "PKG_CONFIG_LIBDIR": f"{sysroot}{library}/pkgconfig"}


def run(command, log, **options):
    """Runs COMMAND into the file LOG, at most TIMEOUT seconds; whether it succeeded, and what it
    said, with itself ahead."""
    with open(log, "wb") as output:
        output.write(f"{shlex.join(command)}\n".encode())
        output.flush()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                              start_new_session=True, **options) as process:
            try:
                status = process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                status = None
    with open(log, "r", encoding="latin-1") as output:
        text = output.read().replace("\r", "")
    if status is None:
        text += f"\nended by the time-out, after {TIMEOUT} s\n"
    return status == 0, text


def tail(text):
    """The first line, which is the command, and the last ones."""
    lines = text.splitlines()
    return "\n".join(lines if len(lines) < 40 else lines[:3] + ["..."] + lines[-30:])


def fresh_directory(*names):
    """An empty directory below TEST_OUT."""
    path = os.path.join(OUT, *names)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def found_files(root):
    """What is below ROOT, files and empty directories, by their paths."""
    found = set()
    for path, directories, files in os.walk(root):
        found |= {os.path.relpath(os.path.join(path, name), root) for name in files}
        if not directories and not files and path != root:
            found.add(os.path.relpath(path, root) + "/")
    return found


def read(*path):
    """A file's bytes."""
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def compares(tap, found, wanted, text):
    """Ok if two sets are equal."""
    tap.ok(found == wanted, text, "\n".join([*(f"missing: {name}" for name in wanted - found),
                                             *(f"too much: {name}" for name in found - wanted)]))


# ---- layout ----

def wanted_files():
    """What install lays below PREFIX, and what it is a copy of; None for what it makes."""
    library = f"lib/{TRIPLE}"
    headers = ["include/percpu.h"] + [os.path.relpath(path, SOURCE) for path
                                      in glob.glob(f"{SOURCE}/include/percpu/*.h")]
    wanted = {name: os.path.join(SOURCE, name) for name in headers}
    wanted[f"{library}/percpu.ld"] = f"{SOURCE}/ldscripts/percpu.ld"
    wanted[f"{library}/include/percpu_arch.h"] = f"{SOURCE}/arch/{ARCH}/percpu_arch.h"
    wanted[f"{library}/include/percpu/config.h"] = os.environ["TEST_CONFIG"]
    for abi in ABIS:
        place = f"{library}/{abi}".rstrip("/")
        wanted |= {f"{place}/libpercpu.a": None, f"{place}/pkgconfig/percpu.pc": None}
    return wanted


def make_install(goal, directory, **variables):
    """Runs the project's make; whether it succeeded, and its words. One group at a time does: two
    makes in one build directory get in each other's way."""
    settings = [f"{name}={value}" for name, value in variables.items()]
    command = shlex.split(os.environ["TEST_INSTALL"]) + settings + [goal]
    with open(os.path.join(OUT, "lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return run(command, os.path.join(directory, f"{goal}.log"), umask=0o077)


def put(path):
    """A file of somebody else."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb"):
        pass


def layout(tap):
    """What install lays, and that uninstall takes no more and no less."""
    out = fresh_directory("layout")
    root = f"{out}/root"
    place = f"{root}/usr/local"
    wanted = wanted_files()
    passed, text = make_install("install", out, DESTDIR=root, PREFIX="/usr/local")
    tap.ok(passed, "install", tail(text))
    compares(tap, found_files(place), set(wanted), "install lays what it should, and no more")
    for name in sorted(name for name, source in wanted.items() if source):
        tap.ok(os.path.exists(f"{place}/{name}") and read(place, name) == read(wanted[name]),
               f"{name} is that of the source or of the build")
    for abi in ABIS[1:]:
        # Floating-point state is the threads', whatever may be passed in its registers.
        code = subprocess.run([os.environ["TEST_OBJDUMP"], "-d", "--no-show-raw-insn",
                               f"{place}/lib/{TRIPLE}/{abi}/libpercpu.a"],
                              capture_output=True, text=True, check=True).stdout
        found = re.findall(r"^ *[0-9a-f]+:.*\tf(?!ence)[a-z].*", code, re.M)
        tap.ok(not found and "percpu_init" in code, f"the library for {abi} uses general registers "
               "only", "\n".join(found))
    modes = {oct(os.stat(path).st_mode & 0o777)
             for path in glob.glob(f"{place}/*/**", recursive=True) if os.path.isfile(path)}
    tap.ok(modes == {"0o644"}, "everyone may read the files, whatever the umask", f"modes {modes}")

    others = {f"usr/local/lib/{TRIPLE}/other.a", "usr/local/include/percpu/other.h",
              "usr/local/lib/other-triple/include/percpu_arch.h"}
    for name in others:
        put(os.path.join(root, name))
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    shared = {f"usr/local/{name}" for name in wanted if name.startswith("include/")}
    tap.ok(passed, "uninstall, with another target still installed", tail(text))
    compares(tap, found_files(root), others | shared, "the headers that it shares are left to it")
    shutil.rmtree(f"{place}/lib/other-triple")
    others = {name for name in others if "other-triple" not in name}
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    compares(tap, found_files(root), others, "files of others, in our directories too, are left")
    for name in others & found_files(root):
        os.remove(os.path.join(root, name))
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    tap.ok(passed and not os.listdir(root), "after it, nothing is left in DESTDIR",
           f"{tail(text)}\n{found_files(root)}")
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    tap.ok(passed, "where nothing is installed, uninstall has nothing to do", tail(text))
    passed, text = make_install("install", out, DESTDIR=root, PREFIX="relative")
    tap.ok(not passed and "no absolute path" in text, "a relative PREFIX is refused", tail(text))


# ---- pkg-config ----

def ask(environment, *options):
    """What pkg-config says."""
    done = subprocess.run([os.environ["TEST_PKG_CONFIG"], *options, "percpu"], env=environment,
                          capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else [done.stderr]


def version():
    """PERCPU_VERSION, as pkg-config has versions."""
    number = int(re.search(r"#define PERCPU_VERSION (\d+)", read(SOURCE, "include/percpu.h")
                           .decode())[1])
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def searched(words, letter):
    """The directories of -I or -L, in order."""
    return [word[2:] for word in words if word.startswith(f"-{letter}")]


def first(directories, name):
    """The file that a search of DIRECTORIES finds."""
    return next((path for directory in directories
                 if os.path.exists(path := os.path.join(directory, name))), None)


def finds(tap, environment, root, abi, text):
    """That each file is found, and is the one of this ABI, below ROOT, a PREFIX."""
    words = ask(environment, "--cflags", "--libs")
    library = os.path.join(root, "lib", TRIPLE)
    wanted = {"percpu.h": ("I", f"{root}/include"),
              "percpu/asm.h": ("I", f"{root}/include"),
              "percpu/config.h": ("I", f"{library}/include"),
              "percpu_arch.h": ("I", f"{library}/include"),
              "libpercpu.a": ("L", os.path.join(library, abi).rstrip("/")),
              "percpu.ld": ("L", library)}
    wrong = [f"{name}: {found}" for name, (letter, directory) in wanted.items()
             if (found := first(searched(words, letter), name)) != os.path.join(directory, name)]
    tap.ok(not wrong and words[-1] == "-lpercpu", text, "\n".join([" ".join(words), *wrong]))
    odd = [word for word in words if word[:2] not in ("-I", "-L") and word != "-lpercpu"]
    tap.ok(not odd, f"{text}: nothing but -I, -L and -l", " ".join(odd))


def pkg_config(tap):
    """What pkg-config says of the staged installation, and of one in its place."""
    out = fresh_directory("pkg-config")
    prefix = f"{out}/prefix"
    passed, text = make_install("install", out, DESTDIR="", PREFIX=prefix)
    tap.ok(passed, "install without DESTDIR", tail(text))
    for abi in ABIS:
        name = abi or "the default ABI"
        staged = strangers_environment(abi)
        finds(tap, staged, f"{STAGE}{PREFIX}", abi, f"{name}, with PKG_CONFIG_SYSROOT_DIR")
        plain = strangers_environment(abi, sysroot="", prefix=prefix)
        finds(tap, plain, prefix, abi, f"{name}, without")
        words = ask({**staged, "PKG_CONFIG_SYSROOT_DIR": ""}, "--cflags", "--libs")
        paths = [word[2:] for word in words if word[:2] in ("-I", "-L")]
        tap.ok(paths and all(path.startswith(f"{PREFIX}/") for path in paths),
               f"{name}: DESTDIR is not in percpu.pc", " ".join(words))
        tap.ok(ask(staged, "--modversion") == [version()], f"{name}: version {version()}")
    make_install("uninstall", out, DESTDIR="", PREFIX=prefix)
    tap.ok(found_files(prefix) == {"include/", "lib/"},
           "uninstall without DESTDIR leaves PREFIX's own directories",
           "\n".join(found_files(prefix)))
    for use, flag in (("/usr", "-idirafter ${includedir} "), ("/usr/local", "-I${includedir} ")):
        make_install("install", out, DESTDIR=f"{out}/root", PREFIX=use)
        text = read(f"{out}/root{use}/lib/{TRIPLE}/pkgconfig/percpu.pc").decode()
        tap.ok(f"Cflags: {flag}" in text, f"PREFIX={use}: {flag}", text)


# ---- headers ----

WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Werror"]
ALONE = {"C11": (CC, ["-x", "c", "-std=c11"], "percpu.h"),
         "C++17": (CXX, ["-x", "c++", "-std=c++17"], "percpu.h"),
         "assembly": (CC, ["-x", "assembler-with-cpp"], "percpu/asm.h")}


def lacks_cplusplus():
    """Why this compiler compiles no C++; None if it does."""
    return None if shutil.which(CXX[0]) else f"there is no {CXX[0]}"


def headers(tap):
    """That each public header compiles with no other, twice included."""
    out = fresh_directory("headers")
    flags = ask(strangers_environment(""), "--cflags")
    for language, (compiler, options, header) in ALONE.items():
        text = f"{header} alone, in {language}"
        if compiler is CXX and lacks_cplusplus():
            tap.skip(text, lacks_cplusplus())
            continue
        source = f"{out}/{language}"
        with open(source, "w", encoding="ascii") as file:
            file.write(f"#include <{header}>\n" * 2)
        command = compiler + options + WARNINGS + ["-ffreestanding", *flags, "-c", source]
        passed, words = run(command + ["-o", f"{source}.o"], f"{source}.log")
        tap.ok(passed, text, tail(words))


# ---- kernels ----

def build(tap, name, abi, settings):
    """Copies this architecture's kernel and has its Makefile build it; its directory, or None."""
    out = fresh_directory(name)
    for path in glob.glob(f"{HERE}/stranger.*") + [f"{HERE}/variables.c"] \
            + glob.glob(f"{HERE}/{ARCH}/*"):
        shutil.copy(path, out)
    tools = {name: os.environ[f"TEST_{name}"] for name in ("CC", "CXX", "OBJCOPY")}
    if IS_CLANG:
        # Debian's clang-16 takes ld.lld of another version by -fuse-ld=lld.
        tools["LDFLAGS"] = f"--ld-path={shutil.which(LD[0])}"
    words = ["make", *(f"{name}={value}" for name, value in tools.items()), *settings]
    words += [f"ABI={abi}"] if abi else []
    environment = strangers_environment(abi)
    passed, text = run(words + ["kernel"], f"{out}/build.log", cwd=out, env=environment)
    tap.ok(passed, f"{name} builds, by what pkg-config says alone", tail(text))
    return (out, words, environment) if passed else None


def judge_file(tap, path):
    """The link address of _start, and that the areas are in memory, but not in the file."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        segments = [segment for segment in elf.iter_segments() if segment["p_type"] == "PT_LOAD"]
        areas = elf.get_section_by_name(".percpu_areas")
        [start] = elf.get_section_by_name(".symtab").get_symbol_by_name("_start")
    loaded = sum(segment["p_filesz"] for segment in segments)
    tap.ok(loaded <= LOADED_BYTES_AT_MOST, "the areas take no room in the file",
           f"{loaded} bytes to load")
    tap.ok(any(0 <= areas["sh_addr"] - segment["p_vaddr"] <= segment["p_memsz"] - areas["sh_size"]
               for segment in segments), "the areas are in memory that the loader provides")
    return start["st_value"]


def judge_output(tap, text, start):
    """Every planned line, ok, from where the kernel was to run."""
    plans = re.findall(r"^1\.\.(\d+)$", text, re.M)
    results = re.findall(r"^((?:not )?ok) (\d+) - (.*)$", text, re.M)
    for passed, _, words in results:
        tap.ok(passed == "ok", words)
    complete = plans == [str(len(results))] \
        and [(passed, int(number)) for passed, number, _ in results] \
        == [("ok", number) for number in range(1, len(results) + 1)]
    tap.ok(complete and "Bail out!" not in text, "all that the kernel planned is ok", tail(text))
    match = re.search(r"^# _start runs at 0x([0-9a-f]+)$", text, re.M)
    at, wanted = int(match[1], 16) if match else None, start + DISPLACEMENT[ARCH]
    tap.ok(at == wanted, f"linked at {start:#x}, it runs at {wanted:#x}", f"it runs at {at:#x}"
           if match else "it does not say")


def kernel(tap, name):
    """Builds, boots and judges one stranger's kernel."""
    *_, abi, variant = ["", *name.split("-")[1:]]
    if variant == "c++" and lacks_cplusplus():
        tap.skip("a kernel in C++", lacks_cplusplus())
        return
    if not (built := build(tap, name, abi, VARIANTS[variant])):
        return
    out, words, environment = built
    start = judge_file(tap, f"{out}/{KERNEL_ELF[ARCH]}")
    passed, text = run(words + ["run"], f"{out}/run.log", cwd=out, env=environment)
    tap.ok(passed, "QEMU ends, by the kernel's doing", tail(text))
    judge_output(tap, text, start)


def main():
    """Runs one group."""
    name = sys.argv[1]
    tap = Tap()
    if name.startswith("kernel-"):
        kernel(tap, name)
    else:
        {"layout": layout, "pkg-config": pkg_config, "headers": headers}[name](tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
