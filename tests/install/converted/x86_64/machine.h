/* SPDX-License-Identifier: MIT */
/* The PC, as QEMU makes it. Each CPU finds its number in its local APIC. */
#ifndef MACHINE_H
#define MACHINE_H

#define APIC(offset) ((volatile uint32_t *)(0xfee00000 + (offset)))
#define APIC_ID APIC(0x20)
#define APIC_END_OF_INTERRUPT APIC(0xb0)
#define APIC_IN_SERVICE APIC(0x120) /* of vectors 0x40 to 0x5f */
#define APIC_COMMAND APIC(0x300)
#define COMMAND_TO_SELF 0x44040 /* vector 0x40 */
#define RFLAGS_IF 0x200ul
#define CODE_SELECTOR 8

/* What entry.S saves, and what the CPU does. */
struct frame {
	uintptr_t registers[15];
	uintptr_t pc;
	uintptr_t cs;
	uintptr_t rflags;
	uintptr_t sp;
	uintptr_t ss;
};

static inline size_t cpuid(void)
{
	return *APIC_ID >> 24;
}

/* "memory": what is done with interrupts off, or on, stays so. */
static inline void interrupts_off(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline void interrupts_on(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline bool interrupts_are_on(void)
{
	uintptr_t rflags;

	__asm__ volatile("pushf; pop %0" : "=r"(rflags));
	return rflags & RFLAGS_IF;
}

/* The interrupt comes as soon as interrupts are on. */
static inline void interrupt_raise(void)
{
	*APIC_COMMAND = COMMAND_TO_SELF;
}

/* In the trap: whether it is that interrupt, which is over then. */
static inline bool interrupt_ended(void)
{
	if (!(*APIC_IN_SERVICE & 1))
		return false;
	*APIC_END_OF_INTERRUPT = 0;
	return true;
}

/* The frame of a thread that is to start with MAIN. */
static inline struct frame *frame_make(char *stack, void (*main)(void))
{
	struct frame *frame = (struct frame *)(void *)stack - 1;

	frame->pc = (uintptr_t)main;
	frame->cs = CODE_SELECTOR;
	frame->rflags = RFLAGS_IF | 2;
	frame->sp = (uintptr_t)stack - 8; /* as behind a call */
	return frame;
}

static inline void console_put(char character)
{
	__asm__ volatile("outb %0, %1" : : "a"(character), "d"((uint16_t)0x3f8));
}

static inline __attribute__((noreturn)) void machine_end(void)
{
	__asm__ volatile("outb %0, %1" : : "a"((uint8_t)16), "d"((uint16_t)0xf4));
	for (;;)
		;
}

#endif
