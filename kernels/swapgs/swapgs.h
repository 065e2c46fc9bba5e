/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef SWAPGS_H
#define SWAPGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What came, and where (windows.c) ---- */

enum event { EVENT_DEBUG, EVENT_NMI, EVENT_MACHINE_CHECK, EVENTS };

/* How user code enters, beside SYSCALL: INT3, the timer, an instruction that it may not use. */
enum way { WAY_INT3, WAY_TIMER, WAY_FAULT, WAYS };
extern const uint64_t way_flags[WAYS];

/* Code at the border. */
struct window {
	const char *start, *end;
	enum way way; /* that leads through it; WAYS if only what the test sends comes there */
};
#define WINDOWS 7
extern const struct window *windows;

/* Once user mode can be used: with a page table of its own it has another border. */
void windows_init(void);

/* Where the byte at OFFSET is, on CPU: code of SYSCALL is not where it is linked. */
uintptr_t windows_address(size_t cpu, const struct window *window, size_t offset);

/* What GS_BASE is in the kernel on CPU. */
uintptr_t gs_base_of(size_t cpu);

/* How often a handler has found itself in another area than its CPU's. */
extern size_t wrong_areas;

/* The calling CPU's number, by its APIC id; counts if the area says another. */
size_t windows_cpu(void);

/* On CPU, EVENT has come before the instruction at PC, and GS_BASE was FOUND. */
void windows_note(size_t cpu, enum event event, uintptr_t pc, uintptr_t found);

/* Whether #DB has come before the byte at OFFSET: an instruction begins there. */
bool windows_had_debug(const struct window *window, size_t offset);

/* How many of the counters in all areas differ from what has come. */
size_t windows_miscounted(void);

/* Of the places where #DB has found the user's GS_BASE one, on CPU: another for each I. */
uintptr_t windows_users(size_t cpu, size_t i);

void windows_report(void);

/* ---- Having things come (events.c) ---- */

void events_init(size_t cpu);

/* Holds NMIs back on the calling CPU, number CPU, until its next IRET, and has one wait for it. */
void events_hold_nmi(size_t cpu);

/* #DB comes before the instruction at PC, on the calling CPU, once; 0 for none. */
void events_break_at(uintptr_t pc);

/* Entries that ask CS (1), or the sign of GS_BASE (2), take the place of those in ist.S. */
void events_trust(uint64_t what);

/* An exception will come before the first instruction of the next SYSCALL's entry. */
void events_double_fault(size_t cpu);

/* ---- Rounds (rounds.c) ---- */

/* What user code can have in GS_BASE: so many values. */
#define BASES 4

/* User code's HLT. */
#define HLT_BYTES 1

/* On CPU 0, before the others run: readies the stacks that traps from user mode use. */
void rounds_init(void);

/* Once, on CPU: into user mode and back, with #DB, and an NMI, before the instruction at PC. */
void round_run(size_t cpu, uintptr_t pc, bool nmi, size_t base, uint64_t way);

/* How many all CPUs have done. Atomic. */
extern size_t rounds;
size_t rounds_wrong(void);

#endif
