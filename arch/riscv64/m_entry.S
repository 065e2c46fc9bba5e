/* SPDX-License-Identifier: 0BSD */
/*
 * Without firmware: every hart comes to _start and from there here, at once, in M-mode, as it is at
 * reset. Interrupts and paging are off, a0 is the hart id and a1 the address of the device tree, if
 * whatever is in the machine's ROM puts them there, as QEMU's does; nothing else is known.
 */
#include <arch/boot.h>

#include "asm.h"

/* Any number: no loader leaves it in t6. */
#define BEEN_HERE 0x68617274

	.text

/*
 * Goes on at boot_start. In S-mode, where firmware has started this kernel by mistake, the first
 * write of an M-mode register traps: with OpenSBI back to _start, where it has jumped to and left
 * stvec. So this says what is wrong when it comes here again.
 */
func machine_start
	li	t0, BEEN_HERE
	beq	t6, t0, 1f
	mv	t6, t0
	csrw	mie, zero
	li	t6, 0
	j	MACHINE_ENTRY
1:	la	a1, below_firmware
	la	sp, early_stack_end
	tail	sbi_stop		/* (device tree, text) */
endfunc machine_start

	.section .rodata
below_firmware:
	.asciz	"\nBail out! this kernel, FIRMWARE=none, was started by firmware, in S-mode: build it with FIRMWARE=sbi, or start it with -bios none\n"
