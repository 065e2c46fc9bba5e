/* SPDX-License-Identifier: MIT */
/*
 * The x86_64 port in a Linux program: its operations as they are; the functions that only a kernel
 * may use, which read and write GS_BASE, look at CR4 and turn interrupts off, are replaced.
 */
#ifndef PERCPU_ARCH_OF_PROGRAM_H
#define PERCPU_ARCH_OF_PROGRAM_H

#define percpu_arch_get_register percpu_arch_get_register_of_kernel
#define percpu_arch_set_register percpu_arch_set_register_of_kernel
#define percpu_arch_irq_save percpu_arch_irq_save_of_kernel
#define percpu_arch_irq_restore percpu_arch_irq_restore_of_kernel
#include <ports/x86_64/percpu_arch.h>
#undef percpu_arch_get_register
#undef percpu_arch_set_register
#undef percpu_arch_irq_save
#undef percpu_arch_irq_restore
#undef percpu_arch_register_holds

/* host.c: by arch_prctl, each thread for itself. */
uintptr_t percpu_arch_get_register(void);
void percpu_arch_set_register(uintptr_t value);

/* Nothing here is timed that does it. */
static inline uintptr_t percpu_arch_irq_save(void)
{
	return 0;
}

static inline void percpu_arch_irq_restore(uintptr_t flags)
{
	(void)flags;
}

#endif
