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

/* This CPU's copy. */
#define PERCPU__CACHE_HERE                                                                         \
	"mrs %[here], " PERCPU_REGISTER_TEXT "\n\t"                                                \
	"ldr %[here], [%[here], :lo12:" PERCPU_NEAR_SYMBOL(                                        \
		percpu_delta) "]\n\t"                                                              \
			      "add %[here], %[here], %[handle]\n\t"

/* Volatile, "memory": both read and write this CPU's copy, which the compiler does not see. */
static inline void *_percpu_cache_pop(PERCPU_PTR(struct percpu_cache_magazines) handle)
{
	uintptr_t here, top;
	void *object;

	__asm__ volatile(PERCPU_SEQUENCE_BEGIN PERCPU__CACHE_HERE
			 "ldr %[top], [%[here]]\n\t"
			 "ldr %[object], [%[here], %[top]]\n\t"
			 "cbz %[object], " PERCPU_SEQUENCE_EXIT "\n\t"
			 "sub %[top], %[top], #8\n\t"
			 "str %[top], [%[here]]\n\t" PERCPU_SEQUENCE_END
			 : [here] "=&r"(here), [top] "=&r"(top), [object] "=&r"(object)
			 : [handle] "r"(PERCPU__NUMBER(handle))
			 : "memory");
	return object;
}

/* It publishes: nobody reads what is behind the last object. That they are full wraps to 0. */
static inline bool _percpu_cache_push(PERCPU_PTR(struct percpu_cache_magazines) handle,
				      void *object)
{
	uintptr_t here, top;

	__asm__ volatile(PERCPU_SEQUENCE_BEGIN PERCPU_SEQUENCE_PUBLISHES PERCPU__CACHE_HERE
			 "ldr %[top], [%[here]]\n\t"
			 "add %[top], %[top], #8\n\t"
			 "ands %[top], %[top], #0xf8\n\t"
			 "b.eq " PERCPU_SEQUENCE_EXIT "\n\t"
			 "str %[object], [%[here], %[top]]\n\t"
			 "str %[top], [%[here]]\n\t" PERCPU_SEQUENCE_END
			 : [here] "=&r"(here), [top] "=&r"(top)
			 : [handle] "r"(PERCPU__NUMBER(handle)), [object] "r"(object)
			 : "memory", "cc");
	return top != 0;
}

#endif
