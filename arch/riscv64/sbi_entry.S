/* SPDX-License-Identifier: 0BSD */
/*
 * Below firmware the kernel comes in at the level that it is for, S-mode. Started without, as by
 * QEMU's -bios none, it would come in in M-mode: to make its calls to nobody, in silence.
 */
#include <arch/boot.h>

#include "asm.h"

	.text

/*
 * boot.S calls this on the boot hart. a0 and a1 are kept. No register says which mode this is; but
 * mhartid can be read in M-mode only, and is an illegal instruction in S-mode, which the firmware
 * hands on to stvec (SBI implementations do; OpenSBI, sbi_trap_redirect).
 */
func enter_level
	la	t0, 1f
	csrw	stvec, t0
	csrr	t1, mhartid
	mv	a0, a1
	la	a1, without_firmware
	la	sp, early_stack_end
	tail	devices_stop		/* (device tree, text) */
	.balign	4
1:	ret
endfunc enter_level

	.section .rodata
without_firmware:
	.asciz	"\nBail out! this kernel, FIRMWARE=sbi, was started in M-mode, without firmware: build it with FIRMWARE=none, or start it with -bios default\n"
