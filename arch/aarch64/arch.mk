# SPDX-License-Identifier: MIT
TRIPLE        := aarch64-linux-gnu
DEFAULT_BOARD := virt-aarch64
OTHER_BOARDS  := raspi3b
# General registers only: FP and SIMD trap until a kernel turns them on. No outline atomics: they
# are calls of libgcc. Strict alignment: before the MMU is on, all memory is Device memory. x18 is a
# kernel's own, for shadow call stacks or what it likes: the archive leaves it alone.
ARCH_CFLAGS   := -mgeneral-regs-only -mno-outline-atomics -mstrict-align -ffixed-x18 \
	$(if $(ARM_MARCH),-march=$(ARM_MARCH))
ARCH_KERNEL_CFLAGS :=
ARCH_LDFLAGS  := -z max-page-size=4096
ARCH_SOURCES  := boot.S levels.S levels.c mmu.S map.c highhalf.S trap.S trap.c interrupts.S \
	interrupts.c user.S user.c gic.c gicv2.c gicv3.c counter.c psci.c pen.S pen.c wait.S smp.c
GCC_PACKAGE   := gcc-aarch64-linux-gnu
# For what configurations of the library install-test converts a kernel.
ARCH_CONVERTED := none hooks restart linux
# In what other configuration gdb-test runs.
ARCH_GDB      := PERCPU_MODE=sp
