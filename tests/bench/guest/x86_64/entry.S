/* SPDX-License-Identifier: MIT */
/*
 * Where the boot loader enters the kernel that counts: notes the time-stamp counter, and goes on to
 * boot.S in the state that it was entered in. boot.S is as every kernel has it; a header of its own,
 * before that one's in the file, is what brings the loader here.
 */
#include <arch/func.h>

	.section .text.entry, "ax"
	.code32

/* As in boot.S, but for the entry. */
#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 0x00010002
	.balign	4
bench_header:
	.long	MULTIBOOT_MAGIC
	.long	MULTIBOOT_FLAGS
	.long	-(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)
	.long	bench_header
	.long	kernel_start
	.long	image_end
	.long	kernel_end
	.long	bench_entry

/* %eax, %ebx the loader's; clobbers %ecx, %edx. */
func bench_entry
	mov	%eax, %ecx
	rdtsc
	mov	%eax, bench_entered
	mov	%edx, bench_entered + 4
	mov	%ecx, %eax
	jmp	_start
endfunc bench_entry

	/* Not in .bss, which boot.S clears. */
	.data
	.globl	bench_entered
	.balign	8
bench_entered:
	.quad	0
