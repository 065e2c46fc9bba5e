/* SPDX-License-Identifier: MIT */
/* Ports need no mapping. */
static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void put_character(char character)
{
	uint8_t status;

	do
		__asm__ volatile("inb %1, %0" : "=a"(status) : "Nd"((uint16_t)0x3fd));
	while (!(status & 0x20));
	outb(0x3f8, (uint8_t)character);
}

__attribute__((noreturn)) static inline void power_off(void)
{
	__asm__ volatile("outl %0, %1" : : "a"(0), "Nd"((uint16_t)0xf4));
	for (;;)
		;
}
