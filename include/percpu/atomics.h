/* SPDX-License-Identifier: MIT */
/*
 * Updates by one instruction that reads and writes memory and gives the value before. Included by
 * loadstore.h, for a port with PERCPU_PORT_ATOMICS, the size of the narrowest; narrower ones are
 * made with interrupts off. The port's table has then, beside what loadstore.h says:
 *
 *   PERCPU_PORT_OBJECT		constraint of the memory operand, which is written: "+A"
 *   PERCPU_PORT_FETCH(insn, out, v)	the instruction: OUT = the value before, V, and %[mem]
 *   PERCPU_PORT_FETCH_ADD	and OR, XOR, SWAP: mnemonics, without suffix; and
 *   PERCPU_PORT_FETCH_AND	or else FETCH_CLEAR, which takes the complement
 *   PERCPU_PORT_CAS(suffix, out, v)	may be given: stores V if %[mem] is OUT; OUT = the value
 *				before
 */
#ifndef PERCPU_ATOMICS_H
#define PERCPU_ATOMICS_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/* The memory operand tells the compiler what is written. */
#define PERCPU__MEMORY(lv) [mem] PERCPU_PORT_OBJECT(*(PERCPU__VALUE(lv) *)percpu_arch_ptr(lv))

#define PERCPU__FETCHED(width, lv, op, v_)                                                         \
	__asm__ volatile(PERCPU_PORT_FETCH(op PERCPU__SUFFIX width, PERCPU__REG width "[out]",     \
					   PERCPU__REG_OR_ZERO width "[v]")                        \
			 : [out] "=r"(_percpu_out), PERCPU__MEMORY(lv)                             \
			 : [v] PERCPU_PORT_ZERO(v_))
#if PERCPU_PORT_ATOMICS == 1
#define PERCPU__FETCH(op, lv, v, irq_off) PERCPU__BY_WIDTH(PERCPU__FETCHED, lv, op, v)
#else
#define PERCPU__FETCH(op, lv, v, irq_off)                                                          \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0, _percpu_in = (v);                                        \
		if (sizeof(lv) >= PERCPU_PORT_ATOMICS)                                             \
			PERCPU__SWITCH(PERCPU__FETCHED, lv, op, _percpu_in)                        \
		else                                                                               \
			_percpu_out = irq_off(lv, _percpu_in);                                     \
		_percpu_out;                                                                       \
	})
#endif

#define percpu_arch_add_return(lv, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_by = (v);                                                         \
		PERCPU__FETCH(PERCPU_PORT_FETCH_ADD, lv, _percpu_by, PERCPU__IRQ_OFF_ADD) +        \
			_percpu_by;                                                                \
	})
#ifdef PERCPU_PORT_FETCH_CLEAR
#define percpu_arch_and(lv, v)                                                                     \
	PERCPU__FETCH(PERCPU_PORT_FETCH_CLEAR, lv, ~(v), PERCPU__IRQ_OFF_CLEAR)
#define PERCPU__IRQ_OFF_CLEAR(lv, v) PERCPU__IRQ_OFF_AND(lv, ~(v))
#else
#define percpu_arch_and(lv, v) PERCPU__FETCH(PERCPU_PORT_FETCH_AND, lv, v, PERCPU__IRQ_OFF_AND)
#endif
#define percpu_arch_or(lv, v) PERCPU__FETCH(PERCPU_PORT_FETCH_OR, lv, v, PERCPU__IRQ_OFF_OR)
#define percpu_arch_xor(lv, v) PERCPU__FETCH(PERCPU_PORT_FETCH_XOR, lv, v, PERCPU__IRQ_OFF_XOR)
#define percpu_arch_xchg(lv, v) PERCPU__FETCH(PERCPU_PORT_FETCH_SWAP, lv, v, PERCPU__IRQ_OFF_XCHG)

#ifdef PERCPU_PORT_CAS
#define PERCPU__CAS(width, lv, e, v_)                                                              \
	_percpu_out = (e);                                                                         \
	__asm__ volatile(PERCPU_PORT_CAS(PERCPU__SUFFIX width, PERCPU__REG width "[out]",          \
					 PERCPU__REG_OR_ZERO width "[v]")                          \
			 : [out] "+r"(_percpu_out), PERCPU__MEMORY(lv)                             \
			 : [v] PERCPU_PORT_ZERO(v_))
#define percpu_arch_cmpxchg(lv, e, v) PERCPU__BY_WIDTH(PERCPU__CAS, lv, e, v)
#endif

#endif
