# SPDX-License-Identifier: MIT
"""The ways in which the product is broken, and the test that must notice each.

A mutant replaces OLD, which must be in FILE once, by NEW. COMMAND must then fail with output that
matches WORDS. Several are what real projects got wrong: see the cases in the tests' names.
"""

import re
from dataclasses import dataclass


@dataclass
class Mutant:
    name: str
    file: str
    old: str
    new: str
    command: str
    words: str


def qemu(arch, kernel, cpus):
    return f"make V=1 WERROR= ARCH={arch} KERNEL={kernel} SMP={cpus} qemu-test"


def scenario(arch, name):
    return f"make V=1 WERROR= ARCH={arch} RUNS={name} qemu-test"


# What is of another configuration is built in a folder of its own, and stays.
def level(name, run, more=""):
    folder = re.sub(r"\W+", "-", f"{name} {more}".strip())
    return (f"make V=1 WERROR= ARCH=riscv64 PERCPU_RISCV_LEVEL={name} {more} O=build/{folder} "
            f"RUNS={run} OTHER_BOARDS= qemu-test")


def unit(program):
    return f"make V=1 WERROR= UNIT_TESTS=build/host/{program} unit-test"


def boot(arch, loader):
    return f"make V=1 WERROR= ARCH={arch} BOARD_LOADERS={loader} boot-test"


def codegen(arch):
    return f"make V=1 WERROR= ARCH={arch} IMAGE_LEVELS=O2 codegen-test"


def preempt(arch, mode):
    return (f"make V=1 WERROR= ARCH={arch} PERCPU_PREEMPT={mode} O=build/{mode} RUNS=preempt@4 "
            "qemu-test")


def checked(arch, name):
    return (f"make V=1 WERROR= ARCH={arch} PERCPU_DEBUG=1 O=build/debug KERNELS=misuse "
            f"RUNS={name} qemu-test")


def install(arch, test):
    return f"make V=1 WERROR= ARCH={arch} INSTALL_TESTS={test} install-test"


def link(arch, test):
    return f"make V=1 WERROR= ARCH={arch} LINK_TESTS={test} link-test"


SMP = qemu("riscv64", "smp", 4)
RESTART = "make V=1 WERROR= ARCH={} PERCPU_PREEMPT=restart O=build/restart KERNEL=sweep qemu-test"
LINK_SEQUENCES = ("make V=1 WERROR= ARCH=riscv64 PERCPU_PREEMPT=restart O=build/restart "
                  "LINK_TESTS=sequences link-test")


def compile_fail(arch, name, llvm=""):
    return f"make V=1 WERROR= ARCH={arch} LLVM={llvm} COMPILE_FAIL_TESTS={name} compile-fail-test"


def headers(arch, llvm=""):
    return f"make V=1 WERROR= ARCH={arch} LLVM={llvm} INSTALL_TESTS=headers install-test"


MUTANTS = [
    Mutant("all-cpus-share-area-0", "lib/smp/areas.c",
           "bind_to(percpu_area_base(cpu));", "bind_to(percpu_area_base(0));",
           SMP, r"not ok \d+ - cpu \d+ \(hart \d\) reads CPU_ID"),
    Mutant("stride-off-by-8", "lib/smp/areas.c",
           "return (_percpu_template_size() + mask) & ~mask;",
           "return ((_percpu_template_size() + mask) & ~mask) + 8;",
           unit("areas"), r"not ok \d+ - .*(stride|line|align).*"),
    Mutant("template-is-area-0", "lib/smp/areas.c",
           "\tmake_areas(_percpu_start, areas.early ? 1 : 0, ncpu);\n"
           "\tpublish(_percpu_start, ncpu);",
           "\tmake_areas(_percpu_load_start, areas.early ? 1 : 0, ncpu);\n"
           "\tpublish(_percpu_load_start, ncpu);",
           unit("areas"), r"not ok \d+ - .*template.*"),
    Mutant("second-init-accepted", "lib/smp/areas.c",
           "if (areas.num && !areas.early)", "if (false)",
           unit("areas"), r"not ok \d+ - .*(second|twice|again).*"),
    Mutant("early-values-lost", "lib/smp/areas.c",
           "make_areas(_percpu_start, areas.early ? 1 : 0, ncpu);",
           "make_areas(_percpu_start, 0, ncpu);",
           SMP, r"not ok \d+ - what CPU 0 wrote after percpu_early_init survives percpu_init"),
    Mutant("C4-initial-values-lost", "ldscripts/percpu.ld",
           ".percpu : ALIGN(4096) {", ".percpu (NOLOAD) : ALIGN(4096) {",
           SMP, r"not ok \d+ - S1 cpu \d finds every initial value, but not .*"),
    Mutant("C7-gp-relaxation", "ldscripts/kernel.ld",
           "kernel_size = ", "__global_pointer$ = bss_start;\nkernel_size = ",
           SMP, r"remove __global_pointer\$ from the linker script"),
    Mutant("far-offset-truncated", "arch/aarch64/percpu_arch.h",
           "(PERCPU__IS_FAR(lv) ? PERCPU__OPAQUE(&(lv)) : &(lv))", "(&(lv))",
           qemu("aarch64", "smp", 2), r"not ok \d+ - S1 cpu \d finds every initial value, but not .*"
           "|Bail out! .*|relocation .*|dangerous .*"),
    Mutant("cpu-never-released", "arch/riscv64/smp.c",
           "for (size_t cpu = first; cpu < end; cpu++) {",
           "for (size_t cpu = first + 1; cpu < end; cpu++) {",
           SMP, r"not ok \d+ - cpu 1 \(hart \d\) does not run: was started but did not answer.*"),
    Mutant("C14-apic-id-is-not-the-number", "boards/pc/madt.c",
           "\t\t*id = entry[3];", "\t\t*id = entry[2];",
           scenario("x86_64", "C14-sparse-apic-ids"),
           r"not ok \d+ - (cpu \d \(apic \d\) does not run.*|the hardware ids are .*)"),
    Mutant("cpu-listed-twice-is-two", "kernels/common/cpus.c",
           "if (listed(hwids, i, hwids[i])) {", "if (false) {",
           scenario("riscv64", "tree-repeated-cpu"),
           r"not ok \d+ - (the hardware ids are .*|it says: .*|cpu 2 \(hart 1\) .*)"),
    Mutant("disabled-cpu-listed", "boards/common/devicetree.c",
           '"cpu") || !enabled(fdt, node) ||', '"cpu") ||',
           scenario("aarch64", "tree-disabled-cpu"), r"not ok \d+ - the hardware ids are .*"),
    Mutant("C25-error-swallowed", "arch/riscv64/sbi_level.c",
           "return *code ? sbi_error_name(*code) : NULL;", "return NULL;",
           scenario("riscv64", "C25-unknown-hart"),
           r"not ok \d+ - (the kernel must report as not ok: .*|cpu 2 \(hart 77\) .*)"),
    Mutant("trap-on-the-wrong-cpu", "arch/riscv64/trap.S",
           "csrr	a0, CSR(scratch)", "li	a0, 0",
           qemu("riscv64", "fault", 4), r"not ok \d+ - the trap is reported with what it is.*"),
    Mutant("remote-read-is-local", "lib/smp/areas.c",
           "char *base = percpu_area_base(cpu);\n\n\treturn base ?",
           "char *base = percpu_area_base(0);\n\n\treturn base ?",
           unit("remote"), r"not ok \d+ - .*"),
    Mutant("C9-read-merged", "arch/riscv64/percpu_arch.h",
           "PERCPU__RV_ASM(volatile, PERCPU__RV_ONE(PERCPU__RV_LOAD, load), out, \"memory\"",
           "PERCPU__RV_ASM(, PERCPU__RV_ONE(PERCPU__RV_LOAD, load), out, \"memory\"",
           codegen("riscv64"), r"not ok \d+ - .*(merge|two|dropped|hoist|read).*"),
    Mutant("sequence-without-its-last-instruction", "include/percpu/port.h",
           "\".4byte .Lpercpu_%= - ., .Lpercpu_end_%= - .Lpercpu_%=",
           "\".4byte .Lpercpu_%= - ., .Lpercpu_end_%= - .Lpercpu_%= - 4",
           codegen("aarch64"), r"not ok \d+ - each sequence is in the table once.*"),
    Mutant("C66-immediate-filled-15-times", "arch/riscv64/percpu_arch.h",
           '".rept 16\\n', '".rept 15\\n',
           codegen("riscv64"), r"not ok \d+ - C66 operations: every near variable is in the .*"),
    Mutant("C66-fill-lost-by-assembly", "arch/riscv64/percpu_arch.h",
           "\t.rept\t16\n", "\t.rept\t8\n",
           link("riscv64", "pie"), r"not ok \d+ - C66 .*near variables are reached where they are"),
    Mutant("C66-write-taken-for-one-instruction", "arch/riscv64/percpu_arch.h",
           "(PERCPU_IS_IMAGE && !PERCPU_RISCV_PIE)", "PERCPU_IS_IMAGE",
           codegen("riscv64"), r"not ok \d+ - PERCPU_READ_IS_ONE_INSTRUCTION is 0 here.*"),
    Mutant("sequence-overwrites-its-input", "arch/riscv64/percpu_arch.h",
           ": [out] \"=&r\"(out_), [t]", ": [out] \"=r\"(out_), [t]",
           codegen("riscv64"), r"not ok \d+ - each sequence is in the table once.*"),
    Mutant("table-searched-one-off", "lib/sequences.c",
           "pc - start_of(s) >= length", "pc - start_of(s) > length",
           unit("sequences"), r"not ok \d+ - .*"),
    Mutant("table-order-not-checked", "lib/smp/areas.c",
           "if (!_percpu_sequences_prepare())\n\t\treturn PERCPU_EORDER;\n"
           "\tmake_areas(_percpu_start", "(void)_percpu_sequences_prepare();\n"
           "\tmake_areas(_percpu_start",
           unit("sequences"), r"not ok \d+ - C29 percpu_init refuses sequences that overlap"),
    Mutant("C8-pointer-kept-across-a-call", "arch/x86_64/percpu_arch.h",
           "__asm__ volatile(PERCPU__X86_ATT(\"addq %%gs:%1, %0\")",
           "__asm__(PERCPU__X86_ATT(\"addq %%gs:%1, %0\")",
           codegen("x86_64"), r"not ok \d+ - .*C8.*"),
    Mutant("C10-halfword-add-touches-its-neighbour", "arch/x86_64/percpu_arch.h",
           "insn \"w %w1, \" PERCPU__X86_VAR(\"0\")",
           "insn \"l %k1, \" PERCPU__X86_VAR(\"0\")",
           codegen("x86_64"), r"not ok \d+ - .*C10.*"),
    Mutant("acquire-dropped", "kernels/common/cpus.c",
           "while (__atomic_load_n(flag, __ATOMIC_ACQUIRE) < value)",
           "while (__atomic_load_n(flag, __ATOMIC_RELAXED) < value)",
           codegen("aarch64"), r"not ok \d+ - .*acquire.*"),
    Mutant("release-dropped", "kernels/smp/main.c",
           "__atomic_store_n(&report->done, 1, __ATOMIC_RELEASE)",
           "__atomic_store_n(&report->done, 1, __ATOMIC_RELAXED)",
           codegen("riscv64"), r"not ok \d+ - .*release.*"),
    Mutant("C23-hart-astray-boots-again", "arch/riscv64/boot.S",
           "\tbnez\tt1, NOT_FIRST\n", "",
           scenario("riscv64", "C23-harts-astray"), r"not ok \d+ - .*"),
    Mutant("areas-kept-as-an-address", "lib/smp/areas.c",
           "\treturn (char *)(PERCPU__TEMPLATE + areas.distance);",
           "\tstatic char *volatile kept;\n\n\tif (!kept)\n"
           "\t\tkept = (char *)(PERCPU__TEMPLATE + areas.distance);\n\treturn kept;",
           qemu("riscv64", "highhalf", 2), r"not ok \d+ - the kernel does not bail out"),
    Mutant("identity-mapping-stays", "arch/x86_64/highhalf.S",
           "\tmovq\t$0, page_level4(%rip)\n", "",
           scenario("x86_64", "highhalf-old-address"),
           r"not ok \d+ - reading count at 0x\w+, where it was, traps"),
    Mutant("addresses-from-a-table", "Makefile",
           "-fpie $(ARCH_MOVING_CFLAGS) -include kernels/common/hidden.h", "-fpie",
           qemu("aarch64", "highhalf", 1), r"no address may be looked up in a table"),
    Mutant("sequence-not-started-over", "lib/sequences.c",
           "percpu_in_sequence(pc, &start, &end) ? start : pc;",
           "percpu_in_sequence(pc, &start, &end) ? pc : pc;",
           RESTART.format("aarch64"),
           r"not ok \d+ - add u64 near: \d+ boundaries, \d+ hit, 0 restarted, [1-9]\d* lost"),
    Mutant("store-touches-its-neighbour", "arch/riscv64/percpu_arch.h",
           'part("lbu", "sb", _percpu_out', 'part("lbu", "sh", _percpu_out',
           qemu("riscv64", "sweep", 1),
           r"not ok \d+ - write u8 near: \d+ boundaries, \d+ hit, 0 restarted, [1-9]\d* lost"),
    Mutant("sequences-go-on", "lib/sequences.c",
           "return percpu_in_sequence(pc, &start, &end) ? start : pc;",
           "(void)percpu_in_sequence(pc, &start, &end);\n\treturn pc;",
           preempt("riscv64", "restart"), r"not ok \d+ - no update is lost"),
    # The last instruction is the access: what was loaded may be old by then.
    Mutant("sequence-ends-early", "include/percpu/port.h",
           ".Lpercpu_end_%= - .Lpercpu_%=\\n\\t.popsection",
           ".Lpercpu_end_%= - .Lpercpu_%= - 4\\n\\t.popsection",
           preempt("aarch64", "restart"), r"not ok \d+ - no update is lost"),
    Mutant("with-holds-nothing-off", "include/percpu.h",
           "PERCPU__HOLD();", "",
           preempt("x86_64", "hooks"), r"a thread ends with preemption off"),
    Mutant("acpi-root-not-from-the-loader", "boards/pc/board.c",
           "acpi_find(loader()->has_rsdp ? loader()->rsdp : NULL,", "acpi_find(NULL,",
           boot("x86_64", "grub-multiboot2-uefi"), r"Bail out! .* no ACPI MADT"),
    Mutant("u-boot-not-recognised", "boards/common/devicetree.c",
           "u-boot,version", "u-boot,revision",
           boot("riscv64", "u-boot"), r"not ok \d+ - the kernel says who has loaded it: U-Boot"),
    Mutant("tag-longer-than-what-is-left", "boards/pc/multiboot2.c",
           " || size > total - at", "",
           unit("multiboot2"), r"not ok \d+ - a tag of a size that cannot be ends the list"),
    # C26: gp and tp are user code's after a trap from user mode.
    Mutant("user-gp-stays", "arch/riscv64/user.S",
           "\tld\tPERCPU_REGISTER, HART_REGISTER(t0)\n", "",
           scenario("riscv64", "usermode@4"), r"unexpected trap"),
    Mutant("user-gp-lost", "arch/riscv64/interrupts.S",
           "\tld\tPERCPU_REGISTER, FRAME_X(PERCPU_REGISTER_NUMBER)(sp)\n", "",
           scenario("riscv64", "usermode@4"), r"not ok \d+ - cpu \d: user code finds"),
    Mutant("user-tpidr-lost", "arch/aarch64/interrupts.S",
           "\tmsr\ttpidr_el0, x3\n", "",
           scenario("aarch64", "usermode@4"), r"not ok \d+ - cpu \d: user code finds"),
    Mutant("kernel-executable-at-el0", "arch/aarch64/user.c",
           "page_level1[gib] | EL0_NEVER_EXECUTES", "page_level1[gib]",
           scenario("aarch64", "usermode@4"), r"not ok \d+ - user code cannot execute"),
    Mutant("assembly-store-of-another-name", "arch/riscv64/percpu_arch.h",
           "percpu__access sd, \\reg, \\name, \\base",
           "percpu__access sd, \\reg, percpu_delta, \\base",
           scenario("riscv64", "usermode@4"), r"unexpected trap|not ok \d+ - cpu \d: its var"),
    # What QEMU forgives is held by the instructions that are there.
    Mutant("C22-slot-stays-in-the-cache", "arch/aarch64/smp.c",
           "dc civac, %0\\n\\tdsb sy", "dsb sy",
           codegen("aarch64"), r"not ok \d+ - -O2 smp.elf: \w+ has, in order, str x, dc.*"),
    Mutant("code-not-fetched-anew", "arch/riscv64/boot.S",
           "\tfence.i\t", "\tnop\t",
           codegen("riscv64"), r"not ok \d+ - -O2 smp.elf: secondary_start has, in order, .*"),
    Mutant("old-translations-stay", "arch/x86_64/highhalf.S",
           "\tmov\t%rax, %cr3\n", "",
           codegen("x86_64"), r"not ok \d+ - -O2 highhalf.elf: \w+ has, in order, .*"),
    Mutant("guess-at-swapgs", "arch/x86_64/user.S",
           "1:\tlfence\n", "1:\n",
           codegen("x86_64"), r"not ok \d+ - C17 -O2 usermode.elf: LFENCE, or the return, .*"),
    Mutant("boot-cpu-wanted-within-the-room", "kernels/common/cpus.c",
           "count <= MAX_LISTED && !listed(hwids, count, boot_hwid)",
           "!listed(hwids, count < MAX_LISTED ? count : MAX_LISTED, boot_hwid)",
           scenario("x86_64", "madt-huge"), r"Bail out! .* the firmware's list of 12001 CPUs"),
    Mutant("area-taken-for-one-by-its-place", "lib/smp/areas.c",
           "\t    base != percpu_area_base(", "\t    NULL == percpu_area_base(",
           unit("areas"), r"not ok \d+ - a register that holds no area's base gives NULL"),
    Mutant("register-of-no-area-is-read-through", "lib/smp/areas.c",
           "distance <= percpu_areas_size(areas.num - 1)", "true",
           unit("areas"), r"not ok \d+ - a register that holds no area's base gives NULL"),
    Mutant("unpinned-read-promised-where-it-is-two", "arch/aarch64/percpu_arch.h",
           "#define PERCPU_READ_IS_ONE_INSTRUCTION 0", "#define PERCPU_READ_IS_ONE_INSTRUCTION 1",
           codegen("aarch64"), r"not ok \d+ - PERCPU_READ_IS_ONE_INSTRUCTION is False"),
    # C44: user mode has a page table of its own, and what comes at its border may find it on.
    Mutant("nmi-stays-in-the-users-table", "arch/x86_64/ist.S",
           "\tmov\t%rax, %cr3\n", "",
           scenario("x86_64", "C44-border"), r"not ok \d+ - the kernel reports all"),
    Mutant("nmi-leaves-the-kernels-table", "arch/x86_64/ist.S",
           "\tmov\t%rbp, %cr3\n", "",
           scenario("x86_64", "C44-border"), r"Bail out! .*user code faults: #PF page fault"),
    Mutant("area-in-the-users-table", "arch/x86_64/kpti.c",
           "\tkpti_level4[level4] = entry;\n",
           "\tkpti_level4[level4] = entry;\n\tmapped = map((uint64_t)percpu_area_base(0), "
           "(uint64_t)percpu_area_base(0), 0);\n",
           scenario("x86_64", "C44-own-table"),
           r"not ok \d+ - user mode's page table has .* [1-9]\d* of the areas"),
    Mutant("kernel-in-the-users-table", "arch/riscv64/trampoline.c",
           "\troot[gib] = entry;\n",
           "\troot[gib] = entry;\n\tmapped = map((uintptr_t)cpus, PTE_KERNEL_DATA);\n",
           scenario("riscv64", "C44-own-table"),
           r"not ok \d+ - user mode's page table has .* 1 others"),
    Mutant("user-mode-with-the-kernels-table", "arch/riscv64/user.c",
           "\tif (tables)\n\t\treturn trampoline_init(USER_GIB, entry, tables == 2);\n",
           "\t(void)trampoline_init(USER_GIB, entry, false);\n\ttables = 0;\n",
           scenario("riscv64", "C44-own-table"),
           r"not ok \d+ - cpu \d: 0 of \d+ interrupts and faults have found"),
    Mutant("translations-of-the-other-table", "arch/riscv64/trampoline.S",
           "\tcsrw\tsatp, t1\n\tsfence.vma\n", "\tcsrw\tsatp, t1\n",
           codegen("riscv64"), r"not ok \d+ - -O2 usermode.elf: trampoline_return has, in order,"),
    Mutant("variable-at-an-absolute-address", "arch/x86_64/percpu_arch.h",
           "#define PERCPU__X86_VAR(operand) \"%%gs:%\" operand\n#endif\n\n/* movz",
           "#define PERCPU__X86_VAR(operand) \"%%gs:%P\" operand\n#endif\n\n/* movz",
           codegen("x86_64"), r"not ok \d+ - no read-modify-write has an absolute address"),
    Mutant("copy-touches-bytes-behind", "lib/memory.c",
           "percpu_arch_copy_blocks(t, f, size / BLOCK);",
           "percpu_arch_copy_blocks(t, f, (size + 8) / BLOCK);",
           unit("memory"), r"not ok \d+ - a copy is exact"),
    Mutant("x86-copy-touches-a-word-behind", "arch/x86_64/percpu_arch.h",
           "words = blocks * 8;", "words = blocks * 8 + 1;",
           "make V=1 WERROR= UNIT_TESTS= unit-test", r"not ok \d+ - a copy is exact"),
    Mutant("interrupt-sees-half-a-word", "lib/memory.c",
           "WORD = 8, BLOCK", "WORD = 4, BLOCK",
           unit("memory"), r"not ok \d+ - an interrupt in a copy sees"),
    Mutant("C28-compiler-makes-a-memset", "lib/memory.c",
           "\twhile (size > 0) {\n\t\tsize_t bytes = step((uintptr_t)t, size",
           "\tfor (; size > 0; size--)\n\t\t*t++ = 0;\n"
           "\twhile (size > 0) {\n\t\tsize_t bytes = step((uintptr_t)t, size",
           codegen("riscv64"), r"not ok \d+ - C28 the library, compiled by a user"),
    # C30: the interrupt switch, and a library of the other level.
    Mutant("C30-switch-of-s-mode", "arch/riscv64/percpu_arch.h",
           "PERCPU__STRING(PERCPU__GLUE(PERCPU_RISCV_LEVEL, status))", '"sstatus"',
           level("m", "sweep@1"), r"not ok \d+ - add u8 near: hit.*, 0 restarted, [1-9]\d* lost"),
    Mutant("C30-m-mode-switches-sie", "arch/riscv64/percpu_arch.h",
           "(PERCPU_IS_M ? 8 : 2)", "2",
           level("m", "sweep@1"), r"not ok \d+ - add u8 near: hit.*, 0 restarted, [1-9]\d* lost"),
    Mutant("C30-level-not-in-the-symbols", "arch/riscv64/percpu_arch.h",
           "(reg, level) reg##_##level", "(reg, level) reg",
           "make V=1 WERROR= ARCH=riscv64 LINK_TESTS=configurations link-test",
           r"not ok \d+ - PERCPU_RISCV_LEVEL m, plain"),
    Mutant("C30-s-in-m-mode-not-named", "lib/smp/areas.c",
           "if (!percpu_arch_level_right())", "if (false)",
           level("s", "C30-library-for-s-mode", "BOARD=virt-riscv64-m"),
           r"not ok \d+ - the kernel bails out: .*the level that"),
    Mutant("C30-single-cpu-not-named", "lib/sp/areas.c",
           "if (!percpu_arch_level_right())", "if (false)",
           level("s", "C30-single-cpu", "BOARD=virt-riscv64-m PERCPU_MODE=sp"),
           r"not ok \d+ - the kernel must report as not ok: \^S3"),
    Mutant("C30-m-in-s-mode-not-at-once", "arch/riscv64/percpu_arch.h",
           'csrr %0, mstatus"', 'li %0, 0"',
           level("m", "C30-library-for-m-mode", "BOARD=virt-riscv64"),
           r"not ok \d+ - the kernel bails out: .*illegal instruction"),
    Mutant("C30-loss-not-seen", "lib/debug.c",
           "if (!unchanged)", "if (false)",
           level("s", "C30-debug-sees-the-switch", "BOARD=virt-riscv64-m PERCPU_DEBUG=1"),
           r"not ok \d+ - the kernel bails out: .*changed while interrupts were off"),
    Mutant("m-mode-harts-are-all-one", "arch/riscv64/percpu_arch.h",
           'csrr %0, mhartid"', 'li %0, 0"',
           level("m", "C12-number-taken-twice", "PERCPU_DEBUG=1"),
           r"not ok \d+ - the kernel bails out: .*two CPUs take the same number"),
    Mutant("hart-in-the-pen-not-woken", "arch/riscv64/clint.c",
           "*(volatile uint32_t *)(clint + MSIP + 4 * index) = 1;", "",
           level("m", "smp@2"), r"not ok \d+ - cpu 1 \(hart \d\) does not run: was started but"),
    # What PERCPU_DEBUG catches.
    Mutant("C37-checks-do-not-stand-down", "lib/debug.c",
           "\tif (note_failure())\n\t\tpercpu_panic(why);",
           "\t(void)note_failure();\n\tpercpu_panic(why);",
           checked("aarch64", "C12-area-of-another-cpu"), r"not ok \d+ - C37 it is said once.*"),
    Mutant("C37-all-cpus-stand-down", "lib/debug.c",
           "uintptr_t me = this_cpu();\n", "uintptr_t me = 1;\n",
           checked("aarch64", "C37-two-cpus-at-once"), r"not ok \d+ - C37 it is said once.*"),
    Mutant("C38-hook-ignored", "include/percpu/port.h",
           "#define percpu_arch_hardware_id() percpu_hardware_id()",
           "#define percpu_arch_hardware_id() ((uintptr_t)1)",
           checked("riscv64", "C38-register-moved-with-thread"),
           r"not ok \d+ - mistake 8 is caught"),
    Mutant("C62-apic-id-of-8-bits", "arch/x86_64/percpu_arch.h",
           "if (said[0] >= 0xb) {", "if (0) {",
           unit("hardware_id"), r"not ok \d+ - C62 CPUs whose APIC ids are the same in 8 bits.*"),
    Mutant("C62-leaf-0bh-not-asked", "arch/x86_64/percpu_arch.h",
           "return _percpu_apic_id(_percpu_cpuid);",
           "uint32_t said[4];\n\n\t_percpu_cpuid(1, said);\n\treturn said[1] >> 24;",
           "make V=1 WERROR= ARCH=x86_64 LINK_TESTS=checked link-test",
           r"not ok \d+ - C62 .*leaf 0BH.*"),
    # C31: a template that is not in memory is told by the mark behind it.
    Mutant("C31-mark-not-looked-at", "lib/smp/areas.c",
           "if (!_percpu_loaded())", "if (false)",
           unit("loaded"), r"not ok \d+ - C31 without its initial values no area is made"),
    Mutant("C31-mark-not-looked-at-sp", "lib/sp/areas.c",
           "if (!_percpu_loaded())", "if (false)",
           "make V=1 WERROR= PERCPU_MODE=sp O=build/sp UNIT_TESTS=build/sp/host/loaded unit-test",
           r"not ok \d+ - C31 without its initial values no area is made"),
    Mutant("C31-mark-before-the-template", "ldscripts/percpu.ld",
           "\tKEEP(*(.percpu.line.*))\n", "\tKEEP(*(.percpu.line.*))\n\tKEEP(*(.percpu.mark))\n",
           install("riscv64", "cut"), r"not ok \d+ - C31 the image ends at 4096 bytes before "),
    Mutant("C31-cleared", "lib/smp/areas.c",
           "if (!_percpu_loaded())", "if (false)",
           install("riscv64", "cleared"), r"not ok \d+ - C31 clearing starts before the fragment"),
    Mutant("C31-header-too-early", "lib/smp/areas.c",
           "if (!_percpu_loaded())", "if (false)",
           install("x86_64", "header"), r"not ok \d+ - C31 a multiboot header .* at data_end"),
    Mutant("C42-symbol-without-a-stand-in", "lib/image/script.c",
           "align_end, ", "",
           link("x86_64", "scripts"), r"not ok \d+ - C42 .*: nothing else is undefined"),
    Mutant("C42-gp-not-weak", "arch/riscv64/percpu_arch.h",
           "\".weak __global_pointer$\\n\"", "\"\"",
           link("riscv64", "scripts"), r"not ok \d+ - C42 .*: nothing else is undefined"),
    Mutant("C43-library-not-behind-the-objects", "README.md",
           "--libs-only-l)", "--libs-only-L)",
           install("riscv64", "readme"), r"not ok \d+ - C43 README's makefile links by "),
    Mutant("C43-script-before-its-directory", "README.md",
           "$(LD) $(shell $(PERCPU) --libs-only-L) -T kernel.ld",
           "$(LD) -T kernel.ld $(shell $(PERCPU) --libs-only-L)",
           install("riscv64", "readme"), r"not ok \d+ - C43 README's makefile links by "),
    Mutant("C45-sbss-behind-the-fragment", "tests/link/scripts/small_data.ld",
           "\t\t*(.sbss .sbss.*)\n\t}\n\tINCLUDE percpu.ld\n",
           "\t}\n\tINCLUDE percpu.ld\n\t.sbss : { *(.sbss .sbss.*) }\n",
           link("riscv64", "small-data"), r"not ok \d+ - C45 14 accesses are relative to gp"),
    Mutant("C64-no-place-for-the-unnamed", "tests/link/scripts/zero.ld",
           "SHF_ALLOC & SHF_WRITE", "SHF_ALLOC & SHF_EXECINSTR",
           link("x86_64", "zero"), r"not ok \d+ - C64 zero.ld, somewhere"),
    # The page's own steps are what is tested.
    Mutant("hook-counts-its-own-read", "docs/converting.md",
           "+\tif (percpu_raw_read(noff))\n", "+\tif (percpu_read(noff))\n",
           "make V=1 WERROR= ARCH=riscv64 INSTALL_TESTS=converted-hooks install-test",
           r"panic: an interrupt behind push_off"),
    Mutant("C29-entries-go-with-the-first-function", "include/percpu/port.h",
           '\t".reloc .Lpercpu_%=, BFD_RELOC_NONE, .Lpercpu_note_%=\\n\\t"' + " " * 33 + "\\\n", "",
           LINK_SEQUENCES, r"not ok \d+ - C29 .*: each sequence is in the table once.*"),
    Mutant("C35-notes-of-two-files-are-one", "include/percpu/port.h",
           "__BASE_FILE__", '"one"',
           LINK_SEQUENCES, r"not ok \d+ - C35 .*: (each sequence is in the table once.*|links)"),
    Mutant("C29-table-not-sorted", "lib/sequences.c",
           "\tsort(table, count);\n", "",
           unit("sequences"), r"not ok \d+ - C29 percpu_init sorts a table out of order"),
    Mutant("C29-entries-that-nobody-collects", "lib/sequences.c",
           "!_percpu_sequences_collected() || ", "",
           unit("sequences_made"),
           r"not ok \d+ - C29 a table that lacks the library's own entry is refused"),
    Mutant("C29-entry-never-relocated", "lib/sequences.c",
           "if (table[i].start == 0)", "if (0)",
           unit("sequences_made"),
           r"not ok \d+ - C29 a table with an entry that was not relocated is refused"),
    Mutant("granules-end-early", "lib/sequences.c",
           "at << map.shift < to; at++", "(at + 1) << map.shift < to; at++",
           unit("sequences_made"), r"not ok \d+ - a table of many entries is looked up right"),
    Mutant("C34-data-on-the-page-of-code", "ldscripts/percpu.ld",
           ".percpu : ALIGN(4096) {", ".percpu : {",
           "make V=1 WERROR= ARCH=aarch64 LINK_TESTS=bare link-test",
           r"not ok \d+ - .*: C34 no segment is both writable and executable"),
    Mutant("C35-first-entry-of-code-that-is-dropped", "ldscripts/percpu.ld",
           "\t*(percpu_first_sequence)\n", "",
           LINK_SEQUENCES, r"not ok \d+ - C35 .*: links"),
    Mutant("C35-sequences-of-code-that-is-gone", "lib/sequences.c",
           "__atomic_store_n(&s->length, 0, __ATOMIC_RELAXED);", "(void)s;",
           unit("sequences"), r"not ok \d+ - C35 what starts in code that is gone is no sequence"),
    # The header in strangers' hands.
    Mutant("C32-intel-dialect", "arch/x86_64/percpu_arch.h",
           "\"{\" text \"|.error", "text \"#\" \"{|.error",
           compile_fail("x86_64", "intel_dialect"), r"not ok \d+ - percpu_write\(X, 0\) .*AT&T"),
    Mutant("C33-name-of-an-array", "include/percpu/types.h",
           "##_libpercpu_an_array", "_libpercpu_an_array",
           compile_fail("x86_64", "name_array", 1), r"not ok \d+ - X\[4\] PERCPU_DEFINE in C"),
    Mutant("C33-type-with-commas", "include/percpu/types.h",
           "wants_a_typedef_##next", "wants_a_typedef_PERCPU__END",
           compile_fail("x86_64", "type_with_comma"), r"not ok \d+ - .* is refused with the words"),
    Mutant("C33-no-name", "include/percpu/types.h",
           "#define PERCPU__NO_NAME , libpercpu_the_name_is_missing", "#define PERCPU__NO_NAME",
           compile_fail("x86_64", "name_missing"), r"not ok \d+ - X PERCPU_DEFINE in C"),
    Mutant("far-pointer-is-near", "include/percpu/types.h",
           "qualifier __typeof__(PERCPU__CHECK_NAME(name, next) type)",
           "__typeof__(PERCPU__CHECK_NAME(name, next) qualifier type)",
           compile_fail("x86_64", "far_pointer"),
           r"not ok \d+ - far_pointer.c .*right way compiles"),
    Mutant("C36-hooks-asked", "include/percpu/configuration.h",
           "#define PERCPU_IS_HOOKS (PERCPU__PREEMPT == 2)",
           "#define PERCPU_IS_HOOKS (PERCPU__PREEMPT >= 2)",
           compile_fail("riscv64", "configurations"), r"not ok \d+ - C36 smp restart .* in C"),
    Mutant("C36-register-in-assembly", "arch/riscv64/percpu_arch.h",
           "#define PERCPU_REGISTER PERCPU_RISCV_REG", "#define PERCPU_REGISTER gp",
           compile_fail("riscv64", "configurations"), r"not ok \d+ - C36 .*PERCPU_REGISTER is tp"),
    Mutant("C39-shadow-call-stack", "arch/riscv64/percpu_arch.h",
           "#if __has_feature(shadow_call_stack)", "#if 0 && __has_feature(shadow_call_stack)",
           compile_fail("riscv64", "shadow_call_stack", 1),
           r"not ok \d+ - shadow_call_stack.c in C"),
    Mutant("C39-x18", "arch/aarch64/percpu_arch.h",
           "__asm__ volatile(\"mrs %0, \" PERCPU__TPIDR",
           "__asm__ volatile(\"mov x18, xzr\\n\\tmrs %0, \" PERCPU__TPIDR",
           codegen("aarch64"), r"not ok \d+ - C39 -O2 libpercpu.a: x18 is left alone"),
    Mutant("C40-warnings-in-c++", "include/percpu/ops.h",
           "#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)\n"
           "#pragma GCC system_header\n#endif\n", "",
           headers("x86_64"), r"not ok \d+ - C40 no warning .*C\+\+17, by -I"),
    Mutant("C40-warnings-of-clang", "include/percpu/types.h",
           "_Pragma(\"clang diagnostic ignored \\\"-Wold-style-cast\\\"\")", "",
           headers("x86_64", 1), r"not ok \d+ - C40 no warning .*C\+\+17, by -I"),
    Mutant("C40-no-debugging-section", "ldscripts/debug.ld",
           ".debug_macro 0 : { *(.debug_macro) }\n", "",
           "make V=1 WERROR= ARCH=x86_64 LINK_TESTS=debugging link-test",
           r"not ok \d+ - C40 -g3 -gdwarf-5: kernel.ld names every section"),
    Mutant("C41-packed", "include/percpu/ops.h",
           "__alignof__(lv) % sizeof(lv) == 0", "__alignof__(lv) % 1 == 0",
           compile_fail("riscv64", "packed"), r"not ok \d+ - percpu_inc\(X\) PERCPU_DEFINE in C"),
    Mutant("C41-packed-inside", "lib/debug.c",
           "if (offset & (size - 1))", "if (0)",
           checked("x86_64", "C41-misaligned"),
           r"not ok \d+ - the kernel bails out: .*an update of a misaligned variable"),
    Mutant("C59-one-clang-alone", "tools/setup", 'versions="16 19 18 17 15 14"', 'versions="16"',
           "make V=1 setup-test", r"not ok \d+ - C59 Debian 13.*"),
    Mutant("C59-qemu-for-riscv-not-found", "tools/setup", "elif all_offered qemu-system-riscv;",
           "elif false;", "make V=1 setup-test", r"not ok \d+ - C59 Debian 13.*"),
]
