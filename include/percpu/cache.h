/* SPDX-License-Identifier: MIT */
/*
 * percpu_cache: objects of an allocator that each CPU keeps some of. Most gets and puts touch
 * nothing but this CPU's own memory, take no lock, and call nobody. docs/cache.md has what it
 * costs, and when not to take it.
 *
 *	static const struct percpu_cache_source pages = {get_pages, put_pages, NULL};
 *	static void *depot[1024];
 *	static struct percpu_cache cache;
 *
 *	percpu_cache_init(&cache, &pages, depot, 1024)		0, or an error
 *	page = percpu_cache_get(&cache)				NULL if there is none
 *	percpu_cache_put(&cache, page)
 *
 * How. It is what J. Bonwick and J. Adams describe in "Magazines and Vmem" (USENIX 2001). Each CPU
 * has two magazines, in a dynamic per-CPU variable; here they lie one upon the other, as one stack
 * of 31 objects. A get pops, a put pushes. An empty stack gets 16 objects, one of which is what was
 * asked for; a full one gives 16: so between two of these there are 15 operations at least,
 * whatever their order. What is given goes to the depot, an array that all CPUs share, under a
 * lock, and what is gotten comes from there; what the depot has not, or has no room for, is the
 * allocator's.
 *
 * Pop and push are restartable sequences where PERCPU_PREEMPT is restart; elsewhere interrupts are
 * off for them. All else is made of the two: an object that is moved is nobody else's meanwhile, so
 * a mover may be interrupted anywhere, and be on another CPU afterwards. So at any time an object
 * of the allocator's is in use, or on its way, in one place: with whoever has got it, in one
 * magazine, in the depot, or in the allocator.
 *
 * A CPU that goes down leaves its magazines as they are, and has them when it comes up again.
 * percpu_cache_flush in a constructor's down gives them back instead.
 */
#ifndef PERCPU_CACHE_H
#define PERCPU_CACHE_H

#include <percpu/sequence.h>

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#if PERCPU_IS_ZERO
#error "libpercpu: percpu/cache.h is for PERCPU_VMA image: with zero nothing can be allocated"
#endif

PERCPU__HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* The most objects that a source is asked for at once, or given. */
#define PERCPU_CACHE_BATCH 16
/* The most that a CPU's two magazines hold. */
#define PERCPU_CACHE_OBJECTS 31

/*
 * The allocator. Both functions are called as percpu_cache_get and percpu_cache_put have been, in
 * their context, with interrupts as they were and no lock of the library's held; on several CPUs
 * at once, and again in a handler that interrupts them, if the cache is used there.
 */
struct percpu_cache_source {
	/*
	 * Puts up to N objects into OBJECTS, and returns how many: 0 if it has none. An object is
	 * any pointer but NULL, and is not looked into.
	 */
	size_t (*get)(void *context, void **objects, size_t n);
	/* Takes N objects back. */
	void (*put)(void *context, void **objects, size_t n);
	void *context; /* for both; may be NULL */
};

/* What of it is a CPU's. TOP is how far behind TOP the last object is, in bytes; 0 if none is. */
struct percpu_cache_magazines {
	uintptr_t top;
	void *objects[PERCPU_CACHE_OBJECTS];
};

#define PERCPU__CACHE_LINE_WORDS (PERCPU_CACHE_LINE / sizeof(uintptr_t))

/*
 * To be zero, or what percpu_cache_fini left, before percpu_cache_init. All members are the
 * library's. What each get reads has a cache line, and so has what the slow way writes.
 */
struct percpu_cache {
	PERCPU_PTR(struct percpu_cache_magazines)
	magazines __attribute__((aligned(PERCPU_CACHE_LINE)));
	struct percpu_cache_source source;
	void **depot;
	size_t depot_size;
	uintptr_t apart[PERCPU__CACHE_LINE_WORDS - 6];
	uintptr_t lock;
	size_t depot_count;
	uintptr_t taken;
	uintptr_t alone[PERCPU__CACHE_LINE_WORDS - 3];
};

/*
 * That a depot has room, if the compiler sees its size. Clang refuses one that is too small, as by
 * a size in bytes; GCC warns, without being asked, that it is written behind its end.
 */
#ifdef __clang__
PERCPU__IGNORED("-Wgcc-compat")
#define PERCPU__DEPOT_HAS_ROOM                                                                     \
	__attribute__((diagnose_if(__builtin_object_size(depot, 0) / sizeof(void *) < depot_size,  \
				   "percpu: the depot has no room for depot_size pointers, which " \
				   "is their number, not their bytes",                             \
				   "error")))
#define PERCPU__DEPOT_IS_WRITTEN
#else
#define PERCPU__DEPOT_HAS_ROOM
#define PERCPU__DEPOT_IS_WRITTEN __attribute__((access(write_only, 3, 4)))
#endif

/*
 * percpu_cache_init - make a cache, empty
 * @cache:  aligned to PERCPU_CACHE_LINE, as its type is
 * @source: the allocator; it is copied
 * @depot:  room for depot_size pointers, in use until percpu_cache_fini; NULL if that is 0
 *
 * Without a depot each 16 objects that a CPU has too few, or too many, are the source's matter. One
 * of a few times 16 for each CPU lets objects that one CPU gets and another puts find their way
 * back without it.
 *
 * Returns 0, PERCPU_EINVAL (get or put is NULL, or depot while depot_size is not 0),
 * PERCPU_EALREADY (CACHE is not zero: it has not ended by percpu_cache_fini), or the error of
 * percpu_alloc_aligned, PERCPU_ENOMEM for one: each CPU needs 256 bytes of PERCPU_DYNAMIC. After an
 * error nothing has changed. Context: as percpu_alloc, before any other CPU uses the cache.
 */
int percpu_cache_init(struct percpu_cache *cache, const struct percpu_cache_source *source,
		      void **depot, size_t depot_size) PERCPU__DEPOT_HAS_ROOM
	PERCPU__API(percpu_cache_init) PERCPU__CHECKED PERCPU__DEPOT_IS_WRITTEN;

/*
 * percpu_cache_fini - give all objects back, and what the cache has allocated
 *
 * Those of every CPU's magazines and of the depot go to the source. Every other call on this cache,
 * on any CPU and in any handler, happens before it.
 *
 * Returns 0, also for one that is zero; PERCPU_EBUSY, and changes nothing, if an object is in use,
 * that is, not as many were put as were gotten: one that was put into another cache, of which this
 * is said too, stays so for ever; or the error of percpu_free, and can be called again.
 * Context: as percpu_free, and as the source's put.
 */
int percpu_cache_fini(struct percpu_cache *cache) PERCPU__API(percpu_cache_fini) PERCPU__CHECKED;

/*
 * percpu_cache_flush - this CPU's magazines become empty
 *
 * Their objects go to the depot, and those that it has no room for to the source. What is put
 * meanwhile, by handlers or before the caller is moved to another CPU, may stay.
 * Context: as percpu_cache_put.
 */
void percpu_cache_flush(struct percpu_cache *cache) PERCPU__API(percpu_cache_flush);

/*
 * percpu_cache_drain - the depot becomes empty: its objects go to the source
 *
 * For a kernel that needs the memory. CPUs' magazines stay: each CPU flushes its own, before.
 * Context: as percpu_cache_put. What others put meanwhile may stay; and all that is left, if
 * another CPU has the depot's lock for so long that the caller gives it up.
 */
void percpu_cache_drain(struct percpu_cache *cache) PERCPU__API(percpu_cache_drain);

struct percpu_cache_info {
	size_t taken;	     /* objects that are taken from the source and not given back */
	size_t in_magazines; /* of these, in the magazines of all CPUs */
	size_t in_depot;
	size_t in_use; /* the others: taken = in_magazines + in_depot + in_use */
};

/*
 * percpu_cache_info - how many objects are where
 *
 * Exact while no other call is under way; else what is moved meanwhile is counted twice, or counts
 * as in use. Context: as percpu_alloc; time grows with the number of CPUs.
 */
void percpu_cache_info(const struct percpu_cache *cache, struct percpu_cache_info *info)
	PERCPU__API(percpu_cache_info);

/* ---- Nothing below is for users, up to percpu_cache_get ---- */

void *_percpu_cache_get(struct percpu_cache *cache) PERCPU__API(_percpu_cache_get);
void _percpu_cache_put(struct percpu_cache *cache, void *object) PERCPU__API(_percpu_cache_put);
/* PERCPU_DEBUG: percpu_panic if this CPU's magazines have the OBJECT that is put. */
void _percpu_cache_check(struct percpu_cache *cache, const void *object)
	PERCPU__API(_percpu_cache_check);

#ifdef __cplusplus
}
#endif

/*
 * _percpu_cache_pop - the last object of this CPU's magazines, of that handle; NULL if they are
 * empty
 *
 * _percpu_cache_push - OBJECT becomes the last; false if they are full
 *
 * Both are one step to all that interrupts them, and to whoever the caller is moved by. A port has
 * them as sequences. Others, and modes where nothing starts over, have interrupts off: that pins
 * the caller too.
 */
#if PERCPU_SEQUENCES && __has_include(<percpu_arch_cache.h>)
#include <percpu_arch_cache.h>
#else
#define PERCPU__CACHE_IS_PLAIN
#endif

/* This CPU's, for whoever has interrupts off; percpu_ptr would want preemption off. */
static inline struct percpu_cache_magazines *
_percpu_cache_here(PERCPU_PTR(struct percpu_cache_magazines) handle)
{
	return (struct percpu_cache_magazines *)percpu_arch_ptr(percpu__percpu_at(handle));
}

#ifdef PERCPU__CACHE_IS_PLAIN

static inline void *_percpu_cache_pop(PERCPU_PTR(struct percpu_cache_magazines) handle)
{
	uintptr_t flags = percpu_arch_irq_save();
	struct percpu_cache_magazines *here = _percpu_cache_here(handle);
	uintptr_t top = percpu_arch_get(&here->top);
	void *object = NULL;

	if (top) {
		object = here->objects[top / sizeof(void *) - 1];
		percpu_arch_put(&here->top, top - sizeof(void *));
	}
	percpu_arch_irq_restore(flags);
	return object;
}

static inline bool _percpu_cache_push(PERCPU_PTR(struct percpu_cache_magazines) handle,
				      void *object)
{
	uintptr_t flags = percpu_arch_irq_save();
	struct percpu_cache_magazines *here = _percpu_cache_here(handle);
	uintptr_t top = percpu_arch_get(&here->top);
	bool room = top < sizeof(here->objects);

	if (room) {
		here->objects[top / sizeof(void *)] = object;
		percpu_arch_put(&here->top, top + sizeof(void *));
	}
	percpu_arch_irq_restore(flags);
	return room;
}
#endif

#if PERCPU_DEBUG
#define PERCPU__CACHE_CHECK(cache, object) _percpu_cache_check(cache, object)
#else
#define PERCPU__CACHE_CHECK(cache, object) ((void)0)
#endif

/*
 * percpu_cache_get - an object; NULL if this CPU, the depot and the source have none
 *
 * What other CPUs have in their magazines is out of reach: with few objects, NULL may come while
 * there are up to 31 for each other CPU. A depot is as if it had none, and no room, while another
 * CPU has its lock for so long that the caller gives it up. What an object has in it is what was
 * there when it was put, or what the source has made of it. Acquire: what happened before the put,
 * on whichever CPU, is seen.
 *
 * percpu_cache_put - an object is not used any more
 * @object: of percpu_cache_get of this cache; NULL, of which nothing is done
 *
 * It may be handed out again from now on. Twice puts it into two hands: PERCPU_DEBUG calls
 * percpu_panic if it finds it in this CPU's magazines. Release.
 *
 * Context, of both: before percpu_cache_fini, where the source's functions may be called; in
 * interrupt handlers too, and with interrupts on or off. PERCPU_PREEMPT none: pinned, as for
 * percpu_add. hooks and restart: needs nothing. In an NMI handler only where PERCPU_SEQUENCES is 1,
 * that is, with restart and PERCPU_MODE smp, and the port has sequences, as all of this library
 * have: elsewhere an NMI comes into the middle of a pop, and an object is handed out twice. An NMI
 * that finds the depot's lock taken by this CPU does without the depot, and so does who finds it
 * taken a thousand times.
 */
static inline void *percpu_cache_get(struct percpu_cache *cache)
{
	void *object;

	PERCPU__CHECK_HANDLE(PERCPU__NUMBER(cache->magazines));
	object = _percpu_cache_pop(cache->magazines);
	return __builtin_expect(!!object, 1) ? object : _percpu_cache_get(cache);
}

static inline void percpu_cache_put(struct percpu_cache *cache, void *object)
{
	PERCPU__CHECK_HANDLE(PERCPU__NUMBER(cache->magazines));
	PERCPU__CACHE_CHECK(cache, object);
	if (object && __builtin_expect(!_percpu_cache_push(cache->magazines, object), 0))
		_percpu_cache_put(cache, object);
}

PERCPU__HEADER_END

#endif
