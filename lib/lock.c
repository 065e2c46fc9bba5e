/* SPDX-License-Identifier: MIT */
/* The library's locks, each a word: 0, or what tells the CPU that holds it. */
#include <percpu.h>

#include "internal.h"

/* The calling CPU, by its area: not 0, and found without a search. */
static uintptr_t me(void)
{
	return (uintptr_t)percpu_arch_base() | 1;
}

bool _percpu_lock(uintptr_t *lock, uintptr_t *flags, size_t tries)
{
	for (;;) {
		*flags = percpu_arch_irq_save();
		/* Its acquire pairs with the release of _percpu_unlock. */
		if (percpu_arch_cas(lock, 0, me()))
			return true;
		if (__atomic_load_n(lock, __ATOMIC_RELAXED) == me())
			tries = 1; /* the holder goes on when this NMI has ended */
		percpu_arch_irq_restore(*flags);
		if (tries-- <= 1)
			return false;
		percpu_arch_pause();
	}
}

void _percpu_unlock(uintptr_t *lock, uintptr_t flags) /* NOLINT: it writes to *lock */
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	percpu_arch_irq_restore(flags);
}
