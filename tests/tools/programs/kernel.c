/* SPDX-License-Identifier: MIT */
/* A kernel for percpu-check to look at, and, by -D, one fault in it, or what is right instead. */
#include <percpu.h>

#ifndef NEAR_BYTES
#define NEAR_BYTES 64
#endif

PERCPU_DEFINE(uint64_t, counter) = 7;
PERCPU_DEFINE(uint32_t[4], numbers) = {1, 2, 3, 4};
PERCPU_DEFINE(char[NEAR_BYTES], buffer);
PERCPU_DEFINE_FAR(uint64_t, big) = 9;

volatile uint64_t ordinary = 1;
volatile uint64_t cleared;
void *volatile kept;

void _start(void);
void work(size_t n);
void handler(uintptr_t *pc);
void (*volatile handlers[])(uintptr_t *) = {handler};
void indirect(uintptr_t *pc);

void work(size_t n)
{
	percpu_add(counter, 1);
	percpu_add(big, 2);
	percpu_add(numbers[n & 3], 3);
	percpu_write(big, percpu_read(counter) + ordinary);
	cleared = percpu_read(big);
	kept = percpu_ptr(big);
	*percpu_ptr(counter) += 1;
	cleared += percpu_offset(big);
	percpu_write_on(counter, 1, 5);
}

#ifdef CONSTRUCTOR
/* Behind the asm, a value that is not constant. */
__attribute__((constructor)) static void construct(void)
{
	uint64_t computed = 3;

	__asm__("" : "+r"(computed));
#if CONSTRUCTOR == 1
	percpu__counter = computed;
#else
	percpu_write(counter, computed);
#endif
}
#endif

#ifdef DIRECT
int part(void);
uint64_t direct(size_t n);
uint64_t direct(size_t n)
{
#if DIRECT == 1
	return percpu__counter;
#elif DIRECT == 2
	percpu__big = n;
	return 0;
#elif DIRECT == 3
	return percpu__numbers[2];
#else
	percpu_write(big, n);
	return percpu_read(counter) + percpu_read(numbers[2]);
#endif
}
#endif

#if defined POINTER && POINTER == 1
uint64_t *pointer = &percpu__counter;
#elif defined POINTER
volatile uint64_t *pointer = &ordinary;
#endif

#if defined INSIDE && INSIDE == 1
struct list {
	struct list *next;
};
PERCPU_DEFINE(struct list, run_queue) = {&percpu__run_queue};
#endif

#ifdef PROTECTED
/* -fstack-protector-all, and where the canary is */
void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
	for (;;)
		;
}
#endif

void handler(uintptr_t *pc)
{
#ifdef RESTARTS
	*pc = percpu_restart(*pc);
#endif
	percpu_add(counter, 1);
	(void)pc;
}

void indirect(uintptr_t *pc)
{
	handlers[0](pc);
}

void _start(void)
{
	if (percpu_init(1) || percpu_set_local_thread_pointer(0))
		return;
	work(1);
#ifdef CALLS
	cleared = direct(cleared) + (uint64_t)part();
#endif
#ifdef INDIRECT
	cleared += percpu_restart(0);
#endif
}
