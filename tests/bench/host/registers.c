/* SPDX-License-Identifier: MIT */
/* GS_BASE of a thread, which Linux gives and sets. */
#define _GNU_SOURCE
#include "host.h"

#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

uintptr_t percpu_arch_get_register(void)
{
	uintptr_t value;

	if (syscall(SYS_arch_prctl, ARCH_GET_GS, &value))
		stop("arch_prctl does not give GS_BASE: this needs an x86_64 Linux");
	return value;
}

void percpu_arch_set_register(uintptr_t value)
{
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, value))
		stop("arch_prctl does not set GS_BASE: this needs an x86_64 Linux");
}
