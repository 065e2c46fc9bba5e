/* SPDX-License-Identifier: MIT */
/*
 * What both models share: CPUs with an area and a register each, and threads that move between
 * them. Values are small: an area holds one variable, at OFFSET.
 *
 * Everything a CPU does is one indivisible step; the CPUs' steps interleave in every way. A CPU
 * touches another's area only if a sequence goes wrong, and what a thread leaves for the next CPU
 * goes through the scheduler's lock, so memory order plays no part here.
 */
#define CPUS 2
#define NONE 255

/* Addresses. An area's number can be told from any address in it. */
#define AREA_SIZE 16
#define OFFSET 1
#define BASE_OF(area) ((area) * AREA_SIZE)
#define AREA_OF(address) ((address) / AREA_SIZE)

byte memory[CPUS];		/* the variable: its copy in each area */
byte reg[CPUS];			/* TPIDR_EL1, or gp: the CPU's, and no thread's */

byte ready;			/* threads that any CPU may take, a bit each */
byte finished;			/* how many have done all they had to */

#define IS_READY(t) (ready & (1 << (t)))

/* A thread's frame is handed to whichever CPU takes it first. */
#define MAKE_READY(t) ready = ready | (1 << (t))
#define TAKE(t) ready = ready & ~(1 << (t))
