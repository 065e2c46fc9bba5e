/* SPDX-License-Identifier: MIT */
/*
 * The entry of a stranger's kernel for riscv64. OpenSBI jumps here in S-mode with paging and
 * interrupts off; other harts stay in the firmware. Then what machine.c has put into the section
 * .calls is called. A static PIE, which is linked at 0, adds where it runs to the addresses in its
 * data; no other kernel has relocations left.
 */
#include <percpu/asm.h>

	.section .head, "ax"
	.globl	_start
_start:
	csrw	sie, zero
	li	t0, 0x6000		/* sstatus.FS: the compiler may use floating-point registers */
	csrs	sstatus, t0
	lla	t0, bss_start
	lla	t1, bss_end
1:	bgeu	t0, t1, 2f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	1b
2:	lla	sp, stack_end
	lla	t0, rela_start
	lla	t1, rela_end
	lla	t2, _start
3:	bgeu	t0, t1, 4f
	ld	t3, 0(t0)		/* r_offset; all are R_RISCV_RELATIVE */
	ld	t4, 16(t0)		/* r_addend */
	add	t3, t3, t2
	add	t4, t4, t2
	sd	t4, 0(t3)
	addi	t0, t0, 24
	j	3b
4:	lla	s0, calls_start
	lla	s1, calls_end
5:	bgeu	s0, s1, 6f
	ld	t0, 0(s0)
	jalr	t0
	addi	s0, s0, 8
	j	5b
6:	lla	a0, _start
	call	stranger_main

	/* struct queue *assembly_counts(void): adds 1 to count; where is queue? */
	.text
	.globl	assembly_counts
assembly_counts:
	percpu_load t0, count, t1
	addi	t0, t0, 1
	percpu_store t0, count, t1, t2
	percpu_address a0, queue, t1
	ret

	.section .stack, "aw", @nobits
	.balign	16
	.skip	16384
stack_end:
