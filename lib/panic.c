/* SPDX-License-Identifier: MIT */
/*
 * The percpu_panic of a kernel that has none of its own: alone in its file, so that the linker
 * takes it from the archive only then. Weak: a kernel that compiles the library's sources into
 * itself has both, and its own counts.
 */
#include <percpu.h>

__attribute__((weak)) void percpu_panic(const char *why)
{
	/* In a register, where whoever looks at the trap finds it. */
	__asm__ volatile("" : : "r"(why));
	__builtin_trap();
}
