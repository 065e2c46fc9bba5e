/* SPDX-License-Identifier: MIT */
/*
 * percpu_ref: the release function is called once, after the last reference has been put, and never
 * before the second call. Objects are malloc'ed and freed by it, so that the address sanitizer sees
 * whoever touches one afterwards.
 */
#include <percpu/ref.h>

#include <stdlib.h>
#include <string.h>

#include "common/blocks.h"
#include "common/caught.h"
#include "common/unit.h"

#define NCPU 8
#define ROUNDS 60

struct object {
	struct percpu_ref ref;
	uintptr_t holders; /* counted by the test, after a get and before a put */
};

static size_t released, held_at_release;

static void release(struct percpu_ref *ref)
{
	struct object *object = (struct object *)ref;

	__atomic_fetch_add(&released, 1, __ATOMIC_RELAXED);
	held_at_release += __atomic_load_n(&object->holders, __ATOMIC_RELAXED);
	CHECK(percpu_ref_fini(ref) == 0);
	free(object);
}

static struct object *make(void)
{
	struct object *object = calloc(1, sizeof(*object));

	released = 0;
	CHECK(percpu_ref_init(&object->ref, release) == 0);
	return object;
}

static void lives(void)
{
	struct object *object;

	blocks_init(NCPU);
	object = make();
	/* No copy is ever 0 at the same time as the others, and CPU 1's are negative. */
	for (int i = 0; i < 100; i++) {
		blocks_move(0);
		CHECK(percpu_ref_try_get(&object->ref));
		percpu_ref_get(&object->ref);
		blocks_move(1);
		percpu_ref_put(&object->ref);
		percpu_ref_put(&object->ref);
	}
	CHECK(released == 0);
	CHECK(percpu_ref_fini(&object->ref) == PERCPU_EBUSY);
	CHECK(percpu_ref_kill(&object->ref));
	CHECK(percpu_ref_fini(&object->ref) == PERCPU_EBUSY);
	CHECK(released == 0);
	CHECK(percpu_ref_killed(&object->ref));
	CHECK(released == 1);
}

static void killed(void)
{
	struct object *object;

	blocks_init(NCPU);
	object = make();
	blocks_move(2);
	percpu_ref_get(&object->ref);
	percpu_ref_get(&object->ref);
	CHECK(!percpu_ref_killed(&object->ref));
	CHECK(percpu_ref_kill(&object->ref) && !percpu_ref_kill(&object->ref));
	CHECK(!percpu_ref_try_get(&object->ref));
	blocks_move(3);
	percpu_ref_get(&object->ref);
	percpu_ref_put(&object->ref);
	percpu_ref_put(&object->ref);
	CHECK(percpu_ref_killed(&object->ref) && !percpu_ref_killed(&object->ref));
	CHECK(released == 0 && percpu_ref_fini(&object->ref) == PERCPU_EBUSY);
	percpu_ref_get(&object->ref);
	percpu_ref_put(&object->ref);
	CHECK(released == 0);
	percpu_ref_put(&object->ref);
	CHECK(released == 1);
}

/*
 * The calls that a grace period is for have seen the old state, and count in their copies when
 * others count in the shared word already: more puts there than it has ever had references.
 */
static void in_between(void)
{
	struct object *object;

	blocks_init(NCPU);
	object = make();
	CHECK(percpu_ref_kill(&object->ref));
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		blocks_move(cpu);
		percpu_add(percpu_at(object->ref.count), 3);
	}
	for (size_t i = 0; i < 2 * NCPU; i++) {
		percpu_ref_put(&object->ref);
		CHECK(released == 0);
	}
	CHECK(percpu_ref_killed(&object->ref));
	for (size_t i = 0; i < NCPU; i++) {
		CHECK(released == 0);
		percpu_ref_put(&object->ref);
	}
	CHECK(released == 1);
}

static struct object *shared;
static uintptr_t outside[NCPU]; /* how often each CPU was outside of all calls */
static uintptr_t handed[NCPU];	/* references that another CPU is to put */
static size_t ended_early;

static void get(struct object *object)
{
	percpu_ref_get(&object->ref);
	__atomic_fetch_add(&object->holders, 1, __ATOMIC_RELAXED);
}

static void put(struct object *object)
{
	__atomic_fetch_add(&ended_early, __atomic_load_n(&released, __ATOMIC_RELAXED),
			   __ATOMIC_RELAXED);
	__atomic_fetch_sub(&object->holders, 1, __ATOMIC_RELAXED);
	percpu_ref_put(&object->ref);
}

static void put_handed(size_t cpu)
{
	uintptr_t number = __atomic_exchange_n(&handed[cpu], 0, __ATOMIC_ACQUIRE);

	while (number--)
		put(shared);
}

/* Partner of the fence: percpu_ref_kill's. The next call finds it killed, or is waited for. */
static void is_outside(size_t cpu)
{
	__atomic_fetch_add(&outside[cpu], 1, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Takes references, puts them, and hands some to the next CPU, until it can take no more. */
static void use(struct object *object, size_t cpu)
{
	for (size_t turn = 0; percpu_ref_try_get(&object->ref); turn++) {
		__atomic_fetch_add(&object->holders, 1, __ATOMIC_RELAXED);
		get(object);
		if (turn % 4 == 0)
			__atomic_fetch_add(&handed[(cpu + 1) % NCPU], 1, __ATOMIC_RELEASE);
		else
			put(object);
		put(object);
		put_handed(cpu);
		is_outside(cpu);
	}
}

static size_t round_now, round_ended; /* CPUs that have ended it */

static void users(size_t cpu)
{
	for (size_t round = 1; round <= ROUNDS; round++) {
		while (__atomic_load_n(&round_now, __ATOMIC_ACQUIRE) != round)
			arch_pause();
		use(shared, cpu);
		__atomic_store_n(&outside[cpu], UINTPTR_MAX, __ATOMIC_RELEASE);
		__atomic_fetch_add(&round_ended, 1, __ATOMIC_RELEASE);
	}
}

/* Each CPU has been outside since: its count has changed, or it has ended. */
static void wait_for_a_grace_period(void)
{
	for (size_t cpu = 1; cpu < NCPU; cpu++) {
		uintptr_t then = __atomic_load_n(&outside[cpu], __ATOMIC_ACQUIRE), now = then;

		while (now == then && now != UINTPTR_MAX) {
			arch_pause();
			now = __atomic_load_n(&outside[cpu], __ATOMIC_ACQUIRE);
		}
	}
}

static void begin_round(size_t round)
{
	shared = make();
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		outside[cpu] = 0;
	round_ended = 0;
	__atomic_store_n(&round_now, round, __ATOMIC_RELEASE);
}

static void kill_each(void)
{
	for (size_t round = 1; round <= ROUNDS; round++) {
		begin_round(round);
		for (int i = 0; i < 20; i++)
			arch_pause();
		CHECK(percpu_ref_kill(&shared->ref));
		wait_for_a_grace_period();
		CHECK(percpu_ref_killed(&shared->ref));
		while (__atomic_load_n(&round_ended, __ATOMIC_ACQUIRE) != NCPU - 1)
			arch_pause();
		for (size_t cpu = 0; cpu < NCPU; cpu++)
			put_handed(cpu);
		CHECK(released == 1);
	}
}

static void threads(void)
{
	blocks_init(NCPU);
	blocks_run(NCPU, users, kill_each);
	CHECK(ended_early == 0 && held_at_release == 0);
}

static void ends(void)
{
	static struct percpu_ref none;

	blocks_init(1);
	CHECK(percpu_ref_fini(&none) == 0);
	CHECK(!percpu_ref_kill(&none) && !percpu_ref_killed(&none));
}

static void no_room(void)
{
	struct percpu_ref ref = {0}, before = {0};

	blocks_init(2);
	blocks_fill();
	CHECK(percpu_ref_init(&ref, release) == PERCPU_ENOMEM);
	CHECK(memcmp(&ref, &before, sizeof(ref)) == 0);
	CHECK(!percpu_ref_kill(&ref) && !percpu_ref_try_get(&ref));
	CHECK(percpu_ref_fini(&ref) == 0);
}

static void mistakes(void)
{
	struct percpu_ref ref = {0}, before = {0};

	blocks_init(2);
	CHECK(percpu_ref_init(&ref, NULL) == PERCPU_EINVAL);
	CHECK(memcmp(&ref, &before, sizeof(ref)) == 0);
	CHECK(percpu_ref_init(&ref, release) == 0);
	percpu_ref_get(&ref);
	before = ref;
	CHECK(percpu_ref_init(&ref, release) == PERCPU_EALREADY);
	CHECK(memcmp(&ref, &before, sizeof(ref)) == 0);
}

#if PERCPU_DEBUG
static struct percpu_ref wrong;

static void stays(struct percpu_ref *ref)
{
	(void)ref;
}

static void begin_wrong(void)
{
	blocks_init(1);
	CHECK(percpu_ref_init(&wrong, stays) == 0);
}

static void end(void)
{
	CHECK(percpu_ref_kill(&wrong) && percpu_ref_killed(&wrong));
}

static void get_wrong(void)
{
	percpu_ref_get(&wrong);
}

static void put_wrong(void)
{
	percpu_ref_put(&wrong);
}

static const char no_object[] = "has not begun, or has ended", too_many[] = "more references";

static void get_of_zeros(void)
{
	blocks_init(1);
	CHECK(caught(get_wrong, no_object));
}

static void put_of_zeros(void)
{
	blocks_init(1);
	CHECK(caught(put_wrong, no_object));
}

static void get_after_end(void)
{
	begin_wrong();
	end();
	CHECK(caught(get_wrong, no_object));
}

static void put_after_end(void)
{
	begin_wrong();
	end();
	CHECK(caught(put_wrong, no_object));
}

static void put_too_many(void)
{
	begin_wrong();
	percpu_ref_put(&wrong);
	CHECK(caught(end, too_many));
}
#endif

void kernel_main(void)
{
	static const struct test tests[] = {
		{"while the object lives references go to and fro, and it is not released", lives},
		{"after two calls it is released when the last reference is put, once", killed},
		{"what is counted in the copies between the calls is not lost", in_between},
		{"threads take and put while it is killed: released once, when nobody holds it",
		 threads},
		{"what was never made ends, and is not killed", ends},
		{"without room there is none made: an error, and nothing has changed", no_room},
		{"without a release function, and while it lives, there is none made", mistakes},
#if PERCPU_DEBUG
		{"PERCPU_DEBUG finds a get of what has not begun", get_of_zeros},
		{"PERCPU_DEBUG finds a put of what has not begun", put_of_zeros},
		{"PERCPU_DEBUG finds a get of what has ended", get_after_end},
		{"PERCPU_DEBUG finds a put of what has ended", put_after_end},
		{"PERCPU_DEBUG finds at the end that there was a put too many", put_too_many},
#endif
	};

	UNIT_RUN(tests);
}
