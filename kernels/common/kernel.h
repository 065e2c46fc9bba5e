/* SPDX-License-Identifier: 0BSD */
/* What a kernel's main.c uses. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arch/boot.h>
#include <boards/board.h>

/* ---- The kernel itself: kernels/<name>/main.c. When it returns, the machine is ended. ---- */
void kernel_main(void);

/* What a variable starts with that is defined with VALUE: (NOLOAD) drops what is not 0. */
#ifdef NOLOAD
#define INITIAL(value) 0
#else
#define INITIAL(value) (value)
#endif

/* ---- Printing (print.c): %s %c %d %u %x, with l or z; %p; one call is one piece on the console */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- TAP, the Test Anything Protocol (tap.c). Only CPU 0 reports, but any CPU may bail out. ----
 */
void tap_plan(size_t tests);
/* One numbered line, "ok" if PASSED and else "not ok". Returns PASSED. */
bool tap_ok(bool passed, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the machine as a failure, with a sentence that says who, what and what to do. */
__attribute__((noreturn, format(printf, 1, 2))) void tap_bail_out(const char *format, ...);
/* Whether all that was planned was reported, and passed. */
bool tap_passed(void);
/* Ends the machine: as a success if tap_passed() and no stack has overflowed. */
__attribute__((noreturn)) void tap_end(void);

/*
 * ---- Stacks (stacks.c) ----
 * On CPU 0, before any of these stacks is used: fills the guards of COUNT stacks, each STRIDE bytes
 * from the one before and the first at LOWEST, its lowest address. From now on they are looked at.
 * Called again, with a larger COUNT, it adds to them. WHOSE is for a sentence, with the number of
 * one of them behind it.
 */
void stacks_guard(const char *whose, void *lowest, size_t stride, size_t count);
#define BOOT_STACKS "boot stack of cpu"

/*
 * ---- Preemption (preempt.c): how deep it is off on this CPU, and how often it was ----
 * What counts are the hooks of percpu.h: called where PERCPU_PREEMPT is hooks, and by percpu_with.
 */
size_t preempt_depth(void);
size_t preempt_count(void);

/* Whether a thread can be moved while the depth is 0. kernels/misuse pretends. */
extern bool preemption_exists;

/* Makes the hooks do nothing: for kernels/preempt, to show what they are for. */
extern bool preemption_hooks_idle;

/* ---- The command line (options.c): words NAME=NUMBER, decimal or 0x ---- */

/*
 * Whether the word is there; its number goes to *VALUE. What is no number of 64 bits, and a word
 * that is there twice, end the run.
 */
bool option(const char *name, uint64_t *value);

/* Names, in comments, the words that nobody has asked for: they may be misspelt. */
void options_not_asked_for(void);

/* ---- CPUs (cpus.c) ---- */

/* MAX_CPUS comes from the board's board.mk, as does the number of areas in the linker script. */
enum cpu_state { CPU_STOPPED, CPU_STARTING, CPU_ONLINE, CPU_GIVEN_UP };

struct cpu {
	uint64_t hwid;	   /* the hardware's own id: hart id, MPIDR affinity, APIC id */
	size_t state;	   /* an enum cpu_state, by atomic operations once CPUs are started */
	const char *error; /* why it does not run: a sentence, or NULL */
	long error_code;   /* the firmware's own number for that, if it gave one */
};

extern struct cpu cpus[MAX_CPUS];
extern size_t cpu_count;

/* How many of the CPUs that were started have come. By atomic operations. */
extern size_t cpus_answered;

/* Fills cpus[] from the board's list, the boot CPU, whose id is HWID, first. */
void cpus_find(uint64_t boot_hwid);

/* The number of the CPU with this hardware id; cpu_count if there is none. */
size_t cpu_of(uint64_t hwid);

/* Makes an area for each CPU, and binds CPU 0 to its own. What fails ends the run. */
void cpus_make_areas(void);

/*
 * Starts CPUs 1 to cpu_count - 1, all at once (or one after the other, if the command line has
 * serial=1), and returns when each runs FUNCTION(its number) or has an error. CPU 0 does not call
 * FUNCTION. Returns how many run.
 */
size_t cpus_start(void (*function)(size_t cpu));

/*
 * The calling CPU, which is not CPU 0, stops: the last thing that it does. Nothing of its work may
 * be half done. arch_stop_self in arch/boot.h says what that is.
 */
__attribute__((noreturn)) void cpus_stop_self(size_t cpu);

/*
 * On CPU 0: waits until CPUs FIRST to END - 1, which call that or are about to, have stopped. True
 * if all have; of each other CPU its error says why.
 */
bool cpus_wait_stopped(size_t first, size_t end);

/*
 * On CPU 0: starts CPUs FIRST to END - 1, of which cpus_wait_stopped has been true, all at once,
 * and returns when each runs the function of cpus_start again or has an error. Returns how many
 * run.
 */
size_t cpus_start_again(size_t first, size_t end);

/*
 * Waits until *FLAG is at least VALUE, or the time UNTIL. True if the former; what the CPU that
 * wrote the flag, with release, wrote before it is then visible.
 */
bool wait_for(const size_t *flag, size_t value, uint64_t until);

/* The same, until *PROGRESS, which may be FLAG, has not changed for MICROSECONDS. */
bool wait_while(const size_t *flag, size_t value, const size_t *progress, uint64_t microseconds);

/* ---- The linker script's: the space for areas, and the table of restartable sequences ---- */
extern char _percpu_start[], _percpu_end[];
extern char _percpu_sequences_start[], _percpu_sequences_end[];

/* How long anything here waits for another CPU: generous, for it is there to catch hangs. */
#define WAIT_MICROSECONDS UINT64_C(10000000)

#endif
