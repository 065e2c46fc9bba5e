/* SPDX-License-Identifier: MIT */
/*
 * What PERCPU_DEBUG checks, and what it does when a check fails: C37. It fails if a percpu_panic
 * that uses variables comes to itself again, or if a CPU's checks are silent because another's
 * failed. Without PERCPU_DEBUG nothing is checked.
 */
#include <percpu.h>
#include <percpu/linux.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "common/unit.h"

static PERCPU_DEFINE(size_t, number) = 5;

static __thread jmp_buf after_panic;
static __thread const char *why_panic;
static __thread size_t panics;

/* As a kernel's: with a counter of each CPU, which fails the check that led here. */
void percpu_panic(const char *why)
{
	if (panics++ < 10) {
		why_panic = why;
		percpu_inc(number);
		(void)percpu_ptr(number);
	}
	longjmp(after_panic, 1);
}

static bool caught(void (*mistake)(void))
{
	why_panic = "";
	panics = 0;
	if (!setjmp(after_panic))
		mistake();
	return panics;
}

static void use(void)
{
	percpu_inc(number);
}

static void take_0(void)
{
	CHECK(percpu_set_local_thread_pointer(0) == 0);
}

static void two_areas(void)
{
	CHECK(percpu_init(2) == 0 && percpu_set_local_thread_pointer(0) == 0);
}

#if PERCPU_DEBUG

static void before_init(void)
{
	/* Where an access does no harm. */
	percpu_arch_set_register((uintptr_t)_percpu_load_start);
	CHECK(caught(use) && panics == 1 && strstr(why_panic, "before the areas are made"));
}

static void no_area(void)
{
	two_areas();
	percpu_arch_set_register((uintptr_t)percpu_area_base(0) + 8);
	CHECK(caught(use) && panics == 1 && strstr(why_panic, "holds no area"));
}

static void take_area_of_another(void)
{
	CHECK(percpu_set_local_thread_pointer(1) == 0);
	percpu_arch_set_register((uintptr_t)percpu_area_base(0));
	CHECK(caught(use) && panics == 1 && strstr(why_panic, "the area of another CPU"));
	/* Its checks have stood down. */
	CHECK(!caught(use) && !caught(take_0));
}

static void area_of_another(void)
{
	two_areas();
	unit_on_another(take_area_of_another);
	/* What was not caught any more has taken nothing from this CPU. */
	CHECK(!caught(use));
}

static void reset(void)
{
	percpu_reset(number);
}

static void reset_area_of_another(void)
{
	CHECK(percpu_set_local_thread_pointer(1) == 0);
	percpu_arch_set_register((uintptr_t)percpu_area_base(0));
	CHECK(caught(reset) && panics == 1 && strstr(why_panic, "the area of another CPU"));
}

static void reset_is_an_access(void)
{
	two_areas();
	unit_on_another(reset_area_of_another);
	CHECK(!caught(reset));
}

static void take_number_of_another(void)
{
	CHECK(percpu_set_local_thread_pointer(1) == 0);
	CHECK(caught(take_0) && panics == 1 && strstr(why_panic, "two CPUs take the same"));
}

static void number_twice(void)
{
	two_areas();
	unit_on_another(take_number_of_another);
	CHECK(!caught(use));
}

static void tell_that_1_is_dead(void)
{
	CHECK(percpu_cpu_dead(1) == 0);
}

static void come_as_0(void)
{
	CHECK(percpu_cpu_up(0) == 0);
}

static void come_by_number_of_another(void)
{
	/* Bound to nothing, where an access does no harm. */
	percpu_arch_set_register((uintptr_t)_percpu_load_start);
	CHECK(caught(come_as_0) && panics == 1 && strstr(why_panic, "or percpu_cpu_up"));
}

/* Nothing but PERCPU_DEBUG tells: the one that has it has not come by percpu_cpu_up. */
static void number_taken_by_up(void)
{
	two_areas();
	unit_on_another(come_by_number_of_another);
	CHECK(!caught(use));
}

/* The kernel has it for one that has stopped. */
static void count_when_dead(void)
{
	CHECK(percpu_cpu_up(1) == 0 && percpu_cpu_down(1) == 0);
	unit_on_another(tell_that_1_is_dead);
	CHECK(caught(use) && panics == 1 && strstr(why_panic, "percpu_cpu_dead"));
}

static void dead_and_alive(void)
{
	two_areas();
	unit_on_another(count_when_dead);
}

static void others_stand(void)
{
	two_areas();
	unit_on_another(take_area_of_another);
	percpu_arch_set_register((uintptr_t)percpu_area_base(1));
	CHECK(caught(use) && panics == 1 && strstr(why_panic, "the area of another CPU"));
}

static void read_of_none(void)
{
	CHECK(percpu_read_on(number, 2) && false);
}

/* It traps where nothing is there to be accessed. */
static void no_copy(void)
{
	two_areas();
	CHECK(caught(read_of_none) && strstr(why_panic, "has no area"));
	(void)caught(read_of_none);
	exit(EXIT_SUCCESS);
}

static void no_copy_in_panic(void)
{
	CHECK(unit_fork(no_copy) != 0);
}

static size_t plain;
static DEFINE_PER_CPU(size_t, of_linux);
static size_t distance;

static void update_plain(void)
{
	this_cpu_inc(plain);
}

static void update_local(void)
{
	size_t local = 0;

	(void)this_cpu_xchg(local, 1);
}

static void update_of_linux(void)
{
	this_cpu_inc(of_linux);
}

static void update_at_a_distance(void)
{
	this_cpu_inc(*(size_t *)((uintptr_t)&of_linux + distance)); /* NOLINT: an address */
}

/* On a CPU of its own: one whose check has failed is silent then. */
static void update_outside_of_it(void)
{
	CHECK(percpu_set_local_thread_pointer(1) == 0 && !caught(update_of_linux));
	CHECK(caught(update_local) && panics == 1 && strstr(why_panic, "outside of the area"));
}

static void update_outside(void)
{
	two_areas();
	unit_on_another(update_outside_of_it);
	CHECK(!caught(update_at_a_distance));
	distance = percpu_area_size() - percpu_area_size() % sizeof(size_t);
	CHECK(caught(update_at_a_distance) && strstr(why_panic, "outside of the area"));
}

static void update_of_plain(void)
{
	two_areas();
	CHECK(caught(update_plain) && panics == 1 && strstr(why_panic, "outside of the area"));
}

static void harmless(void)
{
	two_areas();
	CHECK(!caught(use) && !caught(take_0));
}

#else

static void use_area_0_too(void)
{
	CHECK(!caught(take_0) && !caught(use));
}

static void unchecked(void)
{
	two_areas();
	unit_on_another(use_area_0_too);
	CHECK(!caught(use) && percpu_read(number) == 7);
}

#endif

void kernel_main(void)
{
	static const struct test tests[] = {
#if PERCPU_DEBUG
		{"right use calls no percpu_panic", harmless},
		{"C37 before the areas are made, percpu_panic is called once", before_init},
		{"C37 without an area, percpu_panic is called once", no_area},
		{"C37 with the area of another CPU, percpu_panic is called once", area_of_another},
		{"percpu_reset is checked as an access is", reset_is_an_access},
		{"C37 for a number taken twice, percpu_panic is called once", number_twice},
		{"so it is for a number that percpu_cpu_up takes from a CPU that runs",
		 number_taken_by_up},
		{"a CPU that runs after percpu_cpu_dead is told so", dead_and_alive},
		{"C37 the checks of one CPU stand when another's have stood down", others_stand},
		{"an update of a plain variable is not made", update_of_plain},
		{"an update outside of the area is not made", update_outside},
		{"C37 a copy that does not exist is not accessed in percpu_panic",
		 no_copy_in_panic},
#else
		{"without PERCPU_DEBUG nothing is checked", unchecked},
#endif
	};

	UNIT_RUN(tests);
}
