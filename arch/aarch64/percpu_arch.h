/* SPDX-License-Identifier: MIT */
/*
 * The aarch64 port. The contract stands in include/percpu/ops.h.
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
 * Read-modify-write is a load-exclusive and store-exclusive loop: an exception return clears the
 * exclusive monitor (Arm ARM DDI 0487, "Context switch support"), so what an interrupt handler
 * changed in between makes the store fail and the loop start over. LSE atomics are not used yet.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#define PERCPU_ARCH_CONFIG PERCPU__EL(PERCPU_ARM_EL)
#define PERCPU__EL(level) PERCPU__EL_(level)
#define PERCPU__EL_(level) el##level

#ifndef __ASSEMBLER__

#define PERCPU__TPIDR "tpidr_el" PERCPU__STRING(PERCPU_ARM_EL)

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

#if PERCPU__MODE == PERCPU__MODE_smp

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
#if PERCPU__VMA == PERCPU__VMA_zero
#define PERCPU__A64_ADDRESS(lv) (&(lv))
#else
#define PERCPU__A64_ADDRESS(lv) (PERCPU__IS_FAR(lv) ? PERCPU__A64_OPAQUE(&(lv)) : &(lv))
#define PERCPU__A64_OPAQUE(address)                                                                \
	__extension__({                                                                            \
		const volatile void *_percpu_a = (address);                                        \
		__asm__("" : "+r"(_percpu_a));                                                     \
		_percpu_a;                                                                         \
	})
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

#if PERCPU__VMA == PERCPU__VMA_zero
/* The last instruction is OPEN, the register with the offset, CLOSE; it needs one more, T. */
#define PERCPU__A64_MOVE(to) "movz " to ", #:abs_g1:%[at]\n\tmovk " to ", #:abs_g0_nc:%[at]\n\t"
#define PERCPU__A64_WITH(open, close)                                                              \
	PERCPU__A64_LOOK_AT "mrs %[x], " PERCPU__TPIDR "\n\t"                                      \
			    ".if .Lpercpu_is_register\n\t" open "%[at]" close                      \
			    "\n\t.else\n\t" PERCPU__A64_MOVE("%[t]") open "%[t]" close             \
									  "\n\t.endif"
#define PERCPU__A64_ACCESS(insn_value) PERCPU__A64_WITH(insn_value ", [%[x], ", "]")
#define PERCPU__A64_ADD_AT PERCPU__A64_WITH("add %[x], %[x], ", "")
#define PERCPU__A64_DECLARE_T uintptr_t _percpu_t;
#define PERCPU__A64_OUT_T [t] "=&r"(_percpu_t),
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
#define PERCPU__A64_SELECT(if_register, if_symbol)                                                 \
	PERCPU__A64_LOOK_AT                                                                        \
	"mrs %[x], " PERCPU__TPIDR "\n\t"                                                          \
	".if .Lpercpu_is_register\n\t"                                                             \
	"ldr %[x], [%[x], :lo12:__percpu_near.percpu_delta]\n\t" if_register "\n\t"                \
	".else\n\t" if_symbol "\n\t"                                                               \
	".endif"

#define PERCPU__A64_ACCESS(insn_value)                                                             \
	PERCPU__A64_SELECT(insn_value ", [%[x], %[at]]", insn_value ", [%[x], :lo12:%[at]]")
#define PERCPU__A64_ADD_AT                                                                         \
	PERCPU__A64_SELECT("add %[x], %[x], %[at]", "add %[x], %[x], :lo12:%[at]")
#define PERCPU__A64_DECLARE_T
#define PERCPU__A64_OUT_T
#endif

/*
 * The output is early-clobber: it is the base while AT is still needed. "memory": the compiler
 * cannot see which copy is read, and must not move a store through a pointer to it past this.
 */
#define PERCPU__A64_LOAD(insn_value, lv, out)                                                      \
	__extension__({                                                                            \
		PERCPU__A64_DECLARE_T                                                              \
		__asm__ volatile(PERCPU__A64_ACCESS(insn_value)                                    \
				 : PERCPU__A64_OUT_T[x] "=&r"(out)                                 \
				 : [at] PERCPU__A64_AT(PERCPU__A64_ADDRESS(lv))                    \
				 : "memory");                                                      \
	})

#define percpu_arch_load(lv)                                                                       \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			PERCPU__A64_LOAD("ldrb %w[x]", lv, _percpu_out);                           \
			break;                                                                     \
		case 2:                                                                            \
			PERCPU__A64_LOAD("ldrh %w[x]", lv, _percpu_out);                           \
			break;                                                                     \
		case 4:                                                                            \
			PERCPU__A64_LOAD("ldr %w[x]", lv, _percpu_out);                            \
			break;                                                                     \
		case 8:                                                                            \
			PERCPU__A64_LOAD("ldr %[x]", lv, _percpu_out);                             \
			break;                                                                     \
		}                                                                                  \
		_percpu_out;                                                                       \
	})

/* "rZ": zero comes from the zero register. */
#define PERCPU__A64_STORE(insn_value, lv, v_)                                                      \
	__extension__({                                                                            \
		uint64_t _percpu_base;                                                             \
		PERCPU__A64_DECLARE_T                                                              \
		__asm__ volatile(PERCPU__A64_ACCESS(insn_value)                                    \
				 : PERCPU__A64_OUT_T[x] "=&r"(_percpu_base)                        \
				 : [at] PERCPU__A64_AT(PERCPU__A64_ADDRESS(lv)), [v] "rZ"(v_)      \
				 : "memory");                                                      \
	})

#define percpu_arch_store(lv, v)                                                                   \
	__extension__({                                                                            \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			PERCPU__A64_STORE("strb %w[v]", lv, v);                                    \
			break;                                                                     \
		case 2:                                                                            \
			PERCPU__A64_STORE("strh %w[v]", lv, v);                                    \
			break;                                                                     \
		case 4:                                                                            \
			PERCPU__A64_STORE("str %w[v]", lv, v);                                     \
			break;                                                                     \
		case 8:                                                                            \
			PERCPU__A64_STORE("str %x[v]", lv, v);                                     \
			break;                                                                     \
		}                                                                                  \
	})

#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p;                                                               \
		PERCPU__A64_DECLARE_T                                                              \
		__asm__ volatile(PERCPU__A64_ADD_AT                                                \
				 : PERCPU__A64_OUT_T[x] "=&r"(_percpu_p)                           \
				 : [at] PERCPU__A64_AT(PERCPU__A64_ADDRESS(lv)));                  \
		(void *)_percpu_p;                                                                 \
	})

#endif

/*
 * The loop. NEXT, from [old] and [v], computes [new_] or leaves by a branch to 2; STORED is the
 * operand to store. The memory operand tells the compiler what is written; SUFFIX and W give the
 * width.
 */
#define PERCPU__A64_LOOP(...) PERCPU__A64_LOOP_(__VA_ARGS__)
#define PERCPU__A64_LOOP_(suffix, w, next, stored)                                                 \
	"1:\tldxr" suffix " %" w "[old], %[mem]\n\t" next "stxr" suffix " %w[failed], %" w stored  \
	", %[mem]\n\t"                                                                             \
	"cbnz %w[failed], 1b\n2:"

/* PART is a macro that gives NEXT and STORED for a width. */
#define PERCPU__A64_RMW(suffix, w, part, lv, p, old_, e_, v_)                                      \
	__extension__({                                                                            \
		uint64_t _percpu_new;                                                              \
		uint32_t _percpu_failed;                                                           \
		__asm__ volatile(                                                                  \
			PERCPU__A64_LOOP(suffix, w, part(w))                                       \
			: [old] "=&r"(old_), [new_] "=&r"(_percpu_new),                            \
			  [failed] "=&r"(_percpu_failed), [mem] "+Q"(*(PERCPU__VALUE(lv) *)(p))    \
			: [e] "rI"(e_), [v] "rZ"(v_)                                               \
			: "cc");                                                                   \
	})
#define PERCPU__A64_FETCH(part, lv, e, v)                                                          \
	__extension__({                                                                            \
		uint64_t _percpu_seen = 0, _percpu_e = (e), _percpu_in = (v);                      \
		void *_percpu_mem = percpu_arch_ptr(lv);                                           \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			PERCPU__A64_RMW("b", "w", part, lv, _percpu_mem, _percpu_seen, _percpu_e,  \
					_percpu_in);                                               \
			break;                                                                     \
		case 2:                                                                            \
			PERCPU__A64_RMW("h", "w", part, lv, _percpu_mem, _percpu_seen, _percpu_e,  \
					_percpu_in);                                               \
			break;                                                                     \
		case 4:                                                                            \
			PERCPU__A64_RMW("", "w", part, lv, _percpu_mem, _percpu_seen, _percpu_e,   \
					_percpu_in);                                               \
			break;                                                                     \
		case 8:                                                                            \
			PERCPU__A64_RMW("", "x", part, lv, _percpu_mem, _percpu_seen, _percpu_e,   \
					_percpu_in);                                               \
			break;                                                                     \
		}                                                                                  \
		_percpu_seen;                                                                      \
	})

#define PERCPU__A64_ALU(insn, w) insn " %" w "[new_], %" w "[old], %" w "[v]\n\t", "[new_]"
#define PERCPU__A64_ADD(w) PERCPU__A64_ALU("add", w)
#define PERCPU__A64_AND(w) PERCPU__A64_ALU("and", w)
#define PERCPU__A64_OR(w) PERCPU__A64_ALU("orr", w)
#define PERCPU__A64_XOR(w) PERCPU__A64_ALU("eor", w)
#define PERCPU__A64_SWAP(w) "", "[v]"
#define PERCPU__A64_COMPARE(w) "cmp %" w "[old], %" w "[e]\n\tb.ne 2f\n\t", "[v]"

#define percpu_arch_fetch_add(lv, v) PERCPU__A64_FETCH(PERCPU__A64_ADD, lv, 0, v)
#define percpu_arch_fetch_and(lv, v) PERCPU__A64_FETCH(PERCPU__A64_AND, lv, 0, v)
#define percpu_arch_fetch_or(lv, v) PERCPU__A64_FETCH(PERCPU__A64_OR, lv, 0, v)
#define percpu_arch_fetch_xor(lv, v) PERCPU__A64_FETCH(PERCPU__A64_XOR, lv, 0, v)
#define percpu_arch_xchg(lv, v) PERCPU__A64_FETCH(PERCPU__A64_SWAP, lv, 0, v)
#define percpu_arch_cmpxchg(lv, e, v) PERCPU__A64_FETCH(PERCPU__A64_COMPARE, lv, e, v)

#endif

#endif
