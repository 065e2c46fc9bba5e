/* SPDX-License-Identifier: MIT */
/*
 * percpu_record: a read has all words of one moment, or says that it has not: whether the reader
 * interrupts the writer, another write does, or all go on at once on CPUs of their own.
 */
#include <percpu/record.h>

#include "common/blocks.h"
#include "common/unit.h"

#define NCPU 4
#define ROUNDS 50000

/* What is written keeps them equal between two writes. */
struct four {
	uint64_t word[4];
};

static PERCPU_RECORD(struct four) record;

static bool whole(const struct four *four)
{
	return four->word[0] == four->word[1] && four->word[1] == four->word[2] &&
	       four->word[2] == four->word[3];
}

static void make(size_t ncpu)
{
	blocks_init(ncpu);
	CHECK(percpu_record_init(&record) == 0);
}

static int read_own(struct four *to)
{
	return percpu_record_read(&record, percpu_cpu_id(), to, 1000);
}

/* As a handler that interrupts a write of this CPU, after each of its steps. */
static void handler_reads(void)
{
	struct four now;

	CHECK(read_own(&now) == PERCPU_EBUSY);
}

/* A write of ones, interrupted after each step by DEPTH writes in each other. */
static void write_nested(int depth)
{
	percpu_record_write(&record)
	{
		for (int i = 0; i < 4; i++) {
			handler_reads();
			percpu_add(percpu_record_at(&record).word[i], 1);
			if (depth)
				write_nested(depth - 1);
			handler_reads();
		}
	}
}

static void interrupted(void)
{
	struct four now;

	make(2);
	CHECK(read_own(&now) == 0 && now.word[0] == 0 && whole(&now));
	write_nested(0);
	CHECK(read_own(&now) == 0 && now.word[0] == 1 && whole(&now));
	write_nested(3);
	/* 1, and 1 + 4 + 16 + 64 */
	CHECK(read_own(&now) == 0 && now.word[0] == 86 && whole(&now));
	CHECK(percpu_record_read(&record, 1, &now, 1) == 0 && now.word[0] == 0);
}

/* One that a write of another CPU keeps from reading tries again, and then says so. */
static void others(void)
{
	struct four now;

	make(2);
	percpu_record_write(&record)
	{
		percpu_add(percpu_record_at(&record).word[0], 1);
		blocks_move(1);
		CHECK(percpu_record_read(&record, 0, &now, 0) == PERCPU_EBUSY);
		CHECK(percpu_record_read(&record, 0, &now, 100) == PERCPU_EBUSY);
		CHECK(percpu_record_read(&record, 1, &now, 1) == 0 && now.word[0] == 0);
		blocks_move(0);
	}
	CHECK(percpu_record_read(&record, 0, &now, 1) == 0 && now.word[0] == 1);
	CHECK(percpu_record_read(&record, 2, &now, 1) == PERCPU_EINVAL);
}

static void leave_by_return(void)
{
	percpu_record_write(&record) return;
}

static void left(void)
{
	struct four now;

	make(1);
	for (int round = 0; round < 3; round++) {
		percpu_record_write(&record) break;
		CHECK(read_own(&now) == 0);
		percpu_record_write(&record) continue;
		CHECK(read_own(&now) == 0);
		leave_by_return();
		CHECK(read_own(&now) == 0);
		percpu_record_write(&record) goto out;
	out:
		CHECK(read_own(&now) == 0);
	}
}

static void handler_writes(void)
{
	write_nested(1);
}

/* Between the second and the third word of a reader comes a handler that writes. */
static void reader_interrupted(void)
{
	char *pages;
	struct four *to;

	make(2);
	pages = blocks_pages();
	to = (struct four *)(pages + BLOCKS_PAGE - 2 * sizeof(uint64_t));
	blocks_interrupt(pages + BLOCKS_PAGE, handler_writes);
	CHECK(read_own(to) == 0);
	CHECK(to->word[0] == 5 && whole(to));
	blocks_interrupt(pages + BLOCKS_PAGE, handler_writes);
	CHECK(percpu_record_read(&record, 0, to, 1) == PERCPU_EBUSY);
	CHECK(read_own(to) == 0 && to->word[0] == 10 && whole(to));
}

static size_t torn[NCPU], reads[NCPU];

static void read_others(size_t cpu, size_t *last)
{
	for (size_t other = 0; other < NCPU; other++) {
		struct four now;

		if (percpu_record_read(&record, other, &now, 2))
			continue;
		reads[cpu]++;
		torn[cpu] += !whole(&now) || now.word[0] < last[other];
		last[other] = now.word[0];
	}
}

static void write_and_read(size_t cpu)
{
	size_t last[NCPU] = {0};

	for (size_t round = 0; round < ROUNDS; round++) {
		percpu_record_write(&record)
		{
			percpu_add(percpu_record_at(&record).word[0], 1);
			percpu_add(percpu_record_at(&record).word[1], 1);
			if (round % 4 == 0)
				percpu_record_write(&record) for (int i = 0; i < 4; i++)
					percpu_add(percpu_record_at(&record).word[i], 1);
			percpu_add(percpu_record_at(&record).word[2], 1);
			percpu_add(percpu_record_at(&record).word[3], 1);
		}
		if (round % 16 == 0)
			read_others(cpu, last);
	}
}

static void threads(void)
{
	struct four now;

	make(NCPU);
	blocks_run(NCPU, write_and_read, NULL);
	for (size_t cpu = 1; cpu < NCPU; cpu++) {
		CHECK(reads[cpu] > 0);
		CHECK(torn[cpu] == 0);
		CHECK(percpu_record_read(&record, cpu, &now, 1) == 0);
		CHECK(now.word[0] == ROUNDS + ROUNDS / 4 && whole(&now));
	}
}

static void ends(void)
{
	struct four now;

	make(1);
	write_nested(0);
	CHECK(percpu_record_fini(&record) == 0 && !record.at);
	CHECK(percpu_record_fini(&record) == 0);
	CHECK(percpu_record_init(&record) == 0);
	CHECK(read_own(&now) == 0 && now.word[0] == 0 && whole(&now));
}

static void made_twice(void)
{
	struct four now;

	make(1);
	write_nested(0);
	CHECK(percpu_record_init(&record) == PERCPU_EALREADY);
	CHECK(read_own(&now) == 0 && now.word[0] == 1 && whole(&now));
}

static void no_room(void)
{
	blocks_init(1);
	blocks_fill();
	CHECK(percpu_record_init(&record) == PERCPU_ENOMEM && !record.at);
}

/* Where the handle says, in template space, there may be anything. */
static void reset(void)
{
	struct four now;

	make(1);
	*(volatile uint64_t *)(uintptr_t)record.at = 7;
	*((volatile uint64_t *)(uintptr_t)record.at + 1) = 7;
	write_nested(0);
	percpu_record_write(&record) CHECK(percpu_reset(percpu_record_at(&record)) == 0);
	CHECK(read_own(&now) == 0 && now.word[0] == 0 && whole(&now));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a reader that interrupts a write, or writes in writes, is told so", interrupted},
		{"a reader that a write interrupts reads again", reader_interrupted},
		{"a read of another CPU's tries again, as often as is said", others},
		{"however the block is left, the write has ended", left},
		{"no read is torn, or older than the one before, while all write and read",
		 threads},
		{"a record ends, and begins again at 0", ends},
		{"a record that is there is not made again", made_twice},
		{"without room there is none made: an error, and nothing has changed", no_room},
		{"a reset puts 0 there, whatever is in template space", reset},
	};

	UNIT_RUN(tests);
}
