/* SPDX-License-Identifier: 0BSD */
/* What riscv64 machines have that firmware would drive: a serial port, and a way to end. */
#ifndef DEVICES_H
#define DEVICES_H

#include <boards/common/fdt.h>

/*
 * Opens the device tree at BOOT_DATA and finds the devices, which others do not use meanwhile.
 * Returns NULL, or a sentence that says what is wrong with the tree. A device that the tree does
 * not have is done without.
 */
const char *devices_find(uintptr_t boot_data);

/* The tree. */
const struct fdt *devices_tree(void);

void devices_putc(char c);

/* Turns the machine off. Returns if there is nothing to do that with. */
void devices_off(bool success);

/*
 * Finds the devices, says TEXT and ends the machine: before anything else is known, for code in
 * M-mode that cannot go on.
 */
__attribute__((noreturn)) void devices_stop(uintptr_t boot_data, const char *text);

#endif
