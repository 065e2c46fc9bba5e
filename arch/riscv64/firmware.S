/* SPDX-License-Identifier: 0BSD */
/*
 * The way down to S-mode without firmware: the kernel brings its own. Each hart sets M-mode up
 * once, goes down by MRET, and comes back to firmware_vector for what S-mode cannot do itself:
 * firmware.c answers the same calls that OpenSBI would. So the kernel above is the same with both,
 * and may turn paging on as it likes: M-mode's addresses are physical.
 *
 * At reset little is defined, so each register is written whole (RISC-V privileged specification,
 * "Reset", and each register's section). A pass under QEMU does not prove that one needs to be
 * written: its reset values are kind. Only PMP is not: without an entry S-mode can access nothing.
 */
#include <arch/boot.h>

#include "asm.h"
#include "firmware.h"

/* All of memory, from 0 on: a range that is a power of two, in pmpaddr; read, write, execute. */
#define PMP_ALL -1
#define PMP_NAPOT (3 << 3)
#define PMP_RWX 7

/*
 * What S-mode handles: what it or user mode does wrong, breakpoints, user mode's calls. Not an
 * illegal instruction, which may be an RDTIME of a hart that has no such register; nor an access
 * fault of a fetch: if PMP refuses it, S-mode cannot fetch its handler either, and that would be for
 * ever. firmware.c hands on what is neither.
 */
#define DELEGATED_EXCEPTIONS 0xb1f9
#define DELEGATED_INTERRUPTS 0x222	/* S-mode's: software, timer, external */

/* S-mode may read cycle, time and instret, and let user mode (scounteren); not those behind. */
#define COUNTERS 7

#define MSTATUS_64_BITS (10 << 32)	/* UXL and SXL, wherever they can be changed */
#define MSTATUS_MPP_S (1 << 11)

#define MENVCFG 0x30a			/* by number: not every assembler knows the name */

/* Does \insn. What this hart lacks traps, in M-mode, and is left out. Clobbers t0. */
.macro if_there insn:vararg
	la	t0, .Lbehind\@
	csrw	mtvec, t0
	\insn
	.balign	4
.Lbehind\@:
.endm

	.text

/*
 * In M-mode, as all harts come. Those without S-mode are not the kernel's: they wait for ever. If
 * no other hart has come after a second or so, the first of them says that.
 */
func firmware_start
	la	t0, 1f
	csrw	mtvec, t0
	csrw	sscratch, zero
	la	t0, early_trap
	csrw	mtvec, t0
	j	boot_start

	.balign	4
1:	li	t2, 1 << 28
2:	la	t0, boot_hart_taken
	lw	t1, (t0)
	bnez	t1, arch_halt_m
	addi	t2, t2, -1
	bnez	t2, 2b
	li	t1, 1
	amoswap.w.aqrl t1, t1, (t0)
	bnez	t1, arch_halt_m
	mv	a0, a1
	la	a1, no_s_mode
	la	sp, early_stack_end
	tail	devices_stop		/* (device tree, text) */
endfunc firmware_start

/* arch_halt for a hart that has no registers of S-mode. */
func arch_halt_m
	csrw	mie, zero
1:	wfi
	j	1b
endfunc arch_halt_m

/*
 * boot.S calls this on the boot hart, in M-mode: a0 its id, a1 the device tree. Returns with both,
 * in S-mode.
 */
func enter_level
	mv	s0, ra
	mv	s1, a1
	la	sp, early_stack_end
	mv	a0, a1
	call	firmware_init		/* (device tree) */
	mv	a2, a0
	csrr	a0, mhartid
	mv	a1, s1
	mv	t4, s0
	/* Goes on below. */
endfunc enter_level

/* To S-mode, to address t4, with a0 and a1. a2 is the hart's number here, from 0 on. */
func firmware_lower
	li	t1, -1
	li	t2, PMP_NAPOT | PMP_RWX
	if_there csrw pmpaddr0, t1
	if_there csrw pmpcfg0, t2	/* and the entries behind it are off */
	if_there csrw MENVCFG, zero	/* what is newer than S-mode stays off; S-mode has no Sstc */

	la	sp, firmware_stacks
	li	t1, FIRMWARE_STACK_SIZE
	addi	a2, a2, 1
	mul	t1, t1, a2
	add	sp, sp, t1
	csrw	mscratch, sp
	la	t0, firmware_vector
	csrw	mtvec, t0

	li	t0, DELEGATED_EXCEPTIONS
	csrw	medeleg, t0
	li	t0, DELEGATED_INTERRUPTS
	csrw	mideleg, t0
	li	t0, COUNTERS
	csrw	mcounteren, t0
	csrw	mie, zero
	csrw	mip, zero		/* S-mode's, as far as it can be written */

	csrw	sie, zero
	csrw	satp, zero
	andi	t0, t4, -4		/* the low bits are a mode, and some are reserved */
	csrw	stvec, t0
	li	t0, MSTATUS_64_BITS | MSTATUS_MPP_S
	csrw	mstatus, t0
	csrw	mepc, t4
	sfence.vma			/* nothing is cached that was looked up before */
	fence.i
	mret
endfunc firmware_lower

/* Every trap to M-mode, from S-mode or user mode: mscratch is the end of this hart's stack. */
	.balign	4
func firmware_vector
	csrrw	sp, mscratch, sp
	addi	sp, sp, -FRAME_SIZE
	.irp	n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, FRAME_X(\n)(sp)
	.endr
	csrr	t0, mscratch
	sd	t0, FRAME_X(2)(sp)
	csrr	t0, mepc
	sd	t0, FRAME_PC(sp)
	csrr	t0, mstatus
	sd	t0, FRAME_STATUS(sp)
	addi	t0, sp, FRAME_SIZE
	csrw	mscratch, t0

	mv	a0, sp
	call	firmware_trap		/* (frame) */

	ld	t0, FRAME_PC(sp)
	csrw	mepc, t0
	ld	t0, FRAME_STATUS(sp)
	csrw	mstatus, t0
	.irp	n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, FRAME_X(\n)(sp)
	.endr
	ld	sp, FRAME_X(2)(sp)
	mret
endfunc firmware_vector

	.section .rodata
no_s_mode:
	.asciz	"\nBail out! no hart has S-mode, which this kernel is for: build it with PERCPU_RISCV_LEVEL=m\n"
