/* SPDX-License-Identifier: MIT */
/*
 * A get and a put of percpu/cache.h beside what others do for the same job, on one CPU whose
 * magazines have objects: with PERCPU_PREEMPT restart, for there is no turning interrupts off here.
 * The peers are written here, from how they are documented; docs/cache.md says what each gives.
 */
#include "../host.h"

#include <percpu/cache.h>

#include <stdio.h>

enum { TURNS = 501, ROUNDS = 500, OBJECTS = 16, SLOTS = PERCPU_CACHE_OBJECTS };

/* Each with the first word for the peer that has its list there. */
static struct object {
	struct object *next;
	char rest[56];
} objects[OBJECTS];

/* ours: a handle is an address in the template, so a static variable has one. */
static PERCPU_DEFINE_FAR(struct percpu_cache_magazines, magazines);
static struct percpu_cache cache;

static inline void *ours_get(void)
{
	return percpu_cache_get(&cache);
}

static inline void ours_put(void *object)
{
	percpu_cache_put(&cache, object);
}

/*
 * unprotected: a thread's own stack of pointers, as of a thread's cache of jemalloc's kind, found
 * by a pointer in thread-local storage. Through a register, which processors forward faster.
 */
struct stack {
	size_t count;
	void *slots[SLOTS];
};
static struct stack stack;
static __thread struct stack *own __attribute__((tls_model("local-exec"))) = &stack;

static inline void *unprotected_get(void)
{
	struct stack *mine = own;

	if (__builtin_expect(!mine->count, 0))
		stop("unprotected has no object");
	return mine->slots[--mine->count];
}

static inline void unprotected_put(void *object)
{
	struct stack *mine = own;

	if (__builtin_expect(mine->count == SLOTS, 0))
		stop("unprotected is full");
	mine->slots[mine->count++] = object;
}

/*
 * cmpxchg: as of Linux's SLUB. The list is linked through the objects; its head and a number that
 * changes with each operation are exchanged together, by CMPXCHG16B without LOCK.
 */
union head {
	percpu_u128 both;
	uint64_t halves[2]; /* the first object, and the number */
};
static PERCPU_DEFINE(union head, head);

static inline percpu_u128 cmpxchg_read(void)
{
	uint64_t number = percpu_raw_read(head.halves[1]);

	return (percpu_u128)number << 64 | percpu_raw_read(head.halves[0]);
}

static inline void *cmpxchg_get(void)
{
	percpu_u128 old, new;
	struct object *first;

	do {
		old = cmpxchg_read();
		first = (struct object *)(uintptr_t)old;
		if (__builtin_expect(!first, 0))
			stop("cmpxchg has no object");
		new = ((old >> 64) + 1) << 64 | (uintptr_t)first->next;
	} while (__builtin_expect(percpu_cmpxchg128(head.both, old, new) != old, 0));
	return first;
}

static inline void cmpxchg_put(void *object)
{
	percpu_u128 old, new;
	struct object *first = object;

	do {
		old = cmpxchg_read();
		first->next = (struct object *)(uintptr_t)old;
		new = ((old >> 64) + 1) << 64 | (uintptr_t)first;
	} while (__builtin_expect(percpu_cmpxchg128(head.both, old, new) != old, 0));
}

/* locked: a CPU's own stack behind a lock of its own, by XCHG and a store. */
static PERCPU_DEFINE_FAR(struct percpu_cache_magazines, locked_magazines);
static PERCPU_DEFINE(uint32_t, locked);

static inline uint32_t *take(void)
{
	uint32_t *lock = percpu_ptr(locked);

	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		percpu_arch_pause();
	return lock;
}

static inline void *locked_get(void)
{
	uint32_t *lock = take();
	struct percpu_cache_magazines *here = percpu_ptr(locked_magazines);
	void *object;

	if (__builtin_expect(!here->top, 0))
		stop("locked has no object");
	object = here->objects[--here->top];
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return object;
}

static inline void locked_put(void *object)
{
	uint32_t *lock = take();
	struct percpu_cache_magazines *here = percpu_ptr(locked_magazines);

	if (__builtin_expect(here->top == SLOTS, 0))
		stop("locked is full");
	here->objects[here->top++] = object;
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

/* The object is used, as far as the compiler knows; nothing is kept from one to the next. */
#define USE(object) __asm__ volatile("" : "+r"(object) : : "memory")

#define LOOPS(who)                                                                                 \
	__attribute__((noinline)) static void who##_one(size_t rounds)                             \
	{                                                                                          \
		for (size_t i = 0; i < rounds * IN_A_ROUND; i++) {                                 \
			void *object = who##_get();                                                \
			USE(object);                                                               \
			who##_put(object);                                                         \
		}                                                                                  \
	}                                                                                          \
	__attribute__((noinline)) static void who##_eight(size_t rounds)                           \
	{                                                                                          \
		void *got[IN_A_ROUND];                                                             \
		for (size_t i = 0; i < rounds; i++) {                                              \
			for (size_t n = 0; n < IN_A_ROUND; n++) {                                  \
				got[n] = who##_get();                                              \
				USE(got[n]);                                                       \
			}                                                                          \
			for (size_t n = 0; n < IN_A_ROUND; n++)                                    \
				who##_put(got[n]);                                                 \
		}                                                                                  \
	}
LOOPS(ours)
LOOPS(unprotected)
LOOPS(cmpxchg)
LOOPS(locked)

enum { WAYS = 2 };
static const char *const ways[WAYS] = {"one", "eight"};
static const struct {
	const char *name;
	void (*put)(void *object);
	void (*loops[WAYS])(size_t rounds);
} contestants[] = {
	{"ours", ours_put, {ours_one, ours_eight}},
	{"unprotected", unprotected_put, {unprotected_one, unprotected_eight}},
	{"cmpxchg", cmpxchg_put, {cmpxchg_one, cmpxchg_eight}},
	{"locked", locked_put, {locked_one, locked_eight}},
};
enum { CONTESTANTS = sizeof(contestants) / sizeof(contestants[0]) };

/* As ratios to the first, which is ours, in the same turn. */
static void time_way(size_t way)
{
	static double times[CONTESTANTS][TURNS], ratios[CONTESTANTS][TURNS];

	for (size_t turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < CONTESTANTS; i++) {
			uint64_t start = now();

			contestants[i].loops[way](ROUNDS);
			times[i][turn] = (double)(now() - start) / (ROUNDS * IN_A_ROUND);
			ratios[i][turn] = times[i][turn] / times[0][turn];
		}
	for (size_t i = 0; i < CONTESTANTS; i++)
		printf("cache %s %s %.4f %.3f\n", ways[way], contestants[i].name,
		       median(times[i], TURNS), median(ratios[i], TURNS));
}

int main(void)
{
	int error = percpu_init(1);

	if (!error)
		error = percpu_set_local_thread_pointer(0);
	if (error)
		stop("one area: %s", percpu_strerror(error));
	/* Where it points the compiler must not know. */
	__asm__ volatile("" : "+m"(own));
	cache.magazines = (__typeof__(cache.magazines))&percpu__magazines;
	for (size_t i = 0; i < CONTESTANTS; i++) {
		for (size_t n = 0; n < OBJECTS; n++)
			contestants[i].put(&objects[n]);
		for (size_t way = 0; way < WAYS; way++)
			contestants[i].loops[way](ROUNDS);
	}
	for (size_t way = 0; way < WAYS; way++)
		time_way(way);
	return 0;
}
