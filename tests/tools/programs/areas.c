/* SPDX-License-Identifier: MIT */
/* What percpu-map draws: a variable of each kind. With -DGROWN some are others. */
#include <percpu.h>

struct queue {
	uint64_t words[6];
};

PERCPU_DEFINE_CACHELINE(uint32_t, lock);
PERCPU_DEFINE(uint64_t, count);
PERCPU_DEFINE(uint64_t, mailbox);
PERCPU_DEFINE_FAR(struct queue, queue);
#ifdef GROWN
static PERCPU_DEFINE(uint8_t[3], appeared);
static PERCPU_DEFINE_FAR(uint64_t[30], ring);
#else
static PERCPU_DEFINE(uint8_t[5], vanished);
static PERCPU_DEFINE_FAR(uint64_t[10], ring);
#endif
PERCPU_DEFINE_PAGE(uint64_t, page);

#ifdef MANY
#define PAIR(n)                                                                                    \
	static PERCPU_DEFINE(uint64_t, word_##n);                                                  \
	static PERCPU_DEFINE(uint8_t, byte_##n)
#define SIX(n)                                                                                     \
	PAIR(n##1);                                                                                \
	PAIR(n##2);                                                                                \
	PAIR(n##3);                                                                                \
	PAIR(n##4);                                                                                \
	PAIR(n##5);                                                                                \
	PAIR(n##6)
SIX(1);
SIX(2);
SIX(3);
SIX(4);
SIX(5);
#endif

static volatile int error;

void _start(void);

void _start(void)
{
	error = percpu_init(1);
}
