/* SPDX-License-Identifier: MIT */
/*
 * Sequences of a user's own in assembly, from A, B and C, three registers: one in code that is not
 * called, and behind it one in code that is; or with WRONG, what must not assemble, the latter with
 * one mistake.
 */
#include <percpu/asm.h>

#define LIVE_OWN 0
#define WITHOUT_BEGIN 1
#define WITHOUT_END 2
#define EMPTY 3
#define NESTED 4
#define OTHER_SECTION 5
#define MISNAMED 6

.macro add_one
	percpu_load	A, counter, B
	percpu_store	A, counter, B, C
.endm

.macro function name
	.section .text.\name, "ax"
	.globl	\name
	.type	\name, %function
\name:
.endm

#if WRONG == LIVE_OWN
	function dead_own
	percpu_sequence_begin second
	percpu_sequence_publishes second
	add_one
	percpu_sequence_end second
	ret
	.size	dead_own, . - dead_own
#endif

	function live_own
#if WRONG != WITHOUT_BEGIN
	percpu_sequence_begin first
#endif
#if WRONG != EMPTY
	add_one
#endif
#if WRONG == NESTED
	percpu_sequence_begin second
	add_one
	percpu_sequence_end second
#elif WRONG == MISNAMED
	percpu_sequence_publishes fist
#elif WRONG == OTHER_SECTION
	.section .text.other, "ax"
	add_one
#endif
#if WRONG != WITHOUT_END
	percpu_sequence_end first
#endif
	ret
	.size	live_own, . - live_own

	.section .note.GNU-stack, "", %progbits
