/* SPDX-License-Identifier: MIT */
/*
 * percpu_rlock: a writer is never beside a reader or another writer, wherever readers leave, and
 * wherever those are when they leave that were turned away.
 */
#include <percpu/rlock.h>

#include <string.h>

#include "common/blocks.h"
#include "common/caught.h"
#include "common/unit.h"

#define NCPU 8
#define ROUNDS 4000

static struct percpu_rlock lock;

static void make(size_t ncpu)
{
	blocks_init(ncpu);
	CHECK(percpu_rlock_init(&lock) == 0);
}

static bool writes(void)
{
	return percpu_rlock_write_lock(&lock, 3) == 0;
}

static void excludes(void)
{
	make(NCPU);
	CHECK(percpu_rlock_try_read(&lock));
	CHECK(percpu_rlock_read_lock(&lock, 1) == 0);
	CHECK(!writes());
	CHECK(percpu_rlock_fini(&lock) == PERCPU_EBUSY);
	percpu_rlock_read_unlock(&lock);
	CHECK(!writes());
	percpu_rlock_read_unlock(&lock);
	CHECK(writes());
	CHECK(!writes());
	CHECK(!percpu_rlock_try_read(&lock));
	CHECK(percpu_rlock_read_lock(&lock, 0) == PERCPU_EBUSY);
	CHECK(percpu_rlock_read_lock(&lock, 100) == PERCPU_EBUSY);
	CHECK(percpu_rlock_fini(&lock) == PERCPU_EBUSY);
	percpu_rlock_write_unlock(&lock);
	CHECK(percpu_rlock_try_read(&lock));
	percpu_rlock_read_unlock(&lock);
	CHECK(writes());
	percpu_rlock_write_unlock(&lock);
	CHECK(percpu_rlock_fini(&lock) == 0 && percpu_rlock_fini(&lock) == 0);
}

/* A writer that has given up lets readers in. */
static void gives_up(void)
{
	make(2);
	CHECK(percpu_rlock_try_read(&lock));
	CHECK(percpu_rlock_write_lock(&lock, 0) == PERCPU_EBUSY);
	CHECK(percpu_rlock_try_read(&lock));
	percpu_rlock_read_unlock(&lock);
	percpu_rlock_read_unlock(&lock);
	CHECK(percpu_rlock_write_lock(&lock, 0) == 0);
}

/* A reader on each CPU, each of which leaves on the next. */
static void moves(void)
{
	make(NCPU);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		blocks_move(cpu);
		CHECK(percpu_rlock_try_read(&lock));
	}
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(!writes());
		blocks_move((cpu + 1) % NCPU);
		percpu_rlock_read_unlock(&lock);
	}
	CHECK(writes());
}

/* Those who are turned away leave elsewhere; the reader on CPU 2 is there all the time. */
static void turned_away(void)
{
	make(NCPU);
	blocks_move(2);
	CHECK(percpu_rlock_try_read(&lock));
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		lock.writer = 1;
		blocks_move(cpu);
		percpu_add(percpu_at(lock.readers).entered, 1);
		CHECK(lock.writer);
		blocks_move((cpu + 3) % NCPU);
		percpu_rlock_read_unlock(&lock);
		lock.writer = 0;
		CHECK(!writes());
	}
	percpu_rlock_read_unlock(&lock);
	CHECK(writes());
}

static struct percpu_rlock *split; /* its word for a writer is on a page of its own */

static void writer_comes(void)
{
	CHECK(percpu_rlock_write_lock(split, 1) == PERCPU_EBUSY);
}

/* A writer that comes when a reader has entered, and is about to look, sees it. */
static void enters_first(void)
{
	char *pages;

	blocks_init(2);
	pages = blocks_pages();
	split = (struct percpu_rlock *)(pages + BLOCKS_PAGE -
					offsetof(struct percpu_rlock, writer));
	CHECK(percpu_rlock_init(split) == 0);
	blocks_interrupt(pages + BLOCKS_PAGE, writer_comes);
	CHECK(percpu_rlock_try_read(split));
	percpu_rlock_read_unlock(split);
	CHECK(percpu_rlock_write_lock(split, 1) == 0);
}

static uintptr_t here(void)
{
	return (uintptr_t)percpu_ptr(percpu_at(lock.readers));
}

/* Makes the lock where its count of who has left, the second word, begins a page. */
static void make_across_pages(void)
{
	static PERCPU_PTR(uintptr_t) filler;

	do
		CHECK(percpu_alloc(&filler) == 0);
	while (((uintptr_t)percpu_ptr(percpu_at(filler)) + sizeof(uintptr_t)) % BLOCKS_PAGE);
	CHECK(percpu_free(&filler) == 0);
	CHECK(percpu_rlock_init(&lock) == 0);
	CHECK((here() + sizeof(uintptr_t)) % BLOCKS_PAGE == 0);
}

static void another_passes(void)
{
	percpu_add(percpu_at(lock.readers).entered, 1);
	percpu_rlock_read_unlock(&lock);
}

/* Before the writer looks who has left, another enters and leaves. The reader is there still. */
static void sums_in_order(void)
{
	blocks_init(1);
	make_across_pages();
	CHECK(percpu_rlock_try_read(&lock));
	blocks_interrupt((char *)here() + sizeof(uintptr_t), another_passes);
	CHECK(percpu_rlock_write_lock(&lock, 1) == PERCPU_EBUSY);
	percpu_rlock_read_unlock(&lock);
	CHECK(writes());
}

/* What the lock protects: equal but while a writer is at work. */
static uint64_t first, second;
static uint64_t writers;
static size_t wrong[NCPU], written[NCPU], have_read[NCPU];

static void write_one(size_t cpu)
{
	if (percpu_rlock_write_lock(&lock, 100000))
		return;
	wrong[cpu] += __atomic_fetch_add(&writers, 1, __ATOMIC_RELAXED) != 0;
	__atomic_store_n(&first, __atomic_load_n(&first, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
	__atomic_store_n(&second, __atomic_load_n(&second, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
	wrong[cpu] += __atomic_fetch_sub(&writers, 1, __ATOMIC_RELAXED) != 1;
	written[cpu]++;
	percpu_rlock_write_unlock(&lock);
}

static void read_one(size_t cpu)
{
	uint64_t one;

	if (percpu_rlock_read_lock(&lock, 100000))
		return;
	one = __atomic_load_n(&first, __ATOMIC_RELAXED);
	wrong[cpu] += one != __atomic_load_n(&second, __ATOMIC_RELAXED);
	wrong[cpu] += __atomic_load_n(&writers, __ATOMIC_RELAXED) != 0;
	have_read[cpu]++;
	percpu_rlock_read_unlock(&lock);
}

static void read_and_write(size_t cpu)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		if (round % 64 == cpu)
			write_one(cpu);
		else
			read_one(cpu);
	}
}

static void threads(void)
{
	uint64_t total = 0;

	make(NCPU);
	blocks_run(NCPU, read_and_write, NULL);
	for (size_t cpu = 1; cpu < NCPU; cpu++) {
		CHECK(wrong[cpu] == 0);
		CHECK(have_read[cpu] > 0);
		total += written[cpu];
	}
	CHECK(total > 0 && first == total && second == total);
	CHECK(percpu_rlock_fini(&lock) == 0);
}

static void no_room(void)
{
	struct percpu_rlock before = {0};

	blocks_init(2);
	blocks_fill();
	CHECK(percpu_rlock_init(&lock) == PERCPU_ENOMEM);
	CHECK(memcmp(&lock, &before, sizeof(lock)) == 0);
	CHECK(percpu_rlock_fini(&lock) == 0);
}

static void made_twice(void)
{
	struct percpu_rlock before;

	make(2);
	CHECK(percpu_rlock_try_read(&lock));
	before = lock;
	CHECK(percpu_rlock_init(&lock) == PERCPU_EALREADY);
	CHECK(memcmp(&lock, &before, sizeof(lock)) == 0);
	CHECK(!writes());
}

#if PERCPU_DEBUG
static void write_and_say(void)
{
	CHECK(!writes());
}

static void reads_too_few(void)
{
	make(2);
	CHECK(percpu_rlock_try_read(&lock));
	percpu_rlock_read_unlock(&lock);
	blocks_move(1);
	percpu_rlock_read_unlock(&lock);
	CHECK(caught(write_and_say, "percpu_rlock_read_unlock more often"));
}

static void unlock(void)
{
	percpu_rlock_write_unlock(&lock);
}

static void writes_too_few(void)
{
	make(1);
	CHECK(writes());
	unlock();
	CHECK(caught(unlock, "percpu_rlock_write_unlock of a lock"));
}
#endif

void kernel_main(void)
{
	static const struct test tests[] = {
		{"readers keep a writer out, and a writer all others", excludes},
		{"a writer that has given up leaves no trace", gives_up},
		{"readers that leave on other CPUs count until they leave", moves},
		{"those turned away, wherever they leave, cancel no reader", turned_away},
		{"a reader enters before it looks for a writer", enters_first},
		{"a writer sums who has left before who has entered", sums_in_order},
		{"threads that read and write see no writer beside them", threads},
		{"without room there is none made: an error, and nothing has changed", no_room},
		{"a lock that is there is not made again", made_twice},
#if PERCPU_DEBUG
		{"PERCPU_DEBUG finds that more readers have left than entered", reads_too_few},
		{"PERCPU_DEBUG finds an unlock where there is no writer", writes_too_few},
#endif
	};

	UNIT_RUN(tests);
}
