/* SPDX-License-Identifier: MIT */
/* QEMU's "virt" machine, at secure EL1, without firmware. Each CPU has its number in TPIDR_EL1. */
#ifndef MACHINE_H
#define MACHINE_H

#define SPSR_EL1H 5
#define DAIF_I 0x80
#define SGIR_TO_SELF (2u << 24) /* GICD_SGIR: interrupt 0, to the CPU that writes */
#define GICD_SGIR ((volatile uint32_t *)0x08000f00)
#define GICC_IAR ((volatile uint32_t *)0x0801000c)
#define GICC_EOIR ((volatile uint32_t *)0x08010010)

/* What entry.S saves, where the thread's stack ends. */
struct frame {
	uintptr_t pc;
	uintptr_t registers[31];
	uintptr_t spsr;
	uintptr_t unused;
};

static inline size_t cpuid(void)
{
	size_t number;

	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(number));
	return number;
}

/* "memory": what is done with interrupts off, or on, stays so. */
static inline void interrupts_off(void)
{
	__asm__ volatile("msr daifset, #2" : : : "memory");
}

static inline void interrupts_on(void)
{
	__asm__ volatile("msr daifclr, #2" : : : "memory");
}

static inline bool interrupts_are_on(void)
{
	uintptr_t daif;

	__asm__ volatile("mrs %0, daif" : "=r"(daif));
	return !(daif & DAIF_I);
}

/* The interrupt comes as soon as interrupts are on. */
static inline void interrupt_raise(void)
{
	*GICD_SGIR = SGIR_TO_SELF;
}

/* In the trap: whether it is that interrupt, which is over then. */
static inline bool interrupt_ended(void)
{
	uint32_t acknowledged = *GICC_IAR;

	*GICC_EOIR = acknowledged;
	return (acknowledged & 0x3ff) == 0;
}

/* The frame of a thread that is to start with MAIN. */
static inline struct frame *frame_make(char *stack, void (*main)(void))
{
	struct frame *frame = (struct frame *)(void *)stack - 1;

	frame->pc = (uintptr_t)main;
	frame->spsr = SPSR_EL1H;
	return frame;
}

static inline void console_put(char character)
{
	*(volatile uint32_t *)0x09000000 = (uint8_t)character;
}

/* Semihosting's SYS_EXIT: the application has ended, and all is well. */
static inline __attribute__((noreturn)) void machine_end(void)
{
	const uint64_t why[2] = {0x20026, 0};
	register uint64_t operation __asm__("x0") = 0x18;
	register const uint64_t *block __asm__("x1") = why;

	__asm__ volatile("hlt #0xf000" : : "r"(operation), "r"(block) : "memory");
	for (;;)
		;
}

#endif
