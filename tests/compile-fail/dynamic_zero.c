/* SPDX-License-Identifier: MIT */
/*
 * With PERCPU_VMA zero an area has no reserve.
 * flags: -Itests/compile-fail
 * expect: percpu: PERCPU_VMA zero has no dynamic variables
 * expect: libpercpu_PERCPU_VMA_zero_has_no_dynamic_variables
 * use: if (percpu_alloc(X)) return
 * use: if (percpu_alloc_aligned(X, 64)) return
 * use: if (percpu_free(X)) return
 * use: if (percpu_grow(X, 4096, X)) return
 * use: if (percpu_shrink(X)) return
 * use: (void)percpu_map_size(sizeof(*X))
 * use: percpu_dynamic_info((info.size = sizeof(*X), &info))
 * use: percpu_write(percpu_at(*X), 1)
 * use: (void)percpu_read(percpu_at(*X))
 * use: (void)percpu_ptr_on(percpu_at(*X), 0)
 * use: (void)percpu_sum(percpu_at(*X))
 */
#ifdef WRONG
#undef PERCPU_CONFIG_FILE
#define PERCPU_CONFIG_FILE "zero_config.h"
#endif
#include <percpu.h>

PERCPU_PTR(int) handle;

void use(void);

void use(void)
{
	struct {
		size_t size;
	} unused = {0};
#ifndef WRONG
	struct percpu_dynamic_info info;
#endif
	(void)unused;
	USE(&handle);
}
