/* SPDX-License-Identifier: MIT */
/*
 * What a port is: a folder, ports/<arch>/, with percpu_arch.h, all that the library and the
 * accessors know of an architecture, chosen by -I. It names the register by which a CPU finds its
 * area and says what the register holds; it gives a load, a store and an address of a variable in
 * the area of the CPU that runs it, and the switch of its interrupts. That is a right port. With
 * interrupts off all else follows, below; what the machine does better, it gives. A machine of
 * loads and stores need not write its operations: it gives a table of instructions to loadstore.h,
 * and x86 to x86.h. Assembly gets three macros, for percpu/asm.h. docs/porting.md leads there.
 *
 * This is the contract, what a port may build on, and what is derived where it gives nothing.
 * Included by percpu.h only. LV is the template's lvalue (types.h); values go in and out as
 * uint64_t, zero-extended from the variable's width, and each must be evaluated once.
 *
 *   PERCPU_ARCH_CONFIG		a word: what of the configuration concerns this port only
 *   PERCPU_IS_...		1 or 0 for each value of that, and
 *   PERCPU_REGISTER		the register, as the assembler has it; these three for assembly too,
 *				which also gets the macros of percpu/asm.h
 *   PERCPU_READ_IS_ONE_INSTRUCTION
 *				1 or 0: whether the load of a near variable is
 *   percpu_arch_get_register()	the per-CPU register, a uintptr_t
 *   percpu_arch_set_register(v)
 *   PERCPU_ARCH_REGISTER(area, template)
 *				what the register holds for an area at that address
 *   PERCPU_ARCH_AREA(value, template)
 *				the inverse
 *   percpu_arch_load(lv)	one single-copy-atomic load from this CPU's copy
 *   percpu_arch_store(lv, v)	one single-copy-atomic store to it
 *   percpu_arch_ptr(lv)	its address, a void *, read anew each time
 *   percpu_arch_irq_save()	turns this CPU's interrupts off; a uintptr_t for
 *   percpu_arch_irq_restore(f)
 *
 *   percpu_arch_register_holds(v)
 *				may be given: whether the register can hold this value
 *   percpu_arch_offset(lv)	may be given, and must be for PERCPU_VMA zero: where the variable
 *				lies in every area, a size_t; a constant address by absolute
 *				relocations, not PC-relative
 *   percpu_arch_base()		may be given: the address of this CPU's area, a void *, where it is
 *				found without reading the register
 *   percpu_arch_hardware_id()	may be given: the calling CPU's own number, a uintptr_t, for
 *				PERCPU_DEBUG; without it the kernel is asked, by percpu_hardware_id
 *   percpu_arch_level_right()	may be given: false if the CPU is seen to run at another privilege
 *				level than the configuration says; percpu_init asks
 *   percpu_arch_copy_blocks(to, from, n)
 *				may be given: copies N times 64 bytes between places aligned to 64,
 *				in words, each by one store
 *   percpu_arch_get(at)	may be given: the value at a volatile pointer, and
 *   percpu_arch_put(at, v)	stores one there, for copies that another CPU accesses too, where
 *				something wants to be told so (ports/host: a thread sanitizer)
 *   PERCPU_PORT_PAUSE		may be given: an instruction for a loop that waits, a string
 *   PERCPU_ARCH_LIBRARY_ASM	may be given: assembly for the library itself, a string
 *   PERCPU_ARCH_SEQUENCES	may be given: whether the library keeps a table of restartable
 *				sequences; without it, it does where PERCPU__RESTARTS is 1, be it
 *				only for users' own (percpu/sequence.h)
 *
 *   percpu_arch_cache.h	may be given, a file beside percpu_arch.h: the pop and the push of
 *				percpu/cache.h, which says what they are, as restartable sequences
 *
 * and, each announced by a macro of its name, what the port does better than with interrupts off.
 * In the values that come out, bits above the variable's width are anything.
 *
 *   percpu_arch_add(lv, v)		and sub, and, or, xor
 *   percpu_arch_add_return(lv, v)	the value after
 *   percpu_arch_xchg(lv, v)		the value before
 *   percpu_arch_cmpxchg(lv, e, v)	the value before
 *   percpu_arch_cmpxchg128(lv, e, v)	the same of 16 bytes, percpu_u128; without it there is none
 *   percpu_arch_load_stable(lv)	a load that may be merged, moved and left out
 *
 * Where PERCPU__RESTARTS is 1, each access that takes more than one instruction is a sequence: see
 * PERCPU__SEQUENCE_BEGIN.
 *
 * All others are volatile to the compiler: not merged, not dropped, and kept in order. Load and
 * store also keep their order with C accesses through a pointer to the same variable, by naming
 * the object as an operand or else by a "memory" clobber; for that, a pointer's address must have
 * been given to an asm, which is what makes the compiler believe that the pointer may be shared.
 */
#ifndef PERCPU_PORT_H
#define PERCPU_PORT_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifndef PERCPU_ARCH_SEQUENCES
#define PERCPU_ARCH_SEQUENCES PERCPU__RESTARTS
#endif

/*
 * A restartable sequence, in the text of an asm: BEGIN before its first instruction, END behind its
 * last, EXIT as the target of a branch out of it. END notes it in the table for percpu_restart:
 * where it starts, relative to the note, and its length. docs/restart.md has the rules that a
 * sequence keeps.
 *
 * The note must be there if and only if the code is. Its section is linked to that of the code
 * ("o"), by which linkers drop and order the two alike, and is in the same group ("?"), for C++
 * inline functions. GNU ld -r makes one section of those of the same name, linked to the first of
 * their functions; so names are told apart, those of files too, and the code has a relocation of no
 * bytes that names its note, so that whatever keeps the one keeps the other. It also tells
 * functions of the same bytes apart, of which not all are sequences, and no linker folds them. The
 * table is data ("w"), for percpu_init may sort it.
 */
#if PERCPU__RESTARTS
#define PERCPU__SEQUENCE_BEGIN ".Lpercpu_%=:\n\t"
#define PERCPU__SEQUENCE_EXIT ".Lpercpu_end_%="
#define PERCPU__SEQUENCE_END                                                                       \
	".Lpercpu_end_%=:\n\t"                                                                     \
	".reloc .Lpercpu_%=, BFD_RELOC_NONE, .Lpercpu_note_%=\n\t"                                 \
	".pushsection " PERCPU__SEQUENCE_NOTE ", \"awo?\", @progbits, .Lpercpu_%=\n\t.balign 4\n"  \
	".Lpercpu_note_%=:\n\t"                                                                    \
	".4byte .Lpercpu_%= - ., .Lpercpu_end_%= - .Lpercpu_%=\n\t.popsection\n\t"
/* The file that is compiled, a line, and a number of the compiler's for each asm. */
#define PERCPU__SEQUENCE_NOTE                                                                      \
	"\"percpu_sequences." __BASE_FILE__ "." PERCPU__STRING(__LINE__) ".%=\""
#else
#define PERCPU__SEQUENCE_BEGIN ""
#define PERCPU__SEQUENCE_END ""
#endif

/* The template's link address; as a number where it is 0, which PC-relative code may not reach. */
#if PERCPU_IS_ZERO
#define PERCPU__TEMPLATE ((uintptr_t)0)
#else
#define PERCPU__TEMPLATE ((uintptr_t)_percpu_load_start)
#endif

#ifndef percpu_arch_offset
#define percpu_arch_offset(lv) ((size_t)((uintptr_t) & (lv)-PERCPU__TEMPLATE))
#endif

#ifndef percpu_arch_get
#define percpu_arch_get(at) (*(at))
#define percpu_arch_put(at, v) (*(at) = (v))
#endif

#include <percpu/shared.h>

#ifndef percpu_arch_level_right
#define percpu_arch_level_right() true
#endif
#ifndef percpu_arch_hardware_id
#define percpu_arch_hardware_id() percpu_hardware_id()
#endif

/* An address that the compiler does not know to be constant. */
#define PERCPU__OPAQUE(address)                                                                    \
	__extension__({                                                                            \
		const volatile void *_percpu_a = (address);                                        \
		__asm__("" : "+r"(_percpu_a));                                                     \
		_percpu_a;                                                                         \
	})

/* A value of the variable's type as zero-extended bits. */
#define PERCPU__BITS(lv, value)                                                                    \
	((uint64_t)(value) & (UINT64_MAX >> (64 - 8 * (sizeof(lv) < 8 ? sizeof(lv) : 8))))

/* The size of the first argument; behind it there is one more at least. */
#define PERCPU__SIZE(lv, ...) sizeof(lv)

/* PART(PERCPU_PORT_WIDTH_n, LV, ...) for LV's size n; LV comes first in the arguments. */
#define PERCPU__SWITCH(part, ...)                                                                  \
	switch (PERCPU__SIZE(__VA_ARGS__, )) {                                                     \
	case 1:                                                                                    \
		part(PERCPU_PORT_WIDTH_1, __VA_ARGS__);                                            \
		break;                                                                             \
	case 2:                                                                                    \
		part(PERCPU_PORT_WIDTH_2, __VA_ARGS__);                                            \
		break;                                                                             \
	case 4:                                                                                    \
		part(PERCPU_PORT_WIDTH_4, __VA_ARGS__);                                            \
		break;                                                                             \
	case 8:                                                                                    \
		part(PERCPU_PORT_WIDTH_8, __VA_ARGS__);                                            \
		break;                                                                             \
	default:                                                                                   \
		break;                                                                             \
	}

/* This CPU's copy as a C object, for whoever is pinned; one volatile access each. */
#define PERCPU__HERE(lv) (*(PERCPU__VALUE(lv) volatile *)percpu_arch_ptr(lv))

/*
 * For a single CPU the variables are plain globals: the template's own objects. Updates are the
 * port's, on the address that percpu_arch_ptr gives. The asm keeps percpu_arch_ptr in order with
 * the others, and the compiler from knowing what it points to.
 */
#if PERCPU_IS_SP
#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p = (uintptr_t) & (lv);                                          \
		__asm__ volatile("" : "+r"(_percpu_p));                                            \
		(void *)_percpu_p;                                                                 \
	})
#define percpu_arch_base() ((void *)_percpu_load_start)
#define percpu_arch_load(lv) PERCPU__BITS(lv, PERCPU__HERE(lv))
#define percpu_arch_load_stable(lv) PERCPU__BITS(lv, (lv))
#define percpu_arch_store(lv, v) (PERCPU__HERE(lv) = (PERCPU__VALUE(lv))(v))
#endif

/*
 * With interrupts off: right wherever the caller is pinned. NEXT is computed from _percpu_old and
 * _percpu_operand.
 */
#define PERCPU__IRQ_OFF(lv, v, next)                                                               \
	__extension__({                                                                            \
		uint64_t _percpu_operand = (v);                                                    \
		uintptr_t _percpu_flags = percpu_arch_irq_save();                                  \
		PERCPU__VALUE(lv) volatile *_percpu_at = &PERCPU__HERE(lv);                        \
		uint64_t _percpu_old = PERCPU__BITS(lv, *_percpu_at);                              \
		PERCPU__CHECK_ALONE(_percpu_old == PERCPU__BITS(lv, *_percpu_at));                 \
		percpu_arch_put(_percpu_at, (PERCPU__VALUE(lv))(next));                            \
		percpu_arch_irq_restore(_percpu_flags);                                            \
		(void)_percpu_operand;                                                             \
		_percpu_old;                                                                       \
	})
#define PERCPU__IRQ_OFF_ADD(lv, v) PERCPU__IRQ_OFF(lv, v, _percpu_old + _percpu_operand)
#define PERCPU__IRQ_OFF_ADD_RETURN(lv, v)                                                          \
	__extension__({                                                                            \
		uint64_t _percpu_by = (v);                                                         \
		PERCPU__IRQ_OFF_ADD(lv, _percpu_by) + _percpu_by;                                  \
	})
#define PERCPU__IRQ_OFF_AND(lv, v) PERCPU__IRQ_OFF(lv, v, _percpu_old &_percpu_operand)
#define PERCPU__IRQ_OFF_OR(lv, v) PERCPU__IRQ_OFF(lv, v, _percpu_old | _percpu_operand)
#define PERCPU__IRQ_OFF_XOR(lv, v) PERCPU__IRQ_OFF(lv, v, _percpu_old ^ _percpu_operand)
#define PERCPU__IRQ_OFF_XCHG(lv, v) PERCPU__IRQ_OFF(lv, v, _percpu_operand)
#define PERCPU__IRQ_OFF_CMPXCHG(lv, e, v)                                                          \
	__extension__({                                                                            \
		uint64_t _percpu_e = (e);                                                          \
		PERCPU__IRQ_OFF(lv, v, _percpu_old == _percpu_e ? _percpu_operand : _percpu_old);  \
	})

#ifndef percpu_arch_base
#define percpu_arch_base()                                                                         \
	__extension__({                                                                            \
		uintptr_t _percpu_register = percpu_arch_get_register();                           \
		(void *)PERCPU_ARCH_AREA(_percpu_register, PERCPU__TEMPLATE);                      \
	})
#endif
#ifndef percpu_arch_add_return
#define percpu_arch_add_return PERCPU__IRQ_OFF_ADD_RETURN
#endif
#ifndef percpu_arch_xchg
#define percpu_arch_xchg PERCPU__IRQ_OFF_XCHG
#endif
#ifndef percpu_arch_cmpxchg
#define percpu_arch_cmpxchg PERCPU__IRQ_OFF_CMPXCHG
#endif
#ifndef percpu_arch_add
#define percpu_arch_add percpu_arch_add_return
#endif
#ifndef percpu_arch_sub
#define percpu_arch_sub(lv, v) percpu_arch_add(lv, PERCPU__BITS(lv, -(v)))
#endif
#ifndef percpu_arch_and
#define percpu_arch_and PERCPU__IRQ_OFF_AND
#endif
#ifndef percpu_arch_or
#define percpu_arch_or PERCPU__IRQ_OFF_OR
#endif
#ifndef percpu_arch_xor
#define percpu_arch_xor PERCPU__IRQ_OFF_XOR
#endif
#ifndef percpu_arch_load_stable
#define percpu_arch_load_stable percpu_arch_load
#endif

#endif
