# SPDX-License-Identifier: MIT
"""Pages that are wrong, each in one way: (what is wrong, the page, words of the failing result)."""

COMPILES = "# A page\n\n```c\n#include <percpu.h>\nPERCPU_DEFINE(int, a);\n```\n"
SCRIPT = """SECTIONS {
	. = 0x80200000;
	.text : { *(.text .text.*) }
	.data : { *(.data .data.*) }
	.bss : { *(.bss .bss.*) }
}
"""

FAULTS = [
    ("C that does not compile", "```c\n#include <percpu.h>\nint a = percpu_b;\n```\n", "the C of"),
    ("C that warns", "```c\nint f(void) { }\n```\n", "the C of"),
    ("a body that does not compile", "```c body\npercpu_read(nothing);\n```\n", "the body at"),
    ("assembly that does not assemble", "```asm\n\tno_such_instruction\n```\n", "the assembly of"),
    ("assembly that names a variable of no block", COMPILES
     + "```asm\n\t.quad\t__percpu_near.b\n```\n", "the variables of"),
    ("a linker script without the fragment", f"```ld\n{SCRIPT}```\n", "the script at"),
    ("a trap that keeps a reservation",
     "```asm riscv64\n\tcall\ttrap_handler\n\tcsrw\tsepc, t0\n\tsret\n```\n", "the traps of"),
    ("a block in no known language", "```rust\n```\n", "the fences of"),
    ("a block for no known architecture", "```c arm65\n```\n", "the fences of"),
    ("a diff for no known register", "```diff s0\n```\n", "the fences of"),
    ("a block that does not end", "```c\nint a;\n", "the fences of"),
    ("a link to no file", "[nowhere](nowhere.md)\n", "the links of"),
    ("a picture that does not exist", "<img src=\"nowhere.svg\" alt=\"\">\n", "the links of"),
    ("a link to no heading", "# A\n[here](#b)\n", "the links of"),
    ("a function that does not exist", "`percpu_frobnicate`\n", "the names of"),
    ("an error that does not exist", "`PERCPU_EAGAIN`\n", "the names of"),
    ("a value that a variable cannot have", "`PERCPU_MODE=mp`\n", "the names of"),
    ("a file that does not exist", "`arch/riscv64/boots.S`\n", "the places of"),
    ("a function that does not exist in the tree", "`kernel_exit()`\n", "the places of"),
    ("a function that is in another file", "[here](arch/riscv64/smp.c) `secondary_start()`\n",
     "the places of"),
    ("a function in a file that does not exist", "[here](arch/riscv64/boots.S) `boot_start()`\n",
     "the links of"),
    ("a goal that make does not have", "`make ARCH=riscv64 test-qemu`\n", "the places of"),
    ("a sentence that nothing says", "```text quoted\npercpu: the moon is full\n```\n",
     "the quotations of"),
    ("a name of a table that no code uses", "| theirs | ours |\n|---|---|\n| x | `percpu_add` |\n",
     "the tables of"),
    ("a line that is too long", "a" * 101 + "\n", "the lines of"),
]
