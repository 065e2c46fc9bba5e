/* SPDX-License-Identifier: MIT */
/*
 * What is RISC-V's whatever the width of its registers: the configuration, the register, the
 * interrupt switch, and how an operand is looked at. Included first by the port's percpu_arch.h, in
 * front of its table for loadstore.h; the first part for assembly too.
 */
#ifndef PERCPU_RISCV_H
#define PERCPU_RISCV_H

#define PERCPU_ARCH_CONFIG PERCPU__RV_CONFIG(PERCPU_RISCV_REG, PERCPU_RISCV_LEVEL)
#define PERCPU__RV_CONFIG(reg, level) PERCPU__RV_CONFIG_(reg, level)
#define PERCPU__RV_CONFIG_(reg, level) reg##_##level
#define PERCPU_REGISTER PERCPU_RISCV_REG
#define PERCPU__REG_gp 1
#define PERCPU__REG_tp 2
#define PERCPU_IS_GP (PERCPU__GLUE(PERCPU__REG_, PERCPU_RISCV_REG) == 1)
#define PERCPU_IS_TP (PERCPU__GLUE(PERCPU__REG_, PERCPU_RISCV_REG) == 2)
#ifndef PERCPU_RISCV_REG
#error "libpercpu: PERCPU_RISCV_REG is gp or tp, and the configuration lacks it"
#elif !PERCPU_IS_GP && !PERCPU_IS_TP
#error "libpercpu: PERCPU_RISCV_REG is gp or tp"
#endif
#define PERCPU__LEVEL_s 1
#define PERCPU__LEVEL_m 2
#define PERCPU_IS_S (PERCPU__GLUE(PERCPU__LEVEL_, PERCPU_RISCV_LEVEL) == 1)
#define PERCPU_IS_M (PERCPU__GLUE(PERCPU__LEVEL_, PERCPU_RISCV_LEVEL) == 2)
#ifndef PERCPU_RISCV_LEVEL
#error "libpercpu: PERCPU_RISCV_LEVEL is s or m, and the configuration lacks it"
#elif !PERCPU_IS_S && !PERCPU_IS_M
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

#define PERCPU__RV_REG PERCPU__STRING(PERCPU_RISCV_REG)

/* clang-format off */
#define PERCPU_PORT_GET_REGISTER "mv %0, " PERCPU__RV_REG
#define PERCPU_PORT_SET_REGISTER "mv " PERCPU__RV_REG ", %0"
/* Zihintpause: a FENCE that orders nothing, to a processor that does not know it. */
#define PERCPU_PORT_PAUSE        ".4byte 0x0100000f"
/* The other level's does nothing, or traps. */
#if PERCPU_IS_M
#define PERCPU_PORT_IRQ_SAVE     "csrrci %0, mstatus, 8"
#define PERCPU_PORT_IRQ_RESTORE  "csrs mstatus, %0"
#define PERCPU_PORT_IRQ_FLAGS    8 /* MIE */
#define PERCPU_PORT_HARDWARE_ID  "csrr %0, mhartid"
#else
#define PERCPU_PORT_IRQ_SAVE     "csrrci %0, sstatus, 2"
#define PERCPU_PORT_IRQ_RESTORE  "csrs sstatus, %0"
#define PERCPU_PORT_IRQ_FLAGS    2 /* SIE */
#endif

/*
 * In .option norelax: GNU ld's relaxation would turn a near access into one relative to register
 * zero, without a word, when the link address is below 2 KiB. %i prints an i for a constant.
 */
#define PERCPU_PORT_BEGIN        ".option push\n\t.option norelax\n\t"
#define PERCPU_PORT_END          ".option pop"
#define PERCPU_PORT_CONSTANT     "i"
#define PERCPU_PORT_IF_RUN_TIME  ".ifnc %i[at],i\n\t"

/*
 * A near access is one I-type instruction with the immediate %lo(symbol), or where that is refused,
 * filled in by R_RISCV_ADD16: that adds a symbol's value to 16 bits of the section, which linkers
 * compute in every kind of link (RISC-V ELF psABI, "Relocations"). Here these are the upper half of
 * the instruction, of which 12 bits, from bit 4 on, are the immediate. 16 times the value, modulo
 * 2^16, has its low 12 bits there, and 0 below. The instruction must not be a compressed one. A
 * store has its immediate in two pieces, which that cannot fill. By .set LLVM 16 takes note of the
 * symbol: named by .reloc only, an undefined one would be 0, without a word.
 */
#define PERCPU__RV_FILLED(text, symbol) \
	".option push\n\t.option norvc\n2:\t" text ".option pop\n\t" \
	".set .Lpercpu_filled, " symbol "\n\t" \
	".rept 16\n\t.reloc 2b+2, R_RISCV_ADD16, " symbol "\n\t.endr\n\t"
/*
 * For the library, once: percpu.ld learns that gp is the per-CPU register, and what
 * __global_pointer$ is as long as nobody else defines it, near nothing. Weak: any other definition
 * takes its place, wherever in the script it is, but not a PROVIDE.
 */
#if PERCPU_IS_IMAGE && PERCPU_IS_GP
#define PERCPU_ARCH_LIBRARY_ASM \
	".globl libpercpu__register_gp\n" \
	".set libpercpu__register_gp, 0x7ffffffffffff000\n" \
	".weak __global_pointer$\n" \
	".set __global_pointer$, 0x7ffffffffffff000"
#endif
/* clang-format on */

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
#else
static inline uintptr_t percpu_arch_irq_save(void);
static inline void percpu_arch_irq_restore(uintptr_t flags);

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

#endif

#endif
