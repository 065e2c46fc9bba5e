/* SPDX-License-Identifier: MIT */
/*
 * Other CPUs' copies, the template, and the functions of the library that the header's macros call.
 * Included by percpu.h only.
 */
#ifndef PERCPU_REMOTE_H
#define PERCPU_REMOTE_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The first byte of the template; the linker script defines it. */
extern char _percpu_load_start[] __attribute__((visibility("hidden")));

/* CPU's copy of the object at OFFSET in every area; NULL, or a panic, if CPU has no area. */
void *_percpu_copy_on(size_t offset, size_t cpu) PERCPU__API(_percpu_copy_on);
void *_percpu_existing_copy_on(size_t offset, size_t cpu) PERCPU__API(_percpu_existing_copy_on);

/*
 * Copies SIZE bytes at OFFSET from the template to this CPU's copy, by one store if that can be.
 * Returns 0, or PERCPU_ENOTEMPLATE.
 */
int _percpu_reset(size_t offset, size_t size) PERCPU__API(_percpu_reset);

/* The checks of PERCPU_DEBUG: percpu_panic for what must not be. */
void _percpu_check_access(void) PERCPU__API(_percpu_check_access);
void _percpu_check_pointer(void) PERCPU__API(_percpu_check_pointer);
size_t _percpu_check_update(size_t offset, size_t size) PERCPU__API(_percpu_check_update);
void _percpu_check_updated(size_t before) PERCPU__API(_percpu_check_updated);
void _percpu_check_write_on(size_t offset, size_t size, size_t cpu)
	PERCPU__API(_percpu_check_write_on);
/* With interrupts off: whether the variable is UNCHANGED since it was loaded. */
void _percpu_check_alone(bool unchanged) PERCPU__API(_percpu_check_alone);

/* The reserved variables: area - template, and the CPU's number. */
PERCPU__EXTERN(uintptr_t, percpu_delta, near);
PERCPU__EXTERN(size_t, percpu_cpu_number, near);

#ifdef __cplusplus
}
#endif

#define PERCPU__PTR_ON(lv, cpu)                                                                    \
	((PERCPU__POINTER(lv))_percpu_copy_on(percpu_arch_offset(lv), (cpu)))

/* For a volatile access: one load or store of the full width, relaxed. */
#define PERCPU__AT(lv, offset, cpu)                                                                \
	((PERCPU__VALUE(lv) volatile *)_percpu_existing_copy_on(offset, cpu))
#define PERCPU__READ_ON(lv, cpu)                                                                   \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		percpu_arch_get(PERCPU__AT(lv, percpu_arch_offset(lv), cpu));                      \
	})
#define PERCPU__WRITE_ON(lv, cpu, value)                                                           \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_WRITABLE(lv);                                                        \
		size_t _percpu_offset = percpu_arch_offset(lv), _percpu_number = (cpu);            \
		PERCPU__CONVERT(PERCPU__VALUE(lv), _percpu_value, value);                          \
		percpu_arch_put(PERCPU__AT(lv, _percpu_offset, _percpu_number), _percpu_value);    \
		PERCPU__CHECK_WRITE_ON(_percpu_offset, sizeof(lv), _percpu_number);                \
		(void)0;                                                                           \
	})
/* percpu_for_each has no ++, of which clang-tidy 19 warns where a sum is part of a condition. */
#define PERCPU__SUM(lv)                                                                            \
	__extension__({                                                                            \
		PERCPU__CHECK_SCALAR(lv);                                                          \
		PERCPU__CHECK_INTEGER(lv);                                                         \
		size_t _percpu_offset = percpu_arch_offset(lv);                                    \
		uint64_t _percpu_total = 0;                                                        \
		percpu_for_each (_percpu_cpu)                                                      \
			_percpu_total += (uint64_t)percpu_arch_get(                                \
				PERCPU__AT(lv, _percpu_offset, _percpu_cpu));                      \
		(PERCPU__SUM_TYPE(lv)) _percpu_total;                                              \
	})
#define PERCPU__RESET_0(lv)                                                                        \
	(PERCPU__CHECK_ACCESS(), _percpu_reset(percpu_arch_offset(lv), sizeof(lv)))
#define PERCPU__RESET_1(lv)                                                                        \
	(PERCPU__CHECK_ACCESS(), _percpu_reset_dynamic((uintptr_t) & (lv), sizeof(lv)))
#define PERCPU__OFFSET(lv) percpu_arch_offset(lv)

#endif
