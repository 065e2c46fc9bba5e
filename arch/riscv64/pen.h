/* SPDX-License-Identifier: 0BSD */
/* Where harts wait that no firmware holds back: see pen.S. */
#ifndef RISCV64_PEN_H
#define RISCV64_PEN_H

/* A slot that is open has the id of the hart that may go, and this bit, which no hart id has. */
#define PEN_OPEN_BIT 63

#define SLOT_HART 0
#define SLOT_ADDRESS 8
#define SLOT_ARGUMENT 16
#define SLOT_SIZE 24

/* What is in SLOT_HART otherwise: the hart waits, runs, or is about to be let go. */
#define SLOT_WAITS 0
#define SLOT_RUNS 1
#define SLOT_STARTS 2

#define CAUSE_SOFTWARE 3 /* the number of M-mode's software interrupt in mie and mip */

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

/*
 * Lets the hart go to ADDRESS, with its id in a0 and ARGUMENT in a1, once. Returns 0, or the number
 * that SBI's hart_start would return. Any hart may call it.
 */
long pen_release(uint64_t hwid, uintptr_t address, uint64_t argument);

/* The hart, which runs and never was in the pen, is not let go. */
void pen_keep_out(uint64_t hwid);

/* This hart, in M-mode, goes back into the pen, until it is let go. */
__attribute__((noreturn)) void pen_go_back(void);

/* What SBI's hart_get_status would return, or its error. */
long pen_status(uint64_t hwid);

#endif
#endif
