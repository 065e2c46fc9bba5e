/* SPDX-License-Identifier: 0BSD */
/*
 * Leaves a hart of riscv64 as the Limine boot protocol says ("Machine state at entry"): S-mode,
 * Sv48, SIE and sie 0, FS and XS off, all registers but sp, a0 and t0 zero, gp and tp among them.
 * stvec is where nothing is mapped.
 */
#include <arch/boot.h>

#include <arch/riscv64/asm.h>

#define SATP_SV48 (9 << 60)
#define SSTATUS_SIE (1 << 1)
#define SSTATUS_FS_XS (0xf << 13)

	.text

/* a0 the handover. The loader runs without paging: it goes on where the table has this code, by the
 * fault at the next instruction. */
func limine_enter
	ld	s0, 0(a0)		/* the table */
	ld	t0, 8(a0)		/* the entry */
	ld	sp, 16(a0)
	ld	s1, 24(a0)		/* the argument */
	ld	s2, 32(a0)		/* the direct map's offset */
	la	s3, 1f
	add	s3, s3, s2
	csrw	sie, zero
	csrci	sstatus, SSTATUS_SIE
	csrw	stvec, s3
	srli	s0, s0, 12
	li	s3, SATP_SV48
	or	s0, s0, s3
	fence.i				/* the loader stored the kernel's code */
	sfence.vma
	csrw	satp, s0
	.balign	4
1:	sfence.vma
	li	s3, SSTATUS_FS_XS
	csrc	sstatus, s3
	csrw	stvec, zero
	mv	a0, s1
	.irp	n, 1, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, \
		27, 28, 29, 30, 31
	li	x\n, 0
	.endr
	jr	t0
endfunc limine_enter
