/* SPDX-License-Identifier: MIT */
/*
 * What outlives what. It fails if a variable that percpu_alloc made early is lost, or moves, when
 * the areas are completed in any of the three ways; if a copy is not 0 that nobody has written,
 * because the memory was not; or if a variable does not outlive its CPU's absence, or one that was
 * made meanwhile is not 0 when the CPU is back. With PERCPU_DEBUG also if a stale handle, or a
 * write to what another CPU is updating, in any set, passes without a word.
 */
#include <percpu.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "common/dynamic.h"

enum { NCPU = 5, SIZE = 1000 };

static PERCPU_PTR(unsigned char[SIZE]) early;
static PERCPU_PTR(unsigned char[SIZE]) later;

static bool is(size_t cpu, unsigned char value)
{
	const unsigned char *bytes = *percpu_ptr_on(percpu_at(early), cpu);

	for (size_t i = 0; i < SIZE; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* One that is kept, behind one that is not: its place is not the first. */
static uintptr_t make_early(void)
{
	PERCPU_PTR(uint64_t) gone;

	CHECK(percpu_early_init() == 0 && percpu_alloc(&gone) == 0 && percpu_alloc(&early) == 0);
	CHECK(is(0, 0) && percpu_free(&gone) == 0);
	memset(*percpu_ptr(percpu_at(early)), 7, SIZE);
	return (uintptr_t)early;
}

static void still_there(uintptr_t handle)
{
	CHECK(percpu_area_num() == NCPU && (uintptr_t)early == handle && is(0, 7));
	CHECK(percpu_ptr(percpu_at(early)) == percpu_ptr_on(percpu_at(early), 0));
	for (size_t cpu = 1; cpu < NCPU; cpu++) {
		CHECK(is(cpu, 0));
		CHECK((uintptr_t)percpu_ptr_on(percpu_at(early), cpu) - handle ==
		      percpu_read_on(percpu_delta, cpu));
	}
	CHECK(dynamic_info().blocks == 1 && percpu_alloc(&later) == 0);
	CHECK(percpu_free(&early) == 0 && percpu_free(&later) == 0);
	CHECK(dynamic_info().free == dynamic_info().size);
}

static void then_init(void)
{
	uintptr_t handle = make_early();

	CHECK(percpu_init(NCPU) == 0);
	still_there(handle);
}

static void then_init_at(void)
{
	uintptr_t handle = make_early();
	size_t size = percpu_areas_size(NCPU);
	char *memory = dynamic_keep(aligned_alloc(4096, size));

	memset(memory, 0xa5, size);
	CHECK(percpu_init_at(memory, size, NCPU) == 0);
	still_there(handle);
}

static void then_init_each(void)
{
	uintptr_t handle = make_early();

	dynamic_place(NCPU, ANYWHERE);
	still_there(handle);
}

static void grown(void)
{
	char *memory;
	void *map = dynamic_keep(malloc(percpu_map_size(SIZE / 64 * 64 + 64)));

	dynamic_begin(NCPU, IN_A_ROW);
	memory = dynamic_keep(aligned_alloc(4096, percpu_areas_size(NCPU)));
	memset(memory, 0xa5, percpu_areas_size(NCPU));
	memset(map, 0xa5, percpu_map_size(SIZE / 64 * 64 + 64));
	CHECK(percpu_grow(memory, SIZE / 64 * 64 + 64, map) == 0);
	CHECK(percpu_alloc(&early) == 0 && percpu_ptr_on(percpu_at(early), 0) == (void *)memory);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(is(cpu, 0));
		memset(*percpu_ptr_on(percpu_at(early), cpu), 0x5a, SIZE);
	}
	/* What is beside it is nobody's yet. */
	CHECK((unsigned char)memory[percpu_area_size() - 1] == 0xa5);
	CHECK(percpu_free(&early) == 0 && percpu_alloc(&early) == 0);
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		CHECK(is(cpu, 0));
}

/* As CPU 1, by the only thread there is: what it was it is again in the end. */
static void as_1(int (*call)(size_t cpu))
{
	uintptr_t before = percpu_arch_get_register();

	percpu_arch_set_register(call == percpu_cpu_up ? 0 : (uintptr_t)percpu_area_base(1));
	CHECK(call(1) == 0);
	percpu_arch_set_register(before);
}

static void absence(void)
{
	dynamic_begin(NCPU, IN_A_ROW);
	CHECK(percpu_cpu_up(0) == 0);
	as_1(percpu_cpu_up);
	CHECK(percpu_alloc(&early) == 0);
	memset(*percpu_ptr_on(percpu_at(early), 1), 9, SIZE);
	as_1(percpu_cpu_down);
	CHECK(percpu_cpu_dead(1) == 0 && is(1, 9));
	CHECK(percpu_alloc(&later) == 0);
	as_1(percpu_cpu_up);
	CHECK(is(1, 9) && is(0, 0));
	/* Its place is another's, from before: made while the CPU is away, all of it is 0. */
	as_1(percpu_cpu_down);
	CHECK(percpu_cpu_dead(1) == 0 && percpu_free(&later) == 0 && percpu_free(&early) == 0);
	CHECK(percpu_alloc(&early) == 0);
	as_1(percpu_cpu_up);
	CHECK(is(1, 0));
}

/* ---- PERCPU_DEBUG ---- */

static jmp_buf after_panic;
static const char *why_panic;

void percpu_panic(const char *why)
{
	why_panic = why;
	longjmp(after_panic, 1);
}

#if PERCPU_DEBUG

static bool caught(void (*mistake)(void), const char *words)
{
	why_panic = "";
	if (!setjmp(after_panic))
		mistake();
	return strstr(why_panic, words);
}

static void use(void)
{
	percpu_inc(percpu_at(later)[3]);
}

/* Each on a CPU of its own, for that one check fails is told once. */
static void stale(uintptr_t handle)
{
	dynamic_begin(2, IN_A_ROW);
	CHECK(percpu_alloc(&early) == 0);
	later = (__typeof__(later))(handle == 8 ? (uintptr_t)early + 8 : handle);
	if (handle == 1) {
		later = early;
		CHECK(percpu_free(&early) == 0);
	}
	CHECK(caught(use, "percpu_at of a handle that is no variable's"));
}

static void of_none(void)
{
	stale(0);
}

static void freed(void)
{
	stale(1);
}

static void inside(void)
{
	stale(8);
}

/* CPU 1 is in the middle of an update, as seen by CPU 0. */
static void write_meanwhile(void)
{
	size_t before;

	CHECK(percpu_set_local_thread_pointer(1) == 0);
	before = _percpu_check_update(percpu_offset(percpu_at(early)[16]), 4);
	percpu_arch_set_register((uintptr_t)percpu_area_base(0));
	percpu_write_on(percpu_at(early)[15], 1, 3);
	percpu_write_on(percpu_at(early)[20], 1, 3);
	percpu_write_on(percpu_at(early)[16], 0, 3);
	CHECK(!*why_panic);
	percpu_write_on(percpu_at(early)[19], 1, 3);
	_percpu_check_updated(before);
}

static void in_set(bool below)
{
	size_t size = percpu_areas_size(2), bytes = SIZE / 64 * 64 + 64;
	char *memory = dynamic_keep(aligned_alloc(4096, 3 * size));
	void *map = dynamic_keep(malloc(percpu_map_size(bytes)));
	char *areas = memory + size;

	CHECK(percpu_init_at(areas, size, 2) == 0 && percpu_set_local_thread_pointer(0) == 0);
	CHECK(percpu_grow(below ? memory : memory + 2 * size, bytes, map) == 0);
	CHECK(percpu_alloc(&early) == 0);
	CHECK((percpu_offset(percpu_at(early)) > SIZE_MAX / 2) == below);
	/* The one thread there is takes CPU 1 after CPU 0. */
	CHECK(caught(write_meanwhile, "percpu_write_on while that CPU is updating"));
}

static void below_them(void)
{
	in_set(true);
}

static void above_them(void)
{
	in_set(false);
}

#endif

void kernel_main(void)
{
	static const struct test tests[] = {
		{"an early variable stays through percpu_init", then_init},
		{"and through percpu_init_at", then_init_at},
		{"and through percpu_init_each", then_init_each},
		{"what is made in memory that was given is 0, whatever was there", grown},
		{"a variable outlives its CPU's absence; a new one is 0 after it", absence},
#if PERCPU_DEBUG
		{"PERCPU_DEBUG finds percpu_at of no handle", of_none},
		{"and of one that was freed", freed},
		{"and of one inside of a variable", inside},
		{"and a write to what is being updated in a set below the areas", below_them},
		{"and in one above", above_them},
#endif
	};

	UNIT_RUN(tests);
}
