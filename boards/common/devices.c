/* SPDX-License-Identifier: 0BSD */
/*
 * The devices of riscv64 machines without firmware. What they are and where comes from the device
 * tree.
 */
#include "devices.h"

#include <arch/boot.h>
#include <boards/common/devicetree.h>

/* These are needed when .bss has not been cleared yet, and may not be there. */
#define EARLY __attribute__((section(".data.devices")))
static struct fdt tree EARLY;

/* A serial port: what is written to has room if these bits of the status are as they must be. */
static struct uart {
	volatile unsigned char *data;
	volatile unsigned char *status;
	uint32_t mask, ready;
	bool words; /* registers are 32 bits wide */
} uart EARLY;

/* QEMU's test device: what is written ends the machine (QEMU, hw/misc/sifive_test.c). */
enum { TEST_FAIL = 0x3333, TEST_PASS = 0x5555 };
#define TEST_CODE(code) ((uint32_t)(code) << 16)
static volatile uint32_t *test_device EARLY;

/*
 * A 16550 (National Semiconductor, PC16550D): its registers, bit 7 of LCR puts the divisor in the
 * place of the first two.
 */
enum { NS_THR = 0, NS_IER = 1, NS_FCR = 2, NS_LCR = 3, NS_LSR = 5, NS_DLL = 0, NS_DLM = 1 };
enum { LCR_8_BITS = 3, LCR_DIVISOR = 1 << 7, FCR_ON_AND_CLEAR = 7, LSR_THR_EMPTY = 1 << 5 };
enum { BITS_PER_SECOND = 115200 };

/* Reset leaves the rate open, and nobody was here before. Without a clock, it is left as it is. */
static void start_ns16550(fdt_node node, volatile unsigned char *base)
{
	size_t shift = (size_t)fdt_number(&tree, node, "reg-shift", 1, 0);
	uint64_t divisor = fdt_number(&tree, node, "clock-frequency", 1, 0) / 16 / BITS_PER_SECOND;

	base[NS_IER << shift] = 0;
	if (divisor) {
		base[NS_LCR << shift] = LCR_DIVISOR;
		base[NS_DLL << shift] = (unsigned char)divisor;
		base[NS_DLM << shift] = (unsigned char)(divisor >> 8);
	}
	base[NS_LCR << shift] = LCR_8_BITS;
	base[NS_FCR << shift] = FCR_ON_AND_CLEAR;
	uart = (struct uart){base + (NS_THR << shift), base + (NS_LSR << shift), LSR_THR_EMPTY,
			     LSR_THR_EMPTY, false};
}

/* SiFive's (FU540-C000 manual, "Universal Asynchronous Receiver/Transmitter"). */
enum { SIFIVE_TXDATA = 0, SIFIVE_TXCTRL = 8, TXCTRL_ON = 1 };
#define TXDATA_FULL (UINT32_C(1) << 31)

/* Its clock is made by others that firmware sets up, so the rate is left as it is. */
static void start_sifive(volatile unsigned char *base)
{
	*(volatile uint32_t *)(base + SIFIVE_TXCTRL) |= TXCTRL_ON;
	uart = (struct uart){base + SIFIVE_TXDATA, base + SIFIVE_TXDATA, TXDATA_FULL, 0, true};
}

static void find_uart(void)
{
	fdt_node node = devicetree_console(&tree);
	volatile unsigned char *base = (volatile unsigned char *)devicetree_address(&tree, node);

	uart.data = NULL;
	if (base && fdt_has_string(&tree, node, "compatible", "ns16550a"))
		start_ns16550(node, base);
	if (base && fdt_has_string(&tree, node, "compatible", "sifive,uart0"))
		start_sifive(base);
}

const char *devices_find(uintptr_t boot_data)
{
	const char *error = fdt_open(&tree, (const void *)boot_data);

	if (error)
		return error;
	find_uart();
	test_device = (volatile uint32_t *)devicetree_address(
		&tree, devicetree_compatible(&tree, "sifive,test0"));
	return NULL;
}

const struct fdt *devices_tree(void)
{
	return &tree;
}

static uint32_t read_status(void)
{
	return uart.words ? *(volatile uint32_t *)uart.status : *uart.status;
}

void devices_putc(char c)
{
	if (!uart.data)
		return;
	for (size_t i = 0; i < 1000000 && (read_status() & uart.mask) != uart.ready; i++)
		;
	if (uart.words)
		*(volatile uint32_t *)uart.data = (unsigned char)c;
	else
		*uart.data = (unsigned char)c;
}

void devices_off(bool success)
{
	if (!test_device)
		return;
	*test_device = success ? TEST_PASS : TEST_FAIL | TEST_CODE(1);
	arch_halt(); /* it takes a moment */
}

void devices_stop(uintptr_t boot_data, const char *text)
{
	(void)devices_find(boot_data);
	while (*text)
		devices_putc(*text++);
	devices_off(false);
	arch_halt();
}
