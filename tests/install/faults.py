# SPDX-License-Identifier: MIT
"""C31: strangers' kernels whose template is not in memory when they run. Each must say so, and what
to do; beside each is one that differs in the fault alone, and works."""

import os
import subprocess

from elftools.elf.elffile import ELFFile

from common import ARCH, run, tail
from kernels import KERNEL_ELF, build, judge_output

# What must be said: both causes.
WORDS = ("Bail out! the initial values are not in memory: ", "for the start of .bss, or .sbss",
         "before _percpu_data_end")


def boots(tap, built, text, right, start):
    """Boots a kernel: it does all its work, or it stops with the sentence."""
    out, words, environment = built
    _, said = run(words + ["run"], f"{out}/run.log", cwd=out, env=environment)
    if right:
        judge_output(tap, said, start)
    tap.ok(right == ("Bail out!" not in said) and (right or all(word in said for word in WORDS)),
           f"C31 {text}: {'it works' if right else 'it says so, and why'}", tail(said))


def symbols(out):
    """The kernel's symbols."""
    with open(f"{out}/{KERNEL_ELF[ARCH]}", "rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}


def cleared(tap):
    """The kernel's own loop clears what is behind the start of .sbss, which has no place of its
    own: with the fragment before it, and behind."""
    fragment = "\tINCLUDE percpu.ld\n"
    sbss = "\t.sbss : ALIGN(8) {\n\t\tbss_start = .;\n\t\t*(.sbss .sbss.*)\n\t}\n"
    for right, text in ((True, fragment + sbss), (False, sbss + fragment)):
        edits = [("kernel.ld", "\t\tbss_start = .;\n", ""), ("kernel.ld", fragment, text)]
        where = "behind" if right else "before"
        if built := build(tap, f"cleared-{where}", "", [], edits):
            boots(tap, built, f"clearing starts {where} the fragment", right,
                  symbols(built[0])["_start"])


HEADER = "\t.long\t0x1badb002, 0, -0x1badb002\n"
WITH_ADDRESSES = """header:
	.long	0x1badb002, 0x10000, -0x1badb002 - 0x10000
	.long	PHYSICAL(header), PHYSICAL(header), PHYSICAL({}), PHYSICAL(bss_end), PHYSICAL(_start)
"""


def header(tap):
    """A multiboot header with addresses, whose end of data is the fragment's, and that of .data."""
    if ARCH != "x86_64":
        tap.skip("C31 a multiboot header", "of x86_64")
        return
    for right, end in ((True, "_percpu_data_end"), (False, "data_end")):
        edits = [("boot.S", HEADER, WITH_ADDRESSES.format(end)),
                 ("kernel.ld", "\tINCLUDE percpu.ld\n", "\tdata_end = .;\n\tINCLUDE percpu.ld\n")]
        if built := build(tap, f"header-{end}", "", [], edits):
            boots(tap, built, f"a multiboot header says that data ends at {end}", right,
                  symbols(built[0])["_start"])


def cut(tap):
    """A flat image, as a boot loader of one's own reads it, of which the end is not read."""
    if ARCH == "x86_64":
        tap.skip("C31 a flat image", "QEMU's loader for x86_64 takes none")
        return
    if not (built := build(tap, "cut", "", [])):
        return
    out = built[0]
    image, known = f"{out}/kernel", symbols(out)
    subprocess.run([os.environ["TEST_OBJCOPY"], "-O", "binary", f"{out}/{KERNEL_ELF[ARCH]}",
                    f"{out}/flat"], check=True)
    with open(f"{out}/flat", "rb") as file:
        flat = file.read()
    tap.ok(len(flat) == known["_percpu_data_end"] - known["_start"],
           "C31 a flat image ends at _percpu_data_end", f"{len(flat):#x} bytes")
    # The last one comes within the template, whose last variable is on a page.
    for right, name, less in ((True, "_percpu_data_end", 0), (False, "_percpu_load_start", 0),
                              (False, "_percpu_data_end", 4096)):
        end = known[name] - less
        with open(image, "wb") as file:
            file.write(flat[:end - known["_start"]])
        place = f"{less} bytes before {name}" if less else name
        boots(tap, built, f"the image ends at {place}", right, known["_start"])


GROUPS = {"cleared": cleared, "header": header, "cut": cut}
