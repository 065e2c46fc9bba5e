/* SPDX-License-Identifier: 0BSD */
/* Markers of functions in assembly: symbol, type, size, and call frame information for debuggers. */

.macro func name
	.globl	\name
	.type	\name, %function
	.balign	4
\name:
	.cfi_startproc
.endm

.macro endfunc name
	.cfi_endproc
	.size	\name, . - \name
.endm
