/* SPDX-License-Identifier: MIT */
/*
 * The operations of a machine that computes in registers and reaches memory by loads and stores,
 * made of its port's table of instructions. Included by such a port's percpu_arch.h, behind the
 * table; what the table has, and how the instructions are put together, is said here, once.
 *
 * The register holds the area's address. An access is made in one of three forms, which the
 * assembler chooses by the operand AT, a constant address where the compiler knows one, else a
 * register:
 *
 *   near	a variable whose offset fits the instruction that accesses it
 *   far	any other; by delta, area - template, which every area holds
 *   run-time	an address in the template, in a register; by delta too
 *
 * With PERCPU_VMA zero the link address is the offset: there is one form for constants, NEAR, and
 * the one for registers, and delta is not needed. Strings below go into the text of an asm: a % of
 * the assembler's is written %%. Operands that they may name: %[at]; %[t], a register for an
 * address; %[out], one that has the result in the end; %[v], a value.
 *
 *   PERCPU_PORT_GET_REGISTER	%0 = the per-CPU register
 *   PERCPU_PORT_SET_REGISTER	the per-CPU register = %0
 *   PERCPU_PORT_IRQ_SAVE	%0 = a word that tells, and interrupts are off
 *   PERCPU_PORT_IRQ_RESTORE	as the word %0 tells
 *   PERCPU_PORT_IRQ_FLAGS	may be given: which bits of the word are for that
 *   PERCPU_PORT_HARDWARE_ID	may be given: %0 = the CPU's own number
 *
 *   PERCPU_PORT_WIDTH_1	and 2, 4, 8: (load, store, a register, a register or zero,
 *				constraint of an operand of a logic instruction, suffix of an
 *				atomic). The third and fourth are what precedes [name] to print it.
 *   PERCPU_PORT_ZERO		constraint: a register, or 0
 *   PERCPU_PORT_ADDED		constraint of what is added
 *   PERCPU_PORT_COMPARED	constraint of what is compared with
 *   PERCPU_PORT_BITS(lv, v)	may be given: V as a load of that width would leave it
 *
 *   PERCPU_PORT_MEMORY(base, low)	the memory operand
 *   PERCPU_PORT_ADDRESS(to, base, low)	TO = that address
 *   PERCPU_PORT_IF_UNEQUAL(a, b, to)	a branch
 *   PERCPU_PORT_ADD			and SUB, AND, OR, XOR: mnemonics; without SUB it is
 *   PERCPU_PORT_SUB_REGISTER		which takes no constant
 *
 *   PERCPU_PORT_CONSTANT	constraint of a symbol's address; AT is that, or a register
 *   PERCPU_PORT_IF_RUN_TIME	begins an .if: whether AT is a register
 *   PERCPU_PORT_NEAR		a form: set-up, base, low
 *   PERCPU_PORT_FAR		a form; without it a far variable's address goes in a register
 *   PERCPU_PORT_RUN_TIME	a form
 *   PERCPU_PORT_SECOND		may be given: the forms need one more register, %[u]
 *   PERCPU_PORT_LOAD_IS_ONE	1 or 0: whether a near load is one instruction
 *   PERCPU_PORT_STORE_IS_ONE	and a near store
 *   PERCPU_PORT_NEAR_ONE	may be given: the near form of a load, and of an address, and
 *   PERCPU_PORT_FILL(text)	what makes it of that instruction
 *   PERCPU_PORT_BEGIN		may be given: around each asm, and
 *   PERCPU_PORT_END
 *   PERCPU_PORT_MOVE(to, from)	for PERCPU_VMA zero, and
 *   PERCPU_PORT_OFFSET(to)	TO = the constant AT
 */
#ifndef PERCPU_LOADSTORE_H
#define PERCPU_LOADSTORE_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU_ARCH_SEQUENCES PERCPU__RESTARTS

#define PERCPU_ARCH_REGISTER(area, template_) ((uintptr_t)(area))
#define PERCPU_ARCH_AREA(value, template_) (value)

static inline uintptr_t percpu_arch_get_register(void)
{
	uintptr_t value;

	__asm__ volatile(PERCPU_PORT_GET_REGISTER : "=r"(value));
	return value;
}

/* "memory": what was stored for this CPU before must not sink below. */
static inline void percpu_arch_set_register(uintptr_t value)
{
	__asm__ volatile(PERCPU_PORT_SET_REGISTER : : "r"(value) : "memory");
}

#ifdef PERCPU_PORT_HARDWARE_ID
/* Volatile: it is another one for a thread that has moved. */
static inline uintptr_t percpu_arch_hardware_id(void)
{
	uintptr_t id;

	__asm__ volatile(PERCPU_PORT_HARDWARE_ID : "=r"(id));
	return id;
}
#define percpu_arch_hardware_id percpu_arch_hardware_id
#endif

#ifndef PERCPU_PORT_IRQ_FLAGS
#define PERCPU_PORT_IRQ_FLAGS (~(uintptr_t)0)
#endif

static inline uintptr_t percpu_arch_irq_save(void)
{
	uintptr_t flags;

	__asm__ volatile(PERCPU_PORT_IRQ_SAVE : "=r"(flags) : : "memory");
	return flags;
}

static inline void percpu_arch_irq_restore(uintptr_t flags)
{
	__asm__ volatile(PERCPU_PORT_IRQ_RESTORE : : "r"(flags & PERCPU_PORT_IRQ_FLAGS) : "memory");
}

/* What a width has. */
#define PERCPU__LOAD(load, store, reg, reg_or_zero, logic, suffix) load
#define PERCPU__STORE(load, store, reg, reg_or_zero, logic, suffix) store
#define PERCPU__REG(load, store, reg, reg_or_zero, logic, suffix) reg
#define PERCPU__REG_OR_ZERO(load, store, reg, reg_or_zero, logic, suffix) reg_or_zero
#define PERCPU__LOGIC(load, store, reg, reg_or_zero, logic, suffix) logic
#define PERCPU__SUFFIX(load, store, reg, reg_or_zero, logic, suffix) suffix

/* PART(width, LV, ...) writes to _percpu_out, if anywhere. */
#define PERCPU__BY_WIDTH(part, ...)                                                                \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		PERCPU__SWITCH(part, __VA_ARGS__);                                                 \
		_percpu_out;                                                                       \
	})

#define PERCPU__AT_CONSTRAINT PERCPU_PORT_CONSTANT "r"

#ifndef PERCPU_PORT_BITS
#define PERCPU_PORT_BITS(lv, v) (v)
#endif

#if PERCPU_IS_SMP

/*
 * Whether AT is one of the registers NAMES, where no modifier tells: only its text does, which the
 * assembler compares with each name.
 */
#define PERCPU__IF_REGISTER(names)                                                                 \
	".set .Lpercpu_is_register, 0\n\t"                                                         \
	".irp name, " names "\n\t"                                                                 \
	".ifc \\name,%[at]\n\t.set .Lpercpu_is_register, 1\n\t.endif\n\t"                          \
	".endr\n\t.if .Lpercpu_is_register\n\t"

/* BODY(base, low, ...) is what is done to low(base); in a form, behind its set-up. */
#define PERCPU__FORM(...) PERCPU__FORM_(__VA_ARGS__)
#define PERCPU__FORM_(set_up, base, low, body, ...) set_up body(base, low, __VA_ARGS__)

#ifdef PERCPU_PORT_NEAR_ONE
#define PERCPU__NEAR_ONE(...) PERCPU_PORT_FILL(PERCPU__FORM(PERCPU_PORT_NEAR_ONE, __VA_ARGS__))
#else
#define PERCPU__NEAR_ONE(...) PERCPU__FORM(PERCPU_PORT_NEAR, __VA_ARGS__)
#endif
#ifdef PERCPU_PORT_FAR
#define PERCPU__IF_FAR(end, ...) ".elseif %[far]\n\t" PERCPU__FORM(PERCPU_PORT_FAR, __VA_ARGS__) end
#define PERCPU__OPERAND_AT(lv) [at] PERCPU__AT_CONSTRAINT(&(lv)), [far] "i"(PERCPU__IS_FAR(lv))
#elif PERCPU_IS_IMAGE
#define PERCPU__IF_FAR(end, ...)
#define PERCPU__OPERAND_AT(lv) [at] PERCPU__AT_CONSTRAINT(PERCPU__NEAR_OR_REGISTER(lv))
#else
#define PERCPU__IF_FAR(end, ...)
#define PERCPU__OPERAND_AT(lv) [at] PERCPU__AT_CONSTRAINT(&(lv))
#endif
/* Out of the compiler's sight, an address can only be in a register. */
#define PERCPU__NEAR_OR_REGISTER(lv) (PERCPU__IS_FAR(lv) ? PERCPU__OPAQUE(&(lv)) : &(lv))

/* NEAR is all that is done to a near variable; END closes the sequence of the others. */
#define PERCPU__FORMS(near, end, ...)                                                              \
	PERCPU_PORT_IF_RUN_TIME PERCPU__FORM(PERCPU_PORT_RUN_TIME, __VA_ARGS__)                    \
	end PERCPU__IF_FAR(end, __VA_ARGS__) ".else\n\t" near ".endif\n\t"

#ifndef PERCPU_PORT_BEGIN
#define PERCPU_PORT_BEGIN
#define PERCPU_PORT_END
#endif
#if PERCPU_PORT_LOAD_IS_ONE
#define PERCPU__LOAD_END
#else
#define PERCPU__LOAD_END PERCPU__SEQUENCE_END
#endif
#if PERCPU_PORT_STORE_IS_ONE
#define PERCPU__STORE_END
#else
#define PERCPU__STORE_END PERCPU__SEQUENCE_END
#endif

/* The text of a load, of a store, of what is more than one instruction, and of an address. */
#define PERCPU__SEQUENCE(near, ...)                                                                \
	PERCPU_PORT_BEGIN PERCPU__SEQUENCE_BEGIN PERCPU__FORMS(near, PERCPU__SEQUENCE_END,         \
							       __VA_ARGS__) PERCPU_PORT_END
#define PERCPU__TEXT_LOAD(...)                                                                     \
	PERCPU__SEQUENCE(PERCPU__NEAR_ONE(__VA_ARGS__) PERCPU__LOAD_END, __VA_ARGS__)
#define PERCPU__TEXT_STORE(...)                                                                    \
	PERCPU__SEQUENCE(PERCPU__FORM(PERCPU_PORT_NEAR, __VA_ARGS__) PERCPU__STORE_END, __VA_ARGS__)
#define PERCPU__TEXT(...)                                                                          \
	PERCPU__SEQUENCE(PERCPU__FORM(PERCPU_PORT_NEAR, __VA_ARGS__) PERCPU__SEQUENCE_END,         \
			 __VA_ARGS__)
#define PERCPU__TEXT_ADDRESS(...)                                                                  \
	PERCPU_PORT_BEGIN PERCPU__FORMS(PERCPU__NEAR_ONE(__VA_ARGS__), , __VA_ARGS__)              \
		PERCPU_PORT_END

#define PERCPU__DO_LOAD(base, low, width, to)                                                      \
	PERCPU__LOAD width " " PERCPU__REG width to ", " PERCPU_PORT_MEMORY(base, low) "\n\t"
#define PERCPU__DO_STORE(base, low, width)                                                         \
	PERCPU__STORE width " " PERCPU__REG_OR_ZERO width                                          \
			    "[v], " PERCPU_PORT_MEMORY(base, low) "\n\t"
#define PERCPU__DO_ADDRESS(base, low, to) PERCPU_PORT_ADDRESS(to, base, low) "\n\t"
#define PERCPU__DO_SWAP(base, low, width)                                                          \
	PERCPU__DO_LOAD(base, low, width, "[out]") PERCPU__DO_STORE(base, low, width)
#define PERCPU__DO_COMPARE(base, low, width)                                                       \
	PERCPU__DO_LOAD(base, low, width, "[out]")                                                 \
	PERCPU_PORT_IF_UNEQUAL(PERCPU__REG width "[out]", PERCPU__REG_OR_ZERO width "[e]",         \
			       PERCPU__SEQUENCE_EXIT)                                              \
	"\n\t" PERCPU__DO_STORE(base, low, width)
#define PERCPU__DO_COMPUTE(base, low, width, op)                                                   \
	PERCPU__DO_LOAD(base, low, width, "[out]")                                                 \
	op " " PERCPU__REG width "[out], " PERCPU__REG width "[out], " PERCPU__REG width           \
	   "[v]\n\t" PERCPU__STORE width " " PERCPU__REG width                                     \
	   "[out], " PERCPU_PORT_MEMORY(base, low) "\n\t"

/*
 * The outputs are early-clobber: they are written while inputs are still needed, which a sequence
 * that starts over needs again. "memory": the compiler cannot see which copy is accessed, and must
 * not move an access through a pointer to it past this.
 */
#ifdef PERCPU_PORT_SECOND
#define PERCPU__SCRATCH uintptr_t _percpu_t, _percpu_u
#define PERCPU__SCRATCH_OUT [t] "=&r"(_percpu_t), [u] "=&r"(_percpu_u)
#else
#define PERCPU__SCRATCH uintptr_t _percpu_t
#define PERCPU__SCRATCH_OUT [t] "=&r"(_percpu_t)
#endif
#define PERCPU__OUTPUTS(out_) [out] "=&r"(out_), PERCPU__SCRATCH_OUT
#define PERCPU__ASM(text, out_, clobber, ...)                                                      \
	__extension__({                                                                            \
		PERCPU__SCRATCH;                                                                   \
		__asm__ volatile(text : PERCPU__OUTPUTS(out_) : __VA_ARGS__ : clobber);            \
	})

#define PERCPU__LOADED(width, lv)                                                                  \
	PERCPU__ASM(PERCPU__TEXT_LOAD(PERCPU__DO_LOAD, width, "[out]"), _percpu_out, "memory",     \
		    PERCPU__OPERAND_AT(lv))
#define percpu_arch_load(lv) PERCPU__BY_WIDTH(PERCPU__LOADED, lv)

#define PERCPU__STORED(width, lv, v_)                                                              \
	PERCPU__ASM(PERCPU__TEXT_STORE(PERCPU__DO_STORE, width), _percpu_out, "memory",            \
		    PERCPU__OPERAND_AT(lv), [v] PERCPU_PORT_ZERO(v_))
#define percpu_arch_store(lv, v) ((void)PERCPU__BY_WIDTH(PERCPU__STORED, lv, v))

#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p;                                                               \
		PERCPU__ASM(PERCPU__TEXT_ADDRESS(PERCPU__DO_ADDRESS, "%[out]"), _percpu_p, ,       \
			    PERCPU__OPERAND_AT(lv));                                               \
		(void *)_percpu_p;                                                                 \
	})

/*
 * Neither volatile nor "memory": may be merged with others, moved and left out, which compilers do
 * for an asm with one output. That is the address's register too, so there is no far form.
 */
#if PERCPU_IS_ZERO
#define PERCPU__STABLE_FORMS(...)                                                                  \
	PERCPU__FORM(PERCPU_PORT_RUN_TIME, __VA_ARGS__) PERCPU__SEQUENCE_END
#define PERCPU__STABLE_AT(lv) "r"(percpu_arch_offset(lv))
#else
#define PERCPU__STABLE_FORMS(...)                                                                  \
	PERCPU_PORT_IF_RUN_TIME PERCPU__FORM(PERCPU_PORT_RUN_TIME, __VA_ARGS__)                    \
		PERCPU__SEQUENCE_END ".else\n\t" PERCPU__NEAR_ONE(__VA_ARGS__) PERCPU__LOAD_END    \
		".endif\n\t"
#define PERCPU__STABLE_AT(lv) PERCPU__AT_CONSTRAINT(PERCPU__NEAR_OR_REGISTER(lv))
#endif
#define PERCPU__LOADED_STABLE(width, lv)                                                           \
	__asm__(PERCPU_PORT_BEGIN PERCPU__SEQUENCE_BEGIN PERCPU__STABLE_FORMS(                     \
			PERCPU__DO_LOAD, width, "[t]") PERCPU_PORT_END                             \
		: [t] "=&r"(_percpu_out)                                                           \
		: [at] PERCPU__STABLE_AT(lv))
#define percpu_arch_load_stable(lv) PERCPU__BY_WIDTH(PERCPU__LOADED_STABLE, lv)

#if PERCPU_IS_ZERO
#define PERCPU__OFFSET_FORMS                                                                       \
	PERCPU_PORT_IF_RUN_TIME PERCPU_PORT_MOVE(                                                  \
		"%[o]", "%[at]") "\n\t.else\n\t" PERCPU_PORT_OFFSET("%[o]") "\n\t.endif\n\t"
#define percpu_arch_offset(lv)                                                                     \
	__extension__({                                                                            \
		size_t _percpu_o;                                                                  \
		__asm__(PERCPU_PORT_BEGIN PERCPU__OFFSET_FORMS PERCPU_PORT_END                     \
			: [o] "=r"(_percpu_o)                                                      \
			: [at] PERCPU__AT_CONSTRAINT(&(lv)));                                      \
		_percpu_o;                                                                         \
	})
#endif

#endif

#if PERCPU__RESTARTS

/* An update is a load, the computation and a store. */
#define PERCPU__COMPUTED(width, lv, op, constraint, v_)                                            \
	PERCPU__ASM(PERCPU__TEXT(PERCPU__DO_COMPUTE, width, op), _percpu_out, "memory",            \
		    PERCPU__OPERAND_AT(lv), [v] constraint(PERCPU_PORT_BITS(lv, v_)))
#define PERCPU__SWAPPED(width, lv, v_)                                                             \
	PERCPU__ASM(PERCPU__TEXT(PERCPU__DO_SWAP, width), _percpu_out, "memory",                   \
		    PERCPU__OPERAND_AT(lv), [v] PERCPU_PORT_ZERO(v_))
#define PERCPU__COMPARED(width, lv, e_, v_)                                                        \
	PERCPU__ASM(PERCPU__TEXT(PERCPU__DO_COMPARE, width), _percpu_out, PERCPU__FLAGS,           \
		    PERCPU__OPERAND_AT(lv), [e] PERCPU_PORT_COMPARED(PERCPU_PORT_BITS(lv, e_)),    \
		    [v] PERCPU_PORT_ZERO(v_))
#define PERCPU__FLAGS "memory", "cc"

#elif defined PERCPU_PORT_ATOMICS
#include <percpu/atomics.h>
#elif defined PERCPU_PORT_EXCLUSIVES
#include <percpu/exclusives.h>
#endif

#ifdef PERCPU__COMPUTED
#define PERCPU__ADDED(width, lv, op, v) PERCPU__COMPUTED(width, lv, op, PERCPU_PORT_ADDED, v)
#define PERCPU__COMBINED(width, lv, op, v) PERCPU__COMPUTED(width, lv, op, PERCPU__LOGIC width, v)
#define PERCPU__SUBTRACTED(width, lv, op, v) PERCPU__COMPUTED(width, lv, op, "r", v)
#define percpu_arch_add_return(lv, v) PERCPU__BY_WIDTH(PERCPU__ADDED, lv, PERCPU_PORT_ADD, v)
#define percpu_arch_and(lv, v) PERCPU__BY_WIDTH(PERCPU__COMBINED, lv, PERCPU_PORT_AND, v)
#define percpu_arch_or(lv, v) PERCPU__BY_WIDTH(PERCPU__COMBINED, lv, PERCPU_PORT_OR, v)
#define percpu_arch_xor(lv, v) PERCPU__BY_WIDTH(PERCPU__COMBINED, lv, PERCPU_PORT_XOR, v)
#ifdef PERCPU_PORT_SUB
#define percpu_arch_sub(lv, v) PERCPU__BY_WIDTH(PERCPU__ADDED, lv, PERCPU_PORT_SUB, v)
#else
#define percpu_arch_sub(lv, v)                                                                     \
	(__builtin_constant_p(v)                                                                   \
		 ? percpu_arch_add_return(lv, PERCPU__BITS(lv, -(v)))                              \
		 : PERCPU__BY_WIDTH(PERCPU__SUBTRACTED, lv, PERCPU_PORT_SUB_REGISTER, v))
#endif
#define percpu_arch_xchg(lv, v) PERCPU__BY_WIDTH(PERCPU__SWAPPED, lv, v)
#define percpu_arch_cmpxchg(lv, e, v) PERCPU__BY_WIDTH(PERCPU__COMPARED, lv, e, v)
#endif

#endif
