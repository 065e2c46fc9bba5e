/* SPDX-License-Identifier: MIT */
/* QEMU's "virt" machine for a stranger's kernel: 16550 serial port, and SBI's system reset. */
#include "stranger.h"

#define SERIAL ((volatile uint8_t *)0x10000000)
#define TRANSMITTER_EMPTY 0x20

/* 8 bits, no parity; boot.S calls it, from a section of this kernel's own. */
static void serial_start(void)
{
	SERIAL[3] = 3;
}

extern void (*const start_serial)(void);
__attribute__((used, section(".calls"))) void (*const start_serial)(void) = serial_start;

void console_put(char character)
{
	while (!(SERIAL[5] & TRANSMITTER_EMPTY))
		;
	SERIAL[0] = (uint8_t)character;
}

/* The reason, 0 or 1, is all that can be said of how it went; the lines printed say more. */
void machine_end(bool passed)
{
	register uintptr_t type __asm__("a0") = 0;
	register uintptr_t reason __asm__("a1") = !passed;
	register uintptr_t function __asm__("a6") = 0;
	register uintptr_t extension __asm__("a7") = 0x53525354;

	__asm__ volatile("ecall"
			 : "+r"(type), "+r"(reason)
			 : "r"(function), "r"(extension)
			 : "memory");
	for (;;)
		__asm__ volatile("wfi");
}
