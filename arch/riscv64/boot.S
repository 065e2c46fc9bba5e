/* SPDX-License-Identifier: 0BSD */
/*
 * Where every hart enters the kernel.
 *
 * The firmware (OpenSBI) starts in M-mode on all harts, picks one, any one, and jumps to _start on
 * it, in S-mode: a0 holds its hart id, a1 the address of the device tree, satp is 0 (no paging) and
 * interrupts are off. What a0 says cannot be asked again: mhartid is an M-mode register. The other
 * harts stay in the firmware until hart_start (SBI specification, Hart State Management extension)
 * sends each to secondary_start with its hart id in a0.
 *
 * Or to _start: OpenSBI before 1.3 marks a hart as starting before it notes where to, so a hart
 * that looks in between, one in some hundred starts of QEMU's, goes where the boot hart went. So
 * _start lets one hart boot, the first, and sends any other to secondary_start; and a hart finds
 * its number by its id, for what hart_start was to pass in a1 may not be there yet either.
 *
 * Without firmware, FIRMWARE=none, all harts come to _start at once, in M-mode: m_entry.S. The first
 * boots, and the others wait in pen.S. enter_level goes down to S-mode, if the kernel is for that.
 *
 * CSR(name) is the level's: sscratch or mscratch, called xscratch in comments, and so on; FIRST_CSR
 * that of the level which harts come in at.
 *
 * QEMU's -kernel and OpenSBI's jump address both mean the lowest load address, not e_entry, so
 * _start is the first byte of the image: the linker script asserts it.
 */
#include <arch/boot.h>
#include <percpu/asm.h>

#include "asm.h"

	.section .text.entry, "ax"
	.option norvc

/* The header of a RISC-V Linux Image (Linux, Documentation/riscv/boot-image-header.rst). */
	.globl	_start
_start:
	j	ENTRY			/* code0, code1: executed */
	nop
	.quad	0x200000		/* load here, from the start of RAM */
	.quad	kernel_size		/* with .bss: the loader keeps clear of it */
	.quad	0			/* flags: little-endian */
	.word	2			/* version 0.2 of this header */
	.word	0
	.quad	0
	.ascii	"RISCV\0\0\0"
	.ascii	"RSC\x05"
	.word	0

	.option rvc
	.text

/* The boot hart, or a hart astray: a0 its id, a1 the boot hart's device tree. Does not return. */
func boot_start
	csrw	FIRST_CSR(ie), zero
	la	t0, early_trap
	csrw	FIRST_CSR(tvec), t0
	la	t0, boot_hart_taken
	li	t1, 1
	amoswap.w.aqrl t1, t1, (t0)
	beqz	t1, 1f
	j	NOT_FIRST

1:	la	t0, kernel_start	/* loaders put the tree near the end of memory */
	la	t1, kernel_end
	bltu	a1, t0, 2f
	bltu	a1, t1, no_room
2:	la	t0, bss_start
	la	t1, bss_end
3:	bgeu	t0, t1, 4f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	3b
4:	call	enter_level
	li	a2, 0
	call	prepare_hart
	tail	kernel_entry		/* (hart id, device tree) */
endfunc boot_start

/*
 * Where harts come in at the level that the kernel is for there is nothing to do. Otherwise: a0 and
 * a1 as above, which are kept; returns at that level.
 */
	.weak	enter_level
enter_level:
	ret

/* What the boot hart says before it has a stack and a console: a1 the device tree. */
no_room:
	la	t2, too_little_memory
	j	stop
	.balign	4
early_trap:
	la	t2, too_early
func stop
	la	t0, 1f
	csrw	FIRST_CSR(tvec), t0
	mv	a0, a1
	mv	a1, t2
	la	sp, early_stack_end
	tail	STOP			/* (device tree, text) */
	.balign	4
1:	wfi
	j	1b
endfunc stop

/* Every other hart: a0 its id. Does not return. */
func secondary_start
	csrw	CSR(ie), zero
	fence.i				/* a loader stored this code, perhaps from another hart */
	fence	rw, rw			/* pairs with the one in arch_start_cpus: the list is whole */
	la	t0, hart_ids
	la	t1, hart_count
	ld	t1, 0(t1)
	li	s0, 0			/* the boot hart's number: look behind it */
1:	addi	s0, s0, 1
	addi	t0, t0, 8
	bgeu	s0, t1, arch_halt	/* nobody asked for this hart; arch_halt needs no stack */
	ld	t2, 0(t0)
	bne	t2, a0, 1b
	mv	a2, s0
	call	prepare_hart
	mv	a0, s0
	call	PERCPU_SYMBOL(percpu_set_local_thread_pointer)
	mv	a1, a0
	mv	a0, s0
	tail	secondary_entry		/* (CPU number, error) */
endfunc secondary_start

/*
 * Gives CPU number a2 its stack and its trap vector. xscratch keeps the number for the trap path,
 * which then depends on nothing else. Clobbers t0, t1; sets sp.
 */
func prepare_hart
	csrw	CSR(scratch), a2
	la	t0, trap_vector
	csrw	CSR(tvec), t0
	stack_of a2, t0, t1
	ret
endfunc prepare_hart

/* Stops the calling hart for ever. An interrupt that is pending would end every WFI at once. */
func arch_halt
	csrw	CSR(ie), zero
1:	wfi
	j	1b
endfunc arch_halt

/* Not in .bss, which the boot hart clears after it has taken this. */
	.data
	.balign	4
	.globl	boot_hart_taken, early_trap
boot_hart_taken:
	.word	0

/* For what has to be said before there are stacks. */
	.globl	early_stack_end
	.balign	16
	.skip	4096
early_stack_end:

	.section .rodata
too_early:
	.asciz	"\nBail out! a trap before the boot hart has a stack: is there memory up to kernel_end, and are the first instructions right?\n"
too_little_memory:
	.asciz	"\nBail out! the device tree lies where the kernel is: the machine has too little memory\n"
