/* SPDX-License-Identifier: MIT */
/*
 * The entry of a stranger's kernel for x86_64. A multiboot 1 loader jumps to _start's physical
 * address in 32-bit protected mode, paging off. The first GiB is mapped twice: one to one, and at
 * KERNEL_BASE, where the kernel is linked.
 */
#include <percpu/asm.h>

#define KERNEL_BASE 0xffffffff80000000
#define PHYSICAL(symbol) (symbol - KERNEL_BASE)

	.section .multiboot, "a"
	.balign	4
	.long	0x1badb002, 0, -0x1badb002

	.text
	.code32
	.globl	_start
_start:
	cld
	mov	$PHYSICAL(bss_start), %edi
	mov	$PHYSICAL(bss_end), %ecx
	sub	%edi, %ecx
	shr	$2, %ecx
	xor	%eax, %eax
	rep stosl

	/* 3: present and writable; 0x80: a page of 2 MiB. */
	movl	$PHYSICAL(level3) + 3, PHYSICAL(level4)
	movl	$PHYSICAL(level3) + 3, PHYSICAL(level4) + 511 * 8
	movl	$PHYSICAL(level2) + 3, PHYSICAL(level3)
	movl	$PHYSICAL(level2) + 3, PHYSICAL(level3) + 510 * 8
	mov	$0x83, %eax
	mov	$PHYSICAL(level2), %edi
1:	mov	%eax, (%edi)
	add	$8, %edi
	add	$0x200000, %eax
	cmp	$0x40000083, %eax
	jne	1b

	mov	$0x20, %eax		/* CR4.PAE */
	mov	%eax, %cr4
	mov	$PHYSICAL(level4), %eax
	mov	%eax, %cr3
	mov	$0xc0000080, %ecx	/* EFER.LME */
	mov	$0x100, %eax
	xor	%edx, %edx
	wrmsr
	mov	$0x80000011, %eax	/* CR0.PG, ET, PE */
	mov	%eax, %cr0
	lgdt	PHYSICAL(gdt_pointer)
	ljmp	$8, $PHYSICAL(start64)

	.code64
start64:
	xor	%eax, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	mov	%eax, %ss
	movabs	$upper_half, %rax
	jmp	*%rax
upper_half:
	mov	$stack_end, %rsp
	lea	_start(%rip), %rdi
	call	stranger_main

	/* struct queue *assembly_counts(void): adds 1 to count; where is queue? */
	.text
	.globl	assembly_counts
assembly_counts:
	percpu_load %rax, count
	inc	%rax
	percpu_store %rax, count
	percpu_address %rax, queue
	ret

	.section .rodata
	.balign	8
gdt:
	.quad	0, 0x00af9b000000ffff	/* null; 64-bit code */
gdt_pointer:
	.word	15
	.long	PHYSICAL(gdt)

	.bss
	.balign	4096
level4:
	.skip	4096
level3:
	.skip	4096
level2:
	.skip	4096
	.skip	16384
stack_end:

	.section .note.GNU-stack, "", %progbits
