# SPDX-License-Identifier: MIT
"""Which registers the library and the kernels use, and which they leave alone."""

import os
import re

from elf import Elf

SET_REGISTER = "percpu_set_local_thread_pointer__"
# What percpu_set_local_thread_pointer calls for that at -O0; inlined otherwise.
SET_OUT_OF_LINE = "percpu_arch_set_register"
# What may write the register: these bind the calling CPU to an area; and kernels/hotplug, which
# takes it away, as a start of a CPU may.
BINDERS = (SET_REGISTER, SET_OUT_OF_LINE, "percpu_early_init__", "percpu_init_at__",
           "_percpu_settle", "percpu_cpu_up__", "come", "life_begin", "unbind")

# Of boot.S: a header, and code for 32-bit mode, that objdump takes for 64-bit instructions.
NOT_64_BIT = ("_start", "multiboot_header", "multiboot2_header", "multiboot2_header_end",
              "boot_start32", "no_long_mode", "no_long_mode_text")
# Where x86_64 loads segments, and the call behind which GS_BASE may be set.
SEGMENT_LOADS = {"boot_start64": "kernel_entry", "ap_start64": SET_REGISTER}
# The programs of user mode: their registers are their own.
USER_CODE = ("user_rounds", "user_read", "user_write", "user_execute", "user_privileged",
             "user_border")
# Where user mode is entered and left: the register is exchanged there, or the user's loaded.
BORDER = ("frame_resume", "user_timer", "user_breakpoint", "user_exception", "syscall_entry",
          "handle", "user_vector", "user_vector_saved", "user_return", "trampoline_return",
          "kpti_enter", "kpti_leave", "kpti_sysret", "kpti_syscall_entry")
# What is wrong on purpose: kernels/swapgs/wrong.S; with trust=1 the handler of kernels/usermode,
# and with tables=2 its entries.
CONTROLS = ("asks_cs_debug", "asks_cs_nmi", "asks_sign_debug", "asks_sign_nmi",
            "kpti_timer_too_early", "trampoline_too_early")
CONTROLS_OF = {"usermode.elf": ("trap_handle",)}
# Behind these nothing is loaded by a guess, or nothing by GS any more.
SETTLED = ("lfence", "iretq", "sysretq")
# How far from __global_pointer$ the linker makes accesses relative to gp.
REACH = 2048
WRITES_GS = re.compile(r"(mov\w* .*,%gs|lgs\w* .*|pop\w* %gs|swapgs|wrgsbase\w* .*)$")

# For a shadow call stack, or what a kernel likes.
X18 = r"\b[xw]18\b"
# What is compiled of percpu.h, by -ffixed-x18 too.
EXPANSIONS = ("operations", "every_operation")

# In hexadecimal digits, which also are names of registers.
BRANCH_TARGET = re.compile(r"[0-9a-f]+ <.*>")


def text(instruction):
    """Without the address."""
    return f"{instruction.mnemonic} {instruction.operands}".strip()


def every(functions):
    """(function's name, instruction) of all."""
    return [(name, i) for name, function in functions.items() for i in function.code]


def matching(functions, pattern):
    """The lines for the instructions that have PATTERN in them."""
    return [f"{name}: {i}" for name, i in every(functions) if re.search(pattern, text(i))]


def kernels_own(functions, what):
    """Without user code, and without what is wrong on purpose."""
    controls = next((names for elf, names in CONTROLS_OF.items() if what.endswith(elf)), ())
    return {name: function for name, function in functions.items()
            if name not in (*USER_CODE, *CONTROLS, *controls)}


def setter(functions):
    """The lines of the function that writes the register: the innermost that is not inlined."""
    function = functions.get(SET_OUT_OF_LINE) or functions.get("bind_to") or next(
        function for name, function in functions.items() if name.startswith(SET_REGISTER))
    return list(map(text, function.code))


def check_floating(tap, functions, what, isa):
    """C21, for each architecture: that state is the threads'."""
    tap.none([f"{name}: {i}" for name, i in every(functions)
              if isa.floating.search(BRANCH_TARGET.sub("", i.operands))],
             f"C21 {what}: no floating-point or vector register")


def check_x86_library(tap, functions, what):
    """S7: GS_BASE."""
    code = setter(functions)
    tap.ok("wrmsr" in code and any(re.match(r"mov\w* \$0xc0000101,%ecx", line) for line in code),
           f"S7 {what}: the thread pointer is GS_BASE, MSR 0xc0000101", "\n".join(code))


def below_frames(functions):
    """The functions with variables further below %rbp than the stack pointer has been moved."""
    for name, function in functions.items():
        reserved = deepest = None
        for line in map(text, function.code):
            if line == "movq %rsp,%rbp":
                reserved = deepest = 0
            elif reserved is None:
                continue
            elif line.startswith("pushq"):
                reserved += 8
            elif match := re.fullmatch(r"subq \$0x([0-9a-f]+),%rsp", line):
                reserved += int(match[1], 16)
            elif line == "addq $0xffffffffffffff80,%rsp":
                reserved += 0x80  # -128 fits a byte, 128 does not
            elif match := re.search(r"-0x([0-9a-f]+)\(%rbp\)", line):
                deepest = max(deepest, int(match[1], 16))
        if reserved is not None and deepest > reserved:
            yield f"{name}: {deepest} bytes used, {reserved} reserved"


def check_x86_code(tap, functions, what):
    """Everything, also the library."""
    tap.none([*matching(functions, r"^(?!lea).*-0x[0-9a-f]+\(%rsp\)"), *below_frames(functions)],
             f"C18 {what}: nothing is below the stack pointer: no red zone")
    tap.none(matching(kernels_own(functions, what), r"%fs:"), f"{what}: no access through FS")


def segment_loads(functions):
    """The instructions that write the GS register where they must not."""
    for name, function in functions.items():
        may_write = name in SEGMENT_LOADS
        for i in function.code:
            if may_write and i.mnemonic == "callq" and SEGMENT_LOADS[name] in i.operands:
                may_write = False
            if name in BORDER and i.mnemonic == "swapgs":
                continue
            if WRITES_GS.match(text(i)) and not may_write:
                yield f"{name}: {i}"


def unsettled(functions):
    """Where a guess at whose GS_BASE it is would be followed by a load: an SWAPGS that a branch
    leads past, or what that branch leads to. An entry that begins with SWAPGS guesses nothing."""
    for name, function in functions.items():
        at = {i.address: i for i in function.code}
        for i, behind in zip(function.code, [*function.code[1:], None]):
            if i.mnemonic != "swapgs" or i is function.code[0]:
                continue
            past = [at.get(branch.target()) for branch in function.code
                    if re.fullmatch(r"j(?!mp)\w+", branch.mnemonic)
                    and branch.address < i.address < (branch.target() or 0)]
            for settles in (behind, *past):
                if not settles or settles.mnemonic not in SETTLED:
                    yield f"{name}: {i}: {settles}"


def check_x86_kernel(tap, functions, what, _elf):
    """C16: a selector loaded into GS clears the base. C17: a guess must not use it."""
    tap.ok(all(any(WRITES_GS.match(text(i)) for i in functions[name].code)
               for name in SEGMENT_LOADS),
           f"{what}: {' and '.join(SEGMENT_LOADS)} load the segments")
    tap.none(segment_loads(kernels_own(functions, what)),
             f"C16 {what}: nothing but the start code, before GS_BASE is set, loads %gs")
    tap.none(unsettled(kernels_own(functions, what)),
             f"C17 {what}: LFENCE, or the return, is next to SWAPGS and to what goes past it")


def check_aarch64_library(tap, functions, what):
    """S7: TPIDR_EL1."""
    code = setter(functions)
    tap.ok(any(line.startswith("msr tpidr_el1,") for line in code),
           f"S7 {what}: the thread pointer is TPIDR_EL1", "\n".join(code))
    tap.none(matching(functions, X18), f"C39 {what}: x18 is left alone")


def check_aarch64_code(tap, functions, what):
    """TPIDR_EL2 is the hypervisor's; an outline atomic is a call of libgcc."""
    tap.none(matching(functions, r"tpidr_el[23]|tpidrro"), f"S7 {what}: no other level's register")
    writers = [line for line in matching(kernels_own(functions, what), r"^msr tpidr_el1,")
               if not line.startswith(BINDERS)]
    tap.none(writers, f"S7 {what}: only the library's functions for it write TPIDR_EL1")
    tap.none(matching(functions, r"<__aarch64_"), f"C28 {what}: no outline atomics")


def check_riscv_library(tap, functions, what):
    """S7: gp."""
    code = setter(functions)
    tap.ok(any(line.startswith("mv gp,") for line in code),
           f"S7 {what}: the thread pointer is gp", "\n".join(code))
    tap.none(matching(functions, r"\btp\b"), f"S7 {what}: tp is left alone")


def check_riscv_code(tap, functions, what):
    """mhartid traps in S-mode; gp is written only to bind a CPU."""
    readers = [line for line in matching(functions, r"mhartid")
               if not line.startswith("enter_level:")]
    tap.none(readers, f"C26 {what}: nothing reads mhartid but what sees by it that it is in S-mode")
    writers = [line for line in matching(kernels_own(functions, what), r"^\w[\w.]* gp(,|$)")
               if ": s" not in line
               and not line.startswith((*BINDERS, *(f"{name}:" for name in BORDER)))]
    tap.none(writers, f"S7 {what}: only the library's functions for it write gp")


def outside_window(functions, size):
    """The uses of gp, as base or to form an address, that are not of a near variable."""
    for name, i in every(functions):
        for offset in re.findall(r"(-?\d+)\(gp\)|,gp,(-?\d+)$", i.operands):
            if not 0 <= int(offset[0] or offset[1]) < size:
                yield f"{name}: {i}"
        # objdump calls the forming of an address with offset 0 a move.
        if re.search(r",gp\b", i.operands) and i.mnemonic not in ("mv", "add", "addi"):
            yield f"{name}: {i}"


def check_riscv_kernel(tap, functions, what, elf):
    """C7: what the linker's relaxation would do with gp, or with an address below 2 KiB."""
    size = elf.symbols["_percpu_near_end"] - elf.symbols["_percpu_load_start"]
    tap.none(outside_window(functions, size),
             f"C7 {what}: every gp-relative access lies within the near window, {size} bytes")
    tap.none(matching(functions, r"\(zero\)"), f"C7 {what}: no access relative to register zero")
    pointer = elf.symbols.get("__global_pointer$")
    tap.ok(pointer is None or all(pointer + REACH < load["p_vaddr"]
                                  or load["p_vaddr"] + load["p_memsz"] < pointer - REACH
                                  for load in elf.loads),
           f"C7 {what}: nothing is within reach of __global_pointer$", f"it is {pointer}")


def check_aarch64_kernel(_tap, _functions, _what, _elf):
    """Nothing that check_aarch64_code has not looked at."""


CHECKS = {
    "x86_64": (check_x86_library, check_x86_code, check_x86_kernel),
    "aarch64": (check_aarch64_library, check_aarch64_code, check_aarch64_kernel),
    "riscv64": (check_riscv_library, check_riscv_code, check_riscv_kernel),
}


def check(tap, settings):
    """The library and every kernel, of each build."""
    check_library, check_code, check_kernel = CHECKS[settings.arch]
    if settings.arch == "aarch64":
        for name in EXPANSIONS:
            tap.none(matching(settings.functions(settings.object(name)), X18),
                     f"C39 {name}.c: what the header expands to leaves x18 alone")
    for build in settings.builds:
        functions = settings.functions(build.library)
        what = f"-{build.name} libpercpu.a"
        check_floating(tap, functions, what, settings.isa)
        check_library(tap, functions, what)
        check_code(tap, functions, what)
        for path in build.images():
            functions = {name: function for name, function in settings.functions(path).items()
                         if name not in NOT_64_BIT}
            what = f"-{build.name} {os.path.basename(path)}"
            check_floating(tap, functions, what, settings.isa)
            check_code(tap, functions, what)
            check_kernel(tap, functions, what, Elf(path))
