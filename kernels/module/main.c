/* SPDX-License-Identifier: 0BSD */
/*
 * module: a module with per-CPU variables of its own, and with restartable sequences where the
 * kernel has them, is loaded while the kernel runs, used and unloaded. Its file, what the compiler
 * has made of loaded/counter.c, is in the kernel's image; loader.c relocates it, and tells the
 * library of its variables and of its table.
 *
 * An interrupt comes before every instruction of its operations (attempts.c). Where they are
 * sequences they are done once more without the table: now they must lose something, or else the
 * attempts have shown nothing. Then the module is unloaded: no pc is in a sequence of it, and the
 * reserve is as it was. It is loaded again, and has its initial values again on every CPU; all CPUs
 * are started, and add to its variables at once. Last, what must be refused is (refused.c).
 *
 * The kernel fails if an update or an initial value is lost, if the library keeps anything of a
 * module that is gone, or if one is loaded that must not be. That the interrupt came before every
 * instruction is for the test to judge, from the disassembly of the module's file.
 *
 * Options: seed=NUMBER, for the values that are written and the bytes that are damaged.
 */
#include <arch/interrupts.h>
#include <arch/relocate.h>
#include <kernels/common/kernel.h>

#include "module.h"

#define ROUNDS 1000
#define KERNEL_NEXT_BYTES 64 /* so much of it is looked at */

PERCPU_DEFINE(uint64_t, kernel_count);
static PERCPU_DEFINE(size_t, kernel_calls); /* so the kernel has sequences of its own, too */

static struct module module;
static struct percpu_dynamic_info at_first;

static size_t go, wrong, done; /* by atomic operations */

uint64_t kernel_next(uint64_t value)
{
	percpu_inc(kernel_calls);
	return value + 1;
}

bool reserve_is_free(void)
{
	struct percpu_dynamic_info now;

	percpu_dynamic_info(&now);
	return now.free == at_first.free && now.blocks == at_first.blocks;
}

static void load(void)
{
	if (!module_load(&module, counter_file, (size_t)(counter_file_end - counter_file)))
		tap_bail_out("the module is not loaded: %s", module.error.text);
}

static size_t table_size(void)
{
	return (size_t)(module.parts[PART_SEQUENCES].last - module.parts[PART_SEQUENCES].first) / 8;
}

/* How many sequences percpu_in_sequence finds in the module's code. */
static size_t sequences_found(void)
{
	uintptr_t pc = (uintptr_t)module.parts[PART_CODE].first, start, end;
	size_t found = 0;

	for (; pc < (uintptr_t)module.parts[PART_CODE].last; pc++)
		found += percpu_in_sequence(pc, &start, &end) && start == pc &&
			 percpu_restart(end - 1) == start && percpu_restart(end) != start;
	return found;
}

/* Whether the kernel's own percpu_inc, in kernel_next, is one: then so are the module's. */
static bool operations_are_sequences(void)
{
	uintptr_t pc = (uintptr_t)kernel_next, start, end;

	for (size_t i = 0; i < KERNEL_NEXT_BYTES; i++)
		if (percpu_in_sequence(pc + i, &start, &end))
			return true;
	return false;
}

/* Whether every copy is as the module has it at first, and what percpu_reset takes as well. */
static bool copies_are_initial(void)
{
	const char *image = module.parts[PART_VARIABLES].first;
	const char *own = (const char *)module.variables.address; /* NOLINT: in template space */
	size_t offset = module.variables.address - (uintptr_t)_percpu_load_start;
	bool right = true;

	for (size_t i = 0; i < module.variables.size; i++) {
		right &= own[i] == image[i];
		percpu_for_each (cpu)
			right &= ((char *)percpu_area_base(cpu))[offset + i] == image[i];
	}
	return right;
}

/* ---- At all CPUs ---- */

static void add_all(void)
{
	if (!module.interface->initial())
		__atomic_store_n(&wrong, 1, __ATOMIC_RELAXED);
	for (size_t i = 0; i < ROUNDS; i++)
		(void)module.interface->operations[0].run(1, 0, 0);
}

static void work(size_t cpu)
{
	/* The acquire is that of wait_for: the module is loaded. */
	if (!wait_while(&go, 1, &cpus_answered, 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu: CPU 0 has not released it, and no other CPU has come, for "
			     "60 s",
			     cpu);
	arch_code_fetch();
	add_all();
	/* No atomic addition, which may be a call: one CPU after the other, in order. */
	if (!wait_for(&done, cpu - 1, board_microseconds() + 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu: cpu %zu has not ended its rounds within 60 s", cpu, cpu - 1);
	/* Pairs with the acquire of wait_for: of CPU 0's, and of the next CPU's. */
	__atomic_store_n(&done, cpu, __ATOMIC_RELEASE);
}

/* The copies of what operation 0 adds to. */
static uint64_t sum(void)
{
	size_t offset =
		(uintptr_t)module.interface->operations[0].variable - (uintptr_t)_percpu_load_start;
	uint64_t total = 0;

	percpu_for_each (cpu)
		total += *(uint64_t *)(void *)((char *)percpu_area_base(cpu) + offset);
	return total;
}

static void use_at_all(void)
{
	uint64_t before = sum();
	size_t online = cpus_start(work);

	if (online != cpu_count)
		tap_bail_out("%zu of %zu CPUs run: kernel smp says why the others do not", online,
			     cpu_count);
	/* Pairs with the acquire of wait_while. */
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	add_all();
	if (!wait_for(&done, cpu_count - 1, board_microseconds() + 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu of %zu has not ended its rounds within 60 s",
			     __atomic_load_n(&done, __ATOMIC_RELAXED) + 1, cpu_count);
	tap_ok(!__atomic_load_n(&wrong, __ATOMIC_RELAXED) && sum() - before == ROUNDS * cpu_count,
	       "loaded again: %zu CPUs find initial values, and add %lu in all", cpu_count,
	       sum() - before);
}

/* ---- The story ---- */

static void unload(const char *when)
{
	size_t found;

	if (!module_unload(&module))
		tap_bail_out("the module is not unloaded: %s", module.error.text);
	found = sequences_found();
	tap_ok(found == 0 && reserve_is_free(),
	       "unloaded, %s: %zu sequences match, the reserve is %s", when, found,
	       reserve_is_free() ? "as before" : "smaller");
}

/* There is one place. What follows shows that the first one is as it was. */
static void refuse_second(void)
{
	static struct module second;
	bool loaded = module_load(&second, counter_file, (size_t)(counter_file_end - counter_file));

	tap_ok(!loaded, "a second module is not loaded: %s", second.error.text);
}

static void use_first(uint64_t seed)
{
	size_t sequences = table_size();
	uint64_t first = module.interface->call(), second;

	second = module.interface->call();
	tap_ok(sequences_found() == sequences && (sequences > 0) == operations_are_sequences(),
	       "loaded: %zu sequences, all found", sequences);
	tap_ok(copies_are_initial() && module.interface->initial(),
	       "loaded: %zu bytes of variables are initial, for every CPU and percpu_reset",
	       module.variables.size);
	/* Each call of the module's makes two of the kernel's. */
	tap_ok(first == 42 && second == 43 && percpu_read(kernel_calls) == 4,
	       "loaded: it calls the kernel, and has data and zeros of its own");
	attempts_begin(&module, seed);
	attempts_all(&module, true);
	if (!sequences)
		return;
	if (percpu_sequences_remove(&module.sequences))
		tap_bail_out("percpu_sequences_remove: the module's table is not there");
	module.has_sequences = false;
	attempts_all(&module, false);
}

void kernel_main(void)
{
	uint64_t seed = 0;
	const char *error;
	int failed = percpu_init(cpu_count > 1 ? cpu_count : 2);

	(void)option("seed", &seed);
	if (!failed)
		failed = percpu_set_local_thread_pointer(0);
	if (failed)
		tap_bail_out("cpu 0: no area, or not bound to it: %s", percpu_strerror(failed));
	error = arch_interrupts_init(0);
	if (error)
		tap_bail_out("cpu 0: %s", error);
	percpu_dynamic_info(&at_first);
	load();
	tap_plan(7 + OPERATIONS * (size_t)(table_size() ? 2 : 1) + refused_count);
	use_first(seed);
	unload("after its use");
	load();
	refuse_second();
	use_at_all();
	unload("once more");
	refused_all(&module, seed);
}
