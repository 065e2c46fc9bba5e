/* SPDX-License-Identifier: 0BSD */
/*
 * The modules' files, in the kernel's image as in a disk's: MODULE_FILES, of kernel.mk, is where
 * they have been compiled to.
 */
	.macro	file name
	.balign	8
	.globl	\name\()_file, \name\()_file_end
\name\()_file:
	.incbin	"\name\().c.o"
\name\()_file_end:
	.endm

	.section .rodata, "a"
	file	counter
	file	other
	file	near
	file	line
	file	distance
	file	big
	file	unknown
	file	constructor
	file	each_cpu
