/* SPDX-License-Identifier: 0BSD */
#ifndef BEFORE_BSS_H
#define BEFORE_BSS_H

/*
 * For variables that are used before .bss is cleared, or where there is no RAM for it: what it
 * takes to say so and stop. The image brings them.
 */
#define BEFORE_BSS __attribute__((section(".data.before_bss")))

#endif
