/* SPDX-License-Identifier: 0BSD */
/* User mode on x86_64: what its files share, and what kernels/swapgs needs beside arch/user.h. */
#ifndef X86_64_USER_H
#define X86_64_USER_H

/* Where what is in struct user_block, which is at the FS base of user code. */
#define BLOCK_PATTERN 0
#define BLOCK_GS_BASE 8
#define BLOCK_FLAGS 16
#define BLOCK_STACK 24
#define BLOCK_TICKS 32
#define BLOCK_COUNT 40
#define BLOCK_ROUND 48

#define FLAG_WRGSBASE 1 /* the kernel has let user code have it */
#define FLAG_SELECTOR 2 /* for user_border: load selectors into %gs */
#define FLAG_TIMER 4	/* for user_border: wait for the timer instead of using INT3 */
#define FLAG_FAULT 8	/* for user_border: use an instruction that it may not */

#define PAGE_SIZE 4096

/* Bits of an entry of a page table, of any level. */
#define PAGE_PRESENT 1u
#define PAGE_WRITABLE 2u
#define PAGE_USER 4u

/* Where the user's stack pointer is during SYSCALL and SYSRET, in a CPU's page of kpti.c. */
#define ENTRY_USER_RSP 0

/* More system calls of user_border. */
#define USER_CALL_BEGIN 3
#define USER_CALL_NOTHING 4

#ifndef __ASSEMBLER__

#include <arch/user.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct user_block {
	uint64_t pattern;
	uint64_t gs_base;
	uint64_t flags;
	uint64_t stack; /* where its stack begins */
	uint64_t ticks; /* for FLAG_TIMER: the kernel sets it when the timer has fired */
	uint64_t count, round;
};
_Static_assert(__builtin_offsetof(struct user_block, stack) == BLOCK_STACK &&
		       __builtin_offsetof(struct user_block, round) == BLOCK_ROUND,
	       "the offsets are those of the struct");

/* ---- The programs (programs.S): a page, of which every program is a part ---- */
extern const char user_programs[];

/* Enters the kernel in all ways. For kernels/swapgs. */
extern user_program user_border;

/* ---- Segments and stacks of a CPU (tss.c) ---- */

/* Has NMI, #DB, #MC and #DF come by ist.S. Once. */
void tss_set_gates(void);

/* For the calling CPU, once it is bound to its area. */
void tss_load(size_t cpu);

/* Where the stack of that CPU begins for traps from user mode. */
void tss_set_kernel_stack(size_t cpu, uint64_t end);

/* Whether ADDRESS is in that CPU's stack for NMIs. */
bool tss_in_nmi_stack(size_t cpu, uint64_t address);

/*
 * All that a CPU has of these, of those CPUs, which have pages to themselves: the CPU pushes and
 * looks up there with the table on that user mode has.
 */
struct user_shared tss_shared(size_t cpus);

/* ---- A page table of its own for user mode (kpti.c): see arch_user_table ---- */

/*
 * Makes the table, of the user's pages, which are behind entry LEVEL4 of level 4, ENTRY, and what
 * entry and return need. EARLY: the timer's entry uses a per-CPU variable before it changes CR3.
 * NULL, or a sentence that says why it cannot be. Once.
 */
const char *kpti_init(size_t level4, uint64_t entry, bool early);

/* Has interrupts, INT3 and exceptions come by kpti.S. Once. */
void kpti_set_gates(void);

/* For the calling CPU, behind tss_load: SYSCALL, and the stack for traps from user mode. */
void kpti_load(size_t cpu);

/* Where that CPU has the page of code that SYSCALL enters. */
uint64_t kpti_syscall_address(size_t cpu);

/* ---- User mode (user.c) ---- */

/* What the code that runs on that CPU finds at its FS base. */
struct user_block *user_block(size_t cpu);

bool user_has_wrgsbase(void);

/* ---- NMI, #DB, #MC (ist.c) ---- */

/*
 * What is called for VECTOR_NMI and so on, which interrupted FRAME; GS_BASE was FOUND, and now it
 * is the CPU's. It comes at any time: it takes no lock, and prints only if it ends the machine.
 * NULL: they are reported and end the run.
 */
typedef void ist_hook(struct trap_frame *frame, uint64_t vector, uint64_t found);
extern ist_hook *ist_hook_set;

/* Called by ist.S. */
void ist_handle(struct trap_frame *frame, uint64_t vector, uint64_t found);

#endif
#endif
