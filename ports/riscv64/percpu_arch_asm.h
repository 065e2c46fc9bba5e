/* SPDX-License-Identifier: MIT */
/* For assembly: see percpu/asm.h. \temporary is not needed. */
#define PERCPU__ASM_FILLED (PERCPU_IS_SMP && PERCPU_IS_IMAGE && PERCPU_RISCV_PIE)
#if PERCPU_IS_SP
#define PERCPU__ASM_LOW %pcrel_lo(771b)
#elif PERCPU__ASM_FILLED
#define PERCPU__ASM_LOW 0
#else
#define PERCPU__ASM_LOW %lo(__percpu_near.\name)
#endif
#if PERCPU_IS_SMP && PERCPU_IS_IMAGE
#define PERCPU__ASM_BASE(base) PERCPU_REGISTER
#else
#define PERCPU__ASM_BASE(base) base
#endif

/* INSN, at 772, reaches the variable from \base or the register: see percpu/riscv.h. */
.macro percpu__access name, base, insn:vararg
	.option	push
	.option	norelax
#if PERCPU_IS_SP
771:	auipc	\base, %pcrel_hi(__percpu_near.\name)
#elif PERCPU_IS_ZERO
	lui	\base, %hi(__percpu_near.\name)
	add	\base, \base, PERCPU_REGISTER
#elif PERCPU__ASM_FILLED
	.option	norvc
#endif
772:	\insn
	.option	pop
#if PERCPU__ASM_FILLED
	.set	.Lpercpu_filled, __percpu_near.\name
	.rept	16
	.reloc	772b+2, R_RISCV_ADD16, __percpu_near.\name
	.endr
#endif
.endm

.macro percpu_load reg, name, temporary
	percpu__access \name, \reg, ld \reg, PERCPU__ASM_LOW(PERCPU__ASM_BASE(\reg))
.endm

.macro percpu_address reg, name, temporary
	percpu__access \name, \reg, addi \reg, PERCPU__ASM_BASE(\reg), PERCPU__ASM_LOW
.endm

.macro percpu_store reg, name, base, temporary
#if PERCPU__ASM_FILLED
	.ifb \base
	.error	"libpercpu: where PERCPU_RISCV_PIE is 1 percpu_store needs a register for the address"
	.endif
	percpu_address \base, \name
	sd	\reg, 0(\base)
#else
	percpu__access \name, \base, sd \reg, PERCPU__ASM_LOW(PERCPU__ASM_BASE(\base))
#endif
.endm
