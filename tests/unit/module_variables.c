/* SPDX-License-Identifier: MIT */
/*
 * The per-CPU variables of modules: room in the reserve, initial values in every CPU's copy and in
 * the hole behind the template. It fails if a copy, or what percpu_reset takes, is not the image;
 * if what is refused leaves a trace; or if something else of the reserve is touched.
 */
#include <percpu.h>

#include <lib/internal.h>

#include <stdlib.h>

#include "common/unit.h"

enum { CPUS = 3, WORDS = 25, BYTES = WORDS * 8, RESERVE = 65536 };

static uint64_t image[RESERVE / 8 + 2];
static struct percpu_module module;

static void begin(void)
{
	CHECK(percpu_init(CPUS) == 0);
	CHECK(percpu_set_local_thread_pointer(1) == 0);
	for (size_t i = 0; i < sizeof(image) / sizeof(image[0]); i++)
		image[i] = 0x0101010101010101 * (i + 1);
}

static size_t blocks(void)
{
	struct percpu_dynamic_info info;

	percpu_dynamic_info(&info);
	return info.blocks;
}

static size_t bytes_free(void)
{
	struct percpu_dynamic_info info;

	percpu_dynamic_info(&info);
	return info.free;
}

/* CPU's copies. */
static const uint64_t *copies(const struct percpu_module *m, size_t cpu)
{
	uintptr_t offset = m->address - (uintptr_t)_percpu_load_start;

	return (const uint64_t *)((uintptr_t)percpu_area_base(cpu) + offset);
}

static bool are(const uint64_t *words, const uint64_t *wanted)
{
	bool same = true;

	for (size_t i = 0; i < WORDS; i++)
		same &= words[i] == (wanted ? wanted[i] : 0);
	return same;
}

static bool all_are(const struct percpu_module *m, const uint64_t *wanted)
{
	bool same = true;

	percpu_for_each (cpu)
		same &= are(copies(m, cpu), wanted);
	return same;
}

static void published(void)
{
	PERCPU_PTR(uint64_t[WORDS]) words;

	begin();
	CHECK(percpu_module_alloc(&module, BYTES, 8) == 0);
	CHECK(module.address >= (uintptr_t)_percpu_reserve_start);
	CHECK(module.address + BYTES <= (uintptr_t)_percpu_reserve_end);
	CHECK(all_are(&module, NULL));
	CHECK(percpu_module_publish(&module, image) == 0);
	CHECK(all_are(&module, image));
	CHECK(are((const uint64_t *)module.address, image));
	/* As a variable of the module's, which is what percpu_at makes of it. */
	words = (__typeof__(words))module.address;
	percpu_add(percpu_at(words)[3], 5);
	CHECK(percpu_read(percpu_at(words)[3]) == image[3] + 5);
	CHECK(copies(&module, 1)[3] == image[3] + 5);
	CHECK(copies(&module, 0)[3] == image[3]);
	CHECK(((const uint64_t *)module.address)[3] == image[3]);
	/* percpu_reset, as the module's code has it: by the offset of a static variable. */
	CHECK(_percpu_reset(module.address - (uintptr_t)_percpu_load_start + 24, 8) == 0);
	CHECK(all_are(&module, image));
	CHECK(percpu_module_free(&module) == 0);
	CHECK(blocks() == 0);
}

/* What was there before is not there again. */
static void again(void)
{
	struct percpu_module first;

	begin();
	CHECK(percpu_module_alloc(&first, BYTES, 8) == 0);
	CHECK(percpu_module_publish(&first, image) == 0);
	CHECK(percpu_module_free(&first) == 0);
	for (size_t round = 0; round < 1000; round++) {
		CHECK(percpu_module_alloc(&module, BYTES, 8) == 0);
		CHECK(all_are(&module, NULL));
		CHECK(percpu_module_publish(&module, image + round % 3) == 0);
		CHECK(all_are(&module, image + round % 3));
		CHECK(percpu_module_free(&module) == 0);
	}
	CHECK(blocks() == 0 && bytes_free() == RESERVE);
}

static void beside_others(void)
{
	PERCPU_PTR(uint64_t) before, behind;
	struct percpu_module second;

	begin();
	CHECK(percpu_alloc(&before) == 0);
	CHECK(percpu_module_alloc(&module, BYTES, 8) == 0);
	CHECK(percpu_module_alloc(&second, BYTES, 4096) == 0);
	CHECK(percpu_alloc(&behind) == 0);
	CHECK(second.address % 4096 == 0);
	CHECK(percpu_module_publish(&module, image) == 0);
	CHECK(percpu_module_publish(&second, image + 1) == 0);
	CHECK(all_are(&module, image) && all_are(&second, image + 1));
	CHECK(percpu_sum(percpu_at(before)) == 0 && percpu_sum(percpu_at(behind)) == 0);
	CHECK(percpu_module_free(&module) == 0);
	CHECK(all_are(&second, image + 1));
	CHECK(blocks() == 3);
}

static void too_early(void)
{
	CHECK(percpu_module_alloc(&module, 8, 8) == PERCPU_ENOTREADY);
	CHECK(percpu_early_init() == 0);
	CHECK(percpu_module_alloc(&module, 8, 8) == PERCPU_ENOTREADY);
	CHECK(blocks() == 0);
	begin();
	CHECK(percpu_module_alloc(&module, 8, 8) == 0);
}

/* With ERROR: and the module and the reserve are as before. */
static bool refused(int error, int wanted)
{
	return error == wanted && module.address == 0 && blocks() == 0;
}

static void bad_sizes(void)
{
	begin();
	CHECK(refused(percpu_module_alloc(NULL, 8, 8), PERCPU_EINVAL));
	CHECK(refused(percpu_module_alloc(&module, 0, 8), PERCPU_EINVAL));
	CHECK(refused(percpu_module_alloc(&module, 8, 0), PERCPU_EINVAL));
	CHECK(refused(percpu_module_alloc(&module, 8, 24), PERCPU_EINVAL));
	CHECK(refused(percpu_module_alloc(&module, 8, 2 * percpu_area_align()), PERCPU_EALIGN));
	CHECK(refused(percpu_module_alloc(&module, RESERVE + 8, 8), PERCPU_ENOMEM));
	CHECK(refused(percpu_module_alloc(&module, SIZE_MAX, 8), PERCPU_ENOMEM));
	CHECK(percpu_module_alloc(&module, RESERVE, 8) == 0);
	CHECK(percpu_module_publish(&module, image) == 0);
	CHECK(all_are(&module, image));
	CHECK(percpu_module_free(&module) == 0);
}

/* There is no place for initial values in what percpu_grow adds. */
static void reserve_only(void)
{
	static char map[8192] __attribute__((aligned(8)));
	size_t bytes = 65536;
	char *more;
	PERCPU_PTR(uint64_t) other;

	begin();
	more = aligned_alloc(4096, percpu_area_size() * CPUS);
	CHECK(more && percpu_map_size(bytes) <= sizeof(map));
	CHECK(percpu_grow(more, bytes, map) == 0);
	CHECK(percpu_module_alloc(&module, RESERVE, 8) == 0);
	CHECK(percpu_module_publish(&module, image) == 0);
	CHECK(percpu_alloc(&other) == 0);
	CHECK(percpu_free(&other) == 0);
	CHECK(percpu_module_free(&module) == 0);
	CHECK(percpu_module_alloc(&module, RESERVE + 8, 8) == PERCPU_ENOMEM);
	CHECK(percpu_shrink(more) == 0);
	free(more);
}

static void not_there(void)
{
	static const struct percpu_module none;
	struct percpu_module copy = none, forged;
	PERCPU_PTR(uint64_t) other;

	begin();
	CHECK(percpu_module_publish(NULL, image) == PERCPU_EINVAL);
	CHECK(percpu_module_publish(&none, image) == PERCPU_EHANDLE);
	CHECK(percpu_module_free(NULL) == PERCPU_EINVAL);
	CHECK(percpu_module_free(&copy) == PERCPU_EHANDLE);
	CHECK(percpu_alloc(&other) == 0);
	forged = (struct percpu_module){.address = (uintptr_t)other, .size = 8};
	CHECK(percpu_module_publish(&forged, image) == PERCPU_EHANDLE);
	CHECK(percpu_module_free(&forged) == PERCPU_EHANDLE);
	CHECK(percpu_read(percpu_at(other)) == 0 && blocks() == 1);
	CHECK(percpu_module_alloc(&module, BYTES, 8) == 0);
	CHECK(percpu_module_publish(&module, NULL) == PERCPU_EINVAL);
	CHECK(all_are(&module, NULL));
	copy = module;
	CHECK(percpu_module_free(&module) == 0);
	CHECK(module.address == 0);
	CHECK(percpu_module_free(&module) == PERCPU_EHANDLE);
	CHECK(percpu_module_publish(&module, image) == PERCPU_EHANDLE);
	CHECK(percpu_module_publish(&copy, image) == PERCPU_EHANDLE);
	CHECK(percpu_module_free(&copy) == PERCPU_EHANDLE);
	CHECK(blocks() == 1);
}

/* What has been made at the place since is another's, if it is not of the same size. */
static void stale_copy(void)
{
	static const size_t aligns[] = {8, PERCPU_CACHE_LINE, 4096};
	struct percpu_module stale, other;
	PERCPU_PTR(uint64_t) first, second;

	begin();
	for (size_t i = 0; i < 3; i++) {
		CHECK(percpu_module_alloc(&module, BYTES, aligns[i]) == 0);
		CHECK(percpu_module_publish(&module, image) == 0);
		stale = module;
		CHECK(percpu_module_free(&module) == 0);
		CHECK(percpu_alloc_aligned(&first, aligns[i]) == 0 && percpu_alloc(&second) == 0);
		CHECK((uintptr_t)first == stale.address);
		CHECK(percpu_module_publish(&stale, image) == PERCPU_EHANDLE);
		CHECK(percpu_module_free(&stale) == PERCPU_EHANDLE);
		CHECK(percpu_sum(percpu_at(first)) == 0 && percpu_sum(percpu_at(second)) == 0);
		CHECK(percpu_free(&second) == 0 && percpu_free(&first) == 0);
		CHECK(percpu_module_alloc(&other, BYTES + 128, aligns[i]) == 0);
		CHECK(percpu_module_publish(&stale, image) == PERCPU_EHANDLE);
		CHECK(all_are(&other, NULL) && percpu_module_free(&stale) == PERCPU_EHANDLE);
		CHECK(percpu_module_free(&other) == 0 && blocks() == 0);
	}
}

/* Each size, whatever it is aligned to, is known again: also where another is right behind. */
static void any_size(void)
{
	struct percpu_module behind;

	begin();
	for (size_t size = 1; size <= 200; size++)
		for (size_t align = 1; align <= 4096; align *= 2) {
			CHECK(percpu_module_alloc(&module, size, align) == 0);
			CHECK(percpu_module_alloc(&behind, 8, 8) == 0);
			CHECK(percpu_module_publish(&module, image) == 0);
			CHECK(percpu_module_free(&module) == 0 && percpu_module_free(&behind) == 0);
		}
	CHECK(percpu_module_alloc(&module, RESERVE, 8) == 0);
	CHECK(percpu_module_publish(&module, image) == 0 && percpu_module_free(&module) == 0);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"every copy, and what percpu_reset takes, is the module's image", published},
		{"a module can be loaded a thousand times, and begins with 0", again},
		{"what is beside a module's variables is not touched", beside_others},
		{"a module comes when all areas are there", too_early},
		{"a module that is too big or too strictly aligned is refused, and nothing changes",
		 bad_sizes},
		{"a module has its variables in the reserve only", reserve_only},
		{"what is no module, or has been freed, is refused, and nothing changes",
		 not_there},
		{"a copy of what has been freed is not taken for what is there now", stale_copy},
		{"a module of any size and alignment is known again", any_size},
	};

	UNIT_RUN(tests);
}
