/* SPDX-License-Identifier: 0BSD */
/*
 * A riscv64 machine without firmware, and a kernel that stays in M-mode: it has the devices to
 * itself, as kernels on small machines do.
 */
#include <boards/board.h>

#include <arch/riscv64/clint.h>
#include <arch/riscv64/level.h>
#include <boards/common/devices.h>
#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>

const char board_hwid_name[] = "hart";

static uint64_t ticks_per_second;

/*
 * With delegate= on the command line, S-mode's interrupts are delegated to it, as by an M-mode
 * kernel that runs others below it.
 */
static void delegate(void)
{
	uint64_t interrupts;

	if (option("delegate", &interrupts))
		__asm__ volatile("csrw mideleg, %0" : : "r"(interrupts));
}

void board_init(uintptr_t boot_data)
{
	const char *error = devices_find(boot_data);

	if (!error)
		error = clint_find(devices_tree(), NULL);
	if (!error && !devicetree_timebase(devices_tree()))
		error = "the device tree has no timebase-frequency";
	if (error)
		tap_bail_out("cpu 0: %s: start the kernel with a device tree in a1, as QEMU does",
			     error);
	ticks_per_second = devicetree_timebase(devices_tree());
	delegate();
}

void board_print_loader(void)
{
	print("# in M-mode, without firmware\n");
}

const struct fdt *board_tree(void)
{
	return devices_tree();
}

void board_putc(char c)
{
	devices_putc(c);
}

const char *board_command_line(void)
{
	return devicetree_command_line(devices_tree());
}

size_t board_find_cpus(uint64_t *hwids, size_t max)
{
	return devicetree_cpus(devices_tree(), NULL, hwids, max);
}

uint64_t board_microseconds(void)
{
	uint64_t ticks;

	/* Before the devices are known there is no time. */
	if (!ticks_per_second)
		return 0;
	ticks = level_time();
	return devicetree_microseconds(ticks, ticks_per_second);
}

void board_exit(bool success)
{
	devices_off(success);
	print("# there is nothing to turn the machine off with: it stays halted\n");
	arch_halt();
}
