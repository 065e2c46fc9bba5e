/* SPDX-License-Identifier: MIT */
/* Variables that are allocated, and a CPU that comes up. */
#include <percpu.h>

static PERCPU_PTR(uint64_t) handle;
static PERCPU_PTR(char[256]) line;
static char more[4096] __attribute__((aligned(4096)));
static uint64_t map[64];

void _start(void);

void _start(void)
{
	if (percpu_init(1) || percpu_cpu_up(0) || percpu_alloc(&handle) ||
	    percpu_alloc_aligned(&line, 64) || percpu_grow(more, sizeof(more), map))
		return;
	percpu_inc(percpu_at(handle));
	percpu_write(percpu_at(line)[3], 1);
	if (percpu_free(&handle) == PERCPU_EHANDLE)
		percpu_panic(percpu_strerror(PERCPU_EHANDLE));
}
