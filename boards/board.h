/* SPDX-License-Identifier: 0BSD */
/*
 * What a board gives to the kernels: a console, the list of CPUs, a clock, and an end.
 * BOARD_SOURCES in its board.mk, its own board.c or files of boards/common, implement all of it;
 * kernels/common calls it.
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

/*
 * ---- Nodes: which memory is near which CPUs (NUMA) ----
 * A node is the firmware's own number of it. Distances are relative to BOARD_LOCAL.
 */
struct board_range {
	uint64_t start, size;
	uint32_t node; /* where it is RAM */
};

#define BOARD_LOCAL 10
#define BOARD_REMOTE 20 /* where the firmware does not say how far */
#define BOARD_UNREACHABLE UINT32_MAX

/*
 * Reads what the firmware says of nodes and RAM: once, before the functions below. Returns NULL, or
 * a sentence that says what is wrong with it. Where it says nothing of nodes, all is in node 0.
 */
const char *board_find_nodes(void);

/* The node of the CPU with this hardware id; false if it is in none, or in several. */
bool board_node_of(uint64_t hwid, uint32_t *node);

/* How far the memory of node TO is for the CPUs of node FROM. */
uint32_t board_distance(uint32_t from, uint32_t to);

/* The ranges of RAM, each with its node: as board_find_cpus, up to MAX of them. */
size_t board_find_ram(struct board_range *ranges, size_t max);

/* What of RAM is in use, by the firmware or this kernel, or not to be used: the same. */
size_t board_find_taken(struct board_range *ranges, size_t max);

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
