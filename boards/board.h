/* SPDX-License-Identifier: 0BSD */
/*
 * What a board gives to the kernels: a console, the list of CPUs, a clock, and an end. Each board's
 * board.c implements all of it; kernels/common calls it.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the hardware's own number of a CPU is called here: "apic", "mpidr", "hart". */
extern const char board_hwid_name[];

/*
 * Called once, first, on the boot CPU. BOOT_DATA is what the boot loader passed: the address of the
 * device tree or of the multiboot information. What cannot be understood ends the run by a
 * sentence.
 */
void board_init(uintptr_t boot_data);

/*
 * Says, in a line "# via ...", who loaded the kernel: what the boot loader and the firmware call
 * themselves, as far as they do.
 */
void board_print_loader(void);

/* Sends one character to the serial console. Works before board_init if the machine allows it. */
void board_putc(char c);

/* The command line that the boot loader passed; "" if none, NULL if it has no end. */
const char *board_command_line(void);

/*
 * Puts the hardware ids of the CPUs that can run this kernel into HWIDS, in the order the firmware
 * lists them and as often as it does, up to MAX of them. Returns how many it lists, which may be
 * more than MAX.
 */
size_t board_find_cpus(uint64_t *hwids, size_t max);

/* Microseconds of guest time since some start. Any CPU; monotonic on each. */
uint64_t board_microseconds(void);

/*
 * Says TEXT and ends the machine, before board_init and without atomics or locks: for boot code
 * that cannot go on. Only where an architecture's boot.S calls it.
 */
__attribute__((noreturn)) void board_stop(uintptr_t boot_data, const char *text);

/* Ends the machine. SUCCESS says how, where the machine can tell. */
__attribute__((noreturn)) void board_exit(bool success);

#endif
