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

#define PERCPU__CACHE_TOP "%%gs:(%[handle])"
#define PERCPU__CACHE_OBJECT "%%gs:(%[handle], %[top])"

/* Volatile, "memory": both read and write this CPU's copy, which the compiler does not see. */
static inline void *_percpu_cache_pop(PERCPU_PTR(struct percpu_cache_magazines) handle)
{
	uintptr_t top;
	void *object;

	__asm__ volatile(PERCPU__X86_ATT(PERCPU_SEQUENCE_BEGIN
					 "movq " PERCPU__CACHE_TOP ", %[top]\n\t"
					 "movq " PERCPU__CACHE_OBJECT ", %[object]\n\t"
					 "testq %[object], %[object]\n\t"
					 "jz " PERCPU_SEQUENCE_EXIT "\n\t"
					 "subq $8, %[top]\n\t"
					 "movq %[top], " PERCPU__CACHE_TOP
					 "\n\t" PERCPU_SEQUENCE_END)
			 : [top] "=&r"(top), [object] "=&r"(object)
			 : [handle] "r"(PERCPU__NUMBER(handle))
			 : "memory", "cc");
	return object;
}

/* It publishes: nobody reads what is behind the last object. That they are full wraps to 0. */
static inline bool _percpu_cache_push(PERCPU_PTR(struct percpu_cache_magazines) handle,
				      void *object)
{
	uintptr_t top;

	__asm__ volatile(PERCPU__X86_ATT(PERCPU_SEQUENCE_BEGIN PERCPU_SEQUENCE_PUBLISHES
					 "movq " PERCPU__CACHE_TOP ", %[top]\n\t"
					 "addq $8, %[top]\n\t"
					 "andl $0xf8, %k[top]\n\t"
					 "jz " PERCPU_SEQUENCE_EXIT "\n\t"
					 "movq %[object], " PERCPU__CACHE_OBJECT "\n\t"
					 "movq %[top], " PERCPU__CACHE_TOP
					 "\n\t" PERCPU_SEQUENCE_END)
			 : [top] "=&r"(top)
			 : [handle] "r"(PERCPU__NUMBER(handle)), [object] "r"(object)
			 : "memory", "cc");
	return top != 0;
}

#endif
