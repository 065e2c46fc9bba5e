# SPDX-License-Identifier: MIT
TRIPLE        := riscv64-unknown-elf
DEFAULT_BOARD := virt-riscv64
# The other machines, and ways to start: each a board and, behind commas, what else make is told.
OTHER_BOARDS  := $(if $(filter m,$(PERCPU_RISCV_LEVEL)),\
	sifive_u virt-riscv64$(comma)FIRMWARE=sbi,\
	sifive_u virt-riscv64$(comma)FIRMWARE=none sifive_u$(comma)FIRMWARE=none \
	virt-riscv64$(comma)FIRMWARE=none$(comma)BOARD_LEVEL=m)
# No F and D: floating-point state is the threads'. No small data: gp is the per-CPU register.
# LLVM before 17 takes CSR instructions and fence.i as part of rv64i, and knows no names of their own;
# where there are, an object that does not name them says that it has none. The compiler is asked once.
RISCV_NAMED    = $(eval RISCV_NAMED := $(shell $(CC) -march=rv64imac_zicsr_zifencei -mabi=lp64 \
	-E -x c /dev/null >/dev/null 2>&1 && echo _zicsr_zifencei))$(RISCV_NAMED)
ARCH_CFLAGS    = -march=rv64imac$(RISCV_NAMED) -mabi=lp64 -mcmodel=medany -msmall-data-limit=0
# Code for a static PIE by today's lld; the archive may become part of one, and the kernels that move
# are none.
ARCH_PIE_CFLAGS    := -fpie -DPERCPU_RISCV_PIE=1
ARCH_LIB_CFLAGS    := -DPERCPU_RISCV_PIE=1
ARCH_MOVING_CFLAGS := -DPERCPU_RISCV_PIE=0
# The level that kernels run at, and what starts them: arch/riscv64/level.h.
ARCH_KERNEL_CFLAGS = -DBOARD_LEVEL=$(BOARD_LEVEL) -DFIRMWARE=$(FIRMWARE)
ARCH_LDFLAGS  := -z max-page-size=4096
ARCH_SOURCES   = boot.S trap.S trap.c interrupts.S interrupts.c smp.c map.c sbi.c \
	$(ARCH_SOURCES_$(BOARD_LEVEL)) $(ARCH_SOURCES_$(FIRMWARE)) \
	$(if $(filter none,$(FIRMWARE)),$(ARCH_SOURCES_none_$(BOARD_LEVEL)))
ARCH_SOURCES_s      := highhalf.S user.S user.c trampoline.S trampoline.c sbi_level.c
ARCH_SOURCES_m      := m_level.c
ARCH_SOURCES_sbi    := sbi_entry.S
ARCH_SOURCES_none   := m_entry.S pen.S pen.c clint.c
ARCH_SOURCES_none_s := firmware.S firmware.c
GCC_PACKAGE   := gcc-riscv64-unknown-elf
# What install adds: objects for hard and soft floating point do not link together.
ARCH_ABIS     := lp64d
ARCH_CFLAGS_lp64d = $(subst rv64imac,rv64imafdc,$(ARCH_CFLAGS:lp64=lp64d))
# For what configurations of the library install-test converts a kernel.
ARCH_CONVERTED := tp gp hooks restart linux
# In what other configuration gdb-test runs.
ARCH_GDB      := PERCPU_RISCV_REG=tp
