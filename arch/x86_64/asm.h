/* SPDX-License-Identifier: 0BSD */
/* What the assembly files of the x86_64 boot code share. */
#ifndef X86_64_ASM_H
#define X86_64_ASM_H

#include <arch/func.h>

#include "frame.h"
#include "gdt.h"
#include "registers.h"

/* An entry of a table of any level (Intel SDM volume 3, "4-Level Paging and 5-Level Paging"). */
#define PRESENT_WRITABLE 0x3

/*
 * From protected mode without paging, or from real mode, to 64-bit mode, up to the far jump. The
 * order is the manual's: PAE, page table, LME, then paging (SDM volume 3, "IA-32e mode"). A CPU
 * faults where PAE is missing; QEMU goes on, without paging. Clobbers %eax, %ecx, %edx.
 */
.macro enter_long_mode
	mov	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$page_level4, %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	mov	$EFER_LME, %eax
	xor	%edx, %edx
	wrmsr
	mov	$CR0_PAGED, %eax
	mov	%eax, %cr0
.endm

/* All data segments from %ax, a clobber. A write to %gs changes GS_BASE: do this before it is set. */
.macro load_data_segments
	mov	$GDT_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
.endm

/*
 * LGDT or LIDT of \size bytes at \table: at the address that it has from here, wherever this runs.
 * Clobbers %rax.
 */
.macro load_table instruction, table, size
	lea	\table(%rip), %rax
	push	%rax
	pushw	$\size - 1
	\instruction	(%rsp)
	add	$10, %rsp
.endm

/*
 * An entry for each of the 32 exceptions, 16 bytes apart from \name on. Each makes what the CPU has
 * pushed alike, with an error code or 0, pushes the vector and goes to \target.
 */
.macro exception_stubs name, target
	.balign	16
	.globl	\name
\name:
vector = 0
	.rept	32
	.balign	16
	.if	!((PUSHES_ERROR_CODE >> vector) & 1)
	push	$0
	.endif
	push	$vector
	jmp	\target
vector = vector + 1
	.endr
.endm

/*
 * %edx = the APIC id of this CPU: all 32 bits from CPUID leaf 0bh, or where that does not exist or
 * says nothing (EBX 0), the 8 bits of leaf 01h. Clobbers %eax, %ebx, %ecx.
 */
.macro get_apic_id
	xor	%eax, %eax
	cpuid
	cmp	$0xb, %eax
	jb	901f
	mov	$0xb, %eax
	xor	%ecx, %ecx
	cpuid
	test	%ebx, %ebx
	jnz	902f
901:	mov	$1, %eax
	cpuid
	mov	%ebx, %edx
	shr	$24, %edx
902:
.endm

/*
 * Makes what the CPU has pushed, and %rax behind it, a frame. %rax is pushed by whoever has work for
 * a register before this.
 */
.macro push_other_registers
	.set	pushed, FRAME_PUSHED_BY_CPU + 8
	.irp	register, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	push	%\register
	.set	pushed, pushed + 8
	.endr
	.if	pushed != FRAME_SIZE || FRAME_SIZE % 16
	.error	"a frame is not what is pushed here, or does not keep the stack aligned"
	.endif
.endm

.macro pop_registers
	.irp	register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
	pop	%\register
	.endr
.endm

#endif
