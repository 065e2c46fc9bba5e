/* SPDX-License-Identifier: MIT */
/*
 * The riscv64 port. The contract stands in include/percpu/ops.h.
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
 *   1:	auipc	u, %pcrel_hi(variable)
 *	add	t, t, u
 *	ld	v, %pcrel_lo(1b)(t)
 *
 * An address computed at run time is in a register, as an address in the template:
 *
 *	ld	t, %lo(delta)(gp)
 *	add	t, t, address
 *	ld	v, 0(t)
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
 * Read-modify-write of 4 and 8 bytes is one AMO. For 1 and 2 bytes, and for cmpxchg, interrupts
 * are turned off: an LR/SC loop would not do, for a store of the same hart between LR and SC, that
 * is, of an interrupt handler, need not make the SC fail (RISC-V unprivileged specification,
 * "Load-Reserved/Store-Conditional Instructions"). sstatus.SIE: this is for S-mode kernels.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#define PERCPU_ARCH_CONFIG PERCPU_RISCV_REG

#ifndef __ASSEMBLER__

#define PERCPU__RV_REG PERCPU__STRING(PERCPU_RISCV_REG)

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
 * __global_pointer$ to provide for, which is how it finds out that someone else defines it.
 */
#if PERCPU__VMA == PERCPU__VMA_image
#define PERCPU_ARCH_LIBRARY_ASM                                                                    \
	".globl libpercpu__register_" PERCPU__RV_REG "\n"                                          \
	".set libpercpu__register_" PERCPU__RV_REG ", 0\n"                                         \
	".pushsection .rodata.libpercpu_global_pointer, \"a\"\n"                                   \
	".dword __global_pointer$\n"                                                               \
	".popsection"
#endif

#define PERCPU__SSTATUS_SIE 2

static inline uintptr_t percpu_arch_irq_save(void)
{
	uintptr_t sstatus;

	__asm__ volatile("csrrci %0, sstatus, %1"
			 : "=r"(sstatus)
			 : "i"(PERCPU__SSTATUS_SIE)
			 : "memory");
	return sstatus;
}

static inline void percpu_arch_irq_restore(uintptr_t sstatus)
{
	__asm__ volatile("csrs sstatus, %0" : : "r"(sstatus & PERCPU__SSTATUS_SIE) : "memory");
}

#if PERCPU__MODE == PERCPU__MODE_smp

/*
 * The three forms. AT is a constant address where the compiler knows one, else a register; the
 * modifier %i prints an "i" for the former. FORM(low, base) is the last instruction.
 */
#if PERCPU__VMA == PERCPU__VMA_zero
#define PERCPU__RV_SEQUENCE(form, insn)                                                            \
	".option push\n\t.option norelax\n\t"                                                      \
	".ifnc %i[at],i\n\tadd %[t], %[at], " PERCPU__RV_REG                                       \
	"\n\t" form(insn, "0",                                                                     \
		    "%[t]") ".else\n\tlui %[t], %%hi(%[at])\n\tadd %[t], %[t], " PERCPU__RV_REG    \
			    "\n\t" form(insn, "%%lo(%[at])", "%[t]") ".endif\n\t.option pop"
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
#define PERCPU__RV_SEQUENCE(form, insn)                                                            \
	".option push\n\t.option norelax\n\t"                                                      \
	".ifnc %i[at],i\n\t" PERCPU__RV_DELTA "add %[t], %[t], %[at]\n\t" form(                    \
		insn, "0",                                                                         \
		"%[t]") ".elseif %[far]\n\t" PERCPU__RV_DELTA                                      \
			"1:\tauipc %[u], %%pcrel_hi(%[at])\n\t"                                    \
			"add %[t], %[t], %[u]\n\t" form(                                           \
				insn, "%%pcrel_lo(1b)",                                            \
				"%[t]") ".else\n\t" form(insn, "%%lo(%[at])",                      \
							 PERCPU__RV_REG) ".endif\n\t.option pop"
#define PERCPU__RV_DELTA "ld %[t], %%lo(__percpu_near.percpu_delta)(" PERCPU__RV_REG ")\n\t"
#endif

#define PERCPU__RV_MEMORY(insn, low, base) insn ", " low "(" base ")\n\t"
#define PERCPU__RV_ADDI(insn, low, base) insn ", " base ", " low "\n\t"

#define PERCPU__RV_AT(lv) [at] "ir"(&(lv)), [far] "i"(PERCPU__IS_FAR(lv))

/*
 * The temporaries are early-clobber: they are written while AT is still needed. "memory": the
 * compiler cannot see which copy is read, and must not move a store through a pointer to it past
 * this.
 */
#define PERCPU__RV_LOAD(insn_value, lv, out)                                                       \
	__extension__({                                                                            \
		uintptr_t _percpu_t, _percpu_u;                                                    \
		__asm__ volatile(PERCPU__RV_SEQUENCE(PERCPU__RV_MEMORY, insn_value)                \
				 : [v] "=r"(out), [t] "=&r"(_percpu_t), [u] "=&r"(_percpu_u)       \
				 : PERCPU__RV_AT(lv)                                               \
				 : "memory");                                                      \
	})

#define percpu_arch_load(lv)                                                                       \
	__extension__({                                                                            \
		uint64_t _percpu_out = 0;                                                          \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			PERCPU__RV_LOAD("lbu %[v]", lv, _percpu_out);                              \
			break;                                                                     \
		case 2:                                                                            \
			PERCPU__RV_LOAD("lhu %[v]", lv, _percpu_out);                              \
			break;                                                                     \
		case 4:                                                                            \
			PERCPU__RV_LOAD("lwu %[v]", lv, _percpu_out);                              \
			break;                                                                     \
		case 8:                                                                            \
			PERCPU__RV_LOAD("ld %[v]", lv, _percpu_out);                               \
			break;                                                                     \
		}                                                                                  \
		_percpu_out;                                                                       \
	})

/* %z prints the zero register for 0. */
#define PERCPU__RV_STORE(insn_value, lv, v_)                                                       \
	__extension__({                                                                            \
		uintptr_t _percpu_t, _percpu_u;                                                    \
		__asm__ volatile(PERCPU__RV_SEQUENCE(PERCPU__RV_MEMORY, insn_value)                \
				 : [t] "=&r"(_percpu_t), [u] "=&r"(_percpu_u)                      \
				 : PERCPU__RV_AT(lv), [v] "rJ"(v_)                                 \
				 : "memory");                                                      \
	})

#define percpu_arch_store(lv, v)                                                                   \
	__extension__({                                                                            \
		switch (sizeof(lv)) {                                                              \
		case 1:                                                                            \
			PERCPU__RV_STORE("sb %z[v]", lv, v);                                       \
			break;                                                                     \
		case 2:                                                                            \
			PERCPU__RV_STORE("sh %z[v]", lv, v);                                       \
			break;                                                                     \
		case 4:                                                                            \
			PERCPU__RV_STORE("sw %z[v]", lv, v);                                       \
			break;                                                                     \
		case 8:                                                                            \
			PERCPU__RV_STORE("sd %z[v]", lv, v);                                       \
			break;                                                                     \
		}                                                                                  \
	})

#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p, _percpu_t, _percpu_u;                                         \
		__asm__ volatile(PERCPU__RV_SEQUENCE(PERCPU__RV_ADDI, "addi %[v]")                 \
				 : [v] "=r"(_percpu_p), [t] "=&r"(_percpu_t), [u] "=&r"(_percpu_u) \
				 : PERCPU__RV_AT(lv));                                             \
		(void *)_percpu_p;                                                                 \
	})

#endif

/* The memory operand tells the compiler what is written. */
#define PERCPU__RV_AMO(insn, lv, p, old, v)                                                        \
	__asm__ volatile(insn " %0, %z2, %1" : "=r"(old), "+A"(*(PERCPU__VALUE(lv) *)(p)) : "rJ"(v))
#define PERCPU__RV_FETCH(name, lv, v, irq_off)                                                     \
	__extension__({                                                                            \
		uint64_t _percpu_seen = 0, _percpu_in = (v);                                       \
		if (sizeof(lv) == 8)                                                               \
			PERCPU__RV_AMO("amo" name ".d", lv, percpu_arch_ptr(lv), _percpu_seen,     \
				       _percpu_in);                                                \
		else if (sizeof(lv) == 4)                                                          \
			PERCPU__RV_AMO("amo" name ".w", lv, percpu_arch_ptr(lv), _percpu_seen,     \
				       _percpu_in);                                                \
		else                                                                               \
			_percpu_seen = irq_off(lv, _percpu_in);                                    \
		_percpu_seen;                                                                      \
	})

#define percpu_arch_fetch_add(lv, v) PERCPU__RV_FETCH("add", lv, v, PERCPU__IRQ_OFF_ADD)
#define percpu_arch_fetch_and(lv, v) PERCPU__RV_FETCH("and", lv, v, PERCPU__IRQ_OFF_AND)
#define percpu_arch_fetch_or(lv, v) PERCPU__RV_FETCH("or", lv, v, PERCPU__IRQ_OFF_OR)
#define percpu_arch_fetch_xor(lv, v) PERCPU__RV_FETCH("xor", lv, v, PERCPU__IRQ_OFF_XOR)
#define percpu_arch_xchg(lv, v) PERCPU__RV_FETCH("swap", lv, v, PERCPU__IRQ_OFF_XCHG)

#endif

#endif
