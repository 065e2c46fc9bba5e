/* SPDX-License-Identifier: 0BSD */
/*
 * highhalf: a kernel that moves. It starts at the address it is linked for, which is physical too,
 * and uses per-CPU variables from its first line. Then it goes on in the higher half, the memory it
 * started in is unmapped, so that whatever still points there faults, and its variables are alive.
 *
 * Nothing in the image is relocated. The code finds variables, texts and the library's data from
 * where it runs; the library keeps where the areas are as their distance from the template. A
 * pointer that lies in memory stays: here, those to the boot loader's data, so the command line is
 * read before the move. Where the register holds an address, the CPU is bound to its area again.
 *
 * The kernel fails if a value is lost on the way, if a variable is not found where it has moved to,
 * or if percpu_init, called after the move, loses the early values or makes the other areas wrong.
 * With low=1 it ends by reading a variable where it was, and has failed if that does not trap.
 *
 * Options: low=1.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#define SP PERCPU_IS_SP
#define REGISTER PERCPU__STRING(PERCPU_REGISTER)

static PERCPU_DEFINE(uint64_t, count) = 7;
static PERCPU_DEFINE(uint8_t[3], bytes) = {1, 2, 3};
static PERCPU_DEFINE_FAR(uint32_t[1500], far) = {[1499] = 11};
static PERCPU_DEFINE_PAGE(char[16], text) = "page";

/*
 * Where things were before the move. In per-CPU variables, whose values the compiler cannot know:
 * in a global that is written once it may compute the address anew, and so get the one after.
 */
static PERCPU_DEFINE(uintptr_t, template_before);
static PERCPU_DEFINE(uintptr_t[4], before);

static uint64_t read_low;

static void get_places(uintptr_t places[4])
{
	places[0] = (uintptr_t)percpu_ptr(count);
	places[1] = (uintptr_t)percpu_ptr(bytes);
	places[2] = (uintptr_t)percpu_ptr(far);
	places[3] = (uintptr_t)percpu_ptr(text);
}

static bool has_initial_values(size_t cpu)
{
	return percpu_read_on(count, cpu) == 7 && percpu_read_on(bytes[1], cpu) == 2 &&
	       percpu_read_on(far[1499], cpu) == 11 && (*percpu_ptr_on(text, cpu))[0] == 'p';
}

static void write_early_values(void)
{
	percpu_add(count, 93);
	percpu_write(bytes[1], 200);
	percpu_inc(far[1499]);
	(*percpu_ptr(text))[0] = 'P';
}

static bool has_early_values(void)
{
	return percpu_read(count) == 100 && percpu_read(bytes[0]) == 1 &&
	       percpu_read(bytes[1]) == 200 && percpu_read(bytes[2]) == 3 &&
	       percpu_read(far[1499]) == 12 && (*percpu_ptr(text))[0] == 'P';
}

/* In the higher half the first bit of an address is set. */
static bool is_high(uintptr_t address)
{
	return (intptr_t)address < 0;
}

/* Before the CPU is bound again. What the register held stays right if it is a distance. */
static void check_register(void)
{
	uintptr_t distance = PERCPU_ARCH_REGISTER(2, 1);
	bool found = percpu_get_local_thread_pointer() == percpu_area_base(0);

	if (SP)
		tap_ok(found, "S9 no register is used, so none has to be set");
	else if (distance == 1)
		tap_ok(found, "the per-CPU register (%s) holds a distance, which is still right",
		       REGISTER);
	else
		tap_ok(!found, "the per-CPU register (%s) holds an address, which is now wrong",
		       REGISTER);
}

static void check_variables(void)
{
	uintptr_t moved_by = (uintptr_t)_percpu_load_start - percpu_read(template_before);
	uintptr_t places[4];
	bool right = true;

	tap_ok(has_early_values(), "every variable has the value from before the move");
	get_places(places);
	for (size_t i = 0; i < 4; i++)
		right &= is_high(places[i]) && places[i] - percpu_read(before[i]) == moved_by;
	tap_ok(right, "every variable has moved by %lx, count to %p", moved_by,
	       (void *)percpu_ptr(count));
}

static void check_updates(void)
{
	tap_ok(percpu_inc_return(count) == 101 && percpu_xchg(far[1499], 1) == 12 &&
		       percpu_cmpxchg(bytes[1], 200, 5) == 200 && *percpu_ptr(count) == 101 &&
		       percpu_dec_return(count) == 100 && percpu_xchg(far[1499], 12) == 1 &&
		       percpu_xchg(bytes[1], 200) == 5,
	       "updates reach the variables at their new place, near and far");
}

static void check_other_areas(void)
{
	bool right = true;

	tap_ok(percpu_init(cpu_count) == 0 && percpu_area_num() == cpu_count,
	       "percpu_init makes the areas of %zu CPUs after the move", cpu_count);
	tap_ok(has_early_values() && percpu_cpu_id() == 0,
	       "percpu_init keeps the early values of CPU 0");
	for (size_t cpu = 1; cpu < cpu_count; cpu++)
		right &= is_high((uintptr_t)percpu_area_base(cpu)) && has_initial_values(cpu);
	tap_ok(right, "S1 the areas of the other CPUs have the initial values");
	percpu_write_on(count, cpu_count - 1, 50);
	tap_ok(percpu_sum(count) == (cpu_count > 1 ? 100 + 7 * (cpu_count - 2) + 50 : 50),
	       "percpu_sum adds all copies: %lu", percpu_sum(count));
	(void)percpu_reset(bytes);
	tap_ok(percpu_read(bytes[1]) == (SP ? 200 : 2),
	       "percpu_reset finds the template, if there is one");
}

/* One load and nothing else, so that the trap can be told by its address. */
static void read_where_it_was(void)
{
	uintptr_t address = percpu_read(before[0]);

	(void)*(volatile uint64_t *)address; /* NOLINT: it is meant to be no object any more */
	tap_ok(false, "reading count at %lx, where it was, traps", address);
}

static void go_on(void)
{
	size_t on_the_stack;

	tap_ok(is_high((uintptr_t)go_on) && is_high((uintptr_t)&on_the_stack) &&
		       is_high((uintptr_t)_percpu_load_start),
	       "code, stack and data are in the higher half: %p, %p, %p", (void *)go_on,
	       (void *)&on_the_stack, (void *)_percpu_load_start);
	check_register();
	tap_ok(percpu_set_local_thread_pointer(0) == 0 &&
		       percpu_get_local_thread_pointer() == percpu_area_base(0),
	       "S4 the CPU is bound to area 0 where that is now");
	check_variables();
	check_updates();
	check_other_areas();
	if (read_low)
		read_where_it_was();
	tap_end();
}

void kernel_main(void)
{
	int error = percpu_early_init();
	uintptr_t places[4];

	(void)option("low", &read_low);
	tap_plan(read_low ? 13 : 12);
	tap_ok(error == 0 && has_initial_values(0),
	       "S1 percpu_early_init makes the variables of CPU 0: %s", percpu_strerror(error));
	write_early_values();
	get_places(places);
	for (size_t i = 0; i < 4; i++)
		percpu_write(before[i], places[i]);
	percpu_write(template_before, (uintptr_t)_percpu_load_start);
	arch_enter_higher_half(go_on);
}
