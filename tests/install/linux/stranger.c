/* SPDX-License-Identifier: MIT */
/* A stranger's kernel that has Linux's names for everything but percpu_init and its kin. */
#include <percpu/linux.h>

#include "report.h"

DECLARE_PER_CPU(uint64_t, count);
DECLARE_PER_CPU(struct queue, queue);
DECLARE_PER_CPU_FAR(uint32_t[256], table);
DECLARE_PER_CPU_SHARED_ALIGNED(int32_t, balance);
DECLARE_PER_CPU_PAGE_ALIGNED(uint64_t[512], page);
static DEFINE_PER_CPU_READ_MOSTLY(uint8_t, flag) = 7;

/* On CPU 0. */
static void change_values(void)
{
	struct queue *mine = this_cpu_ptr(&queue);

	this_cpu_add(count, 1);
	ok(this_cpu_inc_return(count) == 42 && __this_cpu_read(count) == 42, "near: add, inc");
	mine->length++;
	ok(this_cpu_cmpxchg(queue.length, 4, 6) == 4 && *this_cpu_ptr(&queue.length) == 6,
	   "a field: by a pointer to it, and cmpxchg");
	get_cpu_var(balance) -= 5;
	put_cpu_var(balance);
	ok(this_cpu_sub_return(balance, 1) == -11 && this_cpu_xchg(flag, 9) == 7,
	   "line: get_cpu_var, sub_return; xchg");
	for (unsigned i = 0; i < 256; i++)
		this_cpu_add(table[i], i);
	(*raw_cpu_ptr(&page))[511] = 10;
	ok(this_cpu_read(table[2]) == 0xfffffff2 && this_cpu_read(page[511]) == 10,
	   "far and page: add with a running index, a pointer");
}

static void use_other_cpus(void)
{
	uint64_t sum = 0;
	int cpu;

	ok(percpu_set_local_thread_pointer(1) == 0 && smp_processor_id() == 1 &&
		   this_cpu_read(count) == 40,
	   "CPU 1 has the initial values");
	ok(assembly_counts() == this_cpu_ptr(&queue) && this_cpu_read(count) == 41,
	   "assembly: load, store and address");
	per_cpu(count, 2) = 1000;
	per_cpu_ptr(&queue, 3)->length = 30;
	for_each_possible_cpu(cpu) sum += per_cpu(count, cpu) + per_cpu(queue.length, cpu);
	ok(sum == 42 + 41 + 1000 + 40 + 6 + 3 + 3 + 30, "per_cpu: each CPU has its own");
	ok(num_possible_cpus() == AREAS && !per_cpu_ptr(&count, AREAS), "no area for a fifth CPU");
}

void stranger_main(uintptr_t runs_at)
{
	report(runs_at, 8);
	must(percpu_init(AREAS));
	must(percpu_set_local_thread_pointer(0));
	change_values();
	use_other_cpus();
	machine_end(all_passed);
}
