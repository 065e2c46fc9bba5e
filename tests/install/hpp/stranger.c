// SPDX-License-Identifier: MIT
//
// A stranger's kernel in C++17, with percpu.hpp.
#include "kernel.hpp"

#include "report.h"

namespace
{

PERCPU_VARIABLE(flag, uint8_t) = 7;

using kernel::Scheduler;

// On CPU 0.
void change_values()
{
	int32_t expected = -5;

	count.add(1);
	ok(count.inc_return() == 42 && count.read() == 42, "near: add, inc_return");
	queue.ptr()->length = 4;
	ok(queue.field(&queue_type::length).cmpxchg(4, 6) == 4 && queue.ptr()->length == 6,
	   "a field: by a pointer, and cmpxchg");
	kernel::balance.sub(5);
	ok(!kernel::balance.try_cmpxchg(expected, 1) && expected == -10 && flag.xchg(9) == 7,
	   "line: sub, try_cmpxchg; xchg");
	for (unsigned i = 0; i < 256; i++)
		kernel::table[i].add(i);
	kernel::page[511].write(10);
	ok(kernel::table[2].read() == 0xfffffff2 && (*kernel::page.ptr())[511] == 10,
	   "far and page: add with a running index, write");
	ok(Scheduler::pair.field(&kernel::Pair<uint8_t, 3>::rest)[2].inc_return() == 4,
	   "a variable of a class, of a type with a comma");
}

void use_other_cpus()
{
	ok(percpu_set_local_thread_pointer(1) == 0 && count.read() == 40,
	   "CPU 1 has the initial values");
	ok(assembly_counts() == queue.ptr() && count.read() == 41,
	   "assembly: load, store and address");
	count.write_on(2, 1000);
	queue.ptr_on(3)->length = 30;
	ok(count.sum() == 42 + 41 + 1000 + 40 && queue.field(&queue_type::length).sum() == 42,
	   "write_on, ptr_on, sum: each CPU has its own");
	ok(!count.ptr_on(AREAS) && count.reset() == 0 && count.read() == 40,
	   "no area for a fifth CPU; reset");
}

} // namespace

void stranger_main(uintptr_t runs_at)
{
	report(runs_at, 9);
	must(percpu_init(AREAS));
	must(percpu_set_local_thread_pointer(0));
	change_values();
	use_other_cpus();
	machine_end(all_passed);
}
