/* SPDX-License-Identifier: 0BSD */
/*
 * Where every hart enters the kernel.
 *
 * The firmware (OpenSBI) starts in M-mode on all harts, picks one, any one, and jumps to _start on
 * it, in S-mode: a0 holds its hart id, a1 the address of the device tree, satp is 0 (no paging) and
 * interrupts are off. What a0 says cannot be asked again: mhartid is an M-mode register. The other
 * harts stay in the firmware until hart_start (SBI specification, Hart State Management extension)
 * sends each to secondary_start with its hart id in a0 and the caller's number in a1.
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
	j	boot_start		/* code0, code1: executed */
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

/* The boot hart: a0 its id, a1 the device tree. Does not return. */
func boot_start
	csrw	sie, zero
	la	t0, bss_start
	la	t1, bss_end
1:	bgeu	t0, t1, 2f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	1b
2:	li	a2, 0
	call	prepare_hart
	tail	kernel_entry		/* (hart id, device tree) */
endfunc boot_start

/* Every other hart: a0 its id, a1 its CPU number. Does not return. */
func secondary_start
	csrw	sie, zero
	mv	a2, a1
	mv	s0, a1
	call	prepare_hart
	mv	a0, s0
	call	PERCPU_SYMBOL(percpu_set_local_thread_pointer)
	mv	a1, a0
	mv	a0, s0
	tail	secondary_entry		/* (CPU number, error) */
endfunc secondary_start

/*
 * Gives CPU number a2 its stack and its trap vector. sscratch keeps the number for the trap path,
 * which then depends on nothing else. Clobbers t0, t1; sets sp.
 */
func prepare_hart
	csrw	sscratch, a2
	la	t0, trap_vector
	csrw	stvec, t0
	stack_of a2, t0, t1
	ret
endfunc prepare_hart
