/* SPDX-License-Identifier: MIT */
/*
 * The delays between INIT and start-up IPIs, of which start.c counts nothing. With skip=1 each is
 * one turn of every CPU, which is what arch_pause is under -icount. An AP that is halted takes its
 * INIT only once the start-up IPI is there as well, in the delay behind that, and QEMU 7.2 has the
 * clock go on to the next timer event then, as if the AP had executed instructions until there. In
 * its next turn it starts.
 */
#include <tests/bench/guest/bench.h>

void __real_pc_delay(uint64_t microseconds);
void __wrap_pc_delay(uint64_t microseconds);

void __wrap_pc_delay(uint64_t microseconds)
{
	uint64_t start = machine_clock();

	if (bench_skip)
		arch_pause();
	else
		__real_pc_delay(microseconds);
	bench_skipped += machine_clock() - start;
}
