/* SPDX-License-Identifier: 0BSD */
/*
 * The counters that a PC may have, of a rate that is the same on all PCs. The first needs no
 * description; firmware may have stopped its clock, to save power, and some machines have none.
 */
#include <arch/x86_64/x86.h>

#include "pc.h"

/*
 * The interval timer, an Intel 8254. Its channel 0 is the one whose input nothing turns off:
 * channel 2's is a bit of the speaker's port, 0x61, which not every PC has. It interrupts when it
 * has counted; firmware has it do that all the time.
 */
enum { PIT_CHANNEL0 = 0x40, PIT_COMMAND = 0x43 };
enum {
	PIT_ONE_SHOT = 0x30,  /* channel 0, two bytes, mode 0: its output goes high at the end */
	PIT_READ_BACK = 0xc2, /* channel 0: its status, and then its count, of the same moment */
	PIT_READ_STATUS = 0xe2
};
enum { STATUS_COUNTING = PIT_ONE_SHOT }; /* output low, count loaded, and how it was set up */

static bool pit_start(void)
{
	outb(PIT_COMMAND, PIT_ONE_SHOT);
	outb(PIT_CHANNEL0, 0xff);
	outb(PIT_CHANNEL0, 0xff);
	outb(PIT_COMMAND, PIT_READ_STATUS);
	return (inb(PIT_CHANNEL0) & 0x3f) == PIT_ONE_SHOT;
}

/* False when it has counted 65535 ticks, 55 ms: it goes on from there, but how often is unknown. */
static bool pit_read(uint32_t *ticks)
{
	uint8_t status, low, high;

	outb(PIT_COMMAND, PIT_READ_BACK);
	status = inb(PIT_CHANNEL0);
	low = inb(PIT_CHANNEL0);
	high = inb(PIT_CHANNEL0);
	*ticks = 0xffff - (uint32_t)(low | high << 8);
	return status == STATUS_COUNTING;
}

const struct pc_counter pit_counter = {
	.name = "the interval timer",
	.hz = 1193182,
	.mask = 0xffff,
	.start = pit_start,
	.read = pit_read,
};

/* The power management timer (ACPI 6.4, 4.8.3.3), of 24 or 32 bits: 24 are over in 4.7 s. */
static uint16_t acpi_port;

static bool acpi_start(void)
{
	return acpi_port != 0;
}

static bool acpi_read(uint32_t *ticks)
{
	*ticks = inl(acpi_port);
	return true;
}

const struct pc_counter acpi_counter = {
	.name = "the ACPI timer",
	.hz = 3579545,
	.mask = 0xffffff,
	.start = acpi_start,
	.read = acpi_read,
};

void acpi_counter_is_at(uint16_t port)
{
	acpi_port = port;
}
