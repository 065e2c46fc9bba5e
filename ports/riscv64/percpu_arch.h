/* SPDX-License-Identifier: MIT */
/*
 * The riscv64 port. The contract stands in include/percpu/port.h.
 *
 * gp holds the area's address. The template is page-aligned, so the low 12 bits of a near
 * variable's link address are its offset in the area, and %lo, which is signed, reaches the first
 * 2 KiB:
 *
 *	ld	v, %lo(variable)(gp)
 *
 * A far variable is reached by delta, area - template, which every area holds:
 *
 *	ld	t, %lo(delta)(gp)
 *   1:	auipc	v, %pcrel_hi(variable)
 *	add	t, t, v
 *	ld	v, %pcrel_lo(1b)(t)
 *
 * An address computed at run time is in a register, as an address in the template:
 *
 *	ld	t, %lo(delta)(gp)
 *	add	t, t, address
 *	ld	v, 0(t)
 *
 * Where PERCPU_RISCV_PIE is 1 no near variable is reached by %lo, which lld 18 and later refuse
 * in a static PIE. A load, and the forming of an address, get their immediate by another relocation
 * (PERCPU__RV_FILLED), and are one instruction as before. A store has its immediate in two pieces,
 * which that cannot fill, so whatever stores is one instruction longer:
 *
 *	addi	t, gp, variable
 *	sd	v, 0(t)
 *
 * With PERCPU_VMA zero the link address is the offset, near and far alike, and delta is not needed:
 *
 *	lui	t, %hi(variable)
 *	add	t, t, gp
 *	ld	v, %lo(variable)(t)
 *
 * All of it is in .option norelax: GNU ld's relaxation would turn the first form into an access
 * relative to register zero, without a word, when the link address is below 2 KiB.
 *
 * With PERCPU_PREEMPT restart an update is a load, the computation and a store, and whatever takes
 * more than one instruction is a restartable sequence (docs/restart.md):
 *
 *	ld	v, %lo(variable)(gp)
 *	addi	v, v, 1
 *	sd	v, %lo(variable)(gp)
 *
 * Otherwise read-modify-write of 4 and 8 bytes is one AMO. For 1 and 2 bytes, and for cmpxchg,
 * interrupts are turned off: an LR/SC loop would not do, for a store of the same hart between LR
 * and SC, that is, of an interrupt handler, need not make the SC fail (RISC-V unprivileged
 * specification, "Load-Reserved/Store-Conditional Instructions"). The switch is that of the level
 * that the kernel runs at, PERCPU_RISCV_LEVEL: sstatus.SIE or mstatus.MIE. That of the other level
 * does nothing, or traps.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#define PERCPU_ARCH_CONFIG PERCPU__RV_CONFIG(PERCPU_RISCV_REG, PERCPU_RISCV_LEVEL)
#define PERCPU__RV_CONFIG(reg, level) PERCPU__RV_CONFIG_(reg, level)
#define PERCPU__RV_CONFIG_(reg, level) reg##_##level
#define PERCPU_REGISTER PERCPU_RISCV_REG
#define PERCPU__REG_gp 1
#define PERCPU__REG_tp 2
#define PERCPU_IS_GP (PERCPU__GLUE(PERCPU__REG_, PERCPU_RISCV_REG) == 1)
#define PERCPU_IS_TP (PERCPU__GLUE(PERCPU__REG_, PERCPU_RISCV_REG) == 2)
#if !PERCPU_IS_GP && !PERCPU_IS_TP
#error "libpercpu: PERCPU_RISCV_REG is gp or tp"
#endif
#define PERCPU__LEVEL_s 1
#define PERCPU__LEVEL_m 2
#define PERCPU_IS_S (PERCPU__GLUE(PERCPU__LEVEL_, PERCPU_RISCV_LEVEL) == 1)
#define PERCPU_IS_M (PERCPU__GLUE(PERCPU__LEVEL_, PERCPU_RISCV_LEVEL) == 2)
#if !PERCPU_IS_S && !PERCPU_IS_M
#error "libpercpu: PERCPU_RISCV_LEVEL is s or m"
#endif

/*
 * Whether this file's code is for a static PIE by lld 18 or later. No compiler knows how its
 * objects will be linked, so this is what is most often right; -DPERCPU_RISCV_PIE=0 or 1 says it
 * otherwise. Objects of both kinds go together.
 */
#ifndef PERCPU_RISCV_PIE
#if defined __PIC__ && defined __clang__
#define PERCPU_RISCV_PIE (__clang_major__ >= 18)
#else
#define PERCPU_RISCV_PIE 0
#endif
#endif
#if PERCPU_RISCV_PIE != 0 && PERCPU_RISCV_PIE != 1
#error "libpercpu: PERCPU_RISCV_PIE is 0 or 1"
#endif

#ifndef __ASSEMBLER__

/* Before Clang 17 the shadow call stack was s2. */
#if PERCPU_IS_SMP && PERCPU_IS_GP && defined __clang__
#if __has_feature(shadow_call_stack) && __clang_major__ >= 17
#error "libpercpu: -fsanitize=shadow-call-stack takes gp: configure PERCPU_RISCV_REG=tp"
#endif
#endif

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU_ARCH_SEQUENCES PERCPU__RESTARTS

#define PERCPU__RV_REG PERCPU__STRING(PERCPU_RISCV_REG)

#define PERCPU_READ_IS_ONE_INSTRUCTION (PERCPU_IS_IMAGE && !PERCPU_RISCV_PIE)

#define PERCPU_ARCH_REGISTER(area, template_) ((uintptr_t)(area))
#define PERCPU_ARCH_AREA(value, template_) (value)

static inline uintptr_t percpu_arch_get_register(void)
{
	uintptr_t value;

	__asm__ volatile("mv %0, " PERCPU__RV_REG : "=r"(value));
	return value;
}

/* "memory": what was stored for this CPU before must not sink below. */
static inline void percpu_arch_set_register(uintptr_t value)
{
	__asm__ volatile("mv " PERCPU__RV_REG ", %0" : : "r"(value) : "memory");
}

/*
 * For the library, once: percpu.ld learns that gp is the per-CPU register, and gets a reference to
 * __global_pointer$ to provide for, which is how it finds out that someone else defines it. Weak:
 * without percpu.ld something else is to be said first (lib/image/script.c).
 */
#if PERCPU_IS_IMAGE
#define PERCPU_ARCH_LIBRARY_ASM                                                                    \
	".globl libpercpu__register_" PERCPU__RV_REG "\n"                                          \
	".set libpercpu__register_" PERCPU__RV_REG ", 0\n"                                         \
	".weak __global_pointer$\n"                                                                \
	".pushsection .rodata.libpercpu_global_pointer, \"a\"\n"                                   \
	".dword __global_pointer$\n"                                                               \
	".popsection"
#endif

/* sstatus.SIE, mstatus.MIE. */
#define PERCPU__RV_STATUS PERCPU__STRING(PERCPU__GLUE(PERCPU_RISCV_LEVEL, status))
#define PERCPU__RV_STATUS_IE (PERCPU_IS_M ? 8 : 2)

static inline uintptr_t percpu_arch_irq_save(void)
{
	uintptr_t status;

	__asm__ volatile("csrrci %0, " PERCPU__RV_STATUS ", %1"
			 : "=r"(status)
			 : "i"(PERCPU__RV_STATUS_IE)
			 : "memory");
	return status;
}

static inline void percpu_arch_irq_restore(uintptr_t status)
{
	__asm__ volatile("csrs " PERCPU__RV_STATUS ", %0"
			 :
			 : "r"(status & PERCPU__RV_STATUS_IE)
			 : "memory");
}

#define percpu_arch_level_right percpu_arch_level_right
#if PERCPU_IS_M
/* S-mode has no mstatus: this is where the wrong library traps. Volatile: to trap is its purpose.
 */
static inline bool percpu_arch_level_right(void)
{
	uintptr_t mstatus;

	__asm__ volatile("csrr %0, mstatus" : "=r"(mstatus));
	return true;
}

/* Volatile: it is another one for a thread that has moved. */
static inline uintptr_t percpu_arch_hardware_id(void)
{
	uintptr_t hart;

	__asm__ volatile("csrr %0, mhartid" : "=r"(hart));
	return hart;
}
#define percpu_arch_hardware_id percpu_arch_hardware_id
#else
#define PERCPU__SIE_ALL 0x222 /* software, timer and external interrupts */

/*
 * No register tells M-mode from S-mode. But an interrupt that is not delegated to S-mode has a bit
 * in sie that stays 0 (RISC-V privileged specification, "Supervisor Interrupt Registers"). Whoever
 * starts an S-mode kernel has delegated some; if there is none, nobody has, and this is M-mode, or
 * else sstatus.SIE has nothing to switch. Interrupts are off while the bits are set. Volatile: each
 * of the three depends on the one before.
 */
static inline bool percpu_arch_level_right(void)
{
	uintptr_t flags = percpu_arch_irq_save(), before, now;

	__asm__ volatile("csrrs %0, sie, %2\n\tcsrr %1, sie\n\tcsrw sie, %0"
			 : "=&r"(before), "=&r"(now)
			 : "r"(PERCPU__SIE_ALL));
	percpu_arch_irq_restore(flags);
	return (now & PERCPU__SIE_ALL) != 0;
}
#endif

#if PERCPU_IS_SMP

/*
 * A near access is one I-type instruction with this immediate. Where %lo is refused, R_RISCV_ADD16
 * fills it in: that adds a symbol's value to 16 bits of the section, which linkers compute in every
 * kind of link (RISC-V ELF psABI, "Relocations"). Here these are the upper half of the instruction,
 * of which 12 bits, from bit 4 on, are the immediate. 16 times the value, modulo 2^16, has its low
 * 12 bits there, and 0 below. The instruction must not be a compressed one. By .set LLVM 16 takes
 * note of the symbol: named by .reloc only, an undefined one would be 0, without a word.
 */
#if PERCPU_RISCV_PIE
#define PERCPU__RV_LOW(symbol) "0"
#define PERCPU__RV_FILLED(text, symbol)                                                            \
	".option push\n\t.option norvc\n2:\t" text ".option pop\n\t" PERCPU__RV_FILL(symbol)
#define PERCPU__RV_FILL(symbol)                                                                    \
	".set .Lpercpu_filled, " symbol "\n\t"                                                     \
	".rept 16\n\t.reloc 2b+2, R_RISCV_ADD16, " symbol "\n\t.endr\n\t"
#define PERCPU__RV_NEAR(body, ...)                                                                 \
	PERCPU__RV_FILLED("addi %[t], " PERCPU__RV_REG ", 0\n\t", "%[at]")                         \
	body("0", "%[t]", __VA_ARGS__)
#define PERCPU__RV_STORE_END PERCPU__SEQUENCE_END
#else
#define PERCPU__RV_LOW(symbol) "%%lo(" symbol ")"
#define PERCPU__RV_FILLED(text, symbol) text
#define PERCPU__RV_NEAR(body, ...) body(PERCPU__RV_LOW("%[at]"), PERCPU__RV_REG, __VA_ARGS__)
#define PERCPU__RV_STORE_END ""
#endif
/* BODY is one I-type instruction. */
#define PERCPU__RV_NEAR_ONE(body, ...)                                                             \
	PERCPU__RV_FILLED(body(PERCPU__RV_LOW("%[at]"), PERCPU__RV_REG, __VA_ARGS__), "%[at]")

/*
 * The forms of one access. AT is a constant address where the compiler knows one, else a register;
 * the modifier %i prints an "i" for the former. NEAR is all of the form for a near variable; in the
 * others BODY(low, base, ...) is what is done to low(base), and END closes a sequence.
 */
#if PERCPU_IS_ZERO
#define PERCPU__RV_FORMS(near, end, body, ...)                                                     \
	".ifnc %i[at],i\n\t"                                                                       \
	"add %[t], %[at], " PERCPU__RV_REG                                                         \
	"\n\t" body("0", "%[t]", __VA_ARGS__) ".else\n\t"                                          \
					      "lui %[t], %%hi(%[at])\n\t"                          \
					      "add %[t], %[t], " PERCPU__RV_REG                    \
					      "\n\t" body("%%lo(%[at])", "%[t]",                   \
							  __VA_ARGS__) ".endif\n\t" end
#define percpu_arch_offset(lv)                                                                     \
	__extension__({                                                                            \
		size_t _percpu_o;                                                                  \
		__asm__(".option push\n\t.option norelax\n\t"                                      \
			".ifnc %i[at],i\n\tmv %[o], %[at]\n\t"                                     \
			".else\n\tlui %[o], %%hi(%[at])\n\taddi %[o], %[o], %%lo(%[at])\n\t"       \
			".endif\n\t.option pop"                                                    \
			: [o] "=r"(_percpu_o)                                                      \
			: [at] "ir"(&(lv)));                                                       \
		_percpu_o;                                                                         \
	})
#else
#define PERCPU__RV_FORMS(near, end, body, ...)                                                     \
	".ifnc %i[at],i\n\t" PERCPU__RV_DELTA                                                      \
	"add %[t], %[t], %[at]\n\t" body("0", "%[t]", __VA_ARGS__) end                             \
		".elseif %[far]\n\t" PERCPU__RV_DELTA "1:\tauipc %[out], %%pcrel_hi(%[at])\n\t"    \
		"add %[t], %[t], %[out]\n\t" body("%%pcrel_lo(1b)", "%[t]", __VA_ARGS__) end       \
		".else\n\t" near ".endif\n\t"
#define PERCPU__RV_DELTA PERCPU__RV_LOAD_DELTA("%[t]", "__percpu_near.percpu_delta")
#define PERCPU__RV_DELTA_OUT PERCPU__RV_LOAD_DELTA("%[out]", "__percpu_near.percpu_delta")
#define PERCPU__RV_LOAD_DELTA(to, delta)                                                           \
	PERCPU__RV_FILLED("ld " to ", " PERCPU__RV_LOW(delta) "(" PERCPU__RV_REG ")\n\t", delta)
#endif

#define PERCPU__RV_NORELAX(text) ".option push\n\t.option norelax\n\t" text ".option pop"
/* Accesses: a load, a store, and what is more than one instruction anyway; an address only. */
#define PERCPU__RV_ONE(...)                                                                        \
	PERCPU__RV_NORELAX(PERCPU__SEQUENCE_BEGIN PERCPU__RV_FORMS(                                \
		PERCPU__RV_NEAR_ONE(__VA_ARGS__), PERCPU__SEQUENCE_END, __VA_ARGS__))
#define PERCPU__RV_ONE_STORE(...)                                                                  \
	PERCPU__RV_NORELAX(PERCPU__SEQUENCE_BEGIN PERCPU__RV_FORMS(                                \
		PERCPU__RV_NEAR(__VA_ARGS__) PERCPU__RV_STORE_END, PERCPU__SEQUENCE_END,           \
		__VA_ARGS__))
#define PERCPU__RV_MORE(...)                                                                       \
	PERCPU__RV_NORELAX(PERCPU__SEQUENCE_BEGIN PERCPU__RV_FORMS(                                \
		PERCPU__RV_NEAR(__VA_ARGS__) PERCPU__SEQUENCE_END, PERCPU__SEQUENCE_END,           \
		__VA_ARGS__))
#define PERCPU__RV_ADDRESS(...)                                                                    \
	PERCPU__RV_NORELAX(PERCPU__RV_FORMS(PERCPU__RV_NEAR_ONE(__VA_ARGS__), "", __VA_ARGS__))

#define PERCPU__RV_LOAD(low, base, load) load " %[out], " low "(" base ")\n\t"
#define PERCPU__RV_STORE(low, base, store) store " %z[v], " low "(" base ")\n\t"
#define PERCPU__RV_ADDI(low, base, addi) addi " %[out], " base ", " low "\n\t"
#define PERCPU__RV_SWAP(low, base, load, store)                                                    \
	PERCPU__RV_LOAD(low, base, load) PERCPU__RV_STORE(low, base, store)
#define PERCPU__RV_COMPARE(low, base, load, store)                                                 \
	PERCPU__RV_LOAD(low, base, load)                                                           \
	"bne %[out], %z[e], " PERCPU__SEQUENCE_EXIT "\n\t" PERCPU__RV_STORE(low, base, store)
#define PERCPU__RV_COMPUTE(low, base, load, store, op)                                             \
	PERCPU__RV_LOAD(low, base, load)                                                           \
	op " %[out], %[out], %[v]\n\t" store " %[out], " low "(" base ")\n\t"

/*
 * The outputs are early-clobber: they are written while inputs are still needed, which a sequence
 * that starts over needs again. "memory": the compiler cannot see which copy is accessed, and must
 * not move an access through a pointer to it past this.
 */
#define PERCPU__RV_OPERAND(lv) [at] "ir"(&(lv)), [far] "i"(PERCPU__IS_FAR(lv))
#define PERCPU__RV_ASM(qualifier, text, out_, clobber, ...)                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_t;                                                               \
		__asm__ qualifier(text                                                             \
				  : [out] "=&r"(out_), [t] "=&r"(_percpu_t)                        \
				  : __VA_ARGS__                                                    \
				  : clobber);                                                      \
	})

/* PART(load, store, out, LV, ...) for the width of LV, which comes first in the arguments. */
#define PERCPU__RV_BY_WIDTH(part, ...)                                                             \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		switch (PERCPU__SIZE(__VA_ARGS__, )) {                                             \
		case 1:                                                                            \
			part("lbu", "sb", _percpu_out, __VA_ARGS__);                               \
			break;                                                                     \
		case 2:                                                                            \
			part("lhu", "sh", _percpu_out, __VA_ARGS__);                               \
			break;                                                                     \
		case 4:                                                                            \
			part("lw", "sw", _percpu_out, __VA_ARGS__);                                \
			break;                                                                     \
		case 8:                                                                            \
			part("ld", "sd", _percpu_out, __VA_ARGS__);                                \
			break;                                                                     \
		default:                                                                           \
			break;                                                                     \
		}                                                                                  \
		_percpu_out;                                                                       \
	})

#define PERCPU__RV_READ(load, store, out, lv)                                                      \
	PERCPU__RV_ASM(volatile, PERCPU__RV_ONE(PERCPU__RV_LOAD, load), out, "memory",             \
		       PERCPU__RV_OPERAND(lv))
#define percpu_arch_load(lv) PERCPU__RV_BY_WIDTH(PERCPU__RV_READ, lv)

/*
 * Neither volatile nor "memory": may be merged with others, moved and left out, which compilers do
 * for an asm with one output. So the address of a far variable is in a register.
 */
#if PERCPU_IS_ZERO
#define PERCPU__RV_STABLE(load)                                                                    \
	"add %[out], %[at], " PERCPU__RV_REG "\n\t" load " %[out], "                               \
	"0(%[out])\n" PERCPU__SEQUENCE_END
#define PERCPU__RV_STABLE_AT(lv) "r"(percpu_arch_offset(lv))
#else
#define PERCPU__RV_STABLE(load)                                                                    \
	".ifnc %i[at],i\n\t" PERCPU__RV_DELTA_OUT "add %[out], %[out], %[at]\n\t" load             \
	" %[out], 0(%[out])\n" PERCPU__SEQUENCE_END                                                \
	"\t.else\n\t" PERCPU__RV_NEAR_ONE(PERCPU__RV_LOAD, load) ".endif\n\t"
#define PERCPU__RV_STABLE_AT(lv) "ir"(PERCPU__IS_FAR(lv) ? PERCPU__OPAQUE(&(lv)) : &(lv))
#endif
#define PERCPU__RV_READ_STABLE(load, store, out_, lv)                                              \
	__asm__(PERCPU__RV_NORELAX(PERCPU__SEQUENCE_BEGIN PERCPU__RV_STABLE(load))                 \
		: [out] "=&r"(out_)                                                                \
		: [at] PERCPU__RV_STABLE_AT(lv))
#define percpu_arch_load_stable(lv) PERCPU__RV_BY_WIDTH(PERCPU__RV_READ_STABLE, lv)

/* %z prints the zero register for 0. */
#define PERCPU__RV_WRITE(load, store, out, lv, v_)                                                 \
	PERCPU__RV_ASM(volatile, PERCPU__RV_ONE_STORE(PERCPU__RV_STORE, store), out, "memory",     \
		       PERCPU__RV_OPERAND(lv), [v] "rJ"(v_))
#define percpu_arch_store(lv, v) ((void)PERCPU__RV_BY_WIDTH(PERCPU__RV_WRITE, lv, v))

#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p;                                                               \
		PERCPU__RV_ASM(volatile, PERCPU__RV_ADDRESS(PERCPU__RV_ADDI, "addi"), _percpu_p,   \
			       "cc", PERCPU__RV_OPERAND(lv));                                      \
		(void *)_percpu_p;                                                                 \
	})

#endif

/* A constant of 4 bytes fits an instruction if it is sign-extended, and that is how lw loads. */
#define PERCPU__RV_BITS(lv, v) (sizeof(lv) == 4 ? (uint64_t)(int64_t)(int32_t)(v) : (v))

#if PERCPU__RESTARTS

#define PERCPU__RV_UPDATE(load, store, out, lv, op, constraint, v_)                                \
	PERCPU__RV_ASM(volatile, PERCPU__RV_MORE(PERCPU__RV_COMPUTE, load, store, op), out,        \
		       "memory", PERCPU__RV_OPERAND(lv), [v] constraint(PERCPU__RV_BITS(lv, v_)))
#define PERCPU__RV_DO(op, lv, v) PERCPU__RV_BY_WIDTH(PERCPU__RV_UPDATE, lv, op "%i[v]", "rI", v)
#define percpu_arch_add_return(lv, v) PERCPU__RV_DO("add", lv, v)
#define percpu_arch_and(lv, v) PERCPU__RV_DO("and", lv, v)
#define percpu_arch_or(lv, v) PERCPU__RV_DO("or", lv, v)
#define percpu_arch_xor(lv, v) PERCPU__RV_DO("xor", lv, v)
/* There is no subi. */
#define percpu_arch_sub(lv, v)                                                                     \
	(__builtin_constant_p(v) ? PERCPU__RV_DO("add", lv, PERCPU__BITS(lv, -(v)))                \
				 : PERCPU__RV_BY_WIDTH(PERCPU__RV_UPDATE, lv, "sub", "r", v))

#define PERCPU__RV_XCHG(load, store, out, lv, v_)                                                  \
	PERCPU__RV_ASM(volatile, PERCPU__RV_MORE(PERCPU__RV_SWAP, load, store), out, "memory",     \
		       PERCPU__RV_OPERAND(lv), [v] "rJ"(v_))
#define percpu_arch_xchg(lv, v) PERCPU__RV_BY_WIDTH(PERCPU__RV_XCHG, lv, v)

#define PERCPU__RV_CMPXCHG(load, store, out, lv, e_, v_)                                           \
	PERCPU__RV_ASM(volatile, PERCPU__RV_MORE(PERCPU__RV_COMPARE, load, store), out, "memory",  \
		       PERCPU__RV_OPERAND(lv), [e] "rJ"(PERCPU__RV_BITS(lv, e_)), [v] "rJ"(v_))
#define percpu_arch_cmpxchg(lv, e, v) PERCPU__RV_BY_WIDTH(PERCPU__RV_CMPXCHG, lv, e, v)

#else

/* The memory operand tells the compiler what is written. */
#define PERCPU__RV_AMO(insn, lv, old, v)                                                           \
	__asm__ volatile(insn " %0, %z2, %1"                                                       \
			 : "=r"(old), "+A"(*(PERCPU__VALUE(lv) *)percpu_arch_ptr(lv))              \
			 : "rJ"(v))
/* The value before. */
#define PERCPU__RV_FETCH(name, lv, v, irq_off)                                                     \
	__extension__({                                                                            \
		uint64_t _percpu_seen = 0, _percpu_in = (v);                                       \
		if (sizeof(lv) == 8)                                                               \
			PERCPU__RV_AMO("amo" name ".d", lv, _percpu_seen, _percpu_in);             \
		else if (sizeof(lv) == 4)                                                          \
			PERCPU__RV_AMO("amo" name ".w", lv, _percpu_seen, _percpu_in);             \
		else                                                                               \
			_percpu_seen = irq_off(lv, _percpu_in);                                    \
		_percpu_seen;                                                                      \
	})

#define percpu_arch_add_return(lv, v)                                                              \
	__extension__({                                                                            \
		uint64_t _percpu_by = (v);                                                         \
		PERCPU__RV_FETCH("add", lv, _percpu_by, PERCPU__IRQ_OFF_ADD) + _percpu_by;         \
	})
#define percpu_arch_and(lv, v) PERCPU__RV_FETCH("and", lv, v, PERCPU__IRQ_OFF_AND)
#define percpu_arch_or(lv, v) PERCPU__RV_FETCH("or", lv, v, PERCPU__IRQ_OFF_OR)
#define percpu_arch_xor(lv, v) PERCPU__RV_FETCH("xor", lv, v, PERCPU__IRQ_OFF_XOR)
#define percpu_arch_xchg(lv, v) PERCPU__RV_FETCH("swap", lv, v, PERCPU__IRQ_OFF_XCHG)

#endif

#else

/* clang-format off */
/* For assembly: see percpu/asm.h. \temporary is not needed. */
#if PERCPU_IS_SMP && PERCPU_IS_IMAGE && PERCPU_RISCV_PIE
/* The immediate of the instruction at 772: see PERCPU__RV_FILLED. */
.macro percpu__fill name
	.set	.Lpercpu_filled, __percpu_near.\name
	.rept	16
	.reloc	772b+2, R_RISCV_ADD16, __percpu_near.\name
	.endr
.endm

.macro percpu_load reg, name, temporary
772:	ld	\reg, 0(PERCPU_REGISTER)
	percpu__fill \name
.endm

.macro percpu_store reg, name, base, temporary
	.ifb \base
	.error	"libpercpu: where PERCPU_RISCV_PIE is 1 percpu_store needs a register for the address"
	.endif
	percpu_address \base, \name
	sd	\reg, 0(\base)
.endm

.macro percpu_address reg, name, temporary
	.option	push
	.option	norvc
772:	addi	\reg, PERCPU_REGISTER, 0
	.option	pop
	percpu__fill \name
.endm
#else
#if PERCPU_IS_SMP && PERCPU_IS_IMAGE
.macro percpu__access insn, reg, name, base
	.option	push
	.option	norelax
	\insn	\reg, %lo(__percpu_near.\name)(PERCPU_REGISTER)
	.option	pop
.endm
#else
/* \base: a register for the address, which \reg itself may be if \insn only writes it. */
.macro percpu__access insn, reg, name, base
	.option	push
	.option	norelax
#if PERCPU_IS_SP
771:	auipc	\base, %pcrel_hi(__percpu_near.\name)
	\insn	\reg, %pcrel_lo(771b)(\base)
#else
	lui	\base, %hi(__percpu_near.\name)
	add	\base, \base, PERCPU_REGISTER
	\insn	\reg, %lo(__percpu_near.\name)(\base)
#endif
	.option	pop
.endm
#endif

.macro percpu_load reg, name, temporary
	percpu__access ld, \reg, \name, \reg
.endm

.macro percpu_store reg, name, base, temporary
	percpu__access sd, \reg, \name, \base
.endm

.macro percpu_address reg, name, temporary
	.option	push
	.option	norelax
#if PERCPU_IS_SP
771:	auipc	\reg, %pcrel_hi(__percpu_near.\name)
	addi	\reg, \reg, %pcrel_lo(771b)
#elif PERCPU_IS_ZERO
	lui	\reg, %hi(__percpu_near.\name)
	add	\reg, \reg, PERCPU_REGISTER
	addi	\reg, \reg, %lo(__percpu_near.\name)
#else
	addi	\reg, PERCPU_REGISTER, %lo(__percpu_near.\name)
#endif
	.option	pop
.endm
#endif
/* clang-format on */

#endif

#endif
