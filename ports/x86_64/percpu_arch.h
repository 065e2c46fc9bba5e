/* SPDX-License-Identifier: MIT */
/*
 * The x86_64 port, on percpu/x86.h. GS_BASE holds area - template, so a variable's link address
 * with a %gs: prefix is this CPU's copy, near or far, in every code model.
 *
 * A constant address is RIP-relative: a byte shorter than absolute, right in any code, and on some
 * processors several times as fast in a row (docs/bench.md). With PERCPU_VMA zero the link address
 * is the offset, GS_BASE holds the area's address, and the modifier P has GCC print it as absolute.
 * Clang 16 prints RIP-relative all the same, which reaches within 2 GiB.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#ifndef __x86_64__
#error "libpercpu: this is the port for x86_64, and the compiler is for another architecture"
#endif

#define PERCPU_ARCH_CONFIG gs
/* clang-format off */
#define PERCPU_REGISTER %gs
/* clang-format on */

#ifdef __ASSEMBLER__
#include "percpu_arch_asm.h"
#else

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#include <percpu/x86.h>

#define PERCPU_ARCH_REGISTER(area, template_) ((uintptr_t)(area) - (uintptr_t)(template_))
#define PERCPU_ARCH_AREA(value, template_) ((value) + (uintptr_t)(template_))

/* IA32_GS_BASE (Intel SDM volume 4, table of architectural MSRs). */
#define PERCPU__MSR_GS_BASE 0xc0000101u

static inline uintptr_t percpu_arch_get_register(void)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(PERCPU__MSR_GS_BASE));
	return (uintptr_t)high << 32 | low;
}

/* "memory": what was stored for this CPU before must not sink below. */
static inline void percpu_arch_set_register(uintptr_t value)
{
	__asm__ volatile("wrmsr"
			 :
			 : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)),
			   "c"(PERCPU__MSR_GS_BASE)
			 : "memory");
}

/* WRMSR faults on what is not canonical: bits above the highest are copies of it. */
static inline int percpu_arch_register_holds(uintptr_t value)
{
	uintptr_t cr4;
	int unused;

	__asm__ volatile(PERCPU__X86_ATT("mov %%cr4, %0") : "=r"(cr4));
	unused = cr4 & 1 << 12 ? 64 - 57 : 64 - 48; /* LA57: five levels of page tables */
	return (uintptr_t)((intptr_t)(value << unused) >> unused) == value;
}
#define percpu_arch_register_holds percpu_arch_register_holds

/*
 * Words, as fast as the CPU can; an interrupt comes between two of them. The direction flag is 0,
 * as the ABI has it.
 */
static inline void percpu_arch_copy_blocks(void *to, const void *from, size_t blocks)
{
	size_t words = blocks * 8;

	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
}
#define percpu_arch_copy_blocks percpu_arch_copy_blocks

static inline uintptr_t percpu_arch_irq_save(void)
{
	uintptr_t flags;

	/* The stack pointer moves below what a leaf function may keep in its red zone first. */
	__asm__ volatile(PERCPU__X86_ATT("lea -128(%%rsp), %%rsp\n\tpushfq\n\tpopq %0\n\tlea "
					 "128(%%rsp), %%rsp\n\tcli")
			 : "=r"(flags)
			 :
			 : "memory");
	return flags;
}

static inline void percpu_arch_irq_restore(uintptr_t flags)
{
	if (flags & 0x200) /* RFLAGS.IF */
		__asm__ volatile("sti" ::: "memory");
}

/* clang-format off */
#if PERCPU_IS_SP
#define PERCPU_PORT_VARIABLE(operand) "%" operand
#elif PERCPU_IS_ZERO
#define PERCPU_PORT_VARIABLE(operand) "%%gs:%P" operand
#else
#define PERCPU_PORT_VARIABLE(operand) "%%gs:%" operand
#endif

/*                          suffix reg  constants type     load      into          then */
#define PERCPU_PORT_WIDTH_1 ("b", "%b", "qi", uint8_t,  "movzbl", _percpu_half, PERCPU__X86_WIDEN)
#define PERCPU_PORT_WIDTH_2 ("w", "%w", "ri", uint16_t, "movzwl", _percpu_half, PERCPU__X86_WIDEN)
#define PERCPU_PORT_WIDTH_4 ("l", "%k", "ri", uint32_t, "movl",   _percpu_half, PERCPU__X86_WIDEN)
#define PERCPU_PORT_WIDTH_8 ("q", "%q", "re", uint64_t, "movq",   _percpu_out,  (void)0)
/* clang-format on */

/* The operand tells the compiler what is written; rdx:rax and rcx:rbx are the instruction's own. */
#define percpu_arch_cmpxchg128(lv, e, v)                                                           \
	__extension__({                                                                            \
		percpu_u128 _percpu_found = (e), _percpu_store = (v);                              \
		uint64_t _percpu_low = (uint64_t)_percpu_found;                                    \
		uint64_t _percpu_high = (uint64_t)(_percpu_found >> 64);                           \
		__asm__ volatile(PERCPU__X86_ATT("cmpxchg16b " PERCPU_PORT_VARIABLE("2"))          \
				 : "+a"(_percpu_low), "+d"(_percpu_high), "+m"(lv)                 \
				 : "b"((uint64_t)_percpu_store),                                   \
				   "c"((uint64_t)(_percpu_store >> 64))                            \
				 : "cc");                                                          \
		(percpu_u128) _percpu_high << 64 | _percpu_low;                                    \
	})

#if PERCPU_IS_ZERO
#define percpu_arch_offset(lv)                                                                     \
	__extension__({                                                                            \
		size_t _percpu_o;                                                                  \
		__asm__(PERCPU__X86_ATT("leaq %P1, %0") : "=r"(_percpu_o) : "m"(lv));              \
		_percpu_o;                                                                         \
	})
/* Early-clobber: the address of the delta may be in a register too. */
#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p;                                                               \
		__asm__ volatile(                                                                  \
			PERCPU__X86_ATT("leaq %P1, %0\n\taddq " PERCPU_PORT_VARIABLE("2") ", %0")  \
			: "=&r"(_percpu_p)                                                         \
			: "m"(lv), "m"(percpu__percpu_delta)                                       \
			: "cc");                                                                   \
		(void *)_percpu_p;                                                                 \
	})
#elif PERCPU_IS_SMP
/* The address in the template, which the compiler forms as it likes, and delta. */
#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p = (uintptr_t) & (lv);                                          \
		__asm__ volatile(PERCPU__X86_ATT("addq %%gs:%1, %0")                               \
				 : "+r"(_percpu_p)                                                 \
				 : "m"(percpu__percpu_delta)                                       \
				 : "cc");                                                          \
		(void *)_percpu_p;                                                                 \
	})
#endif

#define PERCPU_READ_IS_ONE_INSTRUCTION 1
#if PERCPU_IS_SMP
/* RDMSR is slow; the area itself says how far it is from the template. */
#define percpu_arch_base() percpu_arch_ptr(*_percpu_load_start)
#endif

#endif

#endif
