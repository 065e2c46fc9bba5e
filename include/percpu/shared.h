/* SPDX-License-Identifier: MIT */
/*
 * What the library does to words that CPUs share, which are no per-CPU variables: a
 * compare-and-swap, and the instruction for a loop that waits. Included by port.h only.
 */
#ifndef PERCPU_SHARED_H
#define PERCPU_SHARED_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifndef PERCPU_PORT_PAUSE
#define PERCPU_PORT_PAUSE ""
#endif

/* "memory": what the loop looks at is read anew. */
static inline void percpu_arch_pause(void)
{
	__asm__ volatile(PERCPU_PORT_PAUSE : : : "memory");
}

#ifdef PERCPU_PORT_EXCLUSIVES
#define PERCPU__SHARED_LOAD PERCPU_PORT_LOAD_EXCLUSIVE("", "%x[old]")
#define PERCPU__SHARED_COMPARE PERCPU_PORT_IF_UNEQUAL("%x[old]", "%x[e]", "2f")
#define PERCPU__SHARED_STORE PERCPU_PORT_STORE_EXCLUSIVE("", "%x[v]")
#endif

/*
 * Stores VALUE at AT if EXPECTED is there, and says whether it was. Acquire and release: what other
 * CPUs did before their call is seen after it, and what this one did before is seen by them.
 *
 * Where a machine has exclusives the compiler would call libgcc, which kernels do not have; so
 * here is its loop, between fences. On aarch64 it needs the MMU on.
 */
static inline bool percpu_arch_cas(uintptr_t *at, uintptr_t expected, uintptr_t value)
{
#ifdef PERCPU_PORT_EXCLUSIVES
	uintptr_t old;
	uint32_t failed;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	/* The operand tells the compiler what is read and written. */
	__asm__ volatile("1:\t" PERCPU__SHARED_LOAD "\n\t" PERCPU__SHARED_COMPARE
			 "\n\t" PERCPU__SHARED_STORE "\n2:"
			 : [old] "=&r"(old), [failed] "=&r"(failed), [mem] PERCPU_PORT_OBJECT(*at)
			 : [e] "r"(expected), [v] "r"(value)
			 : "cc");
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return old == expected;
#else
	return __atomic_compare_exchange_n(at, &expected, value, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
#endif
}

#endif
