/* SPDX-License-Identifier: MIT */
/* By the firmware, which uses physical addresses. */
static inline void sbi(uint64_t extension, uint64_t argument)
{
	register uint64_t a0 __asm__("a0") = argument;
	register uint64_t a1 __asm__("a1") = 0;
	register uint64_t a6 __asm__("a6") = 0;
	register uint64_t a7 __asm__("a7") = extension;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
}

static inline void put_character(char character)
{
	sbi(1, (unsigned char)character);
}

__attribute__((noreturn)) static inline void power_off(void)
{
	sbi(0x53525354, 0); /* SRST: shutdown */
	for (;;)
		;
}
