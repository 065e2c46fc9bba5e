/* SPDX-License-Identifier: MIT */
/* The library's own entry in the table of restartable sequences, to be seen there. */
#include <percpu.h>

#include "internal.h"

#if PERCPU_ARCH_SEQUENCES

extern const char _percpu_sequence_of_none[] LINKER_SYMBOL;

/*
 * The entry is one as all others are, but its sequence has no bytes. With it comes a section
 * without contents that percpu.ld puts before them all. Not to be inlined: the symbol is there
 * once.
 */
__attribute__((noinline)) bool _percpu_sequences_collected(void)
{
	uintptr_t first = (uintptr_t)_percpu_sequences_first();
	uintptr_t last = (uintptr_t)_percpu_sequences_last();

	__asm__ volatile(".Lpercpu_%=:\n\t"
			 ".pushsection percpu_first_sequence, \"awo\", @progbits, .Lpercpu_%=\n\t"
			 ".popsection\n\t"
			 ".pushsection percpu_sequences.none, \"awo\", @progbits, .Lpercpu_%=\n\t"
			 ".balign 4\n\t.globl _percpu_sequence_of_none\n"
			 "_percpu_sequence_of_none:\n\t"
			 ".4byte .Lpercpu_%= - ., 0\n\t.popsection"
			 :
			 :);
	return (uintptr_t)_percpu_sequence_of_none - first < last - first;
}

#endif
