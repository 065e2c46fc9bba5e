/* SPDX-License-Identifier: 0BSD */
/* The core-local interruptor, which M-mode has its timer and software interrupts from. */
#ifndef RISCV64_CLINT_H
#define RISCV64_CLINT_H

#include <boards/common/fdt.h>

/*
 * Finds the CLINT in TREE, and in it each hart that, where NEEDED names a property, has it; once,
 * first of all. Returns NULL, or a sentence that says what the tree lacks.
 */
const char *clint_find(const struct fdt *tree, const char *needed);

/* The place, from 0 on, of a hart among those that were found; SIZE_MAX if it is none of them. */
size_t clint_place(uint64_t hwid);

/* The hart at PLACE gets a software interrupt, after all that was stored before. */
void clint_interrupt(size_t place);

/* Takes that back, before all that is stored afterwards. */
void clint_take_back(size_t place);

uint64_t clint_time(void);

/* From TIME on this hart, which was found, has a timer interrupt, and until a later one is set. */
void clint_set_timer(uint64_t time);

/* The hart that asks. */
uint64_t this_hwid(void);

#endif
