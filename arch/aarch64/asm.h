/* SPDX-License-Identifier: 0BSD */
/* Assembler macros of the aarch64 boot code. */
#include <arch/func.h>
#include <percpu/asm.h>

/* The system register of the exception level that the kernel is built for: EL(vbar) is vbar_el1. */
#define EL(register) PERCPU__GLUE(PERCPU__GLUE(register, _el), PERCPU_ARM_EL)

/* \reg = the address of \symbol, anywhere within 4 GiB of here. */
.macro address reg, symbol
	adrp	\reg, \symbol
	add	\reg, \reg, :lo12:\symbol
.endm

/* sp = the top of CPU number \cpu's stack. Clobbers the two temporaries. */
.macro stack_of cpu, t0, t1
	address	\t0, boot_stacks + BOOT_STACK_SIZE
	mov	\t1, #BOOT_STACK_SIZE
	madd	\t0, \cpu, \t1, \t0
	mov	sp, \t0
.endm

/* \reg = this CPU's Aff3, Aff2, Aff1, Aff0: MPIDR_EL1 without its other fields. */
.macro mpidr_affinity reg
	mrs	\reg, mpidr_el1
	and	\reg, \reg, #0x000000ffffffffff
	and	\reg, \reg, #0xffffffff00ffffff
.endm
