/* SPDX-License-Identifier: 0BSD */
/* The core-local interruptor, which M-mode has its timer and software interrupts from. */
#ifndef RISCV64_CLINT_H
#define RISCV64_CLINT_H

#include <boards/common/fdt.h>

/*
 * Finds the CLINT and the registers of each hart in TREE, once, first of all. Returns NULL, or a
 * sentence that says what the tree lacks.
 */
const char *clint_find(const struct fdt *tree);

#endif
