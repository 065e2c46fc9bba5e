/* SPDX-License-Identifier: 0BSD */
/*
 * Where every CPU enters the kernel.
 *
 * The boot CPU comes from a loader that follows the Linux boot protocol (Linux,
 * Documentation/arm64/booting.rst): x0 holds the address of the device tree, the MMU and the data
 * cache are off, interrupts are masked, and the image is clean to the point of coherency, which
 * lets its page table be read by a CPU with caching on. The level is EL1 or EL2, and the kernel is
 * built to run at one of them, PERCPU_ARM_EL: from a higher one it goes down (levels.S). The other
 * CPUs wait in the firmware until smp.c has each sent to secondary_start, with the MMU off: by
 * PSCI's CPU_ON, or by an address in a spin table. The latter comes without a number, so a CPU,
 * however it came, finds its own by its MPIDR.
 *
 * Without firmware the level is EL3, and every CPU comes here at once: see pen.S.
 *
 * Until the MMU is on, all memory is Device memory: no unaligned access, no exclusives, and nothing
 * another CPU has written is certain to be seen. So the MMU comes first, and before it nothing is
 * read but the image, and nothing written that is read later.
 */
#include <arch/boot.h>

#include "asm.h"

	.section .text.entry, "ax"

/* The header of an arm64 Linux Image. */
	.globl	_start
_start:
	ands	x14, x0, x0		/* code0: nothing that matters; in AArch32, B aarch32 */
	b	boot_start		/* code1 */
	.quad	0x200000		/* load here, from the start of RAM */
	.quad	kernel_size		/* with .bss: the loader keeps clear of it */
	.quad	0x2			/* flags: little-endian, 4 KiB pages, near the start of RAM */
	.quad	0
	.quad	0
	.quad	0
	.ascii	"ARM\x64"
	.word	0

/*
 * A CPU in AArch32 state comes here: code0 is a branch to it. It has no AArch64, or firmware for
 * another kernel has started it. This is A32 code, which not every assembler of these kernels
 * knows, so it is written as numbers. It reads no device tree: the console is where the board's
 * map.S says, a PL011, whose flag 0x20 says that there is no room for another character.
 */
	.if	. - _start != 0x40
	.error	"code0 does not branch to aarch32"
	.endif
aarch32:
	.word	0xe28f102c		/*	add	r1, pc, #text - (. + 8) */
	.word	0xe59f0024		/*	ldr	r0, =board_pl011 */
	.word	0xe4d12001		/* 1:	ldrb	r2, [r1], #1 */
	.word	0xe3520000		/*	cmp	r2, #0 */
	.word	0x0a000004		/*	beq	3f */
	.word	0xe5903018		/* 2:	ldr	r3, [r0, #0x18] */
	.word	0xe3130020		/*	tst	r3, #0x20 */
	.word	0x1afffffc		/*	bne	2b */
	.word	0xe5802000		/*	str	r2, [r0] */
	.word	0xeafffff7		/*	b	1b */
	.word	0xe320f003		/* 3:	wfi */
	.word	0xeafffffd		/*	b	3b */
	.word	board_pl011
	.ascii	"Bail out! cpu 0: started in AArch32 state, and this kernel is AArch64 code: take "
	.ascii	"a CPU that has it (QEMU: -cpu cortex-a57), and a loader that starts it in it\n\0"
	.balign	4

/* For the boot CPU until .bss is cleared, which has the stacks: there may be no RAM for that. */
	.section .data.image_stack, "aw"
	.balign	16
	.skip	2048
image_stack_end:

	.text

/* The boot CPU: x0 the device tree. Does not return. */
func boot_start
	mov	x19, x0
	mrs	x20, CurrentEL
	lsr	x20, x20, #2
	cmp	x20, #3
	b.ne	1f
	mpidr_affinity x0
	cbnz	x0, pen
	address	x0, image_stack_end
	mov	sp, x0
	mov	x0, x19
	bl	board_at_el3
1:	bl	go_down
	mrs	x0, CurrentEL
	cmp	x0, #PERCPU_ARM_EL << 2
	b.ne	wrong_level
	bl	memory_features
	ubfx	x0, x0, #28, #4		/* TGran4 */
	cmp	x0, #15
	b.eq	no_small_pages
	bl	mmu_on
	address	x0, image_stack_end
	mov	sp, x0
	mov	x0, x19
	bl	board_check_memory
	bl	clear_bss
	address	x0, entered_level
	str	w20, [x0]
	mov	x0, #0
	bl	prepare_cpu
	mpidr_affinity x0
	mov	x1, x19
	b	kernel_entry		/* (MPIDR affinity, device tree) */

no_small_pages:
	address	x0, image_stack_end
	mov	sp, x0
	mov	x0, x19
	b	no_4k_pages		/* (device tree) */

wrong_level:
	address	x0, image_stack_end
	mov	sp, x0
	mov	x0, x20
	mov	x1, x19
	b	wrong_exception_level	/* (level, device tree) */
endfunc boot_start

/* A function of its own, so that a test can put another answer in its place. */
func memory_features
	mrs	x0, id_aa64mmfr0_el1
	ret
endfunc memory_features

/*
 * Every other CPU. Does not return.
 *
 * The list of ids was written by the boot CPU with its caches on, and nobody has cleaned it to
 * memory: it is read after mmu_on, when this CPU takes part in coherency. Before that, it might not
 * be seen. That it is whole is the DSB in arch_start_cpus: no CPU comes here before it, and the
 * load cannot be done ahead of the ISB that mmu_on ends with.
 */
func secondary_start
	bl	go_down
	/* Goes on below. */
endfunc secondary_start

/* Likewise at the kernel's level, whose registers it has set the first time: from the pen. */
func secondary_at_level
	bl	mmu_on
	mpidr_affinity x0
	address	x1, cpu_mpidrs
	address	x2, cpu_mpidr_count
	ldr	x2, [x2]
	mov	x19, #0
1:	add	x19, x19, #1
	cmp	x19, x2
	b.hs	arch_halt		/* nobody asked for this CPU */
	ldr	x3, [x1, x19, lsl #3]
	cmp	x3, x0
	b.ne	1b
	mov	x0, x19
	bl	prepare_cpu
	mov	x0, x19
	bl	PERCPU_SYMBOL(percpu_set_local_thread_pointer)
	mov	w1, w0
	mov	x0, x19
	b	secondary_entry		/* (CPU number, error) */
endfunc secondary_at_level

/*
 * Gives CPU number x0 its stack and its vectors. TPIDR_EL0, which the kernel has no other use
 * for, keeps the number for the trap path. Clobbers x1, x2, x3; sets sp.
 *
 * A CPU at another level than the kernel's stops here, and is missed: it would go on, with the
 * registers of a level that it is not at, and nothing would show it.
 */
func prepare_cpu
	mrs	x1, CurrentEL
	cmp	x1, #PERCPU_ARM_EL << 2
	b.ne	arch_halt
	mov	x3, x30
	bl	event_stream_on
	mov	x30, x3
	msr	tpidr_el0, x0
	address	x1, trap_vectors
	msr	EL(vbar), x1
	isb
	stack_of x0, x1, x2
	ret
endfunc prepare_cpu

/* Clobbers x0, x1. */
func clear_bss
	address	x0, bss_start
	address	x1, bss_end
1:	cmp	x0, x1
	b.hs	2f
	str	xzr, [x0], #8
	b	1b
2:	ret
endfunc clear_bss
