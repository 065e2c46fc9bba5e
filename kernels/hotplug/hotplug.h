/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share: see main.c. */
#ifndef HOTPLUG_H
#define HOTPLUG_H

#include <stdbool.h>
#include <stddef.h>

/* ---- constructors.c: what a CPU does when it comes up, and when it goes ---- */

/*
 * What the constructors have seen on a CPU. In plain memory, and written by that CPU only: the
 * library's own counts are held against it.
 */
struct life {
	size_t came, gone; /* by the kernel's count */
	size_t depth;	   /* how many of the constructors are up */
	size_t called, undone;
	size_t refused;	  /* by one of them, on purpose */
	size_t disorder;  /* called when it was not its turn, or on another CPU */
	size_t forgotten; /* what was in the area is not there any more */
	size_t mistakes;  /* wrong calls that were not refused, or changed something */
	size_t wrong;	  /* wrong calls */
} __attribute__((aligned(128)));
extern struct life lives[];

/* Whether timer interrupts come; if not why, or NULL. */
extern bool interrupted;
extern const char *why_not_interrupted;

/* The calling CPU comes up, now and then at the second try; and goes down. By percpu_cpu_up. */
void life_begin(size_t cpu);
void life_end(size_t cpu);

/* On CPU 0, of a CPU that is paused or has stopped: that all its constructors are up, or none. */
bool life_is_whole(size_t cpu, bool up);

/* ---- wrong.c: calls that must be refused ---- */

/* Before there are areas. True if all is refused. */
bool wrong_before_init(void);

/* With numbers that no CPU has. True if all is refused. */
bool wrong_numbers(void);

/* By the CPU itself, while it is up; and between percpu_cpu_down and its stop. Counts in its life.
 */
void wrong_while_up(size_t cpu);
void wrong_while_dying(size_t cpu);

/* By CPU 0, of any CPU, another one or itself, that is up or has stopped. Counts in CPU 0's life.
 */
void wrong_from_cpu_0(size_t cpu);

/* ---- work.c: what CPUs do while others come and go ---- */

/* The variables, and CPU 0's handles. On CPU 0, before the others run. */
void work_prepare(void);

/* The calling CPU, which is up, counts, allocates and frees until it is asked to go. */
void work_until_asked(size_t cpu);

/* CPU 0 does a turn of that. */
void work_on_cpu_0(void);

/* From CPU 0: asks a CPU to go. */
void work_ask(size_t cpu);

/* On CPU 0: waits until each CPU that is up, but CPU 0, has done some turns from now on. */
void work_wait_for_turns(void);

/* On CPU 0: has all CPUs that are up pause, their handlers too; and go on. */
void work_pause(void);
void work_resume(void);

/* The last time: they halt. */
void work_end(void);

/* While they pause: whether every sum over all CPUs is what has been counted. */
bool work_is_exact(void);

/*
 * While they pause: a dynamic variable that all have counted in is freed, and another made in its
 * place. False if a copy of that is not 0, or it cannot be made.
 */
bool work_renew(void);

struct allocations {
	size_t made, failed; /* also if a copy, or the sum, of what was made is wrong */
};

/* What a CPU has done, by its own count. */
struct work {
	size_t counted, ticks;
	size_t turned; /* counted in the variable that is renewed */
	struct allocations allocated, allocated_by_handler;
	size_t asked, paused;
} __attribute__((aligned(128)));
extern struct work works[];

#endif
