/* SPDX-License-Identifier: 0BSD */
/*
 * What a module may use of the kernel. To operations it must export three of the library's: delta,
 * by which they find a copy, the start of the template, and, where preemption is held off around
 * them, the hooks. The symbols of percpu.h's functions have the configuration in them: loaded.h has
 * each module want one of them, so that one of another configuration is refused.
 */
#include "loader.h"

struct export
{
	const char *name;
	uintptr_t address;
};

void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);

#define PLAIN(symbol)                                                                              \
	{                                                                                          \
		#symbol, (uintptr_t)symbol                                                         \
	}
#define OF_LIBRARY(function)                                                                       \
	{                                                                                          \
		PERCPU__STRING(PERCPU_SYMBOL(function)), (uintptr_t)function                       \
	}
#define NEAR(name)                                                                                 \
	{                                                                                          \
		"__percpu_near." #name, (uintptr_t)&percpu__##name                                 \
	}

static const struct export exports[] = {
	NEAR(percpu_delta),
	NEAR(percpu_cpu_number),
	PLAIN(_percpu_load_start),
	PLAIN(percpu_preempt_disable),
	PLAIN(percpu_preempt_enable),
	OF_LIBRARY(percpu_area_num),
	OF_LIBRARY(percpu_area_base),
	OF_LIBRARY(_percpu_copy_on),
	OF_LIBRARY(_percpu_existing_copy_on),
	OF_LIBRARY(_percpu_reset),
	/* Compilers call these for structures. */
	PLAIN(memcpy),
	PLAIN(memset),
	/* The kernel's own. */
	NEAR(kernel_count),
	PLAIN(kernel_next),
};

uintptr_t kernel_symbol(const char *name)
{
	for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++)
		if (same_text(exports[i].name, name))
			return exports[i].address;
	return 0;
}
