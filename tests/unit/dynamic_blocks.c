/* SPDX-License-Identifier: MIT */
/*
 * Dynamic variables in their life: random ones are made, written on every CPU and ended. It fails
 * if two that live overlap, on any CPU; if a copy is not 0 at first, is not aligned, changes by
 * what is done to others, or lies elsewhere than all three ways of finding it say; or if a call
 * that fails, at any point, changes a bit, or what any later call does.
 */
#include <percpu.h>

#include <stdlib.h>
#include <string.h>

#include "common/dynamic.h"

enum { BLOCKS = 120, SIZE = 720, NO_ALIGN = 1 };

typedef PERCPU_PTR(unsigned char[SIZE]) handle;

static struct block {
	uintptr_t handle; /* 0 if there is none */
	size_t size;
	unsigned char stamp;
} blocks[BLOCKS];

static unsigned char *copy(const struct block *b, size_t cpu)
{
	return *percpu_ptr_on(percpu_at((handle)b->handle), cpu);
}

static bool all_are(const unsigned char *bytes, size_t size, unsigned char value)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

static bool overlaps_another(const struct block *b)
{
	for (const struct block *other = blocks; other < blocks + BLOCKS; other++)
		if (other != b && other->handle && other->handle < b->handle + b->size &&
		    other->handle + other->size > b->handle)
			return true;
	return false;
}

/* Every CPU's copy is where its area says, and this CPU's where the register says. */
static void check_place(const struct block *b, size_t cpu)
{
	uintptr_t delta = (uintptr_t)percpu_area_base(cpu) - (uintptr_t)_percpu_load_start;

	CHECK((uintptr_t)copy(b, cpu) == b->handle + delta);
	CHECK(percpu_read_on(percpu_delta, cpu) == delta);
	CHECK(percpu_set_local_thread_pointer(cpu) == 0);
	CHECK((unsigned char *)percpu_ptr(percpu_at((handle)b->handle)) == copy(b, cpu));
}

/* As a kernel that steps from CPU to CPU would not; each would be the same to itself. */
static void check_places(const struct block *b)
{
	percpu_for_each (cpu)
		check_place(b, cpu);
	CHECK(percpu_set_local_thread_pointer(0) == 0);
}

static bool make(struct block *b, size_t size, size_t align)
{
	b->size = size;
	if (_percpu_alloc(size, 1, align, &b->handle))
		return false;
	b->stamp = (unsigned char)(1 + below(100));
	CHECK(!overlaps_another(b));
	percpu_for_each (cpu) {
		CHECK(all_are(copy(b, cpu), size, 0) && (uintptr_t)copy(b, cpu) % align == 0);
		memset(copy(b, cpu), (unsigned char)(b->stamp + cpu % 100), size);
	}
	return true;
}

static void end(struct block *b)
{
	percpu_for_each (cpu)
		CHECK(all_are(copy(b, cpu), b->size, (unsigned char)(b->stamp + cpu % 100)));
	CHECK(_percpu_free(b->handle) == 0);
	b->handle = 0;
}

static size_t bytes_in_blocks(void)
{
	size_t sum = 0;

	for (const struct block *b = blocks; b < blocks + BLOCKS; b++)
		sum += b->handle ? (b->size + 7) / 8 * 8 : 0;
	return sum;
}

static void end_all(void)
{
	struct percpu_dynamic_info info;

	for (struct block *b = blocks; b < blocks + BLOCKS; b++)
		if (b->handle)
			end(b);
	info = dynamic_info();
	CHECK(info.blocks == 0 && info.free == info.size && info.largest == info.size);
}

static void live(size_t ncpu, enum dynamic_areas where, size_t steps)
{
	dynamic_begin(ncpu, where);
	for (size_t step = 0; step < steps; step++) {
		struct block *b = &blocks[below(BLOCKS)];

		if (b->handle)
			end(b);
		else if (make(b, some_size(), below(3) ? NO_ALIGN : some_align()) && step % 16 == 0)
			check_places(b);
		/* Those that are aligned to lines have whole lines. */
		CHECK(dynamic_info().size - dynamic_info().free >= bytes_in_blocks());
	}
	end_all();
}

static void on_one(void)
{
	live(1, IN_A_ROW, 3000);
}

#if PERCPU_IS_SMP
static void on_two(void)
{
	live(2, IN_A_ROW, 3000);
}

static void on_64(void)
{
	live(64, IN_A_ROW, 500);
}

static void on_1024(void)
{
	live(1024, IN_A_ROW, 60);
}

static void anywhere(void)
{
	live(33, ANYWHERE, 500);
}

static void anywhere_1024(void)
{
	live(1024, ANYWHERE, 60);
}
#endif

/* ---- Calls that fail ---- */

/* No variable begins there, as far as anyone can know. */
static void forged(uintptr_t h)
{
	for (const struct block *b = blocks; b < blocks + BLOCKS; b++)
		if (b->handle == h)
			return;
	if (h)
		DYNAMIC_FAILS(_percpu_free(h), PERCPU_EHANDLE);
}

static void forged_all(const struct block *b)
{
	forged(b->handle + 8);
	forged(b->handle + 4);
	forged(b->handle + 1);
	forged(b->handle - 8);
	forged((b->handle + b->size) & ~(uintptr_t)7);
	forged((uintptr_t)_percpu_load_start);
	forged((uintptr_t)_percpu_reserve_start - 8);
	forged((uintptr_t)_percpu_reserve_end);
	forged((uintptr_t)&blocks);
	forged((uintptr_t)percpu_area_base(0) + percpu_area_size());
	forged(1);
	forged(UINTPTR_MAX);
	forged(UINTPTR_MAX - 7);
}

static void fails(size_t size, size_t align, int error)
{
	uintptr_t h = 77;

	DYNAMIC_FAILS(_percpu_alloc(size, 1, align, &h), error);
	CHECK(h == 77);
}

static void fail_all(void)
{
	fails(dynamic_info().free + 1, 1, PERCPU_ENOMEM);
	fails(dynamic_info().largest + 1, 8, PERCPU_ENOMEM);
	fails(dynamic_info().largest + 1, 64, PERCPU_ENOMEM);
	for (size_t less = 0; less < 130; less += 3)
		fails(SIZE_MAX - less, less % 2 ? 64 : 1, PERCPU_ENOMEM);
	fails(8, 8192, PERCPU_EALIGN);
	fails(8, SIZE_MAX / 2 + 1, PERCPU_EALIGN);
	fails(8, 3, PERCPU_EINVAL);
	fails(8, 0, PERCPU_EINVAL);
	fails(0, 8, PERCPU_EINVAL);
}

static void failing(void)
{
	dynamic_begin(PERCPU_IS_SMP ? 2 : 1, IN_A_ROW);
	for (size_t step = 0; step < 150; step++) {
		struct block *b = &blocks[below(BLOCKS)];
		struct block was = *b;

		if (b->handle)
			end(b);
		else
			(void)make(b, some_size(), below(3) ? NO_ALIGN : some_align());
		if (step % 3 == 0)
			fail_all();
		if (was.handle)
			forged(was.handle);
		forged_all(was.handle ? &was : b);
	}
	end_all();
}

/* One of a row of calls, always the same: what it gave is found in its block. */
static void call(size_t i)
{
	struct block *b = &blocks[i * 7 % 30];

	if (b->handle)
		end(b);
	else
		(void)make(b, 1 + i * 37 % 400, (size_t)1 << i % 10);
}

/* The row, with one failing call before call AT. Its outcome. */
static uint64_t row(size_t at, size_t size, size_t align)
{
	uint64_t sum = 1;

	for (size_t i = 0; i < 90; i++) {
		uintptr_t h = 0;

		if (i == at)
			CHECK(_percpu_alloc(size, 1, align, &h) < 0 && h == 0);
		call(i);
		for (size_t b = 0; b < 30; b++)
			sum = dynamic_sum(sum, &blocks[b].handle, sizeof(blocks[b].handle));
	}
	end_all();
	return sum;
}

static void injected(void)
{
	uint64_t undisturbed;

	dynamic_begin(1, IN_A_ROW);
	undisturbed = row(SIZE_MAX, 0, 0);
	for (size_t at = 0; at < 90; at++) {
		CHECK(row(at, dynamic_info().size + 1, 1) == undisturbed);
		CHECK(row(at, 1, 8192) == undisturbed && row(at, 1, 5) == undisturbed);
	}
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"live variables never overlap and keep what is in them, with 1 area", on_one},
#if PERCPU_IS_SMP
		{"they do not with 2 areas", on_two},
		{"nor with 64", on_64},
		{"nor with 1024", on_1024},
		{"nor with areas anywhere", anywhere},
		{"nor with 1024 of them", anywhere_1024},
#endif
		{"a call that fails, with any error at any point, changes no bit", failing},
		{"nor what any later call does", injected},
	};

	UNIT_RUN(tests);
}
