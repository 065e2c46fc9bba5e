/* SPDX-License-Identifier: MIT */
/*
 * CPU 0's pause while it waits for others, which start.c does not count. The real one sleeps 5 ms,
 * which is some million turns of -icount. With skip=1 the timer is due at once: WFI then is one
 * turn of every hart.
 */
#include <tests/bench/guest/bench.h>

#include <arch/riscv64/sbi.h>

enum { SIE_STIE = 1 << 5 };

void __real_arch_pause(void);
void __wrap_arch_pause(void);

void __wrap_arch_pause(void)
{
	if (!bench_skip) {
		__real_arch_pause();
		return;
	}
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, 0, 0, 0);
	/* Interrupts are off: what is pending only ends the WFI. */
	__asm__ volatile("csrs sie, %0\n\twfi\n\tcsrc sie, %0" : : "r"(SIE_STIE) : "memory");
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, UINT64_MAX, 0, 0);
}
