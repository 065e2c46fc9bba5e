/* SPDX-License-Identifier: MIT */
/* QEMU's "virt" machine, in S-mode, without firmware. Each hart has its number in tp. */
#ifndef MACHINE_H
#define MACHINE_H

#define SSTATUS_SIE 0x2ul
#define SSTATUS_SPIE 0x20ul
#define SSTATUS_SPP 0x100ul
#define SIP_SSIP 2 /* a software interrupt, which a hart may send to itself */
#define SCAUSE_SOFTWARE (1ul << 63 | 1)

/* What entry.S saves: register n is registers[n]. */
struct frame {
	uintptr_t pc;
	uintptr_t registers[32];
	uintptr_t sstatus;
};

static inline size_t cpuid(void)
{
	size_t number;

	__asm__ volatile("mv %0, tp" : "=r"(number));
	return number;
}

/* "memory": what is done with interrupts off, or on, stays so. */
static inline void interrupts_off(void)
{
	__asm__ volatile("csrc sstatus, %0" : : "i"(SSTATUS_SIE) : "memory");
}

static inline void interrupts_on(void)
{
	__asm__ volatile("csrs sstatus, %0" : : "i"(SSTATUS_SIE) : "memory");
}

static inline bool interrupts_are_on(void)
{
	uintptr_t sstatus;

	__asm__ volatile("csrr %0, sstatus" : "=r"(sstatus));
	return sstatus & SSTATUS_SIE;
}

/* The interrupt comes as soon as interrupts are on. */
static inline void interrupt_raise(void)
{
	__asm__ volatile("csrs sip, %0" : : "i"(SIP_SSIP) : "memory");
}

/* In the trap: whether it is that interrupt, which is over then. */
static inline bool interrupt_ended(void)
{
	uintptr_t cause;

	__asm__ volatile("csrr %0, scause\n\tcsrc sip, %1"
			 : "=r"(cause)
			 : "i"(SIP_SSIP)
			 : "memory");
	return cause == SCAUSE_SOFTWARE;
}

/* The frame of a thread that is to start with MAIN. */
static inline struct frame *frame_make(char *stack, void (*main)(void))
{
	struct frame *frame = (struct frame *)(void *)stack - 1;

	frame->pc = (uintptr_t)main;
	frame->registers[2] = (uintptr_t)stack;
	frame->sstatus = SSTATUS_SPP | SSTATUS_SPIE;
	return frame;
}

static inline void console_put(char character)
{
	*(volatile uint8_t *)0x10000000 = (uint8_t)character;
}

static inline __attribute__((noreturn)) void machine_end(void)
{
	*(volatile uint32_t *)0x100000 = 0x5555;
	for (;;)
		;
}

#endif
