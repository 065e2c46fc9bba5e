/* SPDX-License-Identifier: MIT */
/*
 * Pop and push of percpu/cache.h, as restartable sequences. The word at the handle is how far
 * behind it the last object is; so of empty magazines the word itself, 0, is what is loaded.
 */
#ifndef PERCPU_ARCH_CACHE_H
#define PERCPU_ARCH_CACHE_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/* This CPU's copy. %[t], in the port's text for delta, is what that goes to. */
#define PERCPU__CACHE_HERE PERCPU__RV_DELTA "add %[t], %[t], %[handle]\n\t"

/* Volatile, "memory": both read and write this CPU's copy, which the compiler does not see. */
static inline void *_percpu_cache_pop(PERCPU_PTR(struct percpu_cache_magazines) handle)
{
	uintptr_t here, top;
	void *object;

	__asm__ volatile(PERCPU_PORT_BEGIN PERCPU_SEQUENCE_BEGIN PERCPU__CACHE_HERE
			 "ld %[top], 0(%[t])\n\t"
			 "add %[object], %[t], %[top]\n\t"
			 "ld %[object], 0(%[object])\n\t"
			 "beqz %[object], " PERCPU_SEQUENCE_EXIT "\n\t"
			 "addi %[top], %[top], -8\n\t"
			 "sd %[top], 0(%[t])\n\t" PERCPU_SEQUENCE_END PERCPU_PORT_END
			 : [t] "=&r"(here), [top] "=&r"(top), [object] "=&r"(object)
			 : [handle] "r"(PERCPU__NUMBER(handle))
			 : "memory");
	return object;
}

/* It publishes: nobody reads what is behind the last object. That they are full wraps to 0. */
static inline bool _percpu_cache_push(PERCPU_PTR(struct percpu_cache_magazines) handle,
				      void *object)
{
	uintptr_t here, top, slot;

	__asm__ volatile(
		PERCPU_PORT_BEGIN PERCPU_SEQUENCE_BEGIN PERCPU_SEQUENCE_PUBLISHES PERCPU__CACHE_HERE
		"ld %[top], 0(%[t])\n\t"
		"addi %[top], %[top], 8\n\t"
		"andi %[top], %[top], 0xf8\n\t"
		"add %[slot], %[t], %[top]\n\t"
		"beqz %[top], " PERCPU_SEQUENCE_EXIT "\n\t"
		"sd %[object], 0(%[slot])\n\t"
		"sd %[top], 0(%[t])\n\t" PERCPU_SEQUENCE_END PERCPU_PORT_END
		: [t] "=&r"(here), [top] "=&r"(top), [slot] "=&r"(slot)
		: [handle] "r"(PERCPU__NUMBER(handle)), [object] "r"(object)
		: "memory");
	return top != 0;
}

#endif
