/* SPDX-License-Identifier: 0BSD */
/*
 * The trap path: these kernels expect none, so every exception is reported and ends the run.
 *
 * The CPU pushes SS, RSP, RFLAGS, CS, RIP and, for some vectors, an error code, on the stack in use
 * (Intel SDM volume 3, "64-Bit Mode Stack Frame"). Each stub makes the frames alike and adds the
 * vector. Nothing returns, so no register is saved.
 */
#include "asm.h"

	.text
exception_stubs trap_stubs, trap_common

func trap_common
	pop	%rdi			/* vector */
	pop	%rsi			/* error code */
	pop	%rdx			/* RIP */
	mov	%cr2, %rcx		/* the address, for a page fault */
	lidt	no_idt_pointer(%rip)	/* a trap while reporting resets the machine */
	and	$-16, %rsp
	call	trap_unexpected		/* (vector, error code, rip, address) */
endfunc trap_common

/* Makes idt, which trap_init has filled, the calling CPU's. Clobbers %rax. */
func trap_load
	load_table lidt, idt, IDT_SIZE
	ret
endfunc trap_load

/* An instruction that is undefined by definition. */
func arch_undefined_instruction
	ud2
endfunc arch_undefined_instruction

	.section .rodata
	.balign	8
no_idt_pointer:
	.word	0
	.quad	0
