# SPDX-License-Identifier: MIT
"""Instructions that a pass under QEMU does not prove, in the order in which the code argues for them:
barriers, cache and TLB maintenance.

A static function that was inlined is looked for in the one that contains it.
"""

import os
import re

# Of each architecture: a kernel; a function and, if it is static, those that may contain it; and
# what comes in it one behind the other, perhaps with more between.
CLEAN = (r"str x", r"dc c\w*vac", r"dsb sy", r"sev")
SEQUENCES = {
    "x86_64": (
        ("smp", ("arch_start_cpus",), (r"(lock or|mfence)",)),
        ("smp", ("send", "lapic_send_startup"), (r"mfence", r"lfence", r"(wrmsr|call.*<wrmsr>)")),
        ("highhalf", ("arch_enter_higher_half",),
         (r"movq \$0x0", r"mov\w* %cr3,%rax", r"mov\w* %rax,%cr3", r"call\w* \*%r12")),
        # A write of CR3 serializes: a guess that the trap is the user's gets no further.
        ("usermode", ("kpti_enter",), (r"swapgs", r"mov\w* %rbx,%cr3", r"mov\w* .*%gs:")),
    ),
    "aarch64": (
        ("smp", ("mmu_on",), (r"msr ttbr0", r"isb", r"tlbi", r"ic iallu", r"dsb", r"isb",
                              r"msr sctlr", r"isb", r"ret")),
        ("smp", ("event_stream_on",), (r"msr cntkctl_el1", r"isb")),
        ("smp", ("write_block", "map", "map_ram"), (r"str x", r"dsb ishst", r"isb")),
        ("smp", ("arch_start_cpus",), (r"dsb ish",)),
        ("smp", ("release", "arch_start_cpus"), CLEAN),
        ("smp", ("pen_release",), CLEAN),
        ("highhalf", ("arch_enter_higher_half",),
         (r"msr ttbr1", r"isb", r"msr tcr", r"isb", r"tlbi", r"dsb", r"isb", r"br x0",
          r"msr ttbr0", r"isb", r"tlbi", r"dsb", r"isb", r"br x19")),
        ("usermode", ("use_tables", "arch_user_init"),
         (r"dsb ish", r"msr ttbr0", r"isb", r"tlbi", r"dsb", r"msr vbar", r"isb")),
    ),
    "riscv64": (
        ("smp", ("boot_start",), (r"amoswap\.w\.aqrl",)),
        ("smp", ("secondary_start",), (r"fence\.i", r"fence(?!\.)", r"ld ")),
        ("smp", ("arch_start_cpus",), (r"fence(?!\.)", r"(jal|auipc|ecall)")),
        ("highhalf", ("arch_enter_higher_half",),
         (r"sfence\.vma", r"csrw satp", r"sfence\.vma", r"jr t0", r"sd zero", r"sfence\.vma",
          r"jr s1")),
        ("usermode", ("handle",), (r"sc\.d", r"sret")),
        ("usermode", ("trampoline_vector",), (r"csrw satp", r"sfence\.vma", r"j ")),
        ("usermode", ("trampoline_return",), (r"csrw satp", r"sfence\.vma", r"sret")),
        ("usermode", ("paging_on", "choose_paging", "arch_user_init"),
         (r"sfence\.vma", r"csrw satp", r"sfence\.vma")),
    ),
}


def first_missing(function, wanted):
    """The first of WANTED that does not come behind those before it; None if all do."""
    code = iter(" ".join([*i.prefixes, i.mnemonic, i.operands]) for i in function.code)
    for pattern in wanted:
        if not any(re.match(pattern, text) for text in code):
            return pattern
    return None


def check(tap, settings):
    """Every sequence in each build."""
    for build in settings.builds:
        programs = {}
        for kernel, names, wanted in SEQUENCES[settings.arch]:
            path = os.path.join(build.kernels, kernel + ".elf")
            if kernel not in programs:
                programs[kernel] = settings.functions(path)
            functions = programs[kernel]
            function = next(functions[name] for name in names if name in functions)
            missing = first_missing(function, wanted)
            tap.ok(missing is None, f"-{build.name} {kernel}.elf: {function.name} has, in order, "
                   + ", ".join(wanted), f"not behind the others: {missing}\n{function}")
