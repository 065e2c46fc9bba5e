# SPDX-License-Identifier: MIT
"""Builds, boots and judges the strangers' kernels."""

import glob
import os
import re
import shutil

from elftools.elf.elffile import ELFFile

from common import (ARCH, HERE, IS_CLANG, LD, fresh_directory, lacks_cplusplus, run,
                    strangers_environment, tail)

# Each pair of compiler and linker can do link-time optimisation of these kernels: GCC with GNU ld,
# linked by the driver, which gives ld the plugin, and Clang with lld. What cannot, GCC with lld and
# Clang with GNU ld, is no pair of ours. The library is in machine code: it takes no part.
VARIANTS = {"O0": ["OPT=-O0"], "O2": ["OPT=-O2"], "Os": ["OPT=-Os"],
            "lto": ["OPT=-O2", "LTO=1"], "c++": ["OPT=-O2", "CPLUSPLUS=1"],
            "linux": ["OPT=-O2"], "hpp": ["OPT=-O2", "CPLUSPLUS=1"],
            "hppO0": ["OPT=-O0", "CPLUSPLUS=1"],
            "ld": [f"LD={LD[0]} -static {'-pie' if ARCH == 'aarch64' else ''} $(LINK)"],
            "pie": ["PIE=1", f"LD={LD[0]} -static $(LINK)"]}
# The variants that have files of their own, in a folder here: the other faces of the library.
FACES = {"linux": "linux", "hpp": "hpp", "hppO0": "hpp"}
EDITS = {"pie": [("kernel.ld", ". = 0x80200000;", ". = 0;")]}
# Where the kernel runs, seen from where it is linked.
DISPLACEMENT = {"x86_64": 0, "aarch64": 0x40203000, "riscv64": 0}
DISPLACED = {"pie": 0x80200000}
KERNEL_ELF = {"x86_64": "kernel64.elf", "aarch64": "kernel.elf", "riscv64": "kernel"}
# The 64 areas that the scripts reserve would be 512 KiB in the file.
LOADED_BYTES_AT_MOST = 64 << 10


def edit(path, old, new):
    """Replaces what is in a file once."""
    with open(path, encoding="ascii") as file:
        text = file.read()
    if text.count(old) != 1:
        raise LookupError(f"{old!r} is in {path} {text.count(old)} times")
    with open(path, "w", encoding="ascii") as file:
        file.write(text.replace(old, new))


def build(tap, name, abi, settings, edits=(), face=None):
    """Copies this architecture's kernel, with the files of FACE in place of others, edits it, and
    has its Makefile build it; what it takes to run it, or None. An edit is a file, what is there
    once, and what takes its place."""
    out = fresh_directory(name)
    for path in glob.glob(f"{HERE}/stranger.*") + [f"{HERE}/variables.c"] \
            + glob.glob(f"{HERE}/{ARCH}/*") + [f"{HERE}/report.h"] \
            + (glob.glob(f"{HERE}/{face}/*") if face else []):
        shutil.copy(path, out)
    for path, old, new in edits:
        edit(f"{out}/{path}", old, new)
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


def judge_output(tap, text, start, displacement=DISPLACEMENT[ARCH]):
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
    at, wanted = int(match[1], 16) if match else None, start + displacement
    tap.ok(at == wanted, f"linked at {start:#x}, it runs at {wanted:#x}", f"it runs at {at:#x}"
           if match else "it does not say")


def kernel(tap, name):
    """Builds, boots and judges one stranger's kernel."""
    *_, abi, variant = ["", *name.split("-")[1:]]
    if "CPLUSPLUS=1" in VARIANTS[variant] and lacks_cplusplus():
        tap.skip("a kernel in C++", lacks_cplusplus())
        return
    if not (built := build(tap, name, abi, VARIANTS[variant], EDITS.get(variant, ()),
                         FACES.get(variant))):
        return
    out, words, environment = built
    start = judge_file(tap, f"{out}/{KERNEL_ELF[ARCH]}")
    passed, text = run(words + ["run"], f"{out}/run.log", cwd=out, env=environment)
    tap.ok(passed, "QEMU ends, by the kernel's doing", tail(text))
    judge_output(tap, text, start, DISPLACED.get(variant, DISPLACEMENT[ARCH]))
