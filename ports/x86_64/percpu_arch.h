/* SPDX-License-Identifier: MIT */
/*
 * The x86_64 port. The contract stands in include/percpu/port.h.
 *
 * GS_BASE holds area - template, so a variable's link address with a %gs: prefix is this CPU's
 * copy, near or far, in every code model. One instruction reads, modifies and writes it; an
 * interrupt comes before or after an instruction, never inside (Intel SDM volume 3, "Interrupt and
 * Exception Handling"). No LOCK: no other CPU takes part.
 *
 * The asm prints %%gs: itself and takes the plain lvalue as a memory operand: Clang drops the
 * prefix of a __seg_gs lvalue in an asm operand, and GCC splits a volatile __seg_gs update into
 * three instructions. The operand tells the compiler which object is read or written, so no
 * "memory" clobber is needed. Nothing here pushes, so a red zone is safe.
 *
 * A constant address is RIP-relative: a byte shorter than absolute, right in any code, and on some
 * processors several times as fast in a row (docs/bench.md). With PERCPU_VMA zero the link address
 * is the offset, GS_BASE holds the area's address, and the modifier P has GCC print it as absolute.
 * Clang 16 prints RIP-relative all the same, which reaches within 2 GiB.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#define PERCPU_ARCH_CONFIG gs
/* clang-format off */
#define PERCPU_REGISTER %gs
/* clang-format on */

#ifndef __ASSEMBLER__

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/*
 * Around every asm with operands, which are in AT&T's order: with -masm=intel a read would be a
 * write. Of {one|other} the compiler takes what is for its dialect.
 */
#define PERCPU__X86_ATT(text)                                                                      \
	"{" text "|.error \"libpercpu: percpu.h is for the AT&T dialect: leave out -masm=intel\"}"

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

#if PERCPU_IS_SMP
#if PERCPU_IS_ZERO
#define PERCPU__X86_VAR(operand) "%%gs:%P" operand
#else
#define PERCPU__X86_VAR(operand) "%%gs:%" operand
#endif

/* movz: a load into part of a register would depend on what was in the rest. */
#define PERCPU__X86_LOAD(qualifier, lv)                                                            \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		uint32_t _percpu_half;                                                             \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			__asm__ qualifier(PERCPU__X86_ATT("movzbl " PERCPU__X86_VAR("1") ", %0")   \
					  : "=r"(_percpu_half)                                     \
					  : "m"(lv));                                              \
			_percpu_out = _percpu_half;                                                \
			break;                                                                     \
		case 2:                                                                            \
			__asm__ qualifier(PERCPU__X86_ATT("movzwl " PERCPU__X86_VAR("1") ", %0")   \
					  : "=r"(_percpu_half)                                     \
					  : "m"(lv));                                              \
			_percpu_out = _percpu_half;                                                \
			break;                                                                     \
		case 4:                                                                            \
			__asm__ qualifier(PERCPU__X86_ATT("movl " PERCPU__X86_VAR("1") ", %0")     \
					  : "=r"(_percpu_half)                                     \
					  : "m"(lv));                                              \
			_percpu_out = _percpu_half;                                                \
			break;                                                                     \
		case 8:                                                                            \
			__asm__ qualifier(PERCPU__X86_ATT("movq " PERCPU__X86_VAR("1") ", %0")     \
					  : "=r"(_percpu_out)                                      \
					  : "m"(lv));                                              \
			break;                                                                     \
		default:                                                                           \
			break;                                                                     \
		}                                                                                  \
		_percpu_out;                                                                       \
	})
#define percpu_arch_load(lv) PERCPU__X86_LOAD(volatile, lv)
/* Neither asm nor operand is volatile: may be merged with others, moved and left out. */
#define percpu_arch_load_stable(lv)                                                                \
	PERCPU__X86_LOAD(, *(const PERCPU__VALUE(lv) *)(uintptr_t) & (lv))
#define percpu_arch_store(lv, v) PERCPU__X86_TO("mov", "=m", lv, v)
#else
#define PERCPU__X86_VAR(operand) "%" operand
#endif

/* INSN value, variable: OUT says how the variable is used, "=m" written or "+m" updated. */
#define PERCPU__X86_TO(insn, out, lv, v)                                                           \
	__extension__({                                                                            \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "b %b1, " PERCPU__X86_VAR("0"))      \
					 : out(lv)                                                 \
					 : "qi"((uint8_t)(v))                                      \
					 : "cc");                                                  \
			break;                                                                     \
		case 2:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "w %w1, " PERCPU__X86_VAR("0"))      \
					 : out(lv)                                                 \
					 : "ri"((uint16_t)(v))                                     \
					 : "cc");                                                  \
			break;                                                                     \
		case 4:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "l %k1, " PERCPU__X86_VAR("0"))      \
					 : out(lv)                                                 \
					 : "ri"((uint32_t)(v))                                     \
					 : "cc");                                                  \
			break;                                                                     \
		case 8:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "q %q1, " PERCPU__X86_VAR("0"))      \
					 : out(lv)                                                 \
					 : "re"((uint64_t)(v))                                     \
					 : "cc");                                                  \
			break;                                                                     \
		default:                                                                           \
			break;                                                                     \
		}                                                                                  \
		(void)0;                                                                           \
	})

#define percpu_arch_add(lv, v) PERCPU__X86_TO("add", "+m", lv, v)
#define percpu_arch_sub(lv, v) PERCPU__X86_TO("sub", "+m", lv, v)
#define percpu_arch_and(lv, v) PERCPU__X86_TO("and", "+m", lv, v)
#define percpu_arch_or(lv, v) PERCPU__X86_TO("or", "+m", lv, v)
#define percpu_arch_xor(lv, v) PERCPU__X86_TO("xor", "+m", lv, v)

/* INSN exchanges a register and the variable: xadd, xchg. "+q": every register has a low byte. */
#define PERCPU__X86_EXCHANGE(insn, lv, v)                                                          \
	__extension__({                                                                            \
		uint64_t _percpu_inout = (v);                                                      \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "b %b0, " PERCPU__X86_VAR("1"))      \
					 : "+q"(_percpu_inout), "+m"(lv)                           \
					 :                                                         \
					 : "cc");                                                  \
			break;                                                                     \
		case 2:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "w %w0, " PERCPU__X86_VAR("1"))      \
					 : "+r"(_percpu_inout), "+m"(lv)                           \
					 :                                                         \
					 : "cc");                                                  \
			break;                                                                     \
		case 4:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "l %k0, " PERCPU__X86_VAR("1"))      \
					 : "+r"(_percpu_inout), "+m"(lv)                           \
					 :                                                         \
					 : "cc");                                                  \
			break;                                                                     \
		case 8:                                                                            \
			__asm__ volatile(PERCPU__X86_ATT(insn "q %q0, " PERCPU__X86_VAR("1"))      \
					 : "+r"(_percpu_inout), "+m"(lv)                           \
					 :                                                         \
					 : "cc");                                                  \
			break;                                                                     \
		default:                                                                           \
			break;                                                                     \
		}                                                                                  \
		_percpu_inout;                                                                     \
	})

#define percpu_arch_add_return(lv, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_by = (v);                                                         \
		PERCPU__X86_EXCHANGE("xadd", lv, _percpu_by) + _percpu_by;                         \
	})
#define percpu_arch_xchg(lv, v) PERCPU__X86_EXCHANGE("xchg", lv, v)

/* CMPXCHG compares with the accumulator and leaves there what it found. */
#define PERCPU__X86_CMPXCHG(insn, size, lv, e, v)                                                  \
	__asm__ volatile(PERCPU__X86_ATT(insn " %" size "[new_], " PERCPU__X86_VAR("[var]"))       \
			 : "+a"(e), [var] "+m"(lv)                                                 \
			 : [new_] "q"(v)                                                           \
			 : "cc")
#define percpu_arch_cmpxchg(lv, e, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_seen = (e), _percpu_new = (v);                                    \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			PERCPU__X86_CMPXCHG("cmpxchgb", "b", lv, _percpu_seen, _percpu_new);       \
			break;                                                                     \
		case 2:                                                                            \
			PERCPU__X86_CMPXCHG("cmpxchgw", "w", lv, _percpu_seen, _percpu_new);       \
			break;                                                                     \
		case 4:                                                                            \
			PERCPU__X86_CMPXCHG("cmpxchgl", "k", lv, _percpu_seen, _percpu_new);       \
			break;                                                                     \
		case 8:                                                                            \
			PERCPU__X86_CMPXCHG("cmpxchgq", "q", lv, _percpu_seen, _percpu_new);       \
			break;                                                                     \
		default:                                                                           \
			break;                                                                     \
		}                                                                                  \
		_percpu_seen;                                                                      \
	})

/* The operand tells the compiler what is written; rdx:rax and rcx:rbx are the instruction's own. */
#define percpu_arch_cmpxchg128(lv, e, v)                                                           \
	__extension__({                                                                            \
		percpu_u128 _percpu_found = (e), _percpu_store = (v);                              \
		uint64_t _percpu_low = (uint64_t)_percpu_found;                                    \
		uint64_t _percpu_high = (uint64_t)(_percpu_found >> 64);                           \
		__asm__ volatile(PERCPU__X86_ATT("cmpxchg16b " PERCPU__X86_VAR("2"))               \
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
			PERCPU__X86_ATT("leaq %P1, %0\n\taddq " PERCPU__X86_VAR("2") ", %0")       \
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

#else

/* clang-format off */
/* For assembly: see percpu/asm.h. No register but \reg is needed. */
#if PERCPU_IS_SP
#define PERCPU__ASM_VARIABLE __percpu_near.\name(%rip)
#elif PERCPU_IS_ZERO
#define PERCPU__ASM_VARIABLE %gs:__percpu_near.\name
#else
#define PERCPU__ASM_VARIABLE %gs:__percpu_near.\name(%rip)
#endif

.macro percpu_load reg, name, temporary
	movq	PERCPU__ASM_VARIABLE, \reg
.endm

.macro percpu_store reg, name, base, temporary
	movq	\reg, PERCPU__ASM_VARIABLE
.endm

.macro percpu_address reg, name, temporary
#if PERCPU_IS_SP
	leaq	PERCPU__ASM_VARIABLE, \reg
#elif PERCPU_IS_ZERO
	movq	$__percpu_near.\name, \reg
	addq	%gs:__percpu_near.percpu_delta, \reg
#else
	leaq	__percpu_near.\name(%rip), \reg
	addq	%gs:__percpu_near.percpu_delta(%rip), \reg
#endif
.endm
/* clang-format on */

#endif

#endif
