/* SPDX-License-Identifier: MIT */
/*
 * C41: a packed field of 16 bytes, where the hardware can.
 * expect: percpu: a field of a packed structure may be misaligned
 */
#include <percpu.h>

struct __attribute__((packed)) state {
	uint8_t byte;
	percpu_u128 pair;
	percpu_u128 lined_up __attribute__((aligned(16)));
	uint64_t count;
	uint64_t count_lined_up __attribute__((aligned(8)));
};

PERCPU_DEFINE(struct state, state);
#ifdef PERCPU_HAVE_CMPXCHG128
#define PAIR pair
#define RIGHT lined_up
#define COMPARE(field) (void)percpu_cmpxchg128(state.field, 1, 2)
#else
/* There, something else that is refused alike. */
#define PAIR count
#define RIGHT count_lined_up
#define COMPARE(field) (void)percpu_cmpxchg(state.field, 1, 2)
#endif

void use(void);

void use(void)
{
#ifdef WRONG
	COMPARE(PAIR);
#else
	COMPARE(RIGHT);
#endif
}
