/* SPDX-License-Identifier: 0BSD */
/* Assembler macros of the aarch64 boot code. */
#include <arch/func.h>
#include <percpu/asm.h>

#include "frame.h"

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

/* \insn, stp or ldp, of x2 to x29. */
.macro each_pair insn
	\insn	x2, x3, [sp, #FRAME_X(2)]
	\insn	x4, x5, [sp, #FRAME_X(4)]
	\insn	x6, x7, [sp, #FRAME_X(6)]
	\insn	x8, x9, [sp, #FRAME_X(8)]
	\insn	x10, x11, [sp, #FRAME_X(10)]
	\insn	x12, x13, [sp, #FRAME_X(12)]
	\insn	x14, x15, [sp, #FRAME_X(14)]
	\insn	x16, x17, [sp, #FRAME_X(16)]
	\insn	x18, x19, [sp, #FRAME_X(18)]
	\insn	x20, x21, [sp, #FRAME_X(20)]
	\insn	x22, x23, [sp, #FRAME_X(22)]
	\insn	x24, x25, [sp, #FRAME_X(24)]
	\insn	x26, x27, [sp, #FRAME_X(26)]
	\insn	x28, x29, [sp, #FRAME_X(28)]
.endm

/* Puts the registers into a frame at sp, x0 and x1 being there. Afterwards x2 is the pc. */
.macro save_frame
	each_pair stp
	mrs	x2, EL(elr)
	mrs	x3, EL(spsr)
	stp	x30, x2, [sp, #FRAME_X(30)]
	str	x3, [sp, #FRAME_PSTATE]
.endm
