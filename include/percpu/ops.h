/* SPDX-License-Identifier: MIT */
/*
 * The operations, derived from what a port gives. Included by percpu.h only.
 *
 * The contract of arch/<arch>/percpu_arch.h. LV is the template's lvalue (types.h); values go in
 * and out as uint64_t, zero-extended from the variable's width, and each must be evaluated once.
 *
 *   PERCPU_ARCH_CONFIG		a word: what of the configuration concerns this port only; the one
 *				thing here that assembly sees too
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
 *   percpu_arch_hardware_id()	may be given: the calling CPU's own number, for PERCPU_DEBUG
 *   PERCPU_ARCH_LIBRARY_ASM	may be given: assembly for the library itself, a string
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
#ifndef PERCPU_OPS_H
#define PERCPU_OPS_H

#ifdef __cplusplus
#define PERCPU__ASSERT(condition, text) static_assert(condition, text)
#else
#define PERCPU__ASSERT(condition, text) _Static_assert(condition, text)
#endif

/*
 * A restartable sequence, in the text of an asm: BEGIN before its first instruction, END behind its
 * last, EXIT as the target of a branch out of it. END notes it in the table for percpu_restart:
 * where it starts, relative to the note, and its length. The section of the note is linked to the
 * sequence ("o"), so that both linkers keep or drop, and order, the two alike, and is in the same
 * group ("?"), for C++ inline functions. docs/restart.md has the rules that a sequence keeps.
 */
#if PERCPU__RESTARTS
#define PERCPU__SEQUENCE_BEGIN ".Lpercpu_%=:\n\t"
#define PERCPU__SEQUENCE_EXIT ".Lpercpu_end_%="
#define PERCPU__SEQUENCE_END                                                                       \
	".Lpercpu_end_%=:\n\t"                                                                     \
	".pushsection percpu_sequences, \"ao?\", @progbits, .Lpercpu_%=\n\t.balign 4\n\t"          \
	".4byte .Lpercpu_%= - ., .Lpercpu_end_%= - .Lpercpu_%=\n\t.popsection\n\t"
#else
#define PERCPU__SEQUENCE_BEGIN ""
#define PERCPU__SEQUENCE_END ""
#endif

/* The template's link address; as a number where it is 0, which PC-relative code may not reach. */
#if PERCPU__VMA == PERCPU__VMA_zero
#define PERCPU__TEMPLATE ((uintptr_t)0)
#else
#define PERCPU__TEMPLATE ((uintptr_t)_percpu_load_start)
#endif

#ifndef percpu_arch_offset
#define percpu_arch_offset(lv) ((size_t)((uintptr_t) & (lv)-PERCPU__TEMPLATE))
#endif

/* An address that the compiler does not know to be constant. */
#define PERCPU__OPAQUE(address)                                                                    \
	__extension__({                                                                            \
		const volatile void *_percpu_a = (address);                                        \
		__asm__("" : "+r"(_percpu_a));                                                     \
		_percpu_a;                                                                         \
	})

#define PERCPU__CHECK_SCALAR(lv)                                                                   \
	PERCPU__ASSERT(                                                                            \
		(sizeof(lv) == 1 || sizeof(lv) == 2 || sizeof(lv) == 4 || sizeof(lv) == 8) &&      \
			PERCPU__IS_SCALAR(lv),                                                     \
		"percpu: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only; "           \
		"use percpu_ptr for other types")

/* true + true would be a bool that is neither true nor false. */
#define PERCPU__CHECK_NUMBER(lv)                                                                   \
	PERCPU__ASSERT(!PERCPU__IS_BOOL(lv), "percpu: no arithmetic on a bool; use percpu_write")

/* Nor would a pointer be one: C warns of some of this, and takes the rest. */
#define PERCPU__CHECK_INTEGER(lv)                                                                  \
	PERCPU__ASSERT(!PERCPU__IS_POINTER(lv), "percpu: no arithmetic on a pointer; "             \
						"use percpu_cmpxchg")
#define PERCPU__CHECK_WRITABLE(lv)                                                                 \
	PERCPU__ASSERT(!PERCPU__IS_CONST(lv), "percpu: a const variable is not written")

/*
 * Declares NAME of TYPE as VALUE, converted as an assignment would. A pointer that an assignment
 * does not take is an error in C++; in C, where some compilers only warn, it is made one.
 */
#ifdef __cplusplus
#define PERCPU__CONVERT(type, name, value) type name = (value)
#else
#define PERCPU__CONVERT(type, name, value)                                                         \
	_Pragma("GCC diagnostic push")                                                             \
		_Pragma("GCC diagnostic error \"-Wincompatible-pointer-types\"")                   \
			_Pragma("GCC diagnostic error \"-Wint-conversion\"") type name = (value);  \
	_Pragma("GCC diagnostic pop")
#endif

/* A value of the variable's type as zero-extended bits. */
#define PERCPU__BITS(lv, value)                                                                    \
	((uint64_t)(value) & (UINT64_MAX >> (64 - 8 * (sizeof(lv) < 8 ? sizeof(lv) : 8))))

/*
 * For a single CPU the variables are plain globals: the template's own objects. Updates are the
 * port's, on the address that percpu_arch_ptr gives. The asm keeps percpu_arch_ptr in order with
 * the others, and the compiler from knowing what it points to.
 */
#if PERCPU__MODE == PERCPU__MODE_sp
#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		const volatile void *_percpu_p = &(lv);                                            \
		__asm__ volatile("" : "+r"(_percpu_p));                                            \
		(void *)_percpu_p;                                                                 \
	})
#define percpu_arch_load(lv) PERCPU__BITS(lv, PERCPU__HERE(lv))
#define percpu_arch_load_stable(lv) PERCPU__BITS(lv, (lv))
#define percpu_arch_store(lv, v) (PERCPU__HERE(lv) = (PERCPU__VALUE(lv))(v))
#endif

/* The kernel's functions, where the configuration has them. */
#if PERCPU__PREEMPT == PERCPU__PREEMPT_none
#define PERCPU__HOLD() ((void)0)
#define PERCPU__RELEASE() ((void)0)
#else
#define PERCPU__HOLD() percpu_preempt_disable()
#define PERCPU__RELEASE() percpu_preempt_enable()
#endif

/*
 * With hooks, preemption is off from before the register is read until after the access. With
 * restart it need not be, but for the checks of PERCPU_DEBUG.
 */
#if PERCPU__PREEMPT == PERCPU__PREEMPT_restart && !PERCPU_DEBUG
#define PERCPU__PIN() ((void)0)
#define PERCPU__UNPIN() ((void)0)
#else
#define PERCPU__PIN() PERCPU__HOLD()
#define PERCPU__UNPIN() PERCPU__RELEASE()
#endif

/*
 * The checks of PERCPU_DEBUG (lib/debug.c), made pinned. From UPDATE, which is an access too, until
 * UPDATED no other CPU is to write LV; what is in between calls it PERCPU__ONCE(LV), so that an
 * index in it is evaluated once.
 */
#if PERCPU_DEBUG
#define PERCPU__CHECK_ACCESS() _percpu_check_access()
#define PERCPU__CHECK_POINTER() _percpu_check_pointer()
#if PERCPU__VMA == PERCPU__VMA_zero
#define PERCPU__ADDRESS(lv) percpu_arch_offset(lv)
#else
#define PERCPU__ADDRESS(lv) (&(lv))
#endif
#define PERCPU__CHECK_UPDATE(lv)                                                                   \
	__typeof__(&(lv)) _percpu_lv = (__typeof__(&(lv)))PERCPU__ADDRESS(lv);                     \
	size_t _percpu_before =                                                                    \
		_percpu_check_update((uintptr_t)_percpu_lv - PERCPU__TEMPLATE, sizeof(lv))
#define PERCPU__ONCE(lv) (*_percpu_lv)
#define PERCPU__CHECK_UPDATED() _percpu_check_updated(_percpu_before)
#define PERCPU__CHECK_WRITE_ON _percpu_check_write_on
#else
#define PERCPU__CHECK_ACCESS() ((void)0)
#define PERCPU__CHECK_POINTER() ((void)0)
#define PERCPU__CHECK_UPDATE(lv) ((void)0)
#define PERCPU__ONCE(lv) lv
#define PERCPU__CHECK_UPDATED() ((void)0)
#define PERCPU__CHECK_WRITE_ON(offset, size, cpu) ((void)0)
#endif

/*
 * One operation: VALUE, converted to the variable's type, becomes the bits _percpu_v, from which
 * STATEMENT acts (PERCPU__DO) or BITS, an update, gives the result (PERCPU__GET). The names are
 * those of this file, so a VALUE that is itself an operation nests without harm.
 */
#define PERCPU__DO(lv, value, statement)                                                           \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		uint64_t _percpu_v = PERCPU__BITS(lv, _percpu_value);                              \
		PERCPU__PIN();                                                                     \
		PERCPU__CHECK_ACCESS();                                                            \
		(void)statement;                                                                   \
		PERCPU__UNPIN();                                                                   \
		(void)0;                                                                           \
	})
#define PERCPU__GET(lv, value, bits)                                                               \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		uint64_t _percpu_v = PERCPU__BITS(lv, _percpu_value);                              \
		PERCPU__PIN();                                                                     \
		PERCPU__CHECK_UPDATE(lv);                                                          \
		uint64_t _percpu_result = bits;                                                    \
		PERCPU__CHECK_UPDATED();                                                           \
		PERCPU__UNPIN();                                                                   \
		(PERCPU__VALUE(lv)) _percpu_result;                                                \
	})

#define PERCPU__READ(lv)                                                                           \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__PIN();                                                                     \
		PERCPU__CHECK_ACCESS();                                                            \
		uint64_t _percpu_result = percpu_arch_load(lv);                                    \
		PERCPU__UNPIN();                                                                   \
		(PERCPU__VALUE(lv)) _percpu_result;                                                \
	})
/* For a value that does not change any more; no hook is called, no check made. */
#define PERCPU__READ_STABLE(lv)                                                                    \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		(PERCPU__VALUE(lv)) percpu_arch_load_stable(lv);                                   \
	})
#define PERCPU__WRITE(lv, value) PERCPU__DO(lv, value, percpu_arch_store(lv, _percpu_v))
#define PERCPU__UPDATE(op, lv, value)                                                              \
	PERCPU__DO(lv, value, __extension__({                                                      \
			   PERCPU__CHECK_INTEGER(lv);                                              \
			   PERCPU__CHECK_UPDATE(lv);                                               \
			   (void)percpu_arch_##op(PERCPU__ONCE(lv), _percpu_v);                    \
			   PERCPU__CHECK_UPDATED();                                                \
		   }))
#define PERCPU__ARITHMETIC(op, lv, value)                                                          \
	__extension__({                                                                            \
		PERCPU__CHECK_NUMBER(lv);                                                          \
		PERCPU__UPDATE(op, lv, value);                                                     \
	})
#define PERCPU__ADD_RETURN(lv, value)                                                              \
	__extension__({                                                                            \
		PERCPU__CHECK_NUMBER(lv);                                                          \
		PERCPU__CHECK_INTEGER(lv);                                                         \
		PERCPU__GET(lv, value, percpu_arch_add_return(PERCPU__ONCE(lv), _percpu_v));       \
	})
#define PERCPU__DEC_RETURN(lv) PERCPU__ADD_RETURN(lv, (PERCPU__VALUE(lv)) - 1)
#define PERCPU__XCHG(lv, value)                                                                    \
	PERCPU__GET(lv, value, percpu_arch_xchg(PERCPU__ONCE(lv), _percpu_v))

#define PERCPU__CMPXCHG(lv, expected, value)                                                       \
	__extension__({                                                                            \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_expected, expected);                    \
		uint64_t _percpu_expected_bits = PERCPU__BITS(lv, _percpu_expected);               \
		PERCPU__GET(                                                                       \
			lv, value,                                                                 \
			percpu_arch_cmpxchg(PERCPU__ONCE(lv), _percpu_expected_bits, _percpu_v));  \
	})
#define PERCPU__TRY_CMPXCHG(lv, expected, value)                                                   \
	__extension__({                                                                            \
		PERCPU__CONVERT(PERCPU__VALUE(lv) *, _percpu_place, expected);                     \
		PERCPU__VALUE(lv) _percpu_wanted = *_percpu_place;                                 \
		PERCPU__VALUE(lv) _percpu_found = PERCPU__CMPXCHG(lv, _percpu_wanted, value);      \
		*_percpu_place = _percpu_found;                                                    \
		_percpu_found == _percpu_wanted;                                                   \
	})

#ifdef percpu_arch_cmpxchg128
#define PERCPU__CMPXCHG128(lv, expected, value)                                                    \
	__extension__({                                                                            \
		PERCPU__ASSERT(sizeof(lv) == 16 && PERCPU__IS_SCALAR(lv) &&                        \
				       __alignof__(lv) % 16 == 0,                                  \
			       "percpu: percpu_cmpxchg128 is for percpu_u128");                    \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		percpu_u128 _percpu_expected = (expected), _percpu_value = (value);                \
		PERCPU__PIN();                                                                     \
		PERCPU__CHECK_UPDATE(lv);                                                          \
		percpu_u128 _percpu_result =                                                       \
			percpu_arch_cmpxchg128(PERCPU__ONCE(lv), _percpu_expected, _percpu_value); \
		PERCPU__CHECK_UPDATED();                                                           \
		PERCPU__UNPIN();                                                                   \
		_percpu_result;                                                                    \
	})
#endif

/* This CPU's copy as a C object, for whoever is pinned already; one volatile access each. */
#define PERCPU__HERE(lv) (*(PERCPU__VALUE(lv) volatile *)percpu_arch_ptr(lv))
#define PERCPU__RAW_READ(lv)                                                                       \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_ACCESS();                                                            \
		(PERCPU__VALUE(lv)) percpu_arch_load(lv);                                          \
	})
#define PERCPU__RAW_WRITE(lv, value)                                                               \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		PERCPU__CHECK_ACCESS();                                                            \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		(void)percpu_arch_store(lv, PERCPU__BITS(lv, _percpu_value));                      \
	})
#define PERCPU__RAW_ADD(lv, value)                                                                 \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_NUMBER(lv);                                                          \
		PERCPU__CHECK_INTEGER(lv);                                                         \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		PERCPU__CHECK_UPDATE(lv);                                                          \
		PERCPU__VALUE(lv) volatile *_percpu_at = &PERCPU__HERE(PERCPU__ONCE(lv));          \
		*_percpu_at =                                                                      \
			(PERCPU__VALUE(lv))((uint64_t)*_percpu_at + (uint64_t)_percpu_value);      \
		PERCPU__CHECK_UPDATED();                                                           \
		(void)0;                                                                           \
	})

#define PERCPU__PTR(lv) (PERCPU__CHECK_POINTER(), (PERCPU__POINTER(lv))percpu_arch_ptr(lv))

/* As a TYPE that must fit. */
#define PERCPU__PTR_AS(type, lv)                                                                   \
	__extension__({                                                                            \
		PERCPU__CONVERT(type, _percpu_as, PERCPU__PTR(lv));                                \
		_percpu_as;                                                                        \
	})

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
		*_percpu_at = (PERCPU__VALUE(lv))(next);                                           \
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

/* ---- Other CPUs, and the template ---- */

#ifdef __cplusplus
extern "C" {
#endif

/* The first byte of the template; the linker script defines it. */
extern char _percpu_load_start[] __attribute__((visibility("hidden")));

/* CPU's copy of the object at OFFSET in every area; NULL, or a panic, if CPU has no area. */
void *_percpu_copy_on(size_t offset, size_t cpu) PERCPU__API(_percpu_copy_on);
void *_percpu_existing_copy_on(size_t offset, size_t cpu) PERCPU__API(_percpu_existing_copy_on);

/*
 * Copies SIZE bytes at OFFSET from the template to this CPU's copy, by one store if that can be.
 * Returns 0, or PERCPU_ENOTEMPLATE.
 */
int _percpu_reset(size_t offset, size_t size) PERCPU__API(_percpu_reset);

/* The checks of PERCPU_DEBUG: percpu_panic for what must not be. */
void _percpu_check_access(void) PERCPU__API(_percpu_check_access);
void _percpu_check_pointer(void) PERCPU__API(_percpu_check_pointer);
size_t _percpu_check_update(size_t offset, size_t size) PERCPU__API(_percpu_check_update);
void _percpu_check_updated(size_t before) PERCPU__API(_percpu_check_updated);
void _percpu_check_write_on(size_t offset, size_t size, size_t cpu)
	PERCPU__API(_percpu_check_write_on);

/* The reserved variables: area - template, and the CPU's number. */
PERCPU__EXTERN(uintptr_t, percpu_delta, near);
PERCPU__EXTERN(size_t, percpu_cpu_number, near);

#ifdef __cplusplus
}
#endif

#define PERCPU__PTR_ON(lv, cpu)                                                                    \
	((PERCPU__POINTER(lv))_percpu_copy_on(percpu_arch_offset(lv), (cpu)))

/* A volatile access: one load or store of the full width, relaxed. */
#define PERCPU__AT(lv, offset, cpu)                                                                \
	(*(PERCPU__VALUE(lv) volatile *)_percpu_existing_copy_on(offset, cpu))
#define PERCPU__READ_ON(lv, cpu)                                                                   \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__AT(lv, percpu_arch_offset(lv), cpu);                                       \
	})
#define PERCPU__WRITE_ON(lv, cpu, value)                                                           \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		size_t _percpu_offset = percpu_arch_offset(lv), _percpu_number = (cpu);            \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		PERCPU__AT(lv, _percpu_offset, _percpu_number) = _percpu_value;                    \
		PERCPU__CHECK_WRITE_ON(_percpu_offset, sizeof(lv), _percpu_number);                \
		(void)0;                                                                           \
	})
#define PERCPU__SUM(lv)                                                                            \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_INTEGER(lv);                                                         \
		size_t _percpu_offset = percpu_arch_offset(lv);                                    \
		uint64_t _percpu_total = 0;                                                        \
		percpu_for_each (_percpu_cpu)                                                      \
			_percpu_total += (uint64_t)PERCPU__AT(lv, _percpu_offset, _percpu_cpu);    \
		(PERCPU__SUM_TYPE(lv)) _percpu_total;                                              \
	})
#define PERCPU__RESET(lv) _percpu_reset(percpu_arch_offset(lv), sizeof(lv))
#define PERCPU__OFFSET(lv) percpu_arch_offset(lv)

#endif
