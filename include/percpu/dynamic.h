/* SPDX-License-Identifier: MIT */
/*
 * Variables that are allocated while the kernel runs: every CPU has a copy of each, as of those
 * that PERCPU_DEFINE defines. Part of percpu.h; docs/dynamic.md leads through it.
 *
 *	static PERCPU_PTR(struct statistics) device;
 *	...
 *	if (percpu_alloc(&device))
 *		...
 *	percpu_inc(percpu_at(device).packets);
 *	total = percpu_sum(percpu_at(device).packets);
 *	error = percpu_free(&device);
 *
 * The room for them is a part of each area, the reserve, of as many bytes as the linker script
 * gives to the symbol PERCPU_DYNAMIC, in front of INCLUDE percpu.ld or by --defsym, or what
 * percpu_grow adds later. A kernel that has none, and calls nothing of this, has none of its code
 * and data.
 *
 * PERCPU_VMA zero has no reserve: there none of this compiles.
 */
#ifndef PERCPU_DYNAMIC_H
#define PERCPU_DYNAMIC_H

/*
 * In C these stand before the pragma: where a macro is a system header's GCC does not warn that
 * nobody looks at a result. Nor does it of a statement expression's: so they are calls.
 */
#ifndef __cplusplus
#define PERCPU__CHECK_TARGET(h)                                                                    \
	__extension__({                                                                            \
		PERCPU__ASSERT(!__builtin_types_compatible_p(PERCPU__TARGET(h), volatile void),    \
			       "percpu: there is no variable of type void");                       \
		PERCPU__ASSERT(                                                                    \
			__builtin_types_compatible_p(__typeof__(&(h)),                             \
						     PERCPU_PTR(PERCPU__TARGET(h)) *) ||           \
				__builtin_types_compatible_p(                                      \
					__typeof__(&(h)),                                          \
					PERCPU_PTR(PERCPU__TARGET(h)) volatile *),                 \
			"percpu: percpu_alloc and percpu_free take the address of a PERCPU_PTR");  \
		(void)0;                                                                           \
	})
#define PERCPU__WHERE(handle) (PERCPU__CHECK_TARGET(*(handle)), (handle))
#define PERCPU__ALLOC(handle, align)                                                               \
	_percpu_alloc(sizeof(PERCPU__TARGET(*(handle))), __alignof__(PERCPU__TARGET(*(handle))),   \
		      (align), PERCPU__WHERE(handle))
#define PERCPU__FREE(handle) _percpu_free_at(PERCPU__WHERE(handle))
#endif

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * PERCPU_PTR(type) - the type of a handle for a variable of that type, any complete object type
 *
 * In C handles can be the values of per-CPU variables themselves; in C++ percpu_ptr reaches such.
 *
 * A handle is no pointer: it is the same on every CPU, and only percpu_at makes something of it.
 * What is zero, as a static one is, is the handle of no variable, and false in a condition. Handles
 * are compared with == and copied with =. One that is for all CPUs to see is stored by
 * __atomic_store with __ATOMIC_RELEASE once the variable is ready, and loaded by __atomic_load with
 * __ATOMIC_ACQUIRE.
 *
 * percpu_at(h) - in any accessor, in place of a variable's name: the variable of the handle H
 *
 *	percpu_add(percpu_at(h), 1)		percpu_ptr(percpu_at(h))
 *	percpu_read(percpu_at(h).field)		percpu_write_on(percpu_at(h)[i], cpu, 0)
 *
 * .field and [index] may follow. All accessors take it but percpu_read_stable, for a value that is
 * kept must not outlive the variable. percpu_reset puts 0 there. An operation costs what it costs
 * on a variable that is far, with an index known at run time only. The handle of no variable, or of
 * one that has been freed, gives memory that is anything; PERCPU_DEBUG calls percpu_panic.
 */

/*
 * percpu_alloc(handle) - make a variable
 * percpu_alloc_aligned(handle, align) - as strictly aligned as that, or as its type if that is more
 *
 * @handle: a pointer to a PERCPU_PTR(type), which is overwritten if the call succeeds
 * @align:  bytes, a power of two
 *
 * Every CPU's copy, also of those that are down or come up later, is 0 when the call returns.
 * Variables that are aligned to a cache line or more share theirs with no other.
 *
 * Returns 0, PERCPU_ENOMEM (no room: raise PERCPU_DYNAMIC, or percpu_grow), PERCPU_EALIGN (more
 * than percpu_area_align(): raise PERCPU_DYNAMIC_ALIGN), PERCPU_EINVAL (align is no power of two),
 * PERCPU_ENOTREADY (before percpu_init or percpu_early_init), PERCPU_EBUSY (in an NMI that
 * interrupts such a call of this CPU's), or PERCPU_EADDRESS (the kernel has gone on at another
 * address, where none of the handles is right that were there before).
 *
 * Context: any CPU that is bound, also in interrupt handlers. Interrupts are off for the search, in
 * which time does not grow with the number of CPUs; the copies are zeroed with interrupts as they
 * were. CPUs that call at the same time wait for each other, with interrupts on if they were.
 * On aarch64 the MMU is on, as for all calls here: they use exclusives.
 */
#if PERCPU_IS_IMAGE && !defined __cplusplus
#define percpu_alloc(handle) PERCPU__ALLOC(handle, 1)
#define percpu_alloc_aligned(handle, align) PERCPU__ALLOC(handle, align)
#endif

/*
 * percpu_free(handle) - end a variable
 *
 * @handle: a pointer to its PERCPU_PTR(type), which becomes the handle of no variable
 *
 * Every CPU's last access, in handlers too, comes before the call: the kernel sees to that. Copies
 * of the handle are stale from then on. Once something else has been allocated at the place, a
 * second free of it by another copy of the handle cannot be told from a right one.
 *
 * Returns 0, also for the handle of no variable; PERCPU_EHANDLE if no variable begins there (it was
 * freed before, made up, or lies inside another); PERCPU_EBUSY, PERCPU_ENOTREADY or PERCPU_EADDRESS
 * (as percpu_alloc).
 * Context: as percpu_alloc.
 */
#if PERCPU_IS_IMAGE && !defined __cplusplus
#define percpu_free(handle) PERCPU__FREE(handle)
#endif

#if PERCPU_IS_IMAGE
/*
 * percpu_grow - give more memory for variables
 *
 * @base:  of CPU 0; that of each other CPU lies as far from it as that CPU's area from CPU 0's: one
 *	   percpu_area_size() further for each, or, after percpu_init_each, wherever the areas are,
 *	   which takes a kernel that can map memory there
 * @bytes: of each CPU, at most percpu_area_size(); in PERCPU_MODE sp any number
 * @map:   percpu_map_size(bytes) bytes, aligned to 8
 *
 * Both are a multiple of PERCPU_CACHE_LINE. All of the memory is there, mapped alike on every CPU,
 * and belongs to the library until percpu_shrink; nothing needs to be cleared. For n CPUs that is
 * (n - 1) * percpu_area_size() + bytes from base on, of which bytes at each percpu_area_size() are
 * used. Whether memory is there, and the caller's, the library cannot tell: it believes you, and
 * writes there. The map is what is kept of a 32nd of bytes; there is nothing else to pay.
 *
 * Returns 0, PERCPU_EINVAL (NULL, no bytes, or more than an area has), PERCPU_EALIGN,
 * PERCPU_EOVERLAP (memory or map meet each other, the template, an area, or what was given before,
 * maps too; or a CPU's memory wraps around), PERCPU_EADDRESS (the handles would wrap around, be 0,
 * or be no address), PERCPU_ENOTREADY (the areas have not been made, or by percpu_early_init only),
 * or PERCPU_EBUSY (as percpu_alloc).
 * Context: one CPU at a time calls this or percpu_shrink, outside of interrupt handlers; the others
 * may allocate and free meanwhile.
 */
int percpu_grow(void *base, size_t bytes, void *map) PERCPU__API(percpu_grow) PERCPU__CHECKED;

/*
 * percpu_shrink - take back what percpu_grow was given at @base
 *
 * Returns 0, whereupon memory and map are the caller's again; PERCPU_EBUSY while a variable lives
 * in it (or as percpu_alloc); PERCPU_EINVAL if nothing was given there. Context: as percpu_grow.
 */
int percpu_shrink(void *base) PERCPU__API(percpu_shrink) PERCPU__CHECKED;

/* The bytes of the map for a percpu_grow of BYTES; SIZE_MAX for more than can be. */
size_t percpu_map_size(size_t bytes) PERCPU__API(percpu_map_size);

struct percpu_dynamic_info {
	size_t size; /* bytes of each area that are for variables: the reserve and what was grown */
	size_t free; /* of these, the bytes that are in no variable */
	size_t largest; /* the largest variable that there is room for, aligned to no more than 8 */
	size_t blocks;	/* variables that are there */
	size_t sets;	/* the reserve, if there is one, and each percpu_grow */
};

/*
 * percpu_dynamic_info - what there is and what is free
 *
 * @info: to be filled; with 0 before the areas are made. The figures but largest are of one moment.
 *
 * Context: as percpu_alloc; in an NMI that interrupts such a call, all figures are 0.
 */
void percpu_dynamic_info(struct percpu_dynamic_info *info) PERCPU__API(percpu_dynamic_info);

/* ---- Nothing below is for users ---- */

/*
 * OWN is the alignment of the type, ALIGN what the caller asks for: the stricter counts. HANDLE is
 * where a handle of any type is.
 */
int _percpu_alloc(size_t size, size_t own, size_t align, volatile void *handle)
	PERCPU__API(_percpu_alloc) PERCPU__CHECKED;
int _percpu_free_at(volatile void *handle) PERCPU__API(_percpu_free_at) PERCPU__CHECKED;
int _percpu_free(uintptr_t handle) PERCPU__API(_percpu_free);
int _percpu_reset_dynamic(uintptr_t handle, size_t size) PERCPU__API(_percpu_reset_dynamic);
/* PERCPU_DEBUG: percpu_panic if no variable begins at HANDLE. */
void _percpu_check_handle(uintptr_t handle) PERCPU__API(_percpu_check_handle);
#endif

#ifdef __cplusplus
}
#endif

#if PERCPU_DEBUG && PERCPU_IS_IMAGE
#define PERCPU__CHECK_HANDLE(h) _percpu_check_handle(h)
#else
#define PERCPU__CHECK_HANDLE(h) ((void)0)
#endif

/*
 * A handle is an address in template space, as far from the template as each copy is from its area:
 * an accessor treats it as a far variable whose address is known at run time only. So percpu_at(h)
 * is the name of an lvalue, as types.h has them, and no accessor knows of it.
 */

/*
 * The address, out of the compiler's sight: with a constant one, 0 above all, it would form an
 * address relative to the pc that no linker can fill. The asm does nothing, and may be merged with
 * its like, moved, and left out with its result.
 */
static inline __attribute__((always_inline)) void *_percpu_opaque(uintptr_t handle)
{
	PERCPU__CHECK_HANDLE(handle);
	__asm__("" : "+r"(handle));
	return (void *)handle; /* NOLINT: it is an address of its own kind */
}

/*
 * percpu_at is declared so that it is nothing without an accessor: percpu_at(h) = 1 is a call of
 * what cannot be called.
 */
extern const struct percpu_at_is_for_use_in_an_accessor percpu_at;

/* As percpu__NAME is the variable NAME. */
#if PERCPU_IS_IMAGE
#define percpu__percpu_at(...) (*PERCPU__TYPED(__VA_ARGS__))
#else
#define percpu__percpu_at(...) libpercpu_PERCPU_VMA_zero_has_no_dynamic_variables
#define percpu_alloc(...) PERCPU__NOT_DYNAMIC
#define percpu_alloc_aligned(...) PERCPU__NOT_DYNAMIC
#define percpu_free(...) PERCPU__NOT_DYNAMIC
#define percpu_grow(...) PERCPU__NOT_DYNAMIC
#define percpu_shrink(...) PERCPU__NOT_DYNAMIC
#define percpu_map_size(...) PERCPU__NOT_DYNAMIC
#define percpu_dynamic_info(...) PERCPU__NOT_DYNAMIC
#define PERCPU__NOT_DYNAMIC                                                                        \
	__extension__({                                                                            \
		PERCPU__ASSERT(0, "percpu: PERCPU_VMA zero has no dynamic variables");             \
		0;                                                                                 \
	})
#endif

#ifdef __cplusplus

extern "C++" {
template <typename _percpu_t> struct percpu_handle {
	typedef _percpu_t type;
	uintptr_t address;

	constexpr explicit operator bool() const
	{
		return address != 0;
	}
	constexpr bool operator==(percpu_handle other) const
	{
		return address == other.address;
	}
	constexpr bool operator!=(percpu_handle other) const
	{
		return address != other.address;
	}
};
/* There is no variable of type void. */
template <> struct percpu_handle<void>;
template <typename _percpu_t> static inline __attribute__((always_inline)) volatile _percpu_t *
_percpu_typed(percpu_handle<_percpu_t> handle)
{
	return static_cast<volatile _percpu_t *>(_percpu_opaque(handle.address));
}

#if PERCPU_IS_IMAGE
template <typename _percpu_t> static inline PERCPU__CHECKED int
percpu_alloc_aligned(volatile percpu_handle<_percpu_t> *handle, size_t align)
{
	return _percpu_alloc(sizeof(_percpu_t), __alignof__(_percpu_t), align, handle);
}
template <typename _percpu_t>
static inline PERCPU__CHECKED int percpu_alloc(volatile percpu_handle<_percpu_t> *handle)
{
	return percpu_alloc_aligned(handle, 1);
}
template <typename _percpu_t>
static inline PERCPU__CHECKED int percpu_free(volatile percpu_handle<_percpu_t> *handle)
{
	return _percpu_free_at(handle);
}
#endif
}

#define PERCPU_PTR(...) ::percpu_handle<__typeof__(__VA_ARGS__)>
#define PERCPU__TYPED(...) _percpu_typed(__VA_ARGS__)
#define PERCPU__NUMBER(h) ((h).address)
#define PERCPU__TARGET(h) typename PERCPU__HANDLE_TYPE(h)::type
#define PERCPU__HANDLE_TYPE(h) _percpu_type<__typeof__(h)>::plain

#else

/*
 * A pointer to a function that nobody calls: it cannot be dereferenced for a value, is the same
 * type wherever it is written, and says by its result what the variable is. Its argument is of a
 * type that nothing else has, and no constant converts to.
 */
struct percpu_handle {
	char is_no_function;
};
#define PERCPU_PTR(...) __typeof__(volatile __typeof__(__VA_ARGS__) *(*)(struct percpu_handle))
#define PERCPU__HANDLE_RESULT(h) __typeof__((h)((struct percpu_handle){0}))
#define PERCPU__TYPED(...)                                                                         \
	((PERCPU__HANDLE_RESULT((__VA_ARGS__)))_percpu_opaque(PERCPU__NUMBER((__VA_ARGS__))))
/* A comma: where the handle is what a function returns, GCC can warn of the cast. */
#define PERCPU__NUMBER(h) ((uintptr_t)((void)0, (h)))
#define PERCPU__TARGET(h) __typeof__(*(h)((struct percpu_handle){0}))

#endif

/*
 * 1 if NAME is percpu_at(...), else 0; to be asked by SECOND of this pasted with the name, 0 and
 * nothing.
 */
#define PERCPU__DYNAMIC_percpu_at(...) , 1,

#endif
