/* SPDX-License-Identifier: MIT */
/*
 * percpu/linux.h: each name does what Linux's does, on each kind of variable, to this CPU's copy
 * and to no other. It fails if a result, the copy, another CPU's or the template is wrong, or if
 * preemption is not held from get to put.
 */
#include <percpu/linux.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/unit.h"

/* What the kernel's functions do, where there are any: counted here. */
static int held;
#undef PERCPU__HOLD
#undef PERCPU__RELEASE
#define PERCPU__HOLD() ((void)held++)
#define PERCPU__RELEASE() ((void)held--)

#define NCPU 3

struct queue {
	uint16_t length;
	const char *last;
	uint32_t seen[4];
};

DECLARE_PER_CPU(int, count);
DECLARE_PER_CPU(struct queue, queue);
DECLARE_PER_CPU_READ_MOSTLY(bool, ready);
DECLARE_PER_CPU_ALIGNED(int64_t, balance);
DECLARE_PER_CPU_SHARED_ALIGNED(uint8_t, shared);
DECLARE_PER_CPU_PAGE_ALIGNED(char[4096], page);
DECLARE_PER_CPU_FAR(uint32_t[900], table);

DEFINE_PER_CPU(int, count) = 40;
DEFINE_PER_CPU(struct queue, queue) = {.length = 3, .seen = {1, 2, 3, 4}};
DEFINE_PER_CPU_READ_MOSTLY(bool, ready) = true;
DEFINE_PER_CPU_ALIGNED(int64_t, balance) = -5;
DEFINE_PER_CPU_SHARED_ALIGNED(uint8_t, shared) = 255;
DEFINE_PER_CPU_PAGE_ALIGNED(char[4096], page) = "page";
DEFINE_PER_CPU_FAR(uint32_t[900], table) = {[899] = 7};
static DEFINE_PER_CPU(const char *, text);
static DEFINE_PER_CPU(int[4], numbers);

/* On CPU 1 of three. */
/* What a process of a test ends for. */
static const char *expected;
#define AS_EXPECTED 42

void percpu_panic(const char *why)
{
	_exit(expected && strcmp(why, expected) == 0 ? AS_EXPECTED : EXIT_FAILURE);
}

/* Whether it ends by percpu_panic, with that sentence. */
static bool panics(void (*function)(void), const char *sentence)
{
	int status;

	expected = sentence;
	status = unit_fork(function);
	return WIFEXITED(status) && WEXITSTATUS(status) == AS_EXPECTED;
}

static void start(void)
{
	held = 0;
	CHECK(percpu_init(NCPU) == 0);
	CHECK(percpu_set_local_thread_pointer(1) == 0);
}

static void definitions(void)
{
	start();
	CHECK(this_cpu_read(count) == 40 && this_cpu_read(queue.length) == 3);
	CHECK(this_cpu_read(ready) && this_cpu_read(balance) == -5);
	CHECK(this_cpu_read(shared) == 255 && this_cpu_read(page[2]) == 'g');
	CHECK(this_cpu_read(table[899]) == 7 && !this_cpu_read(text));
	CHECK((uintptr_t)this_cpu_ptr(&balance) % PERCPU_CACHE_LINE == 0);
	CHECK((uintptr_t)this_cpu_ptr(&shared) % PERCPU_CACHE_LINE == 0);
	CHECK((uintptr_t)this_cpu_ptr(&page) % 4096 == 0);
}

static void results(void)
{
	int expected = 1;

	start();
	this_cpu_write(count, 10);
	this_cpu_add(count, 5);
	this_cpu_sub(count, 2);
	this_cpu_inc(count);
	this_cpu_dec(count);
	CHECK(this_cpu_read(count) == 13);
	this_cpu_and(count, 12);
	this_cpu_or(count, 1);
	CHECK(this_cpu_read(count) == 13);
	CHECK(this_cpu_add_return(count, 7) == 20 && this_cpu_sub_return(count, 30) == -10);
	CHECK(this_cpu_inc_return(count) == -9 && this_cpu_dec_return(count) == -10);
	CHECK(this_cpu_sub_return(shared, 250) == 5 && this_cpu_sub_return(shared, 6) == 255);
	CHECK(this_cpu_xchg(count, 4) == -10);
	CHECK(this_cpu_cmpxchg(count, 3, 5) == 4 && this_cpu_cmpxchg(count, 4, 5) == 4);
	CHECK(!this_cpu_try_cmpxchg(count, &expected, 6) && expected == 5);
	CHECK(this_cpu_try_cmpxchg(count, &expected, 6) && expected == 5);
	CHECK(this_cpu_read(count) == 6);
}

static void pinned_results(void)
{
	int expected = 3;

	start();
	__this_cpu_write(count, 10);
	__this_cpu_add(count, 5);
	__this_cpu_sub(count, 2);
	__this_cpu_inc(count);
	__this_cpu_dec(count);
	__this_cpu_and(count, 12);
	__this_cpu_or(count, 1);
	CHECK(__this_cpu_read(count) == 13);
	CHECK(__this_cpu_add_return(count, 7) == 20 && __this_cpu_sub_return(count, 1) == 19);
	CHECK(__this_cpu_inc_return(count) == 20 && __this_cpu_dec_return(count) == 19);
	CHECK(__this_cpu_xchg(count, 4) == 19 && __this_cpu_cmpxchg(count, 4, 3) == 4);
	CHECK(__this_cpu_try_cmpxchg(count, &expected, 5));
	held = 100;
	raw_cpu_write(count, 10);
	raw_cpu_add(count, 5);
	raw_cpu_sub(count, 2);
	raw_cpu_inc(count);
	raw_cpu_dec(count);
	CHECK(raw_cpu_read(count) == 13 && held == 100);
}

/* Of the name, of a part, and of what a pointer to it points to. */
static void pointers(void)
{
	int __percpu *marked = &count;
	struct queue *mine;

	start();
	mine = this_cpu_ptr(&queue);
	CHECK(mine == raw_cpu_ptr(&queue) && mine == per_cpu_ptr(&queue, 1));
	CHECK(this_cpu_ptr(&queue.seen[2]) == &mine->seen[2]);
	CHECK(this_cpu_ptr(numbers) == *this_cpu_ptr(&numbers));
	mine->seen[2] = 9;
	CHECK(this_cpu_read(queue.seen[2]) == 9);
	this_cpu_inc(*marked);
	CHECK(this_cpu_read(count) == 41 && *this_cpu_ptr(marked) == 41);
	(*this_cpu_ptr(&table))[899] = 8;
	CHECK(this_cpu_read(table[899]) == 8 && per_cpu(table[899], 0) == 7);
}

static void held_from_get_to_put(void)
{
	start();
	get_cpu_var(count)++;
	CHECK(held == 1);
	put_cpu_var(count);
	CHECK(held == 0 && this_cpu_read(count) == 41);
	get_cpu_ptr(&queue)->length = 8;
	CHECK(held == 1);
	put_cpu_ptr(&queue);
	CHECK(held == 0 && this_cpu_read(queue.length) == 8);
	CHECK(get_cpu() == 1 && held == 1);
	put_cpu();
	CHECK(held == 0 && smp_processor_id() == 1 && raw_smp_processor_id() == 1);
}

static void other_cpus(void)
{
	int cpu, sum = 0;
	unsigned number = 0;

	start();
	this_cpu_write(count, 1);
	per_cpu(count, 2) = 7;
	per_cpu(queue, 0).length = 5;
	per_cpu_ptr(&queue, 2)->length += 6;
	for_each_possible_cpu(cpu) sum += per_cpu(count, cpu) + per_cpu(queue.length, cpu);
	CHECK(sum == 40 + 1 + 7 + 5 + 3 + 9);
	for_each_possible_cpu(number);
	CHECK(number == NCPU && num_possible_cpus() == NCPU);
	CHECK(cpu_possible(2) && !cpu_possible(3) && !cpu_possible(-1));
	CHECK(!per_cpu_ptr(&count, 3));
	CHECK(percpu_set_local_thread_pointer(2) == 0 && this_cpu_read(count) == 7);
	CHECK(count == 40 && queue.length == 3);
}

static void allocated(void)
{
	struct queue __percpu *first, *second;

	start();
	first = alloc_percpu(struct queue);
	second = (struct queue *)__alloc_percpu(sizeof(*second), 64);
	CHECK(first && second && first != second);
	this_cpu_inc(first->length);
	per_cpu_ptr(first, 2)->length += 5;
	CHECK(this_cpu_read(first->length) == 1 && this_cpu_ptr(first)->length == 1);
	CHECK(per_cpu_ptr(first, 0)->length == 0 && per_cpu_ptr(first, 2)->length == 5);
	CHECK(this_cpu_read(second->length) == 0 && ((uintptr_t)this_cpu_ptr(second) & 63) == 0);
	CHECK(!alloc_percpu(char[1 << 20]));
	free_percpu(first);
	free_percpu(second);
	free_percpu(NULL);
}

static void freed_twice(void)
{
	int __percpu *number;

	start();
	number = alloc_percpu(int);
	free_percpu(number);
	free_percpu(number);
}

static void freed_before_there_are_areas(void)
{
	free_percpu(&held);
}

static void wrong_free(void)
{
	CHECK(panics(freed_twice, "percpu: free_percpu of what is no variable of alloc_percpu's, "
				  "or of one that has been freed"));
	CHECK(panics(freed_before_there_are_areas, percpu_strerror(PERCPU_ENOTREADY)));
}

static void no_such_cpu(void)
{
	start();
	per_cpu(count, 3) = 1;
}

static void no_area(void)
{
	CHECK(panics(no_such_cpu, "percpu: access to the variables of a CPU that has no area: its "
				  "number is not below percpu_area_num()"));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"each definition has its initial value and its alignment", definitions},
		{"this_cpu_ operations give what Linux's give", results},
		{"so do __this_cpu_ and raw_cpu_, and the latter call no hook", pinned_results},
		{"a pointer is to this CPU's copy, of a variable or a part of one", pointers},
		{"preemption is held from get to put", held_from_get_to_put},
		{"per_cpu and per_cpu_ptr are the copy of that CPU", other_cpus},
		{"alloc_percpu is 0 on each CPU, and each has a copy", allocated},
		{"a free_percpu that fails ends in percpu_panic, with its reason", wrong_free},
		{"per_cpu of a CPU without an area ends in percpu_panic", no_area},
	};

	UNIT_RUN(tests);
}
