/* SPDX-License-Identifier: MIT */
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
