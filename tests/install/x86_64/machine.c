/* SPDX-License-Identifier: MIT */
/* The PC of a stranger's kernel, as QEMU makes it: first serial port, isa-debug-exit. */
#include "stranger.h"

static void out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

void console_put(char character)
{
	out(0x3f8, (uint8_t)character);
}

void machine_end(bool passed)
{
	out(0xf4, passed ? 16 : 17);
	for (;;)
		__asm__ volatile("hlt");
}
