/* SPDX-License-Identifier: MIT */
/*
 * What every stranger's kernel does with the library, as its manual, the installed header, says.
 * One CPU plays two: it is bound to area 0, then to area 1, then to area 0 again. It prints TAP.
 * For C and C++.
 */
#include "report.h"

static PERCPU_DEFINE(uint8_t, flag) = 7;

#ifdef OWN_MEMORY
/* For percpu_init_at: more than the areas take. */
static char memory[AREAS * 5 * 4096] __attribute__((aligned(4096)));
#endif

static bool has_initial_values(void)
{
	return percpu_read(count) == 40 && percpu_read(flag) == 7 &&
	       percpu_read(queue.length) == 3 && !percpu_read(queue.last) &&
	       percpu_read(table[0]) == 1 && percpu_read(table[2]) == 0xfffffff0 &&
	       percpu_read(table[255]) == 0 && percpu_read(balance) == -5 &&
	       percpu_read(page[0]) == 0x1122334455667788 && percpu_read(page[1]) == 9 &&
	       percpu_read(page[511]) == 0;
}

static int make_areas(void)
{
#ifdef OWN_MEMORY
	return percpu_init_at(memory, sizeof(memory), AREAS);
#else
	return percpu_init(AREAS);
#endif
}

/* On area 0. */
static void change_values(void)
{
	int32_t expected = -5;
	uint64_t *word;

	percpu_add(count, 1);
	ok(percpu_inc_return(count) == 42, "near: add and add_return");
	ok(percpu_xchg(flag, 255) == 7 && percpu_add_return(flag, 2) == 1,
	   "near, a byte: xchg, and add wraps around");
	ok(percpu_cmpxchg(queue.length, 3, 4) == 3 && percpu_cmpxchg(queue.length, 3, 5) == 4 &&
		   percpu_read(queue.length) == 4,
	   "near, a field: cmpxchg that succeeds, and one that does not");
	percpu_write(queue.last, "text");
	ok(percpu_read(queue.last)[3] == 't', "near, a pointer in a field: write and read");
	percpu_sub(balance, 5);
	percpu_or(balance, 1);
	ok(percpu_read(balance) == -9 && !percpu_try_cmpxchg(balance, &expected, 2) &&
		   expected == -9 && percpu_try_cmpxchg(balance, &expected, 2),
	   "line: sub, or, try_cmpxchg");
	for (unsigned i = 0; i < 256; i++)
		percpu_add(table[i], i);
	ok(percpu_read(table[2]) == 0xfffffff2 && percpu_xchg(table[255], 6) == 255 &&
		   percpu_cmpxchg(table[1], 3, 8) == 3,
	   "far: add with a running index, xchg, cmpxchg");
	word = *percpu_ptr(page);
	word[511] = 10;
	percpu_add(page[511], 1);
	ok(percpu_read(page[511]) == 11 && (uintptr_t)word % 4096 == 0,
	   "page: a pointer, add, and the start of a page");
}

/* Area 0 holds what change_values left: 42 and 2. */
static void use_other_areas(void)
{
	ok(percpu_set_local_thread_pointer(1) == 0 && percpu_cpu_id() == 1 && has_initial_values(),
	   "bound to area 1, which has the initial values");
	ok(assembly_counts() == percpu_ptr(queue) && percpu_read(count) == 41 &&
		   percpu_read_on(count, 0) == 42,
	   "assembly: load, store and address");
	percpu_add(count, 59);
	percpu_write(table[9], 90);
	percpu_write_on(count, 2, 1000);
	*percpu_ptr_on(balance, 3) = 50;
	ok(percpu_read_on(count, 0) == 42 && percpu_read_on(count, 1) == 100 &&
		   percpu_read_on(count, 2) == 1000 && percpu_read_on(count, 3) == 40,
	   "remote: each area has its own value");
	ok(percpu_sum(count) == 42 + 100 + 1000 + 40, "sum of a near variable");
	ok(percpu_sum(balance) == 2 - 5 - 5 + 50, "sum of signed values");
	ok(percpu_sum(table[9]) == 9 + 90, "sum of a far element");
	ok(percpu_ptr_on(count, AREAS) == NULL, "no area for a fifth CPU");
	percpu_write(page[511], 1);
	percpu_reset(page);
	percpu_reset(count);
	ok(has_initial_values(), "reset of a page and of a number");
	ok(percpu_set_local_thread_pointer(0) == 0 && percpu_cpu_id() == 0 &&
		   percpu_read(count) == 42 &&
		   percpu_get_local_thread_pointer() == percpu_area_base(0),
	   "bound to area 0 again, which has kept its values");
}

void stranger_main(uintptr_t runs_at)
{
	report(runs_at, 20);
	ok(percpu_version() == PERCPU_VERSION, "header and library are of one version");
	must(percpu_early_init());
	ok(has_initial_values(), "early: area 0 has the initial values");
	percpu_write(page[1], 8);
	must(make_areas());
	ok(percpu_area_num() == AREAS && percpu_read(page[1]) == 8,
	   "the areas are made, and area 0 keeps its values");
	ok(make_areas() == PERCPU_EALREADY && *percpu_strerror(PERCPU_EALREADY),
	   "a second time is refused");
	percpu_write(page[1], 9);
	change_values();
	use_other_areas();
	machine_end(all_passed);
}
