/* SPDX-License-Identifier: MIT */
/*
 * percpu_ref: references to an object that lives long, is used by all CPUs and ends once. While it
 * lives, to take or to put a reference touches this CPU's copy only. docs/building-blocks.md says
 * when not to take it.
 *
 *	struct device {
 *		struct percpu_ref ref;
 *	};
 *
 *	percpu_ref_init(&device->ref, release)		0, or an error; there is one reference
 *	if (percpu_ref_try_get(&device->ref)) {		false once it has been killed
 *		...
 *		percpu_ref_put(&device->ref);
 *	}
 *
 *	if (percpu_ref_kill(&device->ref)) {		first call
 *		wait_for_a_grace_period();		the kernel's
 *		percpu_ref_killed(&device->ref);	second call; drops the first reference
 *	}
 *
 * A grace period: from percpu_ref_kill on, a time in which every CPU has at least once been outside
 * of all calls of percpu_ref_get, percpu_ref_try_get and percpu_ref_put: nothing on it is in one,
 * running or interrupted. They hold preemption off, or their caller is pinned, so a CPU that has
 * switched threads, that idles, runs user code, or is down, is outside. One that has taken an
 * interrupt need not be: that may have come within a call.
 *
 * How a CPU says so, by a word of its own, say:
 *
 *	a release	before the word: what it did before is before percpu_ref_killed. Partner: an
 *			acquire of who waits.
 *	a full fence	behind the word, before the next call on this CPU, a handler's too: so with
 *			interrupts off. Partner: that of percpu_ref_kill.
 *
 * Without the fence the word may wait in a store buffer, while the next call still finds that the
 * object lives: who waits takes the word, when it comes, for one that is behind that call. With it
 * either the call finds the object killed, or who waits has seen the word when he first looked, and
 * waits for the next. A CPU that comes up says so, with its fence, before its first call. One that
 * answers a question, asked by a release after percpu_ref_kill, needs no fence if it has seen the
 * question by an acquire. An NMI handler that may come before the fence takes and puts nothing.
 *
 * How. Each CPU counts, from 0, what is taken and put there; any copy may be negative. Nobody can
 * tell that their sum is 0 without looking at all, so while the object lives nobody asks. After
 * percpu_ref_kill references are counted in one shared word instead. Calls that had read the old
 * state may count in the copies still, until the grace period is over; then percpu_ref_killed adds
 * the copies' sum to the shared word. Until then that word has part of the truth, and puts may come
 * before the takes that they belong to: so it begins at a bias of half of all numbers, which only
 * percpu_ref_killed takes away, with the first reference, and so it is never 0 before. From then on
 * it is the number of references, and whoever makes it 0 is the only one who does.
 *
 * Ordering. The release function runs after everything that was done with a reference. A put in the
 * shared word is a compare-and-swap with release; partner: that which makes it 0, with acquire. A
 * put in a copy is relaxed; it happens before percpu_ref_killed by the grace period, and that one's
 * compare-and-swap, with release, has the same partner. The state is read relaxed: a call that
 * reads the old one is waited for, and one that reads the new one relies on nothing but the shared
 * word, which percpu_ref_init has written.
 *
 * A CPU that is down keeps its count: percpu_ref_killed sums over all areas.
 */
#ifndef PERCPU_REF_H
#define PERCPU_REF_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#include <percpu/blocks.h>

PERCPU__HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The states, in this order and never back. 0, what an object of zeros has, is none of them. */
enum { PERCPU__REF_LIVE = 1, PERCPU__REF_KILLED, PERCPU__REF_SHARED, PERCPU__REF_ENDED };

/*
 * To be zero, or what percpu_ref_fini left, before percpu_ref_init. All members are the library's.
 */
struct percpu_ref {
	PERCPU_PTR(intptr_t) count;
	uintptr_t state;
	uintptr_t shared;
	void (*release)(struct percpu_ref *ref);
};

/*
 * percpu_ref_init - begin to count, with one reference, the caller's
 * @release: called once, by whoever puts the last reference, after that; it may call
 *	percpu_ref_fini, and free the object. Its context is that of that percpu_ref_put or
 *	percpu_ref_killed, with preemption as it was there.
 *
 * Returns 0, PERCPU_EINVAL (release is NULL), PERCPU_EALREADY (REF is not zero: it has not ended by
 * percpu_ref_fini), or the error of percpu_alloc; then nothing has changed.
 * Context: as percpu_alloc, before any other CPU finds the object.
 */
int percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref))
	PERCPU__API(percpu_ref_init) PERCPU__CHECKED;

/*
 * percpu_ref_fini - give back what percpu_ref_init has allocated
 *
 * Returns 0, also for one that is zero, PERCPU_EBUSY if there is a reference, the first one too, or
 * release has not been called yet, or the error of percpu_free. After 0 nothing of the object is
 * touched any more, but by what release still does.
 * Context: as percpu_free.
 */
int percpu_ref_fini(struct percpu_ref *ref) PERCPU__API(percpu_ref_fini) PERCPU__CHECKED;

/* The slow parts of percpu_ref_get and percpu_ref_put: after percpu_ref_kill. */
void _percpu_ref_get(struct percpu_ref *ref) PERCPU__API(_percpu_ref_get);
void _percpu_ref_put(struct percpu_ref *ref) PERCPU__API(_percpu_ref_put);

/* Counts BY in this CPU's copy, if the object lives. */
static inline bool _percpu_ref_count(struct percpu_ref *ref, intptr_t by)
{
	bool lives;

	/* From the look to the count this is the call that a grace period waits for. */
	PERCPU__HOLD();
	lives = PERCPU__LIKELY(__atomic_load_n(&ref->state, __ATOMIC_RELAXED) == PERCPU__REF_LIVE);
	if (lives) {
		PERCPU_PTR(intptr_t) count = ref->count;

		percpu_add(percpu_at(count), by);
	}
	PERCPU__RELEASE();
	return lives;
}

/*
 * percpu_ref_get - take another reference, of one who has one
 *
 * The caller has a reference of its own, for as long as the call lasts. Cannot fail. Of an object
 * that has not begun, or has ended, PERCPU_DEBUG calls percpu_panic.
 *
 * Context: as percpu_add, in interrupt handlers too; in an NMI handler where percpu_add may be.
 * PERCPU_PREEMPT none: pinned. hooks and restart: preemption is held off by the kernel's functions
 * from the look at the state to the count, which is what a grace period waits for.
 */
static inline void percpu_ref_get(struct percpu_ref *ref)
{
	if (!_percpu_ref_count(ref, 1))
		_percpu_ref_get(ref);
}

/*
 * percpu_ref_try_get - take a reference, if the object has not been killed
 *
 * For who has none, and has found the object where it is kept as long as it lives: its memory is
 * there while the call lasts. Whoever frees it waits for that as well; the grace period above is
 * enough if the object could not be found any more before percpu_ref_kill, and finding it and this
 * call are one pinned section.
 *
 * Returns whether there is one.
 * Context: as percpu_ref_get.
 */
static inline bool percpu_ref_try_get(struct percpu_ref *ref)
{
	return _percpu_ref_count(ref, 1);
}

/*
 * percpu_ref_put - give up a reference; on any CPU, wherever it was taken
 *
 * If it was the last, and the object has been killed, calls the release function: after this, the
 * object may be gone. One too many ends it early, or never: PERCPU_DEBUG calls percpu_panic if
 * there are fewer than none once percpu_ref_killed has been called, and as percpu_ref_get does.
 *
 * Context: as percpu_ref_get, and where the release function may be called.
 */
static inline void percpu_ref_put(struct percpu_ref *ref)
{
	if (!_percpu_ref_count(ref, -1))
		_percpu_ref_put(ref);
}

/*
 * percpu_ref_kill - the first of two calls: no new reference by percpu_ref_try_get from now on
 *
 * One that is under way may still be given. The caller keeps the first reference, or knows that
 * somebody does, until percpu_ref_killed.
 *
 * Returns true to one caller, who then waits for a grace period and calls percpu_ref_killed; false
 * to all others. Ends with a full fence: what is read behind it is read after the object is killed.
 * Context: anywhere.
 */
bool percpu_ref_kill(struct percpu_ref *ref) PERCPU__API(percpu_ref_kill) PERCPU__CHECKED;

/*
 * percpu_ref_killed - the second: a grace period is over
 *
 * Drops the first reference, that of percpu_ref_init; if it was the last one, calls the release
 * function: after this, the object may be gone. Called too early, it would count what is still
 * changing: the release function may then be called while there are references, or never.
 *
 * Returns false, and has done nothing, if percpu_ref_kill was not called, or if this was.
 * Context: anywhere, where the release function may be called; its time grows with the number of
 * CPUs.
 */
bool percpu_ref_killed(struct percpu_ref *ref) PERCPU__API(percpu_ref_killed);

#ifdef __cplusplus
}
#endif

PERCPU__HEADER_END

#endif
