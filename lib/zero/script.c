/* SPDX-License-Identifier: MIT */
/* PERCPU_VMA zero: what the linker script says, as data. */
#include <percpu.h>

#include "../internal.h"

extern char _percpu_load_end[] LINKER_SYMBOL;
/* Weak: the lines that define the others need not be followed by one that defines it. */
extern char _percpu_end[] LINKER_SYMBOL __attribute__((weak));

const volatile struct _percpu_script _percpu_script = {
	(uintptr_t)_percpu_load_start,
	(uintptr_t)_percpu_load_end,
	(uintptr_t)_percpu_end,
};
