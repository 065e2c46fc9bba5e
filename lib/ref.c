/* SPDX-License-Identifier: MIT */
/* What of percpu/ref.h is slow: the end of an object. The argument is there. */
#include <percpu.h>

#if PERCPU_IS_IMAGE
#include <percpu/ref.h>

#include "internal.h"

/* Further from 0, either way, than references can be. */
#define BIAS (UINTPTR_MAX / 2 + 1)

/*
 * PERCPU_DEBUG: percpu_panic for an object that is not there. Whoever has a reference has seen it
 * begin, and it does not end meanwhile.
 */
static void check_lives(const struct percpu_ref *ref)
{
	uintptr_t state;

	if (!PERCPU_DEBUG)
		return;
	state = __atomic_load_n(&ref->state, __ATOMIC_RELAXED);
	if (state == 0 || state == PERCPU__REF_ENDED)
		_percpu_fail("percpu: percpu_ref_get or percpu_ref_put of an object that has not "
			     "begun, or has ended: only who has a reference takes or puts one");
}

int percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref))
{
	int error;

	if (!release)
		return PERCPU_EINVAL;
	if (ref->count)
		return PERCPU_EALREADY;
	error = percpu_alloc(&ref->count);
	if (error)
		return error;
	ref->state = PERCPU__REF_LIVE;
	ref->shared = BIAS + 1;
	ref->release = release;
	return 0;
}

int percpu_ref_fini(struct percpu_ref *ref)
{
	/* Pairs with add. */
	uintptr_t state = __atomic_load_n(&ref->state, __ATOMIC_ACQUIRE);
	int error;

	if (state != 0 && state != PERCPU__REF_ENDED)
		return PERCPU_EBUSY;
	error = percpu_free(&ref->count);
	if (!error)
		ref->state = 0;
	return error;
}

/*
 * Whoever makes it 0 is alone with REF, until that is said: from then on percpu_ref_fini may be
 * called, and REF is touched by release only. Release: pairs with percpu_ref_fini.
 */
static void add(struct percpu_ref *ref, uintptr_t amount)
{
	void (*release)(struct percpu_ref *) = ref->release;
	uintptr_t number = _percpu_add_shared(&ref->shared, amount);

	/* What is shared is near the bias, or from 0 on. */
	if (PERCPU_DEBUG && number > UINTPTR_MAX - BIAS / 2)
		_percpu_fail("percpu: percpu_ref_put has put more references than there were");
	if (number != 0)
		return;
	__atomic_store_n(&ref->state, PERCPU__REF_ENDED, __ATOMIC_RELEASE);
	release(ref);
}

void _percpu_ref_get(struct percpu_ref *ref)
{
	check_lives(ref);
	_percpu_add_shared(&ref->shared, 1);
}

void _percpu_ref_put(struct percpu_ref *ref)
{
	check_lives(ref);
	add(ref, (uintptr_t)-1);
}

bool percpu_ref_kill(struct percpu_ref *ref)
{
	bool is_first = percpu_arch_cas(&ref->state, PERCPU__REF_LIVE, PERCPU__REF_KILLED);

	/* Partner: the full fence of a CPU that says that it is outside. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return is_first;
}

bool percpu_ref_killed(struct percpu_ref *ref)
{
	PERCPU_PTR(intptr_t) count = ref->count;

	if (!percpu_arch_cas(&ref->state, PERCPU__REF_KILLED, PERCPU__REF_SHARED))
		return false;
	add(ref, (uintptr_t)percpu_sum(percpu_at(count)) - BIAS - 1);
	return true;
}

#endif
