/* SPDX-License-Identifier: MIT */
/* What the files of the library share. */
#ifndef PERCPU_INTERNAL_H
#define PERCPU_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINKER_SYMBOL __attribute__((visibility("hidden")))

/* For what writes the per-CPU register, by which a stack protector may find its guard. */
#define WRITES_REGISTER __attribute__((no_stack_protector))

/* Where the template and the space for areas are. */
#if PERCPU_IS_ZERO
#include "zero/percpu_template.h"
#else
#include "image/percpu_template.h"
#endif

/* Whether SIZE bytes at MEM touch what lies from FROM to TO, or wrap around. */
bool _percpu_overlaps(const char *mem, size_t size, const char *from, const char *to) LINKER_SYMBOL;

#if PERCPU_ARCH_SEQUENCES
/* Whether the linker script collects the entries for restartable sequences in the table. */
bool _percpu_sequences_collected(void) LINKER_SYMBOL;

/*
 * Makes the table ready for looking up sequences: sorts it, where the linker has not. False if that
 * cannot be done. To be called before any CPU is bound; the first call that returns true has done
 * it.
 */
bool _percpu_sequences_prepare(void) LINKER_SYMBOL;

/* What percpu_in_sequence and percpu_restart are, where no module has sequences. */
bool _percpu_in_own_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
	PERCPU__API(_percpu_in_own_sequence) LINKER_SYMBOL;
uintptr_t _percpu_restart_own(uintptr_t pc) PERCPU__API(_percpu_restart_own) LINKER_SYMBOL;
#define PERCPU__WEAK_NAME_OF(function)                                                             \
	__attribute__((weak, alias(PERCPU__STRING(PERCPU_SYMBOL(function)))))
#define PERCPU__WEAK_NAMES                                                                         \
	PERCPU__WEAK_NAME_OF(_percpu_in_own_sequence)                                              \
	bool percpu_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end);                   \
	PERCPU__WEAK_NAME_OF(_percpu_restart_own) uintptr_t percpu_restart(uintptr_t pc);
#else
static inline bool _percpu_sequences_prepare(void)
{
	return true;
}
#endif

#if PERCPU_DEBUG
/*
 * What is not so that must be: calls percpu_panic, but only the first time on each CPU: what its
 * percpu_panic does then is not stopped by what it is called for.
 */
void _percpu_fail(const char *why) LINKER_SYMBOL;

/* The calling CPU owns the area at BASE from now on; another may not have it. */
void _percpu_take(void *base) LINKER_SYMBOL;

/* No CPU owns it any more. */
void _percpu_give_back(void *base) LINKER_SYMBOL;

/*
 * From the first call on nothing may write the template, and each call checks that nothing has. Not
 * for where the template is an area.
 */
void _percpu_check_template(void) LINKER_SYMBOL;

/* Whether dynamic variables may be outside of the areas; only where percpu_grow is linked. */
bool _percpu_has_grown(void) LINKER_SYMBOL;
#else
static inline void _percpu_fail(const char *why)
{
	percpu_panic(why);
}

static inline void _percpu_take(void *base)
{
	(void)base;
}

static inline void _percpu_give_back(void *base)
{
	(void)base;
}

static inline void _percpu_check_template(void)
{
}
#endif

/* percpu_strerror, but for what only dynamic variables, and CPUs that come and go, have. */
const char *_percpu_strerror_of_areas(int error)
	PERCPU__API(_percpu_strerror_of_areas) LINKER_SYMBOL;

/*
 * 0, or PERCPU_ENOTREADY before there are areas. Whatever has such errors asks for it first, and so
 * takes error_dynamic.c out of the archive.
 */
int _percpu_check_made(void) LINKER_SYMBOL;

/*
 * Takes a lock, and puts into *FLAGS what gives it back. Interrupts are off while it is held and
 * for each try, and as they were between tries: who waits hinders no handler. False after so many
 * TRIES, at least one, and, at once, for an NMI that has interrupted this CPU's holder. The calling
 * CPU is bound.
 *
 * NO_BOUND is for the allocator's lock and for no other. Whoever holds that one is on its way to
 * give it back, waits for nobody and calls nothing of the kernel's, and nothing interrupts it but
 * an NMI; whose handler does not wait for this lock, and for others of the library's only so many
 * tries. Were there another without a bound, an NMI that has interrupted the one's holder could
 * wait for the other, whose holder is under an NMI that waits for the one.
 */
#define NO_BOUND SIZE_MAX
bool _percpu_lock(uintptr_t *lock, uintptr_t *flags, size_t tries) LINKER_SYMBOL;
void _percpu_unlock(uintptr_t *lock, uintptr_t flags) LINKER_SYMBOL;

/*
 * Copies SIZE bytes. Of 1, 2, 4 or 8 that are aligned to their size, and equally at both places,
 * each is one store. The library has its own, because a freestanding program need not have memcpy.
 */
void _percpu_copy(void *to, const void *from, size_t size) LINKER_SYMBOL;
void _percpu_zero(void *to, size_t size) LINKER_SYMBOL;

/*
 * Adds to a word that CPUs share; gives what it is then. Acquire and release. Again only if another
 * CPU, or a handler, has changed it in between.
 */
static inline uintptr_t _percpu_add_shared(uintptr_t *at, uintptr_t amount)
{
	uintptr_t old;

	do
		old = __atomic_load_n(at, __ATOMIC_RELAXED);
	while (!percpu_arch_cas(at, old, old + amount));
	return old + amount;
}

#endif
