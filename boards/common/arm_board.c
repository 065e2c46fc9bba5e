/* SPDX-License-Identifier: 0BSD */
/*
 * An aarch64 machine with a device tree, a PL011 serial port and the generic timer. What differs
 * between machines and their settings (CPUs, PSCI and its conduit, the port's address) comes from
 * the device tree, but for how the machine is turned off: arm_board.h.
 */
#include "arm_board.h"

#include <arch/aarch64/gic.h>
#include <arch/aarch64/levels.h>
#include <arch/aarch64/map.h>
#include <arch/aarch64/psci.h>
#include <boards/board.h>
#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>

const char board_hwid_name[] = "mpidr";

static struct fdt tree;

/* The PL011 serial port (Arm DDI 0183): data and flag registers. */
enum { PL011_DATA = 0x00, PL011_FLAGS = 0x18 };
enum { FLAG_TRANSMIT_FULL = 1 << 5 };
static volatile uint32_t *pl011;

static const char *open_tree(uintptr_t boot_data)
{
	const char *error = fdt_open(&tree, (const void *)boot_data);

	return error ? fdt_open(&tree, (const void *)arm_board_other_tree) : NULL;
}

/* Finds the devices and PSCI. Returns NULL, or a sentence that says what is wrong. */
static const char *read_tree(uintptr_t boot_data)
{
	const char *error = open_tree(boot_data);
	fdt_node psci, console;

	if (error)
		return error;
	console = devicetree_console(&tree);
	if (fdt_has_string(&tree, console, "compatible", "arm,pl011"))
		pl011 = (volatile uint32_t *)devicetree_address(&tree, console);
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
	const char *error;

	(void)map_ram(boot_data, 1);
	error = read_tree(boot_data);
	if (error)
		tap_bail_out("cpu 0: %s: start the kernel as a Linux Image, which QEMU passes a "
			     "device tree to (raspi3b: the one that -dtb names)",
			     error);
	levels_report();
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
	if (!pl011)
		return;
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
	uint64_t ticks, rate;

	/* The ISB keeps the counter from being read early (Arm ARM, "The Generic Timer"). */
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	__asm__("mrs %0, cntfrq_el0" : "=r"(rate));
	return ticks / rate * 1000000 + ticks % rate * 1000000 / rate;
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
