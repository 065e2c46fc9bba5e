/* SPDX-License-Identifier: 0BSD */
/*
 * QEMU's virt machine without firmware: the kernel has the devices to itself, as M-mode kernels on
 * small machines do. What they are and where comes from the device tree that QEMU passes in a1.
 */
#include <boards/board.h>

#include <arch/riscv64/clint.h>
#include <arch/riscv64/level.h>
#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>

const char board_hwid_name[] = "hart";

static struct fdt tree;
static uint64_t ticks_per_second;

/* The serial port, a 16550: transmitter holding and line status registers. */
enum { UART_THR = 0, UART_LSR = 5 };
enum { LSR_THR_EMPTY = 1 << 5 };
static volatile unsigned char *uart;
static size_t uart_shift; /* registers lie 1 << uart_shift bytes apart */

/* QEMU's test device: what is written ends the machine (QEMU, hw/misc/sifive_test.c). */
enum { TEST_FAIL = 0x3333, TEST_PASS = 0x5555 };
#define TEST_CODE(code) ((uint32_t)(code) << 16)
static volatile uint32_t *test_device;

static void find_uart(void)
{
	fdt_node node = devicetree_console(&tree);

	if (!fdt_has_string(&tree, node, "compatible", "ns16550a"))
		return;
	uart_shift = (size_t)fdt_number(&tree, node, "reg-shift", 1, 0);
	uart = (volatile unsigned char *)devicetree_address(&tree, node);
}

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
	const char *error = fdt_open(&tree, (const void *)boot_data);

	find_uart();
	test_device = (volatile uint32_t *)devicetree_address(
		&tree, devicetree_compatible(&tree, "sifive,test0"));
	if (!error)
		error = clint_find(&tree);
	if (!error && !devicetree_timebase(&tree))
		error = "the device tree has no timebase-frequency";
	if (error)
		tap_bail_out("cpu 0: %s: start the kernel with a device tree in a1, as QEMU does",
			     error);
	ticks_per_second = devicetree_timebase(&tree);
	delegate();
}

void board_print_loader(void)
{
	print("# in M-mode, without firmware\n");
}

const struct fdt *board_tree(void)
{
	return &tree;
}

void board_putc(char c)
{
	if (!uart)
		return;
	for (size_t i = 0; i < 1000000 && !(uart[UART_LSR << uart_shift] & LSR_THR_EMPTY); i++)
		;
	uart[UART_THR << uart_shift] = (unsigned char)c;
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
	uint64_t ticks;

	/* Before the devices are known there is no time. */
	if (!ticks_per_second)
		return 0;
	ticks = level_time();
	return ticks / ticks_per_second * 1000000 +
	       ticks % ticks_per_second * 1000000 / ticks_per_second;
}

void board_exit(bool success)
{
	if (test_device)
		*test_device = success ? TEST_PASS : TEST_FAIL | TEST_CODE(1);
	print("# there is nothing to turn the machine off with: it stays halted\n");
	arch_halt();
}
