/* SPDX-License-Identifier: MIT */
/*
 * C41: packed fields of every width but a byte, and in an array of such structures.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: percpu: a field of a packed structure may be misaligned
 * use: (void)percpu_read(state.half##X)
 * use: (void)percpu_xchg(state.word##X, 0)
 * use: (void)percpu_read(state.pointer##X)
 * use: (void)percpu_read(states[i].word##X)
 */
#include <percpu.h>

struct __attribute__((packed)) state {
	uint8_t byte;
	uint16_t half;
	uint32_t word;
	struct state *pointer;
	uint16_t half_aligned __attribute__((aligned(2)));
	uint32_t word_aligned __attribute__((aligned(4)));
	struct state *pointer_aligned __attribute__((aligned(8)));
};

DEFINE(struct state, state);
DEFINE(struct state[4], states);

void use(size_t i);

void use(size_t i)
{
	(void)i;
#ifdef WRONG
	USE();
#else
	USE(_aligned);
#endif
}
