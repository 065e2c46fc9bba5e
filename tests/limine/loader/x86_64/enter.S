/* SPDX-License-Identifier: 0BSD */
/*
 * Leaves a CPU of x86_64 as the Limine boot protocol says ("Machine state at entry"): 64-bit mode,
 * a GDT of the loader's with the seven entries, all segments loaded, IF and DF clear, WP and NX on,
 * all other registers 0, and 0 as the address to return to. The lower half is not mapped.
 */
#include <arch/boot.h>

#include <arch/x86_64/asm.h>

#define EFER_NXE (1 << 11)
#define CR0_WP (1 << 16)
#define LIMINE_CODE64 0x28
#define LIMINE_DATA64 0x30
#define MSR_GS_BASE 0xc0000101

	.text

/* %rdi the handover. */
func limine_enter
	mov	0(%rdi), %r8		/* the table */
	mov	8(%rdi), %r9		/* the entry */
	mov	16(%rdi), %r10		/* the stack */
	mov	24(%rdi), %r11		/* the argument */
	mov	32(%rdi), %r12		/* the direct map's offset */
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_NXE, %eax
	wrmsr
	lea	1f(%rip), %rax
	add	%r12, %rax
	jmp	*%rax

	/* In the direct map, which both tables have. */
1:	mov	%r8, %cr3
	mov	%cr0, %rax
	or	$CR0_WP, %rax
	mov	%rax, %cr0
	mov	%r10, %rsp
	load_table lgdt, limine_gdt, LIMINE_GDT_SIZE
	load_table lidt, limine_gdt, 1	/* no gate: the kernel must load its own */
	push	$LIMINE_CODE64
	lea	2f(%rip), %rax
	push	%rax
	lretq
2:	mov	$LIMINE_DATA64, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	mov	$MSR_GS_BASE, %ecx	/* nobody promises what is in it */
	mov	$0x5a5a5a5a, %eax
	mov	$0x00005a5a, %edx
	wrmsr
	mov	%r10, %rsp
	push	$0
	push	%r9
	mov	%r11, %rdi
	xor	%eax, %eax
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	xor	%edx, %edx
	xor	%esi, %esi
	xor	%ebp, %ebp
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	xor	%r12d, %r12d
	xor	%r13d, %r13d
	xor	%r14d, %r14d
	xor	%r15d, %r15d
	cli
	cld
	ret
endfunc limine_enter

	.section .rodata
	.balign	8
limine_gdt:
	.quad	0
	.quad	0x00009b000000ffff	/* 16-bit code */
	.quad	0x000093000000ffff	/* 16-bit data */
	.quad	0x00cf9b000000ffff	/* 32-bit code */
	.quad	0x00cf93000000ffff	/* 32-bit data */
	.quad	0x00209b0000000000	/* 64-bit code */
	.quad	0x0000930000000000	/* 64-bit data */
	.set	LIMINE_GDT_SIZE, . - limine_gdt
