/* SPDX-License-Identifier: 0BSD */
/*
 * An aarch64 machine with a device tree, a PL011 serial port and the generic timer. What differs
 * between machines and their settings (CPUs, PSCI and its conduit, the port's address) comes from
 * the device tree, but for how the machine is turned off: arm_board.h.
 */
#include "arm_board.h"

#include <arch/aarch64/before_bss.h>
#include <arch/aarch64/counter.h>
#include <arch/aarch64/gic.h>
#include <arch/aarch64/levels.h>
#include <arch/aarch64/map.h>
#include <arch/aarch64/psci.h>
#include <boards/board.h>
#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>

const char board_hwid_name[] = "mpidr";

extern char kernel_start[], kernel_end[]; /* of the linker script */

static struct fdt tree BEFORE_BSS;

/* The PL011 serial port (Arm DDI 0183): data and flag registers. */
enum { PL011_DATA = 0x00, PL011_FLAGS = 0x18 };
enum { FLAG_TRANSMIT_FULL = 1 << 5 };
static volatile uint32_t *pl011 BEFORE_BSS;

/*
 * What is said while there is no console, as far as there is room. Who wonders about a silent
 * machine finds it by gdb: x/s unheard.
 */
static char unheard[512] BEFORE_BSS __attribute__((used));
static size_t unheard_length BEFORE_BSS;

/* With the MMU on it must be mapped first: map_tree. */
static const char *open_tree(uintptr_t boot_data)
{
	const char *error = fdt_open(&tree, (const void *)boot_data);

	if (error && arm_board_other_tree && !fdt_open(&tree, (const void *)arm_board_other_tree))
		return NULL;
	return error;
}

/*
 * Its header, and then as far as that says it goes: it may lie in any GiB, and in two of them. The
 * header is not read where none can be (booting.rst: it is aligned to 8 bytes).
 */
static const char *map_tree(uintptr_t boot_data)
{
	size_t size;

	if (boot_data % 8)
		return NULL; /* open_tree has a word for it */
	if (!map_ram(boot_data, FDT_HEADER_SIZE))
		return "the device tree lies where the kernel cannot map it, at 512 GiB or above, "
		       "or beyond what the CPU can address";
	size = fdt_size((const void *)boot_data);
	if (size && !map_ram(boot_data, size))
		return "the device tree reaches to where the kernel cannot map it";
	return NULL;
}

static void find_console(void)
{
	fdt_node console = devicetree_console(&tree);
	uint64_t size, address = devicetree_region(&tree, console, 0, &size);

	if (size && fdt_has_string(&tree, console, "compatible", "arm,pl011"))
		pl011 = (volatile uint32_t *)address; /* NOLINT: mapped one to one */
}

/* Finds the devices and PSCI. Returns NULL, or a sentence that says what is wrong. */
static const char *read_tree(uintptr_t boot_data)
{
	const char *error = open_tree(boot_data);
	fdt_node psci;

	if (error)
		return error;
	find_console();
	psci = fdt_find(&tree, "/psci");
	/* Before 0.2 the function numbers were the firmware's own. */
	if (fdt_has_string(&tree, psci, "compatible", "arm,psci-0.2") ||
	    fdt_has_string(&tree, psci, "compatible", "arm,psci-1.0"))
		psci_set_conduit(fdt_string(&tree, psci, "method"));
	arm_board_init(&tree);
	return NULL;
}

void board_init(uintptr_t boot_data)
{
	const char *unmapped = map_tree(boot_data);
	const char *error = read_tree(unmapped ? 0 : boot_data);
	const char *no_clock = error ? NULL : counter_init(&tree);

	if (error)
		tap_bail_out("cpu 0: %s: start the kernel as a Linux Image, which QEMU passes a "
			     "device tree to (raspi3b: the one that -dtb names)",
			     unmapped ? unmapped : error);
	if (no_clock)
		tap_bail_out("cpu 0: %s", no_clock);
	levels_report();
}

/* If the tree says nothing of RAM, or there is none, it may be so. */
void board_check_memory(uintptr_t boot_data)
{
	uint64_t end;

	if (map_tree(boot_data) || open_tree(boot_data))
		return;
	end = devicetree_memory_end(&tree, (uintptr_t)kernel_start);
	if (!end || end >= (uintptr_t)kernel_end)
		return;
	board_stop(
		boot_data,
		"Bail out! cpu 0: the kernel, with an area and a stack for each CPU that it is "
		"built for, does not fit into the RAM that the device tree lists: give the "
		"machine more (QEMU: -m), or build for fewer CPUs, BOARD_MAX_CPUS in board.mk\n");
}

void board_at_el3(uintptr_t boot_data)
{
	if (!open_tree(boot_data))
		gic_give_away(&tree);
}

/* QEMU's -kernel leaves nothing that says so. */
void board_print_loader(void)
{
	const char *u_boot = devicetree_u_boot(&tree);

	if (u_boot)
		print("# via U-Boot %s\n", u_boot);
	else
		print("# via a loader without a name\n");
}

const struct fdt *board_tree(void)
{
	return &tree;
}

void board_putc(char c)
{
	if (!pl011) {
		if (unheard_length < sizeof(unheard) - 1)
			unheard[unheard_length++] = c;
		return;
	}
	for (size_t i = 0; i < 1000000 && pl011[PL011_FLAGS / 4] & FLAG_TRANSMIT_FULL; i++)
		;
	pl011[PL011_DATA / 4] = (unsigned char)c;
}

const char *board_command_line(void)
{
	return devicetree_command_line(&tree);
}

size_t board_find_cpus(uint64_t *hwids, size_t max)
{
	return devicetree_cpus(&tree, NULL, hwids, max);
}

uint64_t board_microseconds(void)
{
	uint64_t ticks = counter_read(), rate = counter_rate();

	/* Without a rate only counter_init's sentence is said, by a CPU that waits for nobody. */
	return rate ? devicetree_microseconds(ticks, rate) : 0;
}

void board_exit(bool success)
{
	(void)success; /* neither way of turning off can tell */
	arm_board_off();
	print("# there is nothing to turn the machine off with: it stays halted\n");
	arch_halt();
}

void board_stop(uintptr_t boot_data, const char *text)
{
	(void)read_tree(boot_data);
	while (*text)
		board_putc(*text++);
	arm_board_off();
	arch_halt();
}
