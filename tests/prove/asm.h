/* SPDX-License-Identifier: MIT */
/*
 * What the faults are written with. A case is a function whose name says what check.py expects:
 * right_NAME is proven, wrong_NAME is not. An entry is made by hand, so that it may be wrong.
 */
	.macro	case name
	.pushsection .text.\name, "ax", @progbits
	.balign	4
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.macro	endcase name
	.size	\name, . - \name
	.popsection
	.endm

	.macro	entry name, from, to
	.pushsection percpu_sequences.\name, "awo", @progbits, \name
	.balign	4
note_\name:
	.4byte	\from - ., \to - \from
	.popsection
	.reloc	\from, BFD_RELOC_NONE, note_\name
	.endm

	.macro	publishes name
	.set	percpu_sequence_publishes.\name, note_\name
	.endm
