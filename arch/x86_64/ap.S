/* SPDX-License-Identifier: 0BSD */
/*
 * Where every other CPU, an application processor (AP), enters the kernel.
 *
 * A start-up IPI makes the AP run at CS:IP = vector << 8 : 0, in real mode, interrupts off (Intel
 * SDM volume 3, "Multiple-Processor Initialization"). Caching may be off: power-up has it so, and
 * INIT leaves CD and NW as they were. smp.c copies ap_trampoline to the start of such a page. The
 * copy may lie anywhere below 1 MiB: it refers to its own bytes by their distance from its start,
 * with DS = CS, and to the kernel by link address.
 */
#include <arch/boot.h>
#include <percpu/asm.h>

#include "asm.h"

	.section .rodata
	.code16
	.globl	ap_trampoline, ap_trampoline_end
ap_trampoline:
	cli
	mov	%cs, %ax
	mov	%ax, %ds
	lgdtl	ap_gdt_pointer - ap_trampoline

	/* From real mode straight to 64-bit mode: protection and paging go on in one write. */
	enter_long_mode
	ljmpl	$GDT_CODE64, $ap_start64

	.balign	4
ap_gdt_pointer:
	.word	GDT_SIZE - 1
	.long	gdt
ap_trampoline_end:

	.code64
	.text

/*
 * Finds out which CPU this is, by its APIC id in smp.c's list; before it does, it has no stack.
 * Does not return.
 */
func ap_start64
	load_data_segments
	get_apic_id
	mov	$1, %ebx
1:	cmp	%edx, ap_apic_ids(, %rbx, 4)
	je	2f
	inc	%ebx
	cmp	ap_count, %ebx
	jb	1b
	jmp	arch_halt		/* nobody asked for this CPU; a CALL would need a stack */

2:	mov	%ebx, %esp
	imul	$BOOT_STACK_SIZE, %esp
	add	$boot_stacks + BOOT_STACK_SIZE, %esp
	call	trap_load
	mov	%ebx, %edi
	call	PERCPU_SYMBOL(percpu_set_local_thread_pointer)
	mov	%ebx, %edi
	mov	%eax, %esi
	call	secondary_entry		/* (CPU number, error) */
endfunc ap_start64

/*
 * Stops the calling CPU until the INIT of arch_cpu_has_stopped (smp.c). The word at %rdi says that
 * it comes here, and is the last that this CPU writes: stores become visible in order, so it is a
 * release, and from then on there is no CALL and no RET. An NMI ends a HLT, and pushes its frame on
 * this stack; so the stack is free not by the word, but by the INIT.
 */
func park_self
	cli
	movq	$1, (%rdi)
1:	hlt
	jmp	1b
endfunc park_self

/* Stops the calling CPU for ever. An NMI or SMI ends a HLT. */
func arch_halt
	cli
1:	hlt
	jmp	1b
endfunc arch_halt
