/* SPDX-License-Identifier: 0BSD */
/*
 * What firmware may leave, and what would come in the middle of something as soon as interrupts go
 * on: the two 8259As send by vectors that are exceptions', the I/O APICs by any, and the local APIC
 * may have accepted an interrupt that no handler has taken, or have one that no handler has ended,
 * which holds all lower ones back. After INIT it has none (Intel SDM volume 3, "Local APIC State
 * After an INIT Reset"): so this is for the boot CPU only.
 */
#include <boards/pc/pc.h>
#include <kernels/common/kernel.h>

#include "frame.h"
#include "x86.h"

extern const char interrupt_drained[], interrupt_unexpected[];

/* The 8259As, by their initialization words (Intel 8259A, "Initialization Command Words"). */
#define PIC_1 0x20
#define PIC_2 0xa0
#define PIC_DATA 1
#define ICW1_EDGE_CASCADE_ICW4 0x11
#define ICW3_SECOND_AT_LINE_2 0x04
#define ICW3_IS_AT_LINE_2 0x02
#define ICW4_8086 0x01

/* An I/O APIC's registers are behind two windows (82093AA, "IOAPIC Registers"). */
#define IO_APIC_SELECT 0x00
#define IO_APIC_WINDOW 0x10
#define IO_APIC_VERSION 0x01
#define IO_APIC_ENTRIES 0x10 /* two each */
#define ENTRY_MASKED 0x10000

/* A PC has one, a large server one or more for each processor. */
#define MAX_IO_APICS 64

/* The lowest vector that an APIC takes. */
#define FIRST_OF_APIC 16

static void set_up_8259(uint16_t port, uint8_t vector, uint8_t cascade)
{
	outb(port, ICW1_EDGE_CASCADE_ICW4);
	outb(port + PIC_DATA, vector);
	outb(port + PIC_DATA, cascade);
	outb(port + PIC_DATA, ICW4_8086);
	outb(port + PIC_DATA, 0xff); /* all lines masked */
}

/*
 * A line that goes away between request and answer makes even a masked one send a vector, the last
 * of its eight. So these are moved away from the exceptions'.
 */
static void silence_8259s(void)
{
	set_up_8259(PIC_1, VECTOR_8259S, ICW3_SECOND_AT_LINE_2);
	set_up_8259(PIC_2, VECTOR_8259S + 8, ICW3_IS_AT_LINE_2);
}

static void silence_io_apic(uint64_t address)
{
	volatile uint32_t *io_apic = (volatile uint32_t *)address; /* NOLINT: the firmware's */
	uint32_t last;

	io_apic[IO_APIC_SELECT / 4] = IO_APIC_VERSION;
	last = io_apic[IO_APIC_WINDOW / 4] >> 16 & 0xff;
	for (uint32_t entry = 0; entry <= last; entry++) {
		io_apic[IO_APIC_SELECT / 4] = IO_APIC_ENTRIES + 2 * entry;
		io_apic[IO_APIC_WINDOW / 4] = ENTRY_MASKED;
	}
}

/*
 * Nothing but a handler takes away what the local APIC has accepted. More may come by while they
 * are taken, from a device that had sent it; each vector waits once at most.
 */
static const char *drain(void)
{
	size_t ended = 0, left = 512;

	trap_set_gates_from(FIRST_OF_APIC, interrupt_drained);
	for (; left && (lapic_in_service() || lapic_requested()); left--) {
		for (; lapic_in_service() && ended < 1024; ended++)
			lapic_end_of_interrupt();
		/* STI takes effect behind the next instruction. */
		__asm__ volatile("sti\n\tnop\n\tcli" ::: "memory");
	}
	trap_init();
	trap_set_gates_from(32, interrupt_unexpected);
	if (ended)
		print("# the firmware has left interrupts, and %zu were taken and ended\n", ended);
	return left ? NULL : "an interrupt that the firmware has left comes again and again";
}

const char *interrupts_silence(void)
{
	uint64_t addresses[MAX_IO_APICS];
	size_t count = pc_io_apics(addresses, MAX_IO_APICS);

	if (count > MAX_IO_APICS)
		return "there are more I/O APICs than are silenced: raise MAX_IO_APICS in "
		       "arch/x86_64/legacy.c";
	silence_8259s();
	for (size_t i = 0; i < count; i++)
		silence_io_apic(addresses[i]);
	return drain();
}
