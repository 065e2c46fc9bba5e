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

#define CAUSE_SOFTWARE 3 /* the number of M-mode's software interrupt in mie and mip */

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

/*
 * Lets the hart go to ADDRESS, with its id in a0 and ARGUMENT in a1, once. Returns 0, or the number
 * that SBI's hart_start would return. Any hart may call it.
 */
long pen_release(uint64_t hwid, uintptr_t address, uint64_t argument);

/* The hart, which runs, is not let go any more. */
void pen_keep_out(uint64_t hwid);

#endif
#endif
