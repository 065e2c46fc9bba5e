/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences of a kernel's own, in C: what goes into the text of an asm statement. In
 * assembly the same is in percpu/asm.h. docs/restart.md, "Sequences of your own", has the rules,
 * why they suffice, and examples for each architecture.
 *
 *	__asm__ volatile(".option push\n\t.option norelax\n\t"
 *			 PERCPU_SEQUENCE_BEGIN
 *			 "ld	%[out], %%lo(" PERCPU_NEAR_SYMBOL(head) ")(gp)\n\t"
 *			 "beqz	%[out], " PERCPU_SEQUENCE_EXIT "\n\t"
 *			 "ld	%[next], 0(%[out])\n\t"
 *			 "sd	%[next], %%lo(" PERCPU_NEAR_SYMBOL(head) ")(gp)\n"
 *			 PERCPU_SEQUENCE_END
 *			 ".option pop"
 *			 : [out] "=&r"(node), [next] "=&r"(next)
 *			 :
 *			 : "memory");
 *
 * One asm has one sequence at most. Its author sees to it that
 *
 * - its first instruction reads the per-CPU register, or loads or stores through it, and nothing
 *   between the ends uses an address of this CPU's area that was formed before;
 * - its last instruction, right before the END, is one single-copy-atomic access, and all that the
 *   sequence does: before it there are only loads, computation, and branches to the EXIT;
 * - nothing in it writes what it needs again when it starts over: all outputs are early-clobber,
 *   "=&r", none is "+r", and a clobbered register is no input;
 * - the compiler knows what it does: volatile, "memory", and "cc" where flags change.
 *
 * PERCPU_SEQUENCES - for #if, in C and in assembly: 1 where sequences start over, PERCPU_PREEMPT
 *	restart and PERCPU_MODE smp, on every architecture. Else it is 0, and the macros only set
 *	labels: then a sequence is for a caller with interrupts off, and percpu_sequence_call turns
 *	them off.
 * PERCPU_SEQUENCE_BEGIN - before the first instruction: notes the sequence in the table
 * PERCPU_SEQUENCE_EXIT - the label behind the last instruction, for a branch out of the sequence
 * PERCPU_SEQUENCE_END - behind the last instruction. One of the two without the other, or with
 *	nothing between, does not assemble.
 * PERCPU_SEQUENCE_PUBLISHES - between the two, anywhere: says that this sequence stores more than
 *	once: to memory of this CPU's that nobody reads until the last instruction has published it.
 *	It has no bytes; percpu-check --prove takes such stores for a mistake without it.
 * PERCPU_NEAR_SYMBOL(name) - a string, the symbol of a near variable, PERCPU_DEFINE or
 *	PERCPU_DEFINE_CACHELINE, whose offset from the register is in it. With PERCPU_MODE sp or
 *	PERCPU_VMA zero it is not, and does not compile: percpu/asm.h has what is right there too
 * PERCPU_REGISTER_TEXT - a string, the per-CPU register: "tpidr_el1", "gp" or the like; on x86_64,
 *	whose text is %%gs, there is none
 */
#ifndef PERCPU_SEQUENCE_H
#define PERCPU_SEQUENCE_H

#include <percpu.h>

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/*
 * The note of PERCPU__SEQUENCE_END (percpu/port.h), in halves that do not assemble without each
 * other: BEGIN wants the end's label, and END the begin's and the note's. Of .size: percpu/asm.h.
 */
#if PERCPU_SEQUENCES
#define PERCPU_SEQUENCE_BEGIN                                                                      \
	".Lpercpu_%=:\n\t.size .Lpercpu_%=, 0 / (.Lpercpu_end_%= - .Lpercpu_%=)\n\t"               \
	".pushsection " PERCPU__SEQUENCE_NOTE ", \"awo?\", @progbits, .Lpercpu_%=\n\t.balign 4\n"  \
	".Lpercpu_note_%=:\n\t"                                                                    \
	".4byte .Lpercpu_%= - ., .Lpercpu_end_%= - .Lpercpu_%=\n\t.popsection\n\t"
#define PERCPU_SEQUENCE_END                                                                        \
	".Lpercpu_end_%=:\n\t"                                                                     \
	".reloc .Lpercpu_%=, BFD_RELOC_NONE, .Lpercpu_note_%=\n\t"
#define PERCPU_SEQUENCE_PUBLISHES ".set percpu_sequence_publishes.%=, .Lpercpu_note_%=\n\t"
#else
#define PERCPU_SEQUENCE_BEGIN                                                                      \
	".Lpercpu_%=:\n\t.size .Lpercpu_%=, 0 / (.Lpercpu_end_%= - .Lpercpu_%=)\n\t"
#define PERCPU_SEQUENCE_END ".Lpercpu_end_%=:\n\t.reloc .Lpercpu_%=, BFD_RELOC_NONE\n\t"
#define PERCPU_SEQUENCE_PUBLISHES ""
#endif
#define PERCPU_SEQUENCE_EXIT ".Lpercpu_end_%="

#if PERCPU_IS_SMP && PERCPU_IS_IMAGE
#define PERCPU_NEAR_SYMBOL(name) "__percpu_near." #name
#else
#define PERCPU_NEAR_SYMBOL(name)                                                                   \
	libpercpu_PERCPU_NEAR_SYMBOL_is_for_PERCPU_MODE_smp_and_PERCPU_VMA_image
#endif
#define PERCPU_REGISTER_TEXT PERCPU__STRING(PERCPU_REGISTER)

/*
 * percpu_sequence_call - call a function that is a sequence of the kernel's own
 *
 * @call: the call, or another expression with a value, which is evaluated once
 *
 * Returns its value. Where sequences start over this is the call and nothing else. Where they do
 * not, PERCPU_SEQUENCES 0, interrupts are off around it, by which the caller is pinned too; the
 * arguments are evaluated with interrupts off.
 *
 * Context: where the function may be called. What an NMI does with the same variables is lost, or
 * half-done, where PERCPU_SEQUENCES is 0.
 */
#if PERCPU_SEQUENCES
#define percpu_sequence_call(call) (call)
#else
#define percpu_sequence_call(call)                                                                 \
	__extension__({                                                                            \
		uintptr_t _percpu_interrupts = percpu_arch_irq_save();                             \
		__typeof__(call) _percpu_result = (call);                                          \
		percpu_arch_irq_restore(_percpu_interrupts);                                       \
		_percpu_result;                                                                    \
	})
#endif

#endif
