/* SPDX-License-Identifier: MIT */
/* Every CPU comes to kernel_main, all at once. Threads then count, and are moved between CPUs. */
#include "kernel.h"

#define ROUNDS 500

static struct thread threads[THREADS];
static struct thread *waiting; /* the one that no CPU runs */
static struct lock lock;       /* for it, and for total */
static unsigned long total;
static char trap_stacks[NCPU][4096] __attribute__((aligned(16)));
static char thread_stack[4096] __attribute__((aligned(16)));
static bool started;
static unsigned finished;

static void print(const char *text)
{
	while (*text)
		console_put(*text++);
}

static void print_number(const char *what, unsigned long number)
{
	char digits[21], *digit = &digits[20];

	*digit = '\0';
	do
		*--digit = (char)('0' + number % 10);
	while (number /= 10);
	print(what);
	print(digit);
}

void panic(const char *why)
{
	print("panic: ");
	print(why);
	print("\n");
	machine_end();
}

/* The interrupted thread waits, and the one that has waited goes on here. */
struct frame *trap(struct frame *frame)
{
	struct thread *next;

	if (!interrupt_ended())
		panic("an exception");
	if (this_cpu_read(noff))
		panic("an interrupt behind push_off");
	acquire(&lock);
	this_cpu_read(running)->frame = frame;
	next = waiting;
	waiting = this_cpu_read(running);
	this_cpu_write(running, next);
	release(&lock);
	return next->frame;
}

static void report(void)
{
	unsigned long work = 0;

	for (unsigned i = 0; i < NCPU; i++)
		work += per_cpu(work_done, i);
	for (unsigned i = 0; i < THREADS; i++) {
		print_number("thread ", i);
		print_number(": rounds ", threads[i].rounds);
		print("\n");
	}
	print_number("under the lock ", total);
	print_number(", by all CPUs ", work);
	print("\n");
	machine_end();
}

/* What each thread runs. */
static void thread_main(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		push_off();
		interrupt_raise(); /* it comes behind the last pop_off */
		this_cpu_inc(work_done);
		acquire(&lock);
		total++;
		release(&lock);
		pop_off();
		current()->rounds++;
	}
	/* The release pairs with the acquire below: all that a thread counted is seen. */
	__atomic_fetch_add(&finished, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&finished, __ATOMIC_ACQUIRE) < THREADS || current() != threads)
		interrupt_raise();
	interrupts_off();
	report();
}

static void start(void)
{
	for (unsigned i = 0; i < NCPU; i++) {
		setup_per_cpu_area(i);
		cpus[i].trap_stack = trap_stacks[i] + sizeof(trap_stacks[i]);
		per_cpu(running, i) = &threads[i];
	}
	waiting = &threads[NCPU];
	waiting->frame = frame_make(thread_stack + sizeof(thread_stack), thread_main);
}

/* With interrupts off, on the stack of the thread that this CPU begins with. */
void kernel_main(void)
{
	if (cpuid() == 0) {
		start();
		/* Pairs with the acquire below: what start has written is seen. */
		__atomic_store_n(&started, true, __ATOMIC_RELEASE);
	} else {
		while (!__atomic_load_n(&started, __ATOMIC_ACQUIRE))
			;
	}
	interrupts_on();
	thread_main();
}
