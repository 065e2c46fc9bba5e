/* SPDX-License-Identifier: MIT */
/*
 * The host port: the contract of include/percpu/port.h on Linux threads, for unit tests, sanitizers
 * and fuzzing. Plain C; the register is a thread-local variable, and "interrupts off" is a flag
 * that a test can look at.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

/* Not defined, it is not a compiler that reads this. */
#if defined __STDC_HOSTED__ && !__STDC_HOSTED__
#error "libpercpu: ports/host is for a Linux program, and -ffreestanding for a kernel: take its architecture's port"
#endif

#define PERCPU_ARCH_CONFIG host

#ifndef __ASSEMBLER__

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU_READ_IS_ONE_INSTRUCTION 0
/* Those that a test lists itself, whatever the configuration. */
#define PERCPU_ARCH_SEQUENCES 1

#define PERCPU_ARCH_REGISTER(area, template_) ((uintptr_t)(area))
#define PERCPU_ARCH_AREA(value, template_) (value)

extern __thread uintptr_t percpu_host_register;
extern __thread uintptr_t percpu_host_irqs_off;

/* In asan.c, which the tests of this tree have not: a thread is bound. */
void percpu_host_bound(void) __attribute__((weak));

static inline uintptr_t percpu_arch_get_register(void)
{
	return percpu_host_register;
}

static inline void percpu_arch_set_register(uintptr_t value)
{
	percpu_host_register = value;
	if (percpu_host_bound)
		percpu_host_bound();
}

/* The thread's, of all that are there: where it has its register. */
static inline uintptr_t percpu_arch_hardware_id(void)
{
	return (uintptr_t)&percpu_host_register;
}
#define percpu_arch_hardware_id percpu_arch_hardware_id

static inline uintptr_t percpu_arch_irq_save(void)
{
	return percpu_host_irqs_off++;
}

static inline void percpu_arch_irq_restore(uintptr_t flags)
{
	percpu_host_irqs_off = flags;
}

#if PERCPU_IS_SMP
/* The asm hides from the compiler that the template's object and the copy are not the same. */
#define percpu_arch_ptr(lv)                                                                        \
	__extension__({                                                                            \
		uintptr_t _percpu_p = (uintptr_t) & (lv);                                          \
		__asm__ volatile("" : "+r"(_percpu_p));                                            \
		(void *)(_percpu_p - (uintptr_t)_percpu_load_start + percpu_host_register);        \
	})
#define percpu_arch_load(lv) PERCPU__BITS(lv, percpu_arch_get(&PERCPU__HERE(lv)))
#define percpu_arch_store(lv, v) percpu_arch_put(&PERCPU__HERE(lv), (PERCPU__VALUE(lv))(v))

#endif

/*
 * Single accesses are atomic, which a thread sanitizer takes for what they are: one that another
 * CPU reads or writes meanwhile is no race. An update loads without: another CPU's write between
 * its load and its store is lost, and that is a race.
 */
#define percpu_arch_get(at)                                                                        \
	__extension__({                                                                            \
		__typeof__(at) _percpu_from = (at);                                                \
		PERCPU__VALUE(*_percpu_from) _percpu_got;                                          \
		__atomic_load(_percpu_from, &_percpu_got, __ATOMIC_RELAXED);                       \
		_percpu_got;                                                                       \
	})
#define percpu_arch_put(at, v)                                                                     \
	__extension__({                                                                            \
		__typeof__(at) _percpu_to = (at);                                                  \
		PERCPU__VALUE(*_percpu_to) _percpu_put = (v);                                      \
		__atomic_store(_percpu_to, &_percpu_put, __ATOMIC_RELAXED);                        \
		(void)0;                                                                           \
	})

#endif

#endif
