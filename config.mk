# SPDX-License-Identifier: MIT
# Values only. Each can be given on make's command line: make ARCH=riscv64 OPT=-O0

# ---- The library's configuration. It becomes percpu/config.h and part of every symbol. ----
# smp; or sp, for a single CPU: plain globals, no register.
PERCPU_MODE       = smp
# What protects an operation against preemption: none, the caller is pinned; hooks, the kernel's
# percpu_preempt_disable and percpu_preempt_enable around each; or restart, the kernel's traps, which
# call percpu_restart (docs/restart.md).
PERCPU_PREEMPT    = none
# Where the template is linked: image, in the kernel's image; or zero, at 0, by the linker script
# lines of the Rust crate percpu (see include/percpu.h).
PERCPU_VMA        = image
# 1: percpu_panic, with a sentence, for uses that cannot be right.
PERCPU_DEBUG      = 0
# Where a kernel runs on aarch64: 1, or 2 for a hypervisor, which uses TPIDR_EL2.
PERCPU_ARM_EL     = 1
# Later AArch64, for -march: armv8.1-a has LSE atomics. The kernels then run on QEMU's -cpu max.
ARM_MARCH         =
# The per-CPU register on riscv64: gp, or tp in kernels that have no use for thread-local storage.
PERCPU_RISCV_REG  = gp
# Where a kernel runs on riscv64: s, below firmware; or m, in M-mode, where it is alone.
PERCPU_RISCV_LEVEL = s
# What a riscv64 kernel is started by: sbi, firmware such as OpenSBI; or none, and all harts come to
# the kernel at once, in M-mode. It stays there or goes down to S-mode, as PERCPU_RISCV_LEVEL says.
FIRMWARE          = $(if $(filter m,$(PERCPU_RISCV_LEVEL)),none,sbi)
# 64, or 128 where the hardware fetches lines in pairs.
PERCPU_CACHE_LINE = 64

# ---- The build ----
# With PERCPU_VMA=zero, 1 links the kernels with the crate's (NOLOAD), which drops initial values.
NOLOAD       =
# 1: the kernels' C is linked by ld -r first, as that of kernels made of modules is.
PARTIAL      =
# GCC, or with LLVM=1 the LLVM tools of this version; if not given, the first of LLVM_VERSIONS that
# is installed. The tests' figures are for 16 and 19; tools/setup has the same list.
LLVM         =
LLVM_VERSION =
LLVM_VERSIONS = 16 19 18 17 15 14
OPT          = -O2
# Where output goes; the source tree stays clean.
O            = $(if $(LLVM),build/llvm,build)
# Compilers newer than ours may warn of more: make WERROR=
WERROR       = -Werror
# 1: the commands as they are, and each test's results.
V            =

# ---- The tools ----
# Debian's own, which is the one that python3-pyelftools is for.
PYTHON     = /usr/bin/python3
# Of clang-format and clang-tidy, chosen like LLVM_VERSION.
CLANG_TOOL_VERSION =

# ---- The tests under QEMU ----
# How many CPUs; each number is a run.
SMP          = 1 2 4 8
# Seconds after which a kernel is taken to hang, on however busy a host: not to measure.
QEMU_TIMEOUT = 600
# Compilers, or runs of QEMU, at the same time.
JOBS         = 2
