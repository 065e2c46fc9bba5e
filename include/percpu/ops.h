/* SPDX-License-Identifier: MIT */
/*
 * The operations on this CPU's copy, made of what a port gives (port.h). Included by percpu.h only.
 */
#ifndef PERCPU_OPS_H
#define PERCPU_OPS_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
#define PERCPU__ASSERT(condition, text) static_assert(condition, text)
#else
#define PERCPU__ASSERT(condition, text) _Static_assert(condition, text)
#endif

#define PERCPU__CHECK_SCALAR(lv)                                                                   \
	PERCPU__ASSERT(                                                                            \
		(sizeof(lv) == 1 || sizeof(lv) == 2 || sizeof(lv) == 4 || sizeof(lv) == 8) &&      \
			PERCPU__IS_SCALAR(lv),                                                     \
		"percpu: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only; "           \
		"use percpu_ptr for other types");                                                 \
	PERCPU__CHECK_ALIGNED(lv)

/*
 * A misaligned access is not atomic, or traps. The alignment is a field's own; of what lies deeper
 * in a packed structure it is the type's, and only PERCPU_DEBUG finds it, at an update.
 */
#define PERCPU__CHECK_ALIGNED(lv)                                                                  \
	PERCPU__ASSERT(sizeof(lv) > 16 || __alignof__(lv) % sizeof(lv) == 0 ||                     \
			       !PERCPU__IS_SCALAR(lv),                                             \
		       "percpu: a field of a packed structure may be misaligned; give it "         \
		       "__attribute__((aligned(its size)))")

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
 * does not take is an error in C++; in C, where some compilers only warn, it is made one. It ends
 * with a declaration, for the semicolon behind, which alone would be a statement.
 */
#ifdef __cplusplus
#define PERCPU__CONVERT(type, name, value) type name = (value)
#else
#define PERCPU__CONVERT(type, name, value)                                                         \
	_Pragma("GCC diagnostic push")                                                             \
		_Pragma("GCC diagnostic error \"-Wincompatible-pointer-types\"")                   \
			_Pragma("GCC diagnostic error \"-Wint-conversion\"") type name = (value);  \
	_Pragma("GCC diagnostic pop") PERCPU__ASSERT(1, "")
#endif

/* The kernel's functions, where the configuration has them. */
#if PERCPU_IS_NONE
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
#if PERCPU_IS_RESTART && !PERCPU_DEBUG
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
#if PERCPU_IS_ZERO
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
#define PERCPU__CHECK_ALONE(unchanged) _percpu_check_alone(unchanged)
#else
#define PERCPU__CHECK_ACCESS() ((void)0)
#define PERCPU__CHECK_POINTER() ((void)0)
#define PERCPU__CHECK_UPDATE(lv) ((void)0)
#define PERCPU__ONCE(lv) lv
#define PERCPU__CHECK_UPDATED() ((void)0)
#define PERCPU__CHECK_WRITE_ON(offset, size, cpu) ((void)0)
#define PERCPU__CHECK_ALONE(unchanged) ((void)0)
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
		uint64_t _percpu_v = PERCPU__BITS(lv, _percpu_value), _percpu_result;              \
		PERCPU__PIN();                                                                     \
		{                                                                                  \
			PERCPU__CHECK_UPDATE(lv);                                                  \
			_percpu_result = bits;                                                     \
			PERCPU__CHECK_UPDATED();                                                   \
		}                                                                                  \
		PERCPU__UNPIN();                                                                   \
		(PERCPU__VALUE(lv)) _percpu_result;                                                \
	})

#define PERCPU__READ(lv)                                                                           \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		uint64_t _percpu_result;                                                           \
		PERCPU__PIN();                                                                     \
		PERCPU__CHECK_ACCESS();                                                            \
		_percpu_result = percpu_arch_load(lv);                                             \
		PERCPU__UNPIN();                                                                   \
		(PERCPU__VALUE(lv)) _percpu_result;                                                \
	})
/* For a value that does not change any more; no hook is called, no check made. */
#define PERCPU__READ_STABLE_0(lv)                                                                  \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		(PERCPU__VALUE(lv)) percpu_arch_load_stable(lv);                                   \
	})
#define PERCPU__READ_STABLE_1(lv)                                                                  \
	__extension__({                                                                            \
		PERCPU__ASSERT(0, "percpu: percpu_read_stable is not for dynamic variables: the "  \
				  "value might outlive its variable; use percpu_read");            \
		PERCPU__READ(lv);                                                                  \
	})
#define PERCPU__WRITE(lv, value) PERCPU__DO(lv, value, percpu_arch_store(lv, _percpu_v))
#define PERCPU__UPDATE(op, lv, value)                                                              \
	PERCPU__DO(lv, value, __extension__({                                                      \
			   PERCPU__CHECK_INTEGER(lv);                                              \
			   PERCPU__CHECK_UPDATE(lv);                                               \
			   (void)op(PERCPU__ONCE(lv), _percpu_v);                                  \
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
		PERCPU__ASSERT(sizeof(lv) == 16 && PERCPU__IS_SCALAR(lv),                          \
			       "percpu: percpu_cmpxchg128 is for percpu_u128");                    \
		PERCPU__CHECK_ALIGNED(lv);                                                         \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		percpu_u128 _percpu_expected = (expected), _percpu_value = (value);                \
		percpu_u128 _percpu_result;                                                        \
		PERCPU__PIN();                                                                     \
		{                                                                                  \
			PERCPU__CHECK_UPDATE(lv);                                                  \
			_percpu_result = percpu_arch_cmpxchg128(PERCPU__ONCE(lv),                  \
								_percpu_expected, _percpu_value);  \
			PERCPU__CHECK_UPDATED();                                                   \
		}                                                                                  \
		PERCPU__UNPIN();                                                                   \
		_percpu_result;                                                                    \
	})
#endif

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
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		PERCPU__CHECK_ACCESS();                                                            \
		(void)percpu_arch_store(lv, PERCPU__BITS(lv, _percpu_value));                      \
	})
#define PERCPU__RAW_ADD(lv, value)                                                                 \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_NUMBER(lv);                                                          \
		PERCPU__CHECK_INTEGER(lv);                                                         \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		PERCPU__VALUE(lv) volatile *_percpu_at;                                            \
		{                                                                                  \
			PERCPU__CHECK_UPDATE(lv);                                                  \
			_percpu_at = &PERCPU__HERE(PERCPU__ONCE(lv));                              \
			percpu_arch_put(_percpu_at, (PERCPU__VALUE(lv))((uint64_t)*_percpu_at +    \
									(uint64_t)_percpu_value)); \
			PERCPU__CHECK_UPDATED();                                                   \
		}                                                                                  \
		(void)0;                                                                           \
	})

#define PERCPU__PTR(lv) (PERCPU__CHECK_POINTER(), (PERCPU__POINTER(lv))percpu_arch_ptr(lv))

/* As a TYPE that must fit. */
#define PERCPU__PTR_AS(type, lv)                                                                   \
	__extension__({                                                                            \
		PERCPU__CONVERT(type, _percpu_as, PERCPU__PTR(lv));                                \
		_percpu_as;                                                                        \
	})

#endif
