/* SPDX-License-Identifier: 0BSD */
/* A PC, with a BIOS or UEFI: serial port, ACPI, the interval timer to measure the time stamp
 * counter. */
#include <boards/board.h>

#include <arch/x86_64/x86.h>
#include <kernels/common/kernel.h>

#include "pc.h"

const char board_hwid_name[] = "apic";

/* The first serial port, a 16550. */
enum {
	COM1 = 0x3f8,
	COM1_INTERRUPTS = COM1 + 1,
	COM1_FIFO = COM1 + 2,
	COM1_LINE = COM1 + 3,
	COM1_STATUS = COM1 + 5
};
enum { LINE_DIVISOR = 0x80, LINE_8N1 = 0x03, STATUS_CAN_SEND = 0x20 };

/* The 8254 interval timer: channel 2, which has a gate and an output that can be read. */
enum { PIT_HZ = 1193182, PIT_CHANNEL2 = 0x42, PIT_COMMAND = 0x43, PIT_GATE = 0x61 };
enum {
	PIT_CHANNEL2_ONE_SHOT = 0xb0,
	GATE_CHANNEL2 = 0x01,
	GATE_SPEAKER = 0x02,
	GATE_OUTPUT = 0x20
};

/* QEMU's isa-debug-exit: the exit status is value * 2 + 1. board.mk says where it is. */
enum { DEBUG_EXIT = 0xf4, EXIT_PASSED = 0x10, EXIT_FAILED = 0x11 };

extern uint32_t multiboot_magic; /* boot.S: what the loader left in %eax */

static const void *madt;
static uint64_t tsc_per_millisecond;

static void serial_init(void)
{
	outb(COM1_INTERRUPTS, 0);
	outb(COM1_LINE, LINE_DIVISOR);
	outb(COM1, 1); /* 115200 baud */
	outb(COM1_INTERRUPTS, 0);
	outb(COM1_LINE, LINE_8N1);
	outb(COM1_FIFO, 0x07);
}

/* How far the TSC goes while channel 2 counts 50 ms down; 0 if the timer does not run. */
static uint64_t measure_tsc(void)
{
	unsigned count = PIT_HZ / 20;
	uint64_t start;

	outb(PIT_GATE, (uint8_t)((inb(PIT_GATE) & ~GATE_SPEAKER) | GATE_CHANNEL2));
	outb(PIT_COMMAND, PIT_CHANNEL2_ONE_SHOT);
	outb(PIT_CHANNEL2, count & 0xff);
	outb(PIT_CHANNEL2, (uint8_t)(count >> 8));
	start = rdtsc();
	/* A read of the port takes about a microsecond: this is a bound of some seconds. */
	for (size_t i = 0; i < 10000000; i++)
		if (inb(PIT_GATE) & GATE_OUTPUT)
			return (rdtsc() - start) / 50;
	return 0;
}

extern const char kernel_start[], kernel_end[]; /* ldscripts/kernel.ld */

void board_init(uintptr_t boot_data)
{
	const char *error;

	serial_init();
	error = loader_init(multiboot_magic, boot_data, (uint64_t)kernel_start,
			    (uint64_t)kernel_end);
	if (error)
		tap_bail_out("cpu 0: %s: start the kernel by GRUB or by QEMU's -kernel", error);
	tsc_per_millisecond = measure_tsc();
	if (!tsc_per_millisecond)
		tap_bail_out("cpu 0: the interval timer's channel 2 does not count, so there is no "
			     "clock to start CPUs by");
	madt = acpi_table(loader()->has_rsdp ? loader()->rsdp : NULL, "APIC");
	if (!madt)
		tap_bail_out(
			"cpu 0: the firmware has no ACPI MADT with the list of CPUs: turn "
			"ACPI on (QEMU: no -no-acpi); with UEFI firmware, boot by multiboot 2");
}

/* Multiboot 1 does not say, but with UEFI it would have led to no ACPI tables. */
void board_print_loader(void)
{
	print("# via %s, %s, %s\n", loader()->name[0] ? loader()->name : "a loader without a name",
	      loader()->protocol, loader()->efi ? "UEFI" : "BIOS");
}

void board_putc(char c)
{
	for (size_t i = 0; i < 1000000 && !(inb(COM1_STATUS) & STATUS_CAN_SEND); i++)
		__builtin_ia32_pause();
	outb(COM1, (uint8_t)c);
}

const char *board_command_line(void)
{
	return loader()->command_line;
}

size_t board_find_cpus(uint64_t *hwids, size_t max)
{
	return madt_cpus(madt, hwids, max);
}

uint64_t pc_lapic_address(void)
{
	return madt_lapic_address(madt);
}

uint64_t board_microseconds(void)
{
	return tsc_per_millisecond ? rdtsc() * 1000 / tsc_per_millisecond : 0;
}

void pc_delay(uint64_t microseconds)
{
	uint64_t start = board_microseconds();

	while (board_microseconds() - start < microseconds)
		arch_pause();
}

void board_exit(bool success)
{
	outl(DEBUG_EXIT, success ? EXIT_PASSED : EXIT_FAILED);
	/* Only a machine without QEMU's exit device comes here. */
	print("# this machine cannot be turned off from here: it stays halted\n");
	arch_halt();
}
