/* SPDX-License-Identifier: MIT */
#include "blocks.h"

#include <percpu.h>

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "unit.h"

#define MOST 64

static pthread_barrier_t all_bound;
static void (*work_of_all)(size_t cpu);
static size_t running;

void blocks_init(size_t ncpu)
{
	int error = percpu_init(ncpu);

	if (!error)
		error = percpu_set_local_thread_pointer(0);
	if (error)
		tap_bail_out("%zu areas: %s", ncpu, percpu_strerror(error));
}

void blocks_move(size_t cpu)
{
	CHECK(percpu_set_local_thread_pointer(cpu) == 0);
}

static char *watched;
static void (*interrupt)(void);

char *blocks_pages(void)
{
	void *pages = mmap(NULL, 2 * BLOCKS_PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		tap_bail_out("there are no two pages");
	return pages;
}

static void on_fault(int signal_, siginfo_t *info, void *context)
{
	char *at = info->si_addr;

	(void)context;
	if (at < watched || at >= watched + BLOCKS_PAGE) {
		signal(signal_, SIG_DFL); /* it comes again */
		return;
	}
	mprotect(watched, BLOCKS_PAGE, PROT_READ | PROT_WRITE);
	interrupt();
}

void blocks_interrupt(char *page, void (*handler)(void))
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};

	watched = page;
	interrupt = handler;
	sigaction(SIGSEGV, &action, NULL);
	mprotect(watched, BLOCKS_PAGE, PROT_NONE);
}

static void *thread(void *argument)
{
	size_t cpu = *(size_t *)argument;

	if (percpu_set_local_thread_pointer(cpu))
		tap_bail_out("there is no CPU %zu", cpu);
	pthread_barrier_wait(&all_bound);
	work_of_all(cpu);
	__atomic_fetch_sub(&running, 1, __ATOMIC_RELEASE);
	return NULL;
}

int blocks_running(void)
{
	return __atomic_load_n(&running, __ATOMIC_ACQUIRE) != 0;
}

void blocks_run(size_t ncpu, void (*work)(size_t cpu), void (*watch)(void))
{
	static size_t numbers[MOST];
	pthread_t threads[MOST];

	work_of_all = work;
	running = ncpu - 1;
	pthread_barrier_init(&all_bound, NULL, (unsigned)(ncpu - 1));
	for (size_t cpu = 1; cpu < ncpu; cpu++) {
		numbers[cpu] = cpu;
		if (pthread_create(&threads[cpu], NULL, thread, &numbers[cpu]))
			tap_bail_out("cannot start a thread: see ulimit -u");
	}
	if (watch)
		watch();
	for (size_t cpu = 1; cpu < ncpu; cpu++)
		pthread_join(threads[cpu], NULL);
	pthread_barrier_destroy(&all_bound);
}
