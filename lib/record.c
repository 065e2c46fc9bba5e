/* SPDX-License-Identifier: MIT */
/* Making and reading a record: percpu/record.h has the argument. */
#include <percpu.h>

#if PERCPU_IS_IMAGE
#include <percpu/record.h>

/* A word of whatever type the record has. */
typedef uintptr_t __attribute__((may_alias)) word;

/* Each word by one load: its owner may store to it. */
static void copy_words(word *to, const word *from, size_t size)
{
	for (size_t i = 0; i < size / sizeof(*to); i++)
		to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

/* Partner of the load: the release fence of _percpu_record_end. */
static uintptr_t state_of(const word *copy)
{
	return __atomic_load_n(copy, __ATOMIC_ACQUIRE);
}

/* Whether a copy's state is still WAS. Partner of the fence: that of _percpu_record_begin. */
static bool unchanged(const word *copy, uintptr_t was)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(copy, __ATOMIC_RELAXED) == was;
}

int _percpu_record_init(void *at, size_t size, size_t align)
{
	return *(const word *)at ? PERCPU_EALREADY : _percpu_alloc(size, align, 1, at);
}

int _percpu_record_read(const void *copy, size_t offset, void *to, size_t size, size_t cpu,
			size_t tries)
{
	if (!copy)
		return PERCPU_EINVAL;
	for (;;) {
		uintptr_t state = state_of(copy);

		if (!(state & PERCPU__RECORD_DEPTH)) {
			copy_words(to, (const void *)((const char *)copy + offset), size);
			if (unchanged(copy, state))
				return 0;
		} else if (percpu_cpu_id() == cpu && unchanged(copy, state)) {
			return PERCPU_EBUSY;
		}
		if (tries-- <= 1)
			return PERCPU_EBUSY;
		percpu_arch_pause();
	}
}

#endif
