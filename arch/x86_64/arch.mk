# SPDX-License-Identifier: MIT
TRIPLE        := x86_64-linux-gnu
DEFAULT_BOARD := pc
# No red zone: interrupts would write over it. General registers only: SSE state is the threads'.
ARCH_CFLAGS   := -m64 -mno-red-zone -mgeneral-regs-only
ARCH_KERNEL_CFLAGS := -mcmodel=small
ARCH_LDFLAGS  := -z max-page-size=4096
ARCH_SOURCES  := boot.S ap.S highhalf.S trap.S trap.c interrupts.S interrupts.c lapic.c legacy.c \
	smp.c map.c tss.c ist.S ist.c user.S user.c kpti.S kpti.c programs.S
GCC_PACKAGE   := gcc
# For what configurations of the library install-test converts a kernel.
ARCH_CONVERTED := none hooks restart linux
# In what other configuration gdb-test runs.
ARCH_GDB      := PERCPU_VMA=zero
