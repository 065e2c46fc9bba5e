#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Has one boot loader, from its Debian package, load the kernel smp, and judges what it printed.

Called by make boot-test, through prove. The last argument names the loader, below. The medium it
loads from is made here, with a command line of this run's own: what the kernel prints cannot be of
an earlier one. Who has loaded it the kernel must say as the loader itself does.
"""

import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import Callable

import run as qemu
import scenarios
from tap import Tap

CPUS = 4

GRUB_CFG = """\
serial --unit=0 --speed=115200
terminal_output serial
set timeout=0
{protocol} /boot/kernel {append}
boot
"""

EXTLINUX_CONF = """\
default kernel
label kernel
	kernel /Image
	append {append}
"""


def tool(*command):
    """What it prints; if it fails, that is the end."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stdout}")
    return done.stdout


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


# ---- Ways to load an image, each QEMU's arguments for it ----

def direct(image, folder, append):
    """QEMU's own."""
    return ["-kernel", image, "-append", append]


def direct_elf(image, folder, append):
    """The same from the ELF file, which QEMU enters at its lowest address, whatever it says."""
    return direct(os.path.splitext(image)[0] + ".elf", folder, append)


def grub(protocol, *firmware):
    """A CD that GRUB starts from, under a BIOS or UEFI, and loads the kernel by PROTOCOL."""
    def medium(image, folder, append):
        tree, cd = os.path.join(folder, "cd"), os.path.join(folder, "cd.iso")
        write(os.path.join(tree, "boot/grub/grub.cfg"),
              GRUB_CFG.format(protocol=protocol, append=append))
        shutil.copy(image, os.path.join(tree, "boot/kernel"))
        tool("grub-mkrescue", "--fonts=", "--themes=", "--locales=", "-o", cd, tree)
        return [*firmware, "-cdrom", cd]
    return medium


def u_boot(*firmware):
    """A disk with a FAT file system: U-Boot finds extlinux.conf on it, and uses booti."""
    def medium(image, folder, append):
        disk, conf = os.path.join(folder, "disk"), os.path.join(folder, "extlinux.conf")
        write(conf, EXTLINUX_CONF.format(append=append))
        tool("mformat", "-C", "-i", disk, "-T", str(64 * 2048), "::")  # 64 MiB, of sectors
        tool("mmd", "-i", disk, "::extlinux")
        tool("mcopy", "-i", disk, conf, "::extlinux/extlinux.conf")
        tool("mcopy", "-i", disk, image, "::Image")
        return [*firmware, "-drive", f"if=none,id=disk,format=raw,file={disk}",
                "-device", "virtio-blk-device,drive=disk"]
    return medium


# ---- What the loader says of itself, to be compared with what the kernel says ----

def said(pattern):
    """PATTERN's group, from the console."""
    def version(lines):
        return next((match[1] for match in map(re.compile(pattern).match, lines) if match), None)
    return version


def grub_version(_):
    """The version of the package that the CD is made from."""
    return tool("grub-mkrescue", "--version").split()[-1]


U_BOOT, OPENSBI = said(r"U-Boot (\S+) \("), said(r"OpenSBI v(\S+)$")


@dataclass
class Loader:
    medium: Callable
    via: str  # the kernel's words, with {} for each version
    versions: tuple = ()
    bail: str = ""


def there(package, *choices):
    """QEMU's arguments for firmware of PACKAGE: the first choice whose files are there."""
    for choice in choices:
        if all(map(os.path.exists, re.findall(r"/usr/[^, ]+", " ".join(choice)))):
            return choice
    return ("-bios", f"(none found: is {package} installed?)")


# For UEFI, in one file, or as it comes, the program and its variables, which are not kept.
OVMF_4M = "/usr/share/OVMF/OVMF_{}_4M.fd"
OVMF = there(
    "ovmf", ("-bios", "/usr/share/ovmf/OVMF.fd"),
    ("-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + OVMF_4M.format("CODE"),
     "-drive", "if=pflash,format=raw,unit=1,snapshot=on,file=" + OVMF_4M.format("VARS")))
U_BOOT_ARM64 = there("u-boot-qemu", ("-bios", "/usr/lib/u-boot/qemu_arm64/u-boot.bin"))
U_BOOT_RISCV64 = there("u-boot-qemu",
                       ("-kernel", "/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin"))
LOADERS = {
    "pc": {
        "qemu": Loader(direct, "qemu, multiboot, BIOS"),
        "grub-multiboot": Loader(grub("multiboot"), "GRUB {}, multiboot, BIOS", (grub_version,)),
        "grub-multiboot2": Loader(grub("multiboot2"), "GRUB {}, multiboot2, BIOS",
                                  (grub_version,)),
        "grub-multiboot2-uefi": Loader(grub("multiboot2", *OVMF), "GRUB {}, multiboot2, UEFI",
                                       (grub_version,)),
        # It does not pass on where the ACPI tables are, and UEFI firmware does not leave a trace.
        "grub-multiboot-uefi": Loader(grub("multiboot", *OVMF), "",
                                      bail="no ACPI MADT .* with UEFI .*, boot by multiboot 2"),
    },
    "virt-aarch64": {
        "qemu": Loader(direct, "a loader without a name"),
        "u-boot": Loader(u_boot(*U_BOOT_ARM64), "U-Boot {}", (U_BOOT,)),
        # It leaves the device tree near the end of RAM, in another GiB than the kernel.
        "u-boot-2g": Loader(u_boot(*U_BOOT_ARM64, "-m", "2G"), "U-Boot {}", (U_BOOT,)),
    },
    "virt-riscv64": {
        "qemu": Loader(direct, "OpenSBI {}", (OPENSBI,)),
        "qemu-elf": Loader(direct_elf, "OpenSBI {}", (OPENSBI,)),
        "u-boot": Loader(u_boot(*U_BOOT_RISCV64),
                         "U-Boot {}, OpenSBI {}", (U_BOOT, OPENSBI)),
    },
}


def judge_loader(tap, loader, lines):
    """The kernel names the loader and its version, and the firmware."""
    versions = [version(lines) for version in loader.versions]
    if versions:
        tap.ok(all(versions), f"the loader says its version: {', '.join(map(str, versions))}")
    via = [match[1] for match in map(re.compile(r".*# via (.*)$").match, lines) if match]
    wanted = loader.via.format(*versions)
    tap.ok(via == [wanted], f"the kernel says who has loaded it: {wanted}", f"it says: {via}")


def main():
    settings, name = qemu.Settings(), sys.argv[1]
    loader = LOADERS[settings.board][name]
    scenario = scenarios.find(settings.board, f"smp@{CPUS}")
    scenario.bail = loader.bail
    image = os.path.join(settings.images, f"smp.{settings.format}")
    folder = os.path.join(settings.images, "boot", name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    seed = random.getrandbits(63)
    arguments = loader.medium(image, folder, f"seed={seed}")
    started = qemu.Run([*shlex.split(settings.qemu_for("smp")), *arguments, "-smp", str(CPUS)],
                       os.path.join(folder, "log"), settings.timeout)
    tap = Tap()
    qemu.judge_results(tap, started, scenario)
    if not loader.bail:
        judge_loader(tap, loader, started.lines)
        qemu.judge_smp(tap, started, scenario, seed)
    if tap.failed:
        qemu.show(started)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
