/* SPDX-License-Identifier: 0BSD */
/* A PC, with a BIOS or UEFI: serial port, ACPI, and the time stamp counter as the clock. */
#include <boards/board.h>

#include <arch/x86_64/x86.h>
#include <kernels/common/kernel.h>

#include "pc.h"
#include "ports.h"

const char board_hwid_name[] = "apic";

extern uint32_t multiboot_magic; /* boot.S: what the loader left in %eax */

static const void *madt;
static bool no_serial; /* until this is known, there may be one */
static const struct pc_counter *measured_by;
static uint64_t tsc_per_millisecond;

/* boot.S does the same for its own words. The line register keeps what is written, if it exists. */
static void serial_init(void)
{
	outb(COM1 + COM1_INTERRUPTS, 0);
	outb(COM1 + COM1_LINE, LINE_DIVISOR);
	outb(COM1, 1); /* 115200 baud */
	outb(COM1 + COM1_INTERRUPTS, 0);
	outb(COM1 + COM1_LINE, LINE_8N1);
	outb(COM1 + COM1_FIFO, FIFO_ON_AND_EMPTY);
	no_serial = inb(COM1 + COM1_LINE) != LINE_8N1;
}

static const void *find_table(const char *signature, const char **error)
{
	const void *table;

	*error = acpi_find(loader()->has_rsdp ? loader()->rsdp : NULL, signature, &table);
	return table;
}

static void measure_by(const struct pc_counter *counter)
{
	measured_by = counter;
	tsc_per_millisecond = clock_measure(counter, rdtsc);
}

static void clock_init(void)
{
	const char *error;
	const void *fadt = find_table("FACP", &error);

	if (fadt)
		acpi_counter_is_at(fadt_timer_port(fadt));
	measure_by(&pit_counter);
	if (!tsc_per_millisecond)
		measure_by(&acpi_counter);
	if (!tsc_per_millisecond)
		tap_bail_out("cpu 0: there is no clock to wait by: the interval timer, ports 0x40 "
			     "to 0x43, does not count, and nor does the ACPI timer: %s: turn one "
			     "on (QEMU: -machine pit=on)",
			     error		     ? error
			     : fadt_timer_port(fadt) ? "its port stands still"
						     : "the FADT has none");
}

extern const char kernel_start[], kernel_end[]; /* ldscripts/kernel.ld */

void board_init(uintptr_t boot_data)
{
	const char *error;

	serial_init();
	error = loader_init(multiboot_magic, boot_data, (uint64_t)kernel_start,
			    (uint64_t)kernel_end);
	if (error)
		tap_bail_out("cpu 0: %s", error);
	clock_init();
	madt = find_table("APIC", &error);
	if (!madt)
		tap_bail_out("cpu 0: the firmware has no ACPI MADT with the list of CPUs that can "
			     "be read: %s",
			     error);
}

/* Multiboot 1 does not say, but with UEFI it would have led to no ACPI tables. */
void board_print_loader(void)
{
	print("# via %s, %s, %s\n", loader()->name[0] ? loader()->name : "a loader without a name",
	      loader()->protocol, loader()->efi ? "UEFI" : "BIOS");
	print("# the time stamp counter has %lu kHz by %s\n", tsc_per_millisecond,
	      measured_by->name);
}

void board_putc(char c)
{
	if (no_serial)
		return;
	for (size_t i = 0; i < 1000000 && !(inb(COM1 + COM1_STATUS) & STATUS_CAN_SEND); i++)
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

size_t pc_io_apics(uint64_t *addresses, size_t max)
{
	return madt_io_apics(madt, addresses, max);
}

uint64_t board_microseconds(void)
{
	return tsc_per_millisecond ? clock_microseconds(rdtsc(), tsc_per_millisecond) : 0;
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
