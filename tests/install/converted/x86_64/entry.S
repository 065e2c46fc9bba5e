/* SPDX-License-Identifier: MIT */
/*
 * A multiboot 1 loader jumps to _start in 32-bit protected mode, paging off, on one CPU; it has
 * cleared .bss. That one lets the others start, all at once, and all come to kernel_main.
 */
#include "kernel.h"

#define TRAMPOLINE 0x8000		/* where the others start, in real mode */
#define APIC_BASE 0xfee00000

/* Selectors, in gdt. */
#define CODE64 8
#define CODE32 16
#define DATA 24

	.section .head, "ax"
	.balign	4
	.long	0x1badb002, 0, -0x1badb002

	.code32
	.globl	_start
_start:
	cld
	/* The first GiB, and the local APIC. 3: present and writable; 0x80: a page of 2 MiB. */
	movl	$level3 + 3, level4
	movl	$low + 3, level3
	movl	$high + 3, level3 + 3 * 8
	movl	$APIC_BASE + 0x93, high + 0x1f7 * 8
	mov	$0x83, %eax
	mov	$low, %edi
1:	mov	%eax, (%edi)
	add	$8, %edi
	add	$0x200000, %eax
	cmp	$0x40000083, %eax
	jne	1b

	mov	$trap_entry, %eax	/* the same for all vectors */
	mov	$(CODE64 << 16), %ebx
	mov	%ax, %bx
	mov	$0x8e00, %ax		/* present, an interrupt gate */
	mov	$idt, %edi
2:	mov	%ebx, (%edi)
	mov	%eax, 4(%edi)
	add	$16, %edi
	cmp	$idt + 256 * 16, %edi
	jne	2b

	mov	$0xff, %al		/* nothing from the old interrupt controllers */
	out	%al, $0x21
	out	%al, $0xa1
	mov	$others, %esi
	mov	$TRAMPOLINE, %edi
	mov	$others_end - others, %ecx
	rep movsb
	movl	$0xc4500, APIC_BASE + 0x300		/* INIT, then start-up, to all others */
	movl	$0xc4600 + TRAMPOLINE / 4096, APIC_BASE + 0x300
	lgdt	gdt_pointer
	ljmp	$CODE32, $protected

	.code16
others:
	cli
	xor	%ax, %ax
	mov	%ax, %ds
	lgdtl	TRAMPOLINE + others_gdt_pointer - others
	mov	$0x11, %eax		/* CR0.ET, PE */
	mov	%eax, %cr0
	ljmpl	$CODE32, $protected
others_gdt_pointer:
	.word	gdt_end - gdt - 1
	.long	gdt
others_end:

	.code32
protected:
	mov	$DATA, %eax
	mov	%eax, %ds
	mov	%eax, %ss
	mov	$0x20, %eax		/* CR4.PAE */
	mov	%eax, %cr4
	mov	$level4, %eax
	mov	%eax, %cr3
	mov	$0xc0000080, %ecx	/* EFER.LME */
	mov	$0x100, %eax
	xor	%edx, %edx
	wrmsr
	mov	$0x80000011, %eax	/* CR0.PG, ET, PE */
	mov	%eax, %cr0
	ljmp	$CODE64, $start64

	.code64
start64:
	xor	%eax, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	mov	%eax, %ss
	mov	$APIC_BASE, %ebx
	movl	$0x1ff, 0xf0(%rbx)	/* the spurious vector; the APIC is on */
	mov	0x20(%rbx), %eax
	shr	$24, %eax
	inc	%eax
	shl	$12, %eax		/* 4 KiB of stack each, from the top down */
	lea	stacks(%rax), %rsp
	lidt	idt_pointer
	call	kernel_main

	.macro	registers operation, names:vararg
	.irp	name, \names
	\operation	%\name
	.endr
	.endm

	.text
trap_entry:
	registers push, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	mov	%rsp, %rdi
	mov	$APIC_BASE + 0x20, %eax	/* rsp = cpus[the APIC's id].trap_stack */
	mov	(%rax), %eax
	shr	$24, %eax
	shl	$CPU_SHIFT, %eax
	lea	cpus(%rax), %rax
	mov	CPU_TRAP_STACK(%rax), %rsp
	call	trap			/* the frame to go on with */
	mov	%rax, %rsp
	registers pop, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax
	iretq

	.section .rodata
	.balign	8
gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdt_end:
gdt_pointer:
	.word	gdt_end - gdt - 1
	.long	gdt
idt_pointer:
	.word	256 * 16 - 1
	.quad	idt

	.bss
	.balign	4096
level4:
	.skip	4096
level3:
	.skip	4096
low:
	.skip	4096
high:
	.skip	4096
idt:
	.skip	4096
stacks:
	.skip	NCPU * 4096

	.section .note.GNU-stack, "", %progbits
