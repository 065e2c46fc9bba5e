#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Has one boot loader load a kernel of a stranger's, tests/install/<arch>, that has the header of
docs/loaders.md. Called by make boot-test, through prove.

The kernel is built by its own Makefile, which finds the library by pkg-config alone. What the loader
loads it from is made by the page's commands, with the page's grub.cfg or extlinux.conf. The last
argument names the loader, one of check.py, or ends in -as-before: then the header tells the end of
data that there was without the library, and percpu_init must say so. Beside the settings of run.py:

    TEST_CC, TEST_OBJCOPY, TEST_TRIPLE     the tools
    TEST_STAGE                             where the library is installed, in /opt/percpu
"""

import glob
import os
import re
import shlex
import shutil
import sys

import check
import run as qemu
from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(SOURCE, "tests", "docs"))

import pages

STRANGER = f"{SOURCE}/tests/install"
PAGE = f"{SOURCE}/docs/loaders.md"
# What of the stranger's boot.S the page's header takes the place of; what stays behind it.
HEADERS = {"x86_64": (r"\t\.section \.multiboot.*?(?=\n\t\.text)", ""),
           "aarch64": (r"\t\.section \.head.*?\t\.word\t0\n", ""),
           "riscv64": (r"\t\.section \.head.*?_start:\n", "\n\t.text\nstart:\n")}
# What of the stranger's script the page's line takes the place of.
FIRST = {"x86_64": r"KEEP\(\*\(\.multiboot\)\)\s+\*\(\.text \.text\.\*\)",
         "aarch64": r"KEEP\(\*\(\.head\)\)\s+\*\(\.text \.text\.\*\)",
         "riscv64": r"\.head : [^\n]*\s+\.text : [^\n]*"}
# Where the page's symbol is put: behind the last section in memory.
BEHIND_ALL = {"x86_64": r"(?=\n\t/DISCARD/)", "aarch64": r"(?=\n\t/DISCARD/)",
              "riscv64": r"(?=\n\t\.riscv\.attributes 0)"}
# The file that is loaded, and the goal of its Makefile.
IMAGES = {"x86_64": "kernel64.elf", "aarch64": "kernel", "riscv64": "kernel.bin"}
AS_BEFORE = "-as-before"
NOT_LOADED = "the initial values are not in memory"


def read(path):
    """The text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def replace(path, pattern, new):
    """Replaces what is in a file once."""
    text, count = re.subn(pattern, lambda _: new, read(path), flags=re.S)
    if count != 1:
        sys.exit(f"{pattern} is in {path} {count} times")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def header(arch):
    """The page's."""
    page = pages.read(PAGE, read(PAGE))
    code = "".join(block.code for block in page.code("asm", arch))
    return re.sub(r"^#define.*\n", "", code, flags=re.M)  # which the stranger has too


def script(arch):
    """The page's lines for the linker script: its first section, and the end."""
    page = pages.read(PAGE, read(PAGE))
    [first] = [block.code for block in page.blocks if block.code.lstrip().startswith(".text : {")]
    [end] = [block.code for block in page.blocks if block.code.lstrip().startswith("image_end")]
    # The others' has a place of its own for what is loaded where.
    return first.strip() if arch == "riscv64" else re.search("{(.*)}", first)[1], end


def page_medium(image, name):
    """QEMU's arguments for what the page's commands make, in the image's folder."""
    page, folder = pages.read(PAGE, read(PAGE)), os.path.dirname(image)
    tools = ("grub-mkrescue",) if name == "grub" else ("mformat", "mmd", "mcopy")
    config = {"grub": "multiboot2 ", "u-boot": "default "}[name]
    [text] = [block.code for block in page.blocks if block.code.startswith(config)]
    kernel, file = {"grub": ("cd/boot/kernel", "cd/boot/grub/grub.cfg"),
                    "u-boot": ("kernel", "extlinux.conf")}[name]
    check.write(f"{folder}/{file}", text)
    if f"{folder}/{kernel}" != image:
        shutil.copy(image, f"{folder}/{kernel}")
    for line in page.lines:
        if line.startswith("    ") and line.split()[0] in tools:
            check.tool("env", f"--chdir={folder}", *shlex.split(line))
    return ["-cdrom", f"{folder}/cd.iso"] if name == "grub" else [
        "-drive", f"if=none,id=disk,format=raw,file={folder}/disk",
        "-device", "virtio-blk-device,drive=disk"]


MEDIA = {
    "qemu": lambda image, _: ["-kernel", image],
    "grub-multiboot2": lambda image, _: page_medium(image, "grub"),
    "u-boot": lambda image, arch: [*{"aarch64": check.U_BOOT_ARM64,
                                     "riscv64": check.U_BOOT_RISCV64}[arch],
                                   *page_medium(image, "u-boot")]}


def build(tap, settings, folder, as_before):
    """The stranger's kernel with the page's header; the image, or None."""
    arch = settings.arch
    for path in glob.glob(f"{STRANGER}/stranger.*") + [f"{STRANGER}/variables.c", \
                                                       f"{STRANGER}/report.h"] \
            + glob.glob(f"{STRANGER}/{arch}/*"):
        shutil.copy(path, folder)
    pattern, behind = HEADERS[arch]
    end = "_percpu_load_start" if as_before else "_percpu_data_end"
    replace(f"{folder}/boot.S", pattern, header(arch).replace("_percpu_data_end", end) + behind)
    first, last = script(arch)
    replace(f"{folder}/kernel.ld", FIRST[arch], first)
    replace(f"{folder}/kernel.ld", BEHIND_ALL[arch], f"\n{last}")
    stage = os.environ["TEST_STAGE"]
    os.environ |= {"PKG_CONFIG_SYSROOT_DIR": stage, "MAKEFLAGS": "", "PKG_CONFIG_LIBDIR":
                   f"{stage}/opt/percpu/lib/{os.environ['TEST_TRIPLE']}/pkgconfig"}
    text = check.tool("make", "-s", "-C", folder, f"CC={os.environ['TEST_CC']}",
                      f"OBJCOPY={os.environ['TEST_OBJCOPY']}", f"LDFLAGS={linker()}", IMAGES[arch])
    image = f"{folder}/{IMAGES[arch]}"
    return image if tap.ok(os.path.exists(image), "the kernel is built", text) else None


def linker():
    """Debian's clang-16 takes ld.lld of another version by -fuse-ld=lld."""
    name = shlex.split(os.environ["TEST_LD"])[0]
    return f"--ld-path={shutil.which(name)}" if "lld" in name else ""


def judge(tap, lines, as_before):
    """All that the kernel plans is ok; or it says that there are no initial values."""
    text = "\n".join(lines)
    results = re.findall(r"^(ok|not ok) \d+ - ", text, re.M)
    if as_before:
        tap.ok(NOT_LOADED in text, "percpu_init says that initial values are not loaded", text)
    else:
        tap.ok(f"1..{len(results)}" in lines and set(results) == {"ok"},
               f"the kernel runs, and its {len(results)} results are ok", text)


def main():
    """One loader."""
    tap, settings, name = Tap(), qemu.Settings(), sys.argv[1]
    folder = os.path.abspath(os.path.join(settings.images, "boot", f"own-{name}"))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    image = build(tap, settings, folder, AS_BEFORE in name)
    if image:
        arguments = MEDIA[name.replace(AS_BEFORE, "")](image, settings.arch)
        started = qemu.Run([*shlex.split(settings.qemu_for("smp")), *arguments],
                           os.path.join(folder, "log"), settings.timeout)
        judge(tap, started.lines, AS_BEFORE in name)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
