/* SPDX-License-Identifier: MIT */
/*
 * percpu_record: several words of each CPU that belong together, packets and bytes for one, written
 * by their CPU and read whole by any: all words of one moment, between two writes.
 * docs/building-blocks.md says when not to take it.
 *
 *	struct traffic {
 *		uint64_t packets, bytes;
 *	};
 *	static PERCPU_RECORD(struct traffic) traffic;
 *
 *	percpu_record_init(&traffic)			0, or an error
 *	percpu_record_write(&traffic) {
 *		percpu_add(percpu_record_at(&traffic).packets, 1);
 *		percpu_add(percpu_record_at(&traffic).bytes, length);
 *	}
 *	struct traffic now;
 *	percpu_record_read(&traffic, cpu, &now, 1000)	0, or PERCPU_EBUSY
 *
 * How. Each copy has a state word: in its low 8 bits how many writes are under way there, nested in
 * each other by interrupts, and above them how many have ended. A write begins by an add of 1, and
 * ends by one that takes that 1 back and adds 1 above. So the state is that of a moment without a
 * write if and only if its low bits are 0, however writes nest (a count that is odd while a write
 * is under way would be even in the second of two), and two equal states of that kind have no write
 * between them.
 *
 * Ordering. A write's beginning is a relaxed add and a release fence before the words. Partner: the
 * reader's acquire fence behind the words, before it looks at the state again; so a reader that has
 * seen a word of a write sees that the write has begun. A write's end is a release fence behind the
 * words and a relaxed add. Partner: the reader's acquire load of the state, before the words; so a
 * reader that has seen a write end sees all its words.
 *
 * Contents persist while a CPU is down: a record of it can be read, and has its last words.
 */
#ifndef PERCPU_RECORD_H
#define PERCPU_RECORD_H

/* Before the pragma, as in percpu/dynamic.h: so that GCC warns of an error nobody looks at. */
#ifndef __cplusplus
#define percpu_record_init(record)                                                                 \
	_percpu_record_init(&(*(record)).at, sizeof(PERCPU__TARGET((*(record)).at)),               \
			    __alignof__(PERCPU__TARGET((*(record)).at)))
#define percpu_record_fini(record) _percpu_free_at(&(*(record)).at)
#endif

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#include <percpu/blocks.h>

PERCPU__HEADER_BEGIN

/* clang-format off */
#define PERCPU__RECORD_DEPTH ((uintptr_t)0xff)
#define PERCPU__RECORD_ENDED ((uintptr_t)0x100)
/* clang-format on */

/*
 * PERCPU_RECORD(type) - a record of TYPE, whose size and alignment are multiples of a word's
 *
 * To be zero, or what percpu_record_fini left, before percpu_record_init. Its member is the
 * library's. In C each one written out is a type of its own: where functions take it, a typedef.
 */
#ifdef __cplusplus
extern "C++" {
template <typename _percpu_t> struct percpu_record {
	struct copy {
		uintptr_t state;
		_percpu_t value;
	};
	percpu_handle<copy> at;
};
}
#define PERCPU_RECORD(...) ::percpu_record<__typeof__(__VA_ARGS__)>
#define PERCPU__RECORD_STATE(record) (::percpu_handle<uintptr_t>{PERCPU__NUMBER((*(record)).at)})
#define PERCPU__RECORD_COPY(lv) PERCPU__VALUE(lv)
extern "C" {
#else
/* __extension__: GCC can warn of a type that is defined in another's, which is no C++. */
#define PERCPU_RECORD(...)                                                                         \
	struct {                                                                                   \
		__extension__ PERCPU_PTR(struct {                                                  \
			uintptr_t state;                                                           \
			__typeof__(__VA_ARGS__) value;                                             \
		}) at;                                                                             \
	}
#define PERCPU__RECORD_STATE(record) ((PERCPU_PTR(uintptr_t))PERCPU__NUMBER((*(record)).at))
#define PERCPU__RECORD_COPY(lv) __typeof__(lv)
#endif

/*
 * percpu_record_init - make a record, all zero on every CPU
 *
 * Returns 0, PERCPU_EALREADY (RECORD is not zero: it has not ended by percpu_record_fini), or the
 * error of percpu_alloc; then nothing has changed. Context: as percpu_alloc.
 *
 * percpu_record_fini - give back what it has allocated
 *
 * Every write and read, on any CPU and in any handler, happens before it. Returns 0, or the error
 * of percpu_free. Context: as percpu_free.
 */

/* AT is a record's member, whose copies have that size and alignment. */
int _percpu_record_init(void *at, size_t size, size_t align)
	PERCPU__API(_percpu_record_init) PERCPU__CHECKED;

#ifdef __cplusplus
extern "C++" {
template <typename _percpu_t>
static inline PERCPU__CHECKED int percpu_record_init(percpu_record<_percpu_t> *record)
{
	typedef typename percpu_record<_percpu_t>::copy copy;

	return _percpu_record_init(&record->at, sizeof(copy), alignof(copy));
}
template <typename _percpu_t>
static inline PERCPU__CHECKED int percpu_record_fini(percpu_record<_percpu_t> *record)
{
	return _percpu_free_at(&record->at);
}
}
#endif

/*
 * percpu_record_at(record) - this CPU's words: a name for the accessors, as percpu_at is; with
 *	.field and [index] behind it
 *
 * In percpu_record_write, by percpu_add, percpu_write and the like, for readers look at the same
 * time: each access is one load or store. Of a write outside of a block nobody is told, with
 * PERCPU_DEBUG neither, and readers may get a mixture. Where an interrupt handler writes the record
 * too, by updates such as percpu_add, which lose nothing. Of two percpu_write with a handler's two
 * between them the first is written over and the second writes over: readers see that mixture.
 */
#define percpu__percpu_record_at(record) percpu__percpu_at((*(record)).at).value
#define PERCPU__DYNAMIC_percpu_record_at PERCPU__DYNAMIC_percpu_at
/* So that it is nothing without an accessor. */
extern const struct percpu_record_at_is_for_use_in_an_accessor percpu_record_at;

/*
 * percpu_record_write(record) { ... } - write this CPU's words
 *
 * The writes in the block are seen together. However it is left, also by break, continue, goto or
 * return, the write has ended.
 *
 * Context: as percpu_add, in interrupt handlers too, which may interrupt another write of the same
 * record, nested less than 256 deep; in an NMI handler where percpu_add may be. PERCPU_PREEMPT
 * none: pinned, for the whole block. hooks and restart: preemption is held off for the block by the
 * kernel's functions, as percpu_with does.
 */
#define percpu_record_write(record)                                                                \
	for (struct _percpu_record_write _percpu_write                                             \
	     __attribute__((cleanup(_percpu_record_end))) =                                        \
		     _percpu_record_begin(PERCPU__RECORD_STATE(record));                           \
	     !_percpu_write.done; _percpu_write.done = 1)

/*
 * percpu_record_read - read a CPU's words, all of one moment
 * @record: the record
 * @cpu: whose; the caller's own too
 * @to: a pointer to where they go, of the record's type; with an error, its contents are anything
 * @tries: how often to look, at least once; between two tries is percpu_arch_pause
 *
 * Returns 0, PERCPU_EINVAL if that CPU has no area, or PERCPU_EBUSY: a write was under way in each
 * try. If it is a write of the caller's own CPU, which the caller, a handler, has interrupted, that
 * is said at once: it cannot end before the handler does. Another CPU's ends soon, unless it takes
 * interrupts in the block, or has died in one.
 *
 * Context: anywhere on a CPU whose thread pointer is set, in interrupt and NMI handlers too;
 * nothing is written but *TO, and the caller need not be pinned.
 */
#define percpu_record_read(record, cpu, to, tries)                                                 \
	PERCPU__C_CASTS PERCPU__RECORD_READ(percpu__percpu_at((*(record)).at), cpu, to, tries)     \
		PERCPU__C_CASTS_END

#define PERCPU__RECORD_READ(lv, cpu, to, tries)                                                    \
	__extension__({                                                                            \
		PERCPU__ASSERT(sizeof((lv).value) % sizeof(uintptr_t) == 0 &&                      \
				       __alignof__((lv).value) % sizeof(uintptr_t) == 0,           \
			       "percpu: a record is whole words: make its type's size and "        \
			       "alignment multiples of sizeof(uintptr_t)");                        \
		PERCPU__CONVERT(PERCPU__POINTER((lv).value), _percpu_to, to);                      \
		size_t _percpu_number = (cpu);                                                     \
		_percpu_record_read(PERCPU__PTR_ON(lv, _percpu_number),                            \
				    __builtin_offsetof(PERCPU__RECORD_COPY(lv), value),            \
				    _percpu_to, sizeof((lv).value), _percpu_number, (tries));      \
	})

/* COPY is that CPU's, or NULL; the words are at OFFSET in it, SIZE bytes. */
int _percpu_record_read(const void *copy, size_t offset, void *to, size_t size, size_t cpu,
			size_t tries) PERCPU__API(_percpu_record_read);

struct _percpu_record_write {
	PERCPU_PTR(uintptr_t) state;
	uintptr_t done;
};

static inline struct _percpu_record_write _percpu_record_begin(PERCPU_PTR(uintptr_t) state)
{
	struct _percpu_record_write begun = {state, 0};

	PERCPU__HOLD();
	percpu_add(percpu_at(state), 1);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return begun;
}

static inline void _percpu_record_end(struct _percpu_record_write *begun)
{
	PERCPU_PTR(uintptr_t) state = begun->state;

	__atomic_thread_fence(__ATOMIC_RELEASE);
	percpu_add(percpu_at(state), PERCPU__RECORD_ENDED - 1);
	PERCPU__RELEASE();
}

#ifdef __cplusplus
}
#endif

PERCPU__HEADER_END

#endif
