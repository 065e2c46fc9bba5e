/* SPDX-License-Identifier: MIT */
/*
 * The aarch64 port. The contract stands in include/percpu/port.h.
 *
 * TPIDR_EL1 holds the area's address. The template is page-aligned, so the low 12 bits of a near
 * variable's link address are its offset in the area:
 *
 *	mrs	x, tpidr_el1			an interrupt between the two does no harm: the
 *	ldr	v, [x, :lo12:variable]		caller is pinned, so the register stays the same
 *
 * A far variable, or one whose address is computed at run time, is in a register as its address in
 * the template; delta, area - template, makes this CPU's copy of it:
 *
 *	mrs	x, tpidr_el1
 *	ldr	x, [x, :lo12:delta]
 *	ldr	v, [x, address]
 *
 * With PERCPU_VMA zero the link address is the offset, near and far alike, and delta is not needed:
 *
 *	mrs	x, tpidr_el1
 *	movz	t, #:abs_g1:variable
 *	movk	t, #:abs_g0_nc:variable
 *	ldr	v, [x, t]
 *
 * With PERCPU_PREEMPT restart an update is a load, the computation and a store, and every access is
 * a restartable sequence (docs/restart.md):
 *
 *	mrs	x, tpidr_el1
 *	ldr	v, [x, :lo12:variable]
 *	add	v, v, #1
 *	str	v, [x, :lo12:variable]
 *
 * Otherwise read-modify-write is one LSE atomic where the program is compiled for them, and else a
 * load-exclusive and store-exclusive loop: an exception return clears the exclusive monitor (Arm
 * ARM DDI 0487, "Context switch support"), so what an interrupt handler changed in between makes
 * the store fail and the loop start over.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#define PERCPU_ARCH_CONFIG PERCPU__EL(PERCPU_ARM_EL)
#define PERCPU__EL(level) PERCPU__EL_(level)
#define PERCPU__EL_(level) el##level
#define PERCPU_REGISTER PERCPU__GLUE(tpidr_el, PERCPU_ARM_EL)
#define PERCPU_IS_EL1 (PERCPU_ARM_EL == 1)
#define PERCPU_IS_EL2 (PERCPU_ARM_EL == 2)
#if !PERCPU_IS_EL1 && !PERCPU_IS_EL2
#error "libpercpu: PERCPU_ARM_EL is 1 or 2"
#endif

#ifndef __ASSEMBLER__

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU_ARCH_SEQUENCES PERCPU__RESTARTS

#define PERCPU__TPIDR "tpidr_el" PERCPU__STRING(PERCPU_ARM_EL)

#define PERCPU_READ_IS_ONE_INSTRUCTION 0

#define PERCPU_ARCH_REGISTER(area, template_) ((uintptr_t)(area))
#define PERCPU_ARCH_AREA(value, template_) (value)

static inline uintptr_t percpu_arch_get_register(void)
{
	uintptr_t value;

	__asm__ volatile("mrs %0, " PERCPU__TPIDR : "=r"(value));
	return value;
}

/* "memory": what was stored for this CPU before must not sink below. */
static inline void percpu_arch_set_register(uintptr_t value)
{
	__asm__ volatile("msr " PERCPU__TPIDR ", %0" : : "r"(value) : "memory");
}

static inline uintptr_t percpu_arch_hardware_id(void)
{
	uintptr_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return mpidr;
}
#define percpu_arch_hardware_id percpu_arch_hardware_id

static inline uintptr_t percpu_arch_irq_save(void)
{
	uintptr_t daif;

	__asm__ volatile("mrs %0, daif\n\tmsr daifset, #3" : "=r"(daif) : : "memory");
	return daif;
}

static inline void percpu_arch_irq_restore(uintptr_t daif)
{
	__asm__ volatile("msr daif, %0" : : "r"(daif) : "memory");
}

#if PERCPU_IS_SMP

/*
 * The operand AT of an access: a constant address where the compiler knows one, else a register.
 * GCC takes symbols by "S" ("i" fails in position-independent code), Clang by "i". A far
 * variable's address is put out of the compiler's sight, which leaves only the register.
 */
#ifdef __clang__
#define PERCPU__A64_AT "ir"
#else
#define PERCPU__A64_AT "Sr"
#endif
#if PERCPU_IS_ZERO
#define PERCPU__A64_ADDRESS(lv) (&(lv))
#else
#define PERCPU__A64_ADDRESS(lv) (PERCPU__IS_FAR(lv) ? PERCPU__OPAQUE(&(lv)) : &(lv))
#endif

/*
 * Which of the two the compiler chose is only seen in the text of the operand: the assembler
 * compares it with the name of every register.
 */
#define PERCPU__A64_LOOK_AT                                                                        \
	".set .Lpercpu_is_register, 0\n\t"                                                         \
	".irp name, x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20,"    \
	"x21,x22,x23,x24,x25,x26,x27,x28,x29,x30\n\t"                                              \
	".ifc \\name,%[at]\n\t.set .Lpercpu_is_register, 1\n\t.endif\n\t"                          \
	".endr\n\t"

/* The forms of one access. BODY(offset, ...) is what is done at that offset from register x. */
#if PERCPU_IS_ZERO
#define PERCPU__A64_MOVE(to) "movz " to ", #:abs_g1:%[at]\n\tmovk " to ", #:abs_g0_nc:%[at]\n\t"
#define PERCPU__A64_FORMS(body, ...)                                                               \
	"mrs %[x], " PERCPU__TPIDR "\n\t"                                                          \
	".if .Lpercpu_is_register\n\t" body("%[at]", __VA_ARGS__) ".else\n\t" PERCPU__A64_MOVE(    \
		"%[t]") body("%[t]", __VA_ARGS__) ".endif\n\t"
#define percpu_arch_offset(lv)                                                                     \
	__extension__({                                                                            \
		size_t _percpu_o;                                                                  \
		__asm__(PERCPU__A64_LOOK_AT ".if .Lpercpu_is_register\n\tmov %[o], "               \
					    "%[at]\n\t.else\n\t" PERCPU__A64_MOVE("%[o]") ".endif" \
			: [o] "=r"(_percpu_o)                                                      \
			: [at] PERCPU__A64_AT(&(lv)));                                             \
		_percpu_o;                                                                         \
	})
#else
#define PERCPU__A64_FORMS(body, ...)                                                               \
	"mrs %[x], " PERCPU__TPIDR "\n\t"                                                          \
	".if .Lpercpu_is_register\n\t"                                                             \
	"ldr %[x], [%[x], :lo12:__percpu_near.percpu_delta]\n\t" body(                             \
		"%[at]", __VA_ARGS__) ".else\n\t" body(":lo12:%[at]", __VA_ARGS__) ".endif\n\t"
#endif
#define PERCPU__A64_SEQUENCE(...)                                                                  \
	PERCPU__A64_LOOK_AT PERCPU__SEQUENCE_BEGIN PERCPU__A64_FORMS(__VA_ARGS__)                  \
		PERCPU__SEQUENCE_END

#define PERCPU__A64_LOAD(offset, suffix, w) "ldr" suffix " %" w "[out], [%[x], " offset "]\n\t"
#define PERCPU__A64_STORE(offset, suffix, w) "str" suffix " %" w "[v], [%[x], " offset "]\n\t"
#define PERCPU__A64_ADDRESS_OF(offset, to) "add %" to ", %[x], " offset "\n\t"
#define PERCPU__A64_SWAP(offset, suffix, w)                                                        \
	PERCPU__A64_LOAD(offset, suffix, w) PERCPU__A64_STORE(offset, suffix, w)
#define PERCPU__A64_COMPARE(offset, suffix, w)                                                     \
	PERCPU__A64_LOAD(offset, suffix, w)                                                        \
	"cmp %" w "[out], %" w "[e]\n\tb.ne " PERCPU__SEQUENCE_EXIT                                \
	"\n\t" PERCPU__A64_STORE(offset, suffix, w)
#define PERCPU__A64_COMPUTE(offset, suffix, w, op)                                                 \
	PERCPU__A64_LOAD(offset, suffix, w)                                                        \
	op " %" w "[out], %" w "[out], %" w "[v]\n\tstr" suffix " %" w "[out], [%[x], " offset     \
	   "]\n\t"

/*
 * The outputs are early-clobber: they are written while inputs are still needed, which a sequence
 * that starts over needs again. "memory": the compiler cannot see which copy is accessed, and must
 * not move an access through a pointer to it past this. Registers x and t are
 * scratch; t is for PERCPU_VMA zero only.
 */
#define PERCPU__A64_OPERAND(lv) [at] PERCPU__A64_AT(PERCPU__A64_ADDRESS(lv))
#define PERCPU__A64_ASM(qualifier, text, out_, clobber, ...)                                       \
	__extension__({                                                                            \
		uintptr_t _percpu_x, _percpu_t;                                                    \
		__asm__ qualifier(text                                                             \
				  : [out] "=&r"(out_), [x] "=&r"(_percpu_x), [t] "=&r"(_percpu_t)  \
				  : __VA_ARGS__                                                    \
				  : clobber);                                                      \
	})

#define PERCPU__A64_READ(suffix, w, mask, out, lv)                                                 \
	PERCPU__A64_ASM(volatile, PERCPU__A64_SEQUENCE(PERCPU__A64_LOAD, suffix, w), out,          \
			"memory", PERCPU__A64_OPERAND(lv))
#define percpu_arch_load(lv) PERCPU__A64_BY_WIDTH(PERCPU__A64_READ, lv)

/*
 * Neither volatile nor "memory": may be merged with others, moved and left out, which compilers do
 * for an asm with one output.
 */
#define PERCPU__A64_LOAD_STABLE(offset, suffix, w) "ldr" suffix " %" w "[x], [%[x], " offset "]\n\t"
#if PERCPU_IS_ZERO
#define PERCPU__A64_STABLE_AT(lv) "r"(percpu_arch_offset(lv))
#define PERCPU__A64_STABLE(suffix, w)                                                              \
	PERCPU__SEQUENCE_BEGIN                                                                     \
	"mrs %[x], " PERCPU__TPIDR "\n\t" PERCPU__A64_LOAD_STABLE("%[at]", suffix, w)              \
		PERCPU__SEQUENCE_END
#else
#define PERCPU__A64_STABLE_AT(lv) PERCPU__A64_AT(PERCPU__A64_ADDRESS(lv))
#define PERCPU__A64_STABLE(suffix, w) PERCPU__A64_SEQUENCE(PERCPU__A64_LOAD_STABLE, suffix, w)
#endif
#define PERCPU__A64_READ_STABLE(suffix, w, mask, out, lv)                                          \
	__asm__(PERCPU__A64_STABLE(suffix, w) : [x] "=&r"(out) : [at] PERCPU__A64_STABLE_AT(lv))
#define percpu_arch_load_stable(lv) PERCPU__A64_BY_WIDTH(PERCPU__A64_READ_STABLE, lv)

/* "rZ": zero comes from the zero register. */
#define PERCPU__A64_WRITE(suffix, w, mask, out, lv, v_)                                            \
	PERCPU__A64_ASM(volatile, PERCPU__A64_SEQUENCE(PERCPU__A64_STORE, suffix, w), out,         \
			"memory", PERCPU__A64_OPERAND(lv), [v] "rZ"(v_))
#define percpu_arch_store(lv, v) ((void)PERCPU__A64_BY_WIDTH(PERCPU__A64_WRITE, lv, v))

#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p;                                                               \
		PERCPU__A64_ASM(                                                                   \
			volatile,                                                                  \
			PERCPU__A64_LOOK_AT PERCPU__A64_FORMS(PERCPU__A64_ADDRESS_OF, "[out]"),    \
			_percpu_p, , PERCPU__A64_OPERAND(lv));                                     \
		(void *)_percpu_p;                                                                 \
	})

#endif

/*
 * PART(suffix, w, mask, out, LV, ...) for the width of LV, which comes first in the arguments: ldrb
 * %w, ldr %x; mask is a constraint.
 */
#define PERCPU__A64_BY_WIDTH(part, ...)                                                            \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		switch (PERCPU__SIZE(__VA_ARGS__, )) {                                             \
		case 1:                                                                            \
			part("b", "w", "rK", _percpu_out, __VA_ARGS__);                            \
			break;                                                                     \
		case 2:                                                                            \
			part("h", "w", "rK", _percpu_out, __VA_ARGS__);                            \
			break;                                                                     \
		case 4:                                                                            \
			part("", "w", "rK", _percpu_out, __VA_ARGS__);                             \
			break;                                                                     \
		case 8:                                                                            \
			part("", "x", "rL", _percpu_out, __VA_ARGS__);                             \
			break;                                                                     \
		default:                                                                           \
			break;                                                                     \
		}                                                                                  \
		_percpu_out;                                                                       \
	})

/* For what follows, the memory operand tells the compiler what is written. */
#define PERCPU__A64_MEMORY(lv) "+Q"(*(PERCPU__VALUE(lv) *)percpu_arch_ptr(lv))

#if PERCPU__RESTARTS

#define PERCPU__A64_ALU(suffix, w, lv, out, op, constraint, v_)                                    \
	PERCPU__A64_ASM(volatile, PERCPU__A64_SEQUENCE(PERCPU__A64_COMPUTE, suffix, w, op), out,   \
			"memory", PERCPU__A64_OPERAND(lv), [v] constraint(v_))
#define PERCPU__A64_XCHG(suffix, w, mask, out, lv, v_)                                             \
	PERCPU__A64_ASM(volatile, PERCPU__A64_SEQUENCE(PERCPU__A64_SWAP, suffix, w), out,          \
			"memory", PERCPU__A64_OPERAND(lv), [v] "rZ"(v_))
#define PERCPU__A64_CMPXCHG(suffix, w, mask, out, lv, e_, v_)                                      \
	PERCPU__A64_ASM(volatile, PERCPU__A64_SEQUENCE(PERCPU__A64_COMPARE, suffix, w), out,       \
			PERCPU__A64_FLAGS, PERCPU__A64_OPERAND(lv), [e] "rI"(e_), [v] "rZ"(v_))
#define PERCPU__A64_FLAGS "memory", "cc"

#elif defined __ARM_FEATURE_ATOMICS

/* One instruction, which gives the value before. */
#define PERCPU__A64_LSE(suffix, w, mask, out, lv, insn, v_)                                        \
	__asm__ volatile(insn suffix " %" w "2, %" w "0, %1"                                       \
			 : "=r"(out), PERCPU__A64_MEMORY(lv)                                       \
			 : "rZ"(v_))
#define PERCPU__A64_XCHG(suffix, w, mask, out, lv, v_)                                             \
	PERCPU__A64_LSE(suffix, w, mask, out, lv, "swp", v_)
#define PERCPU__A64_CMPXCHG(suffix, w, mask, out, lv, e, v_)                                       \
	out = (e);                                                                                 \
	__asm__ volatile("cas" suffix " %" w "0, %" w "2, %1"                                      \
			 : "+r"(out), PERCPU__A64_MEMORY(lv)                                       \
			 : "rZ"(v_))

#define percpu_arch_add_return(lv, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_by = (v);                                                         \
		PERCPU__A64_BY_WIDTH(PERCPU__A64_LSE, lv, "ldadd", _percpu_by) + _percpu_by;       \
	})
#define percpu_arch_and(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_LSE, lv, "ldclr", ~(v))
#define percpu_arch_or(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_LSE, lv, "ldset", v)
#define percpu_arch_xor(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_LSE, lv, "ldeor", v)

#else

/* NEXT computes [new_] from [old], or leaves by a branch to 2; STORED is the operand to store. */
#define PERCPU__A64_LOOP(suffix, w, lv, old_, new__, next, stored, ...)                            \
	__extension__({                                                                            \
		uint32_t _percpu_failed;                                                           \
		__asm__ volatile("1:\tldxr" suffix " %" w "[old], %[mem]\n\t" next "stxr" suffix   \
				 " %w[failed], %" w stored ", %[mem]\n\t"                          \
				 "cbnz %w[failed], 1b\n2:"                                         \
				 : [old] "=&r"(old_), [new_] "=&r"(new__),                         \
				   [failed] "=&r"(_percpu_failed), [mem] PERCPU__A64_MEMORY(lv)    \
				 : __VA_ARGS__                                                     \
				 : "cc");                                                          \
	})
#define PERCPU__A64_ALU(suffix, w, lv, out, op, constraint, v_)                                    \
	__extension__({                                                                            \
		uint64_t _percpu_old;                                                              \
		PERCPU__A64_LOOP(suffix, w, lv, _percpu_old, out,                                  \
				 op " %" w "[new_], %" w "[old], %" w "[v]\n\t",                   \
				 "[new_]", [v] constraint(v_));                                    \
	})
#define PERCPU__A64_XCHG(suffix, w, mask, out, lv, v_)                                             \
	__extension__({                                                                            \
		uint64_t _percpu_none;                                                             \
		PERCPU__A64_LOOP(suffix, w, lv, out, _percpu_none, "", "[v]", [v] "rZ"(v_));       \
	})
#define PERCPU__A64_CMPXCHG(suffix, w, mask, out, lv, e_, v_)                                      \
	__extension__({                                                                            \
		uint64_t _percpu_none;                                                             \
		PERCPU__A64_LOOP(suffix, w, lv, out, _percpu_none,                                 \
				 "cmp %" w "[old], %" w "[e]\n\tb.ne 2f\n\t",                      \
				 "[v]", [e] "rI"(e_), [v] "rZ"(v_));                               \
	})

#endif

#ifndef percpu_arch_add_return
/* Constants that fit an instruction: for add and sub 12 bits, else a pattern of bits. */
#define PERCPU__A64_ADD(suffix, w, mask, out, lv, op, v)                                           \
	PERCPU__A64_ALU(suffix, w, lv, out, op, "rI", v)
#define PERCPU__A64_LOGIC(suffix, w, mask, out, lv, op, v)                                         \
	PERCPU__A64_ALU(suffix, w, lv, out, op, mask, v)
#define percpu_arch_add_return(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_ADD, lv, "add", v)
#define percpu_arch_sub(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_ADD, lv, "sub", v)
#define percpu_arch_and(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_LOGIC, lv, "and", v)
#define percpu_arch_or(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_LOGIC, lv, "orr", v)
#define percpu_arch_xor(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_LOGIC, lv, "eor", v)
#endif
#define percpu_arch_xchg(lv, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_XCHG, lv, v)
#define percpu_arch_cmpxchg(lv, e, v) PERCPU__A64_BY_WIDTH(PERCPU__A64_CMPXCHG, lv, e, v)

/*
 * Sixteen bytes: always a loop of exclusives, which one STP could only replace where it is
 * single-copy atomic (FEAT_LSE2). The sequence ends with the STXP; the branch behind it starts over
 * by itself.
 */
#define PERCPU__A64_PAIR                                                                           \
	"ldxp %[low], %[high], [%[x]]\n\t"                                                         \
	"cmp %[low], %[e_low]\n\tccmp %[high], %[e_high], #0, eq\n\tb.ne 2f\n\t"                   \
	"stxp %w[failed], %[v_low], %[v_high], [%[x]]\n" PERCPU__SEQUENCE_END                      \
	"\tcbnz %w[failed], 1b\n2:"
#if PERCPU_IS_SMP
#define PERCPU__A64_PAIR_TEXT                                                                      \
	PERCPU__A64_LOOK_AT "\n1:\n" PERCPU__SEQUENCE_BEGIN PERCPU__A64_FORMS(                     \
		PERCPU__A64_ADDRESS_OF, "[x]") PERCPU__A64_PAIR
#define PERCPU__A64_PAIR_X [x] "=&r"(_percpu_x)
#define PERCPU__A64_PAIR_AT(lv) PERCPU__A64_OPERAND(lv)
#else
#define PERCPU__A64_PAIR_TEXT "1:\t" PERCPU__A64_PAIR
#define PERCPU__A64_PAIR_X "=r"(_percpu_x)
#define PERCPU__A64_PAIR_AT(lv) [x] "r"(percpu_arch_ptr(lv))
#endif
#define percpu_arch_cmpxchg128(lv, e, v)                                                           \
	__extension__({                                                                            \
		percpu_u128 _percpu_e = (e), _percpu_new = (v);                                    \
		uint64_t _percpu_low, _percpu_high;                                                \
		uint32_t _percpu_failed;                                                           \
		uintptr_t _percpu_x, _percpu_t;                                                    \
		__asm__ volatile(PERCPU__A64_PAIR_TEXT                                             \
				 : [low] "=&r"(_percpu_low), [high] "=&r"(_percpu_high),           \
				   [failed] "=&r"(_percpu_failed),                                 \
				   PERCPU__A64_PAIR_X, [t] "=&r"(_percpu_t)                        \
				 : PERCPU__A64_PAIR_AT(lv), [e_low] "r"((uint64_t)_percpu_e),      \
				   [e_high] "r"((uint64_t)(_percpu_e >> 64)),                      \
				   [v_low] "r"((uint64_t)_percpu_new),                             \
				   [v_high] "r"((uint64_t)(_percpu_new >> 64))                     \
				 : "memory", "cc");                                                \
		(percpu_u128) _percpu_high << 64 | _percpu_low;                                    \
	})

#else

/* clang-format off */
/* For assembly: see percpu/asm.h. only PERCPU_VMA zero needs \temporary. */

/* \base = where the variable is, or with zero, \base + \offset. */
.macro percpu__base base, name, offset
#if PERCPU_IS_SP
	adrp	\base, __percpu_near.\name
#else
	mrs	\base, PERCPU_REGISTER
#if PERCPU_IS_ZERO
	movz	\offset, #:abs_g1:__percpu_near.\name
	movk	\offset, #:abs_g0_nc:__percpu_near.\name
#endif
#endif
.endm
#if PERCPU_IS_ZERO
#define PERCPU__ASM_OFFSET \temporary
#else
#define PERCPU__ASM_OFFSET :lo12:__percpu_near.\name
#endif

.macro percpu_load reg, name, temporary
	percpu__base \reg, \name, \temporary
	ldr	\reg, [\reg, PERCPU__ASM_OFFSET]
.endm

.macro percpu_store reg, name, base, temporary
	percpu__base \base, \name, \temporary
	str	\reg, [\base, PERCPU__ASM_OFFSET]
.endm

.macro percpu_address reg, name, temporary
	percpu__base \reg, \name, \temporary
	add	\reg, \reg, PERCPU__ASM_OFFSET
.endm
/* clang-format on */

#endif

#endif
