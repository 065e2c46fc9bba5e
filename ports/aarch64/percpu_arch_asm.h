/* SPDX-License-Identifier: MIT */
/* For assembly: see percpu/asm.h. Only PERCPU_VMA zero needs \temporary. */

#if PERCPU_IS_ZERO
#define PERCPU__ASM_OFFSET \temporary
#else
#define PERCPU__ASM_OFFSET :lo12:__percpu_near.\name
#endif

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
