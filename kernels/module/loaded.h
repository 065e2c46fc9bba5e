/* SPDX-License-Identifier: 0BSD */
/* What a module and the kernel that loads it share: loaded/ has the modules. */
#ifndef LOADED_H
#define LOADED_H

#include <percpu.h>

/* ---- The kernel's: a near variable of it, and a function (main.c) ---- */

PERCPU_DECLARE(uint64_t, kernel_count);

/* Returns VALUE + 1. */
uint64_t kernel_next(uint64_t value);

/* ---- The module's. Its symbol module_interface is what the kernel looks for. ---- */

/* One operation on one of its variables. */
struct module_operation {
	const char *name;
	uint64_t (*run)(uint64_t value, uint64_t expected, size_t index);
	void *variable; /* in template space: what the loader has made of its address */
};

struct module_interface {
	/*
	 * percpu_area_num: its symbol has the configuration in it, so that a module of another one
	 * wants what the kernel has not. Its operations alone, which are inline, need no such
	 * symbol.
	 */
	size_t (*configuration)(void);
	size_t count;
	const struct module_operation *operations;
	/* Whether this CPU's copies have their initial values. */
	bool (*initial)(void);
	/* Counts its calls, from 42 on, with the help of a function of the kernel's. */
	uint64_t (*call)(void);
};

extern const struct module_interface module_interface;

#endif
