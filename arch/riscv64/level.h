/* SPDX-License-Identifier: 0BSD */
/*
 * The level that a kernel runs at: s, S-mode, or m, M-mode. The build says which, BOARD_LEVEL, and
 * what starts the kernel, FIRMWARE: firmware, in S-mode, or none, in M-mode, from where it may go
 * down. What the two levels have in common is written once, with the names that are made here
 * (RISC-V privileged specification, "Machine-Level CSRs", "Supervisor CSRs"); what one has of its
 * own is in files of its own, which arch.mk chooses.
 */
#ifndef RISCV64_LEVEL_H
#define RISCV64_LEVEL_H

#define LEVEL_GLUE_(a, b) a##b
#define LEVEL_GLUE(a, b) LEVEL_GLUE_(a, b)
#define LEVEL_STRING_(...) #__VA_ARGS__
#define LEVEL_STRING(...) LEVEL_STRING_(__VA_ARGS__)

/* CSR(status) is sstatus or mstatus, TRAP_RETURN sret or mret; the string is for asm in C. */
#define CSR(name) LEVEL_GLUE(BOARD_LEVEL, name)
#define CSR_STRING(name) LEVEL_STRING(CSR(name))
#define TRAP_RETURN CSR(ret)

/* Of the two with these endings, that of the level. */
#define OF_LEVEL(name) LEVEL_GLUE(name##_, BOARD_LEVEL)

/* Fields of sstatus and mstatus. */
#define STATUS_IE OF_LEVEL(STATUS_IE) /* interrupts are on */
#define STATUS_IE_s (1 << 1)
#define STATUS_IE_m (1 << 3)
#define STATUS_PIE OF_LEVEL(STATUS_PIE) /* they were before the trap, or are after the return */
#define STATUS_PIE_s (1 << 5)
#define STATUS_PIE_m (1 << 7)
#define STATUS_PP OF_LEVEL(STATUS_PP) /* the level that the trap came from; 0 is user mode */
#define STATUS_PP_s (1 << 8)
#define STATUS_PP_m (3 << 11)

/* The timer's number, in sie and scause, or mie and mcause. */
#define CAUSE_TIMER OF_LEVEL(CAUSE_TIMER)
#define CAUSE_TIMER_s 5
#define CAUSE_TIMER_m 7

/* Of the two with these endings, that of what starts the kernel: sbi, or none. */
#define OF_FIRMWARE(name) LEVEL_GLUE(name##_, FIRMWARE)

/* The level at which harts come in. Without firmware it need not be the one that they run at. */
#define FIRST_CSR(name) LEVEL_GLUE(OF_FIRMWARE(FIRST), name)
#define FIRST_sbi s
#define FIRST_none m

/*
 * Where boot.S sends a hart that comes to _start, and one that is not the first: by firmware it was
 * sent for, and is astray; without, nobody has sent for it.
 */
#define ENTRY OF_FIRMWARE(ENTRY)
#define ENTRY_sbi boot_start
#define ENTRY_none machine_start
#define NOT_FIRST OF_FIRMWARE(NOT_FIRST)
#define NOT_FIRST_sbi secondary_start
#define NOT_FIRST_none pen

/* What ends a hart that cannot go on, at the level that it came in at. */
#define STOP OF_FIRMWARE(STOP)
#define STOP_sbi sbi_stop
#define STOP_none devices_stop

/* Without firmware: where a hart goes that comes, and where from the pen. */
#define MACHINE_ENTRY OF_LEVEL(MACHINE_ENTRY)
#define MACHINE_ENTRY_s firmware_start
#define MACHINE_ENTRY_m boot_start
#define PEN_EXIT OF_LEVEL(PEN_EXIT)
#define PEN_EXIT_s firmware_lower
#define PEN_EXIT_m secondary_start

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void secondary_start(void); /* boot.S */

/* ---- Given by sbi_level.c, which asks the firmware, and by m_level.c ---- */

/*
 * NULL, or a sentence that says why no other hart can be started, or no timer be set. The first is
 * asked before any hart is started.
 */
const char *level_starts_harts(void);
const char *level_has_timer(void);

/*
 * Sends the hart of CPU number CPU to secondary_start. Returns NULL, or a sentence that says why
 * not, and through CODE the firmware's number for that.
 */
const char *level_start_hart(size_t cpu, long *code);

/*
 * Stops this hart, whose interrupts are off. Returns only if that is refused, with a sentence that
 * says why, and through CODE the firmware's number for that.
 */
const char *level_stop_self(long *code);

/*
 * Whether the hart of CPU number CPU has stopped. If nobody knows, ERROR becomes a sentence that
 * says why, and CODE as above.
 */
bool level_has_stopped(size_t cpu, const char **error, long *code);

/* The time, in ticks of devicetree_timebase. */
uint64_t level_time(void);

/* This hart's timer interrupt is pending from TIME on, and until a later one is set. */
void level_set_timer(uint64_t time);

#endif
#endif
