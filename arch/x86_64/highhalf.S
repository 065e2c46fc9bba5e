/* SPDX-License-Identifier: 0BSD */
/*
 * Moving to the higher half. boot.S has mapped the first 4 GiB one to one, through entry 0 of the
 * level 4 table. The first of them, with the kernel in it, becomes visible again at HIGHER_HALF,
 * through entry 511; then entry 0 goes, and the whole lower half with it: the console is behind
 * ports, and needs no address.
 *
 * The CPU itself keeps the addresses of the GDT, which every trap reads for its code segment, and
 * of the IDT, whose gates have those of the stubs. GS_BASE stays: it holds a distance.
 *
 * A pass under QEMU does not prove the write of CR3: without it, the kernel passes as well.
 */
#include <arch/boot.h>

#include "asm.h"

/* What is added to an address. It leads to the last 2 GiB, which 32 bits, sign-extended, reach. */
#define HIGHER_HALF 0xffffffff80000000
#define LEVEL4_HIGHER_HALF 511
#define LEVEL3_HIGHER_HALF 510

	.text

/* %rdi the function to go on with, at its low address. Does not return. */
func arch_enter_higher_half
	mov	$HIGHER_HALF, %rbx
	lea	(%rdi, %rbx), %r12

	/*
	 * Here (%rip) still gives a low address, which is the physical one. Entries that were not
	 * present are in no TLB and need no invalidation (SDM volume 3, "Optional Invalidation").
	 */
	lea	page_level2 + PRESENT_WRITABLE(%rip), %rax
	mov	%rax, page_level3_high + LEVEL3_HIGHER_HALF * 8(%rip)
	lea	page_level3_high + PRESENT_WRITABLE(%rip), %rax
	mov	%rax, page_level4 + LEVEL4_HIGHER_HALF * 8(%rip)
	lea	1f(%rip), %rax
	add	%rbx, %rax
	jmp	*%rax

	/* And from here on a high one. */
1:	lea	boot_stacks + BOOT_STACK_SIZE(%rip), %rsp
	load_table lgdt, gdt, GDT_SIZE
	call	trap_init
	call	trap_load

	/*
	 * CR3 drops all of this CPU's translations, also what was read ahead of time, since no page
	 * is global and CR4.PCIDE is 0 (SDM volume 3, "Operations that Invalidate TLBs and
	 * Paging-Structure Caches"). With other CPUs running, each would have to.
	 */
	movq	$0, page_level4(%rip)
	mov	%cr3, %rax
	mov	%rax, %cr3
	call	*%r12
endfunc arch_enter_higher_half

	.bss
	.balign	4096
page_level3_high:
	.skip	4096
