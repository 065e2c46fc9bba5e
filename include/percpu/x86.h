/* SPDX-License-Identifier: MIT */
/*
 * What is x86's whatever the width of its registers: the dialect, the APIC id, and the operations,
 * one instruction each. Included first by the port's percpu_arch.h, whose table has
 *
 *   PERCPU_PORT_VARIABLE(operand)	this CPU's copy, of a memory operand, "0" or "[name]"
 *   PERCPU_PORT_WIDTH_1	and 2, 4, 8: (suffix, what precedes an operand's name to print the
 *				register, constraint of a register or a constant, its type, a load
 *				that extends, where to: _percpu_half, of 4 bytes, or _percpu_out,
 *				and then PERCPU__X86_WIDEN, or (void)0)
 *
 * One instruction reads, modifies and writes a variable; an interrupt comes before or after an
 * instruction, never inside (Intel SDM volume 3, "Interrupt and Exception Handling"). No LOCK: no
 * other CPU takes part.
 *
 * The asm takes the plain lvalue as a memory operand and prints the segment itself: Clang drops the
 * prefix of a __seg_gs lvalue in an asm operand, and GCC splits a volatile __seg_gs update into
 * three instructions. The operand tells the compiler which object is read or written, so no
 * "memory" clobber is needed. None of them pushes, so a red zone is safe.
 */
#ifndef PERCPU_X86_H
#define PERCPU_X86_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/*
 * Around every asm with operands, which are in AT&T's order: with -masm=intel a read would be a
 * write. Of {one|other} the compiler takes what is for its dialect.
 */
#define PERCPU__X86_ATT(text)                                                                      \
	"{" text "|.error \"libpercpu: percpu.h is for the AT&T dialect: leave out -masm=intel\"}"

#define PERCPU_PORT_PAUSE "pause"

/*
 * What CPUID says, in EAX, EBX, ECX and EDX; subleaf 0. Volatile: it says who runs this, and must
 * not be kept from another CPU.
 */
static inline void _percpu_cpuid(uint32_t leaf, uint32_t said[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(said[0]), "=b"(said[1]), "=c"(said[2]), "=d"(said[3])
			 : "a"(leaf), "c"(0));
}

/*
 * The APIC id, from what ASK says to a leaf: all 32 bits are in leaf 0BH, EDX, if leaf 0 says that
 * there is such a leaf, and it says something, EBX; else leaf 1 has 8 of them, where id 256 looks
 * like 0. (Intel SDM volume 2, "CPUID": a leaf behind the last is answered as if it were the last.
 * Leaf 1FH, which newer processors have as well, gives the same id.)
 */
static inline uint32_t _percpu_apic_id(void (*ask)(uint32_t leaf, uint32_t said[4]))
{
	uint32_t said[4];

	ask(0, said);
	if (said[0] >= 0xb) {
		ask(0xb, said);
		if (said[1] & 0xffff)
			return said[3];
	}
	ask(1, said);
	return said[1] >> 24;
}

static inline uintptr_t percpu_arch_hardware_id(void)
{
	return _percpu_apic_id(_percpu_cpuid);
}
#define percpu_arch_hardware_id percpu_arch_hardware_id

#define PERCPU__X86_WIDEN _percpu_out = _percpu_half

/* clang-format off */
/* What a width has. */
#define PERCPU__SUFFIX(suffix, reg, constant, type, load, into, extend) suffix
#define PERCPU__REG(suffix, reg, constant, type, load, into, extend) reg
#define PERCPU__CONSTANTS(suffix, reg, constant, type, load, into, extend) constant
#define PERCPU__TYPE(suffix, reg, constant, type, load, into, extend) type
#define PERCPU__LOAD(suffix, reg, constant, type, load, into, extend) load
#define PERCPU__INTO(suffix, reg, constant, type, load, into, extend) into
#define PERCPU__EXTEND(suffix, reg, constant, type, load, into, extend) extend
/* clang-format on */

#if PERCPU_IS_SMP
/* movz: a load into part of a register would depend on what was in the rest. */
#define PERCPU__X86_LOADED(width, lv, qualifier)                                                   \
	__asm__ qualifier(PERCPU__X86_ATT(PERCPU__LOAD width " " PERCPU_PORT_VARIABLE("1") ", %0") \
			  : "=r"(PERCPU__INTO width)                                               \
			  : "m"(lv));                                                              \
	PERCPU__EXTEND width
#define PERCPU__X86_LOAD(qualifier, lv)                                                            \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		uint32_t _percpu_half;                                                             \
		PERCPU__SWITCH(PERCPU__X86_LOADED, lv, qualifier);                                 \
		_percpu_out;                                                                       \
	})
#define percpu_arch_load(lv) PERCPU__X86_LOAD(volatile, lv)
/* Neither asm nor operand is volatile: may be merged with others, moved and left out. */
#define percpu_arch_load_stable(lv)                                                                \
	PERCPU__X86_LOAD(, *(const PERCPU__VALUE(lv) *)(uintptr_t) & (lv))
#define percpu_arch_store(lv, v) PERCPU__X86_TO("mov", "=m", lv, v)
#endif

/* INSN value, variable: OUT says how the variable is used, "=m" written or "+m" updated. */
#define PERCPU__X86_DONE(width, lv, insn, out, v)                                                  \
	__asm__ volatile(PERCPU__X86_ATT(insn PERCPU__SUFFIX width                                 \
					 " " PERCPU__REG width "1, " PERCPU_PORT_VARIABLE("0"))    \
			 : out(lv)                                                                 \
			 : PERCPU__CONSTANTS width((PERCPU__TYPE width)(v))                        \
			 : "cc")
#define PERCPU__X86_TO(insn, out, lv, v)                                                           \
	__extension__({                                                                            \
		PERCPU__SWITCH(PERCPU__X86_DONE, lv, insn, out, v);                                \
		(void)0;                                                                           \
	})
#define percpu_arch_add(lv, v) PERCPU__X86_TO("add", "+m", lv, v)
#define percpu_arch_sub(lv, v) PERCPU__X86_TO("sub", "+m", lv, v)
#define percpu_arch_and(lv, v) PERCPU__X86_TO("and", "+m", lv, v)
#define percpu_arch_or(lv, v) PERCPU__X86_TO("or", "+m", lv, v)
#define percpu_arch_xor(lv, v) PERCPU__X86_TO("xor", "+m", lv, v)

/* INSN exchanges a register and the variable: xadd, xchg. "+q": every register has a low byte. */
#define PERCPU__X86_EXCHANGED(width, lv, insn)                                                     \
	__asm__ volatile(PERCPU__X86_ATT(insn PERCPU__SUFFIX width                                 \
					 " " PERCPU__REG width "0, " PERCPU_PORT_VARIABLE("1"))    \
			 : "+q"(_percpu_inout), "+m"(lv)                                           \
			 :                                                                         \
			 : "cc")
#define PERCPU__X86_EXCHANGE(insn, lv, v)                                                          \
	__extension__({                                                                            \
		uint64_t _percpu_inout = (v);                                                      \
		PERCPU__SWITCH(PERCPU__X86_EXCHANGED, lv, insn);                                   \
		_percpu_inout;                                                                     \
	})
#define percpu_arch_add_return(lv, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_by = (v);                                                         \
		PERCPU__X86_EXCHANGE("xadd", lv, _percpu_by) + _percpu_by;                         \
	})
#define percpu_arch_xchg(lv, v) PERCPU__X86_EXCHANGE("xchg", lv, v)

/* CMPXCHG compares with the accumulator and leaves there what it found. */
#define PERCPU__X86_COMPARED(width, lv)                                                            \
	__asm__ volatile(PERCPU__X86_ATT("cmpxchg" PERCPU__SUFFIX width " " PERCPU__REG width      \
					 "[new_], " PERCPU_PORT_VARIABLE("[var]"))                 \
			 : "+a"(_percpu_seen), [var] "+m"(lv)                                      \
			 : [new_] "q"(_percpu_new)                                                 \
			 : "cc")
#define percpu_arch_cmpxchg(lv, e, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_seen = (e), _percpu_new = (v);                                    \
		PERCPU__SWITCH(PERCPU__X86_COMPARED, lv);                                          \
		_percpu_seen;                                                                      \
	})

#endif
