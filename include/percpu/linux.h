/* SPDX-License-Identifier: MIT */
/*
 * Linux's names for per-CPU variables, with Linux's meanings: for code that was written for them.
 * Beside percpu.h, which it includes; its percpu_ operations are for variables of its own
 * PERCPU_DEFINE, these are for those of DEFINE_PER_CPU.
 *
 *	static DEFINE_PER_CPU(int, count);
 *	DEFINE_PER_CPU(struct queue, queue) = {.length = 3};
 *	...
 *	this_cpu_inc(count);
 *	this_cpu_write(queue.length, 4);
 *	struct queue *mine = this_cpu_ptr(&queue);
 *	per_cpu(count, 2) = 0;
 *
 * As in Linux, the name alone is the variable in the template: &NAME is what this_cpu_ptr takes,
 * but NAME = 1 without an accessor compiles too, and so does an accessor on what is no per-CPU
 * variable. The one writes the initial value, and no CPU sees it; PERCPU_DEBUG and percpu-check
 * find it, percpu-check not where an index is a variable, NAME[n] = 1. The other reads and writes
 * what is as far from this CPU's area as the variable is from the template: percpu-check finds it,
 * and PERCPU_DEBUG where it is an update, as this_cpu_inc(plain), but not where it is a single read
 * or write. percpu.h refuses both when compiling.
 *
 * Definitions, each with a DECLARE_ of the same ending, for headers:
 *
 *	DEFINE_PER_CPU, _READ_MOSTLY		a near variable (percpu.h)
 *	DEFINE_PER_CPU_ALIGNED, _SHARED_ALIGNED	near, on cache lines of its own
 *	DEFINE_PER_CPU_PAGE_ALIGNED		far, on pages of its own
 *	DEFINE_PER_CPU_FAR			far; a name that Linux does not have, for what is
 *						too big for the 2 KiB of near variables
 *
 * __percpu marks a pointer to a variable. One to a far variable is also volatile, which tells it
 * from a near one: it must not be cast away.
 *
 * This CPU's copy, of NAME, NAME.field, NAME[index] or *POINTER:
 *
 *	this_cpu_read, _write, _add, _sub, _inc, _dec, _and, _or, _add_return, _sub_return,
 *	_inc_return, _dec_return, _xchg, _cmpxchg, _try_cmpxchg, and _cmpxchg128 where
 *	PERCPU_HAVE_CMPXCHG128 is defined
 *		safe against interrupts, and against preemption where PERCPU_PREEMPT is hooks or
 *		restart
 *	__this_cpu_ with the same endings, but _cmpxchg128
 *		the caller is pinned. _read, _write, _add, _sub, _inc and _dec call no hook, and
 *		the last four are not safe against an interrupt that changes the variable
 *	raw_cpu_read, _write, _add, _sub, _inc, _dec
 *		the same, where it does not matter whose copy it is
 *	this_cpu_ptr(&NAME), raw_cpu_ptr(&NAME)
 *		a pointer; PERCPU_DEBUG wants the caller of the first pinned
 *	get_cpu_var(NAME), put_cpu_var(NAME), get_cpu_ptr(&NAME), put_cpu_ptr(&NAME)
 *		the copy, an lvalue, or a pointer to it, with preemption off from get to put
 *	smp_processor_id(), raw_smp_processor_id(), get_cpu(), put_cpu()
 *
 * The copies of all CPUs:
 *
 *	per_cpu(NAME, cpu)		an lvalue; percpu_panic if that CPU has no area
 *	per_cpu_ptr(&NAME, cpu)		NULL if it has none
 *	for_each_possible_cpu(cpu)	with a cpu that is declared before; each that has an area
 *	num_possible_cpus(), cpu_possible(cpu)
 *
 * Variables that are allocated (docs/dynamic.md), but with PERCPU_VMA zero:
 *
 *	alloc_percpu(type), __alloc_percpu(size, align)
 *		a pointer as &NAME is one, to 0 on every CPU; NULL if there is no room
 *	free_percpu(pointer)		NULL too; percpu_panic if it is no such pointer
 *
 * Where PERCPU_PREEMPT is none this is Linux without CONFIG_PREEMPTION: the kernel's code is not
 * preempted, and get_cpu_var and the like turn nothing off. A kernel that preempts its own code
 * wants hooks, or restart.
 *
 * What the library cannot mean as Linux does is not here: alloc_percpu_gfp, per_cpu_offset and
 * SHIFT_PERCPU_PTR, for_each_online_cpu, EXPORT_PER_CPU_SYMBOL, DEFINE_PER_CPU_FIRST, raw_cpu_ with
 * other endings, an accessor on a void pointer.
 */
#ifndef PERCPU_LINUX_H
#define PERCPU_LINUX_H

#include <percpu.h>

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreserved-macro-identifier"
#pragma clang diagnostic ignored "-Wreserved-identifier"
#pragma clang diagnostic ignored "-Wold-style-cast"
#endif

/* ---- Definitions ------------------------------------------------------------------------------
 */

/* PERCPU__OBJECT and PERCPU__EXTERN, with the object under its own name. */
#define PERCPU__LINUX_OBJECT(type, name, kind, group, attribute)                                   \
	PERCPU__CONSTANT(__typeof__(type) name PERCPU__CLAIM(name))                                \
	__asm__("__percpu_" #kind "." #name)                                                       \
		__attribute__((used, section(".percpu." group "." #name)))                         \
		__attribute__((attribute))
#define PERCPU__LINUX_DEFINE(type, kind, group, attribute, name, next, ...)                        \
	PERCPU__LINUX_OBJECT(PERCPU__CHECK_NAME(name, next) type, name, kind, group, attribute)
#define PERCPU__LINUX_DECLARE(qualifier, type, kind, name, next, ...)                              \
	PERCPU__RESERVED(                                                                          \
		extern qualifier __typeof__(PERCPU__CHECK_NAME(name, next) type) name __asm__(     \
			"__percpu_" #kind "." #name) __attribute__((visibility("hidden"))))

#define DEFINE_PER_CPU(type, ...)                                                                  \
	PERCPU__LINUX_DEFINE(type, near, "near", , __VA_ARGS__, PERCPU__END, )
#define DEFINE_PER_CPU_READ_MOSTLY DEFINE_PER_CPU
#define DEFINE_PER_CPU_ALIGNED(type, ...)                                                          \
	PERCPU__LINUX_DEFINE(type, near, "line", aligned(PERCPU_CACHE_LINE), __VA_ARGS__,          \
			     PERCPU__END, )
#define DEFINE_PER_CPU_SHARED_ALIGNED DEFINE_PER_CPU_ALIGNED
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, ...)                                                     \
	volatile PERCPU__LINUX_DEFINE(type, far, "page", aligned(PERCPU__PAGE), __VA_ARGS__,       \
				      PERCPU__END, )
#define DEFINE_PER_CPU_FAR(type, ...)                                                              \
	volatile PERCPU__LINUX_DEFINE(type, far, "far", , __VA_ARGS__, PERCPU__END, )

#define DECLARE_PER_CPU(type, ...) PERCPU__LINUX_DECLARE(, type, near, __VA_ARGS__, PERCPU__END, )
#define DECLARE_PER_CPU_READ_MOSTLY DECLARE_PER_CPU
#define DECLARE_PER_CPU_ALIGNED DECLARE_PER_CPU
#define DECLARE_PER_CPU_SHARED_ALIGNED DECLARE_PER_CPU
#define DECLARE_PER_CPU_FAR(type, ...)                                                             \
	PERCPU__LINUX_DECLARE(volatile, type, far, __VA_ARGS__, PERCPU__END, )
#define DECLARE_PER_CPU_PAGE_ALIGNED DECLARE_PER_CPU_FAR

#define __percpu

/* ---- Variables that are allocated -------------------------------------------------------------
 */

/*
 * The pointer is a handle (dynamic.h): an accessor finds this CPU's copy from an address that is
 * known at run time only, near or far. It says nothing of volatile, as no pointer of Linux's does.
 */
#if PERCPU_IS_IMAGE
static inline void *_percpu_linux_alloc(size_t size, size_t align)
{
	uintptr_t handle = 0;

	if (_percpu_alloc(size, 1, align, &handle))
		handle = 0;    /* as it is: no variable's */
	return (void *)handle; /* NOLINT: a handle is an address */
}

static inline void free_percpu(const volatile void *pointer)
{
	int error = _percpu_free((uintptr_t)pointer);

	if (error)
		percpu_panic(error == PERCPU_EHANDLE
				     ? "percpu: free_percpu of what is no variable of "
				       "alloc_percpu's, or of one that has been freed"
				     : percpu_strerror(error));
}

#define __alloc_percpu(size, align)                                                                \
	PERCPU__C_CASTS(void __percpu *) _percpu_linux_alloc(size, align) PERCPU__C_CASTS_END
#define alloc_percpu(...)                                                                          \
	PERCPU__C_CASTS(__typeof__(__VA_ARGS__) __percpu *)                                        \
	_percpu_linux_alloc(sizeof(__VA_ARGS__), __alignof__(__VA_ARGS__)) PERCPU__C_CASTS_END
#else
#define __alloc_percpu(size, align) PERCPU__NOT_DYNAMIC
#define alloc_percpu(...) PERCPU__NOT_DYNAMIC
#define free_percpu(pointer) PERCPU__NOT_DYNAMIC
#endif

/* ---- This CPU's copy --------------------------------------------------------------------------
 */

#define PERCPU__LINUX_NEGATIVE(var, value) ((PERCPU__VALUE(var))(0 - (uint64_t)(value)))

#define this_cpu_read(var) PERCPU__C_CASTS PERCPU__READ(var) PERCPU__C_CASTS_END
#define this_cpu_write(var, value) PERCPU__C_CASTS PERCPU__WRITE(var, value) PERCPU__C_CASTS_END
#define this_cpu_add(var, value)                                                                   \
	PERCPU__C_CASTS PERCPU__ARITHMETIC(percpu_arch_add, var, value) PERCPU__C_CASTS_END
#define this_cpu_sub(var, value)                                                                   \
	PERCPU__C_CASTS PERCPU__ARITHMETIC(percpu_arch_sub, var, value) PERCPU__C_CASTS_END
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_sub(var, 1)
#define this_cpu_and(var, value)                                                                   \
	PERCPU__C_CASTS PERCPU__UPDATE(percpu_arch_and, var, value) PERCPU__C_CASTS_END
#define this_cpu_or(var, value)                                                                    \
	PERCPU__C_CASTS PERCPU__UPDATE(percpu_arch_or, var, value) PERCPU__C_CASTS_END
#define this_cpu_add_return(var, value)                                                            \
	PERCPU__C_CASTS PERCPU__ADD_RETURN(var, value) PERCPU__C_CASTS_END
#define this_cpu_sub_return(var, value)                                                            \
	PERCPU__C_CASTS PERCPU__ADD_RETURN(var, PERCPU__LINUX_NEGATIVE(var, value))                \
		PERCPU__C_CASTS_END
#define this_cpu_inc_return(var) this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var) PERCPU__C_CASTS PERCPU__DEC_RETURN(var) PERCPU__C_CASTS_END
#define this_cpu_xchg(var, value) PERCPU__C_CASTS PERCPU__XCHG(var, value) PERCPU__C_CASTS_END
#define this_cpu_cmpxchg(var, expected, value)                                                     \
	PERCPU__C_CASTS PERCPU__CMPXCHG(var, expected, value) PERCPU__C_CASTS_END
#define this_cpu_try_cmpxchg(var, expected, value)                                                 \
	PERCPU__C_CASTS PERCPU__TRY_CMPXCHG(var, expected, value) PERCPU__C_CASTS_END
#ifdef PERCPU_HAVE_CMPXCHG128
#define this_cpu_cmpxchg128(var, expected, value)                                                  \
	PERCPU__C_CASTS PERCPU__CMPXCHG128(var, expected, value) PERCPU__C_CASTS_END
#endif

#define raw_cpu_read(var) PERCPU__C_CASTS PERCPU__RAW_READ(var) PERCPU__C_CASTS_END
#define raw_cpu_write(var, value) PERCPU__C_CASTS PERCPU__RAW_WRITE(var, value) PERCPU__C_CASTS_END
#define raw_cpu_add(var, value) PERCPU__C_CASTS PERCPU__RAW_ADD(var, value) PERCPU__C_CASTS_END
#define raw_cpu_sub(var, value)                                                                    \
	PERCPU__C_CASTS PERCPU__RAW_ADD(var, PERCPU__LINUX_NEGATIVE(var, value)) PERCPU__C_CASTS_END
#define raw_cpu_inc(var) raw_cpu_add(var, 1)
#define raw_cpu_dec(var) raw_cpu_sub(var, 1)

#define __this_cpu_read raw_cpu_read
#define __this_cpu_write raw_cpu_write
#define __this_cpu_add raw_cpu_add
#define __this_cpu_sub raw_cpu_sub
#define __this_cpu_inc raw_cpu_inc
#define __this_cpu_dec raw_cpu_dec
#define __this_cpu_and this_cpu_and
#define __this_cpu_or this_cpu_or
#define __this_cpu_add_return this_cpu_add_return
#define __this_cpu_sub_return this_cpu_sub_return
#define __this_cpu_inc_return this_cpu_inc_return
#define __this_cpu_dec_return this_cpu_dec_return
#define __this_cpu_xchg this_cpu_xchg
#define __this_cpu_cmpxchg this_cpu_cmpxchg
#define __this_cpu_try_cmpxchg this_cpu_try_cmpxchg

#define this_cpu_ptr(pointer) PERCPU__C_CASTS PERCPU__PTR(*(pointer)) PERCPU__C_CASTS_END
#define raw_cpu_ptr(pointer)                                                                       \
	PERCPU__C_CASTS(PERCPU__CHECK_ACCESS(),                                                    \
			(PERCPU__POINTER(*(pointer)))percpu_arch_ptr(*(pointer)))                  \
	PERCPU__C_CASTS_END

#define get_cpu_ptr(pointer)                                                                       \
	PERCPU__C_CASTS __extension__({                                                            \
		PERCPU__HOLD();                                                                    \
		PERCPU__PTR(*(pointer));                                                           \
	}) PERCPU__C_CASTS_END
#define put_cpu_ptr(pointer) ((void)(pointer), PERCPU__RELEASE())
#define get_cpu_var(var) (*get_cpu_ptr(&(var)))
#define put_cpu_var(var) put_cpu_ptr(&(var))

/* The number, as Linux has it. Where PERCPU_DEBUG is 1 the first wants a pinned caller. */
#define smp_processor_id()                                                                         \
	PERCPU__C_CASTS(PERCPU__CHECK_POINTER(), (int)PERCPU__RAW_READ(percpu__percpu_cpu_number)) \
	PERCPU__C_CASTS_END
#define raw_smp_processor_id()                                                                     \
	PERCPU__C_CASTS((int)PERCPU__RAW_READ(percpu__percpu_cpu_number)) PERCPU__C_CASTS_END
#define get_cpu() (PERCPU__HOLD(), smp_processor_id())
#define put_cpu() PERCPU__RELEASE()

/* ---- The copies of all CPUs -------------------------------------------------------------------
 */

#define per_cpu_ptr(pointer, cpu)                                                                  \
	PERCPU__C_CASTS PERCPU__PTR_ON(*(pointer), (size_t)(cpu)) PERCPU__C_CASTS_END
#define per_cpu(var, cpu)                                                                          \
	(*PERCPU__C_CASTS(PERCPU__POINTER(var)) _percpu_existing_copy_on(                          \
		percpu_arch_offset(var), (size_t)(cpu)) PERCPU__C_CASTS_END)

#define for_each_possible_cpu(cpu) for ((cpu) = 0; cpu_possible(cpu); (cpu) += 1)
#define num_possible_cpus() PERCPU__C_CASTS((unsigned)percpu_area_num()) PERCPU__C_CASTS_END
#define cpu_possible(cpu) PERCPU__C_CASTS((size_t)(cpu) < percpu_area_num()) PERCPU__C_CASTS_END

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
