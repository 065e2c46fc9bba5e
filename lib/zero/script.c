/* SPDX-License-Identifier: MIT */
/* PERCPU_VMA zero: what the linker script says, as data. */
#include <percpu.h>

#include "../internal.h"

#if PERCPU_IS_ZERO

extern char _percpu_load_end[] LINKER_SYMBOL;
/* Weak: the lines that define the others need not be followed by one that defines it. */
extern char _percpu_end[] LINKER_SYMBOL __attribute__((weak));
/* Weak where there are no sequences: the crate's lines do not collect them. */
#if PERCPU__RESTARTS
#define UNLESS_RESTART
#else
#define UNLESS_RESTART __attribute__((weak))
#endif
extern char _percpu_sequences_start[] LINKER_SYMBOL UNLESS_RESTART;
extern char _percpu_sequences_end[] LINKER_SYMBOL UNLESS_RESTART;

const volatile struct _percpu_script _percpu_script = {
	(uintptr_t)_percpu_load_start,	  (uintptr_t)_percpu_load_end,
	(uintptr_t)_percpu_end,		  (uintptr_t)_percpu_sequences_start,
	(uintptr_t)_percpu_sequences_end,
};

#endif
