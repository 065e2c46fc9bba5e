/* SPDX-License-Identifier: MIT */
/*
 * The percpu_panic of a kernel that has none of its own: alone in its file, so that the linker
 * takes it from the archive only then. Weak: a kernel that compiles the library's sources into
 * itself has both, and its own counts. By the other name percpu-check knows whose it is.
 */
#include <percpu.h>

#include "internal.h"

extern __attribute__((noreturn)) void _percpu_own_panic(const char *why) LINKER_SYMBOL;
__attribute__((weak, alias("_percpu_own_panic"))) void percpu_panic(const char *why);

void _percpu_own_panic(const char *why)
{
	/* In a register, where whoever looks at the trap finds it. */
	__asm__ volatile("" : : "r"(why));
	__builtin_trap();
}
