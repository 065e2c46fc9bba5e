/* SPDX-License-Identifier: MIT */
/*
 * A trap's handler that ends where nothing goes on, and behind it a function that calls
 * percpu_restart: it is not on the handler's way. STOP 1: it ends with a call that never returns;
 * 2: with a breakpoint, BREAK; 0: there is no handler.
 */
#include <percpu.h>

PERCPU_DECLARE(uint64_t, counter);

void panics(uintptr_t *pc);
void behind(uintptr_t *pc);
extern volatile uint64_t ordinary;

#if STOP
#if STOP == 1
__attribute__((noreturn, noinline)) static void stop(void)
{
	for (;;)
		ordinary = 1;
}
#else
/* Not __builtin_trap, which compilers put somewhere else. */
static inline __attribute__((always_inline, noreturn)) void stop(void)
{
	__asm__ volatile(BREAK);
	__builtin_unreachable();
}
#endif

void panics(uintptr_t *pc)
{
	percpu_add(counter, 1);
	(void)pc;
	while (ordinary)
		;
	stop();
}
#endif

__attribute__((aligned(64))) void behind(uintptr_t *pc)
{
	*pc = percpu_restart(*pc);
}
