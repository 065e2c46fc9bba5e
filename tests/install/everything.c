/* SPDX-License-Identifier: 0BSD */
/*
 * C40: everything that percpu.h and percpu/sequence.h have for users, in C and in C++, written so
 * that no warning of any compiler is this program's own. With NARROW there is one: a value that its
 * variable cannot hold. With NEAR_SYMBOL a variable is named in an asm in every configuration.
 */
#include <percpu.h>
#include <percpu/sequence.h>

typedef enum { RED, GREEN } colour;
typedef struct {
	uint32_t first;
	uint8_t second[4];
} pair;

PERCPU_DECLARE(uint64_t, number);
PERCPU_DECLARE_FAR(uint16_t[100], halves);
PERCPU_DECLARE_CACHELINE(uint32_t, word);
PERCPU_DECLARE_PAGE(uint8_t[4096], page);
PERCPU_DECLARE_FAR(pair *, far_pointer);
PERCPU_DEFINE(uint64_t, number) = 5;
PERCPU_DEFINE_FAR(uint16_t[100], halves) = {1, 2};
PERCPU_DEFINE_CACHELINE(uint32_t, word);
PERCPU_DEFINE_PAGE(uint8_t[4096], page);
PERCPU_DEFINE_FAR(pair *, far_pointer);
static PERCPU_DEFINE(int, integer);
static PERCPU_DEFINE_FAR(pair, both);
static PERCPU_DEFINE(pair *, pointer);
static PERCPU_DEFINE(bool, flag);
static PERCPU_DEFINE(colour, paint);
#ifdef PERCPU_HAVE_CMPXCHG128
PERCPU_DECLARE(percpu_u128, wide);
PERCPU_DEFINE(percpu_u128, wide);
#endif

/* Of one variable: NAME of TYPE, whose values V and E are. */
#define PLAIN(type, name, v, e)                                                                    \
	do {                                                                                       \
		type was = percpu_read(name);                                                      \
		was = percpu_raw_read(name);                                                       \
		was = percpu_read_stable(name);                                                    \
		percpu_write(name, v);                                                             \
		percpu_raw_write(name, v);                                                         \
		was = percpu_xchg(name, v);                                                        \
		was = percpu_cmpxchg(name, e, v);                                                  \
		if (percpu_try_cmpxchg(name, &was, v))                                             \
			result++;                                                                  \
		*percpu_ptr(name) = v;                                                             \
		if (percpu_reset(name))                                                            \
			result++;                                                                  \
		was = *percpu_ptr_on(name, result);                                                \
		was = percpu_read_on(name, result);                                                \
		percpu_write_on(name, result, v);                                                  \
		result += percpu_offset(name);                                                     \
		percpu_with(type, with, name) *with = was;                                         \
	} while (0)

#define NUMBER(type, name, v)                                                                      \
	do {                                                                                       \
		type sum;                                                                          \
		PLAIN(type, name, v, v);                                                           \
		percpu_and(name, v);                                                               \
		percpu_or(name, v);                                                                \
		percpu_xor(name, v);                                                               \
		percpu_add(name, v);                                                               \
		percpu_sub(name, v);                                                               \
		percpu_inc(name);                                                                  \
		percpu_dec(name);                                                                  \
		percpu_raw_add(name, v);                                                           \
		sum = percpu_add_return(name, v);                                                  \
		sum = percpu_inc_return(name);                                                     \
		sum = percpu_dec_return(name);                                                     \
		percpu_write(name, sum);                                                           \
		result += percpu_sum(name) != 0;                                                   \
	} while (0)

size_t use(size_t cpu);

size_t use(size_t cpu)
{
	static pair here;
	uint8_t byte = 1;
	uint16_t half = 1;
	uint32_t one = 1;
	uint64_t eight = 1;
	int negative = -1;
	size_t result = cpu;

	NUMBER(uint64_t, number, eight);
	NUMBER(uint16_t, halves[7], half);
	NUMBER(uint16_t, halves[cpu], half);
	NUMBER(uint32_t, word, one);
	NUMBER(uint8_t, page[100], byte);
	NUMBER(int, integer, negative);
	NUMBER(uint8_t, both.second[1], byte);
	PLAIN(pair *, pointer, &here, &here);
	PLAIN(pair *, far_pointer, &here, &here);
	PLAIN(bool, flag, true, false);
	PLAIN(colour, paint, RED, GREEN);
	percpu_and(flag, true);
	percpu_or(flag, true);
	percpu_xor(flag, true);
	percpu_add(number, 1);
	percpu_sub(word, 1);
	percpu_write(page[3], 0);
	percpu_xchg(number, 1);
	percpu_inc_return(number);
	percpu_cmpxchg(word, 1, 2);
	percpu_write(pointer, &here);
#ifdef NARROW
	percpu_write(page[3], one);
#endif
	result += percpu_cpu_id();
	result += (*percpu_ptr(halves))[3];
	result += percpu_local_base() != percpu_area_base(0);
	percpu_for_each (other)
		result += other;
#ifdef PERCPU_HAVE_CMPXCHG128
	result += percpu_cmpxchg128(wide, 0, 1) == 0;
#endif
	return result;
}

#if PERCPU_IS_IMAGE
typedef PERCPU_PTR(pair) pair_handle;
struct holder {
	PERCPU_PTR(uint64_t) number;
	PERCPU_PTR(uint16_t[4]) halves;
	pair_handle pairs[2];
	PERCPU_PTR(pair *) pointer;
};

PERCPU_PTR(uint64_t) take(PERCPU_PTR(uint64_t) handle);
size_t allocated(struct holder *holder, size_t at);

PERCPU_PTR(uint64_t) take(PERCPU_PTR(uint64_t) handle)
{
	return handle;
}

size_t allocated(struct holder *holder, size_t at)
{
	static PERCPU_PTR(uint8_t[2][3]) table;
	static pair here;
	static uint64_t map[64];
	struct percpu_dynamic_info info;
	pair_handle handle = holder->pairs[at];
	uint64_t was = 1;
	size_t result = 0;

	if (percpu_alloc(&holder->number) || percpu_alloc_aligned(&holder->halves, 64) ||
	    percpu_alloc(&table) || !holder->number || holder->pairs[0] == handle)
		return 1;
	percpu_inc(percpu_at(handle).first);
	percpu_write(percpu_at(holder->pairs[at]).second[1], 3);
	percpu_write(percpu_at(holder->halves)[at], 3);
	percpu_write(percpu_at(table)[1][at], 3);
	percpu_write(percpu_at(holder->pointer), &here);
	was = percpu_read(percpu_at(take(holder->number))) +
	      percpu_raw_read(percpu_at(holder->number));
	was += percpu_add_return(percpu_at(holder->number), was);
	was += percpu_xchg(percpu_at(holder->number), 4);
	was += percpu_cmpxchg(percpu_at(holder->number), 4, 5);
	if (percpu_try_cmpxchg(percpu_at(holder->number), &was, 6))
		result++;
	percpu_write_on(percpu_at(holder->number), at, was);
	result += percpu_sum(percpu_at(holder->number)) != 0;
	result += (*percpu_ptr(percpu_at(holder->halves)))[2];
	result += percpu_ptr_on(percpu_at(handle), at)->first + percpu_offset(percpu_at(handle));
	percpu_with(pair, with, percpu_at(handle)) with->first = 1;
	if (percpu_reset(percpu_at(handle)) || percpu_free(&handle) ||
	    percpu_grow(&here, percpu_map_size(64), map) || percpu_shrink(&here))
		result++;
	percpu_dynamic_info(&info);
	return result + info.largest;
}
#endif

static int constructed(size_t cpu)
{
	return cpu > 3;
}

static void undone(size_t cpu)
{
	(void)cpu;
}

PERCPU_CONSTRUCT(08, everything, constructed, undone);
PERCPU_CONSTRUCT(50, everything, constructed, undone);

size_t come_and_go(size_t cpu, void *const *areas);

size_t come_and_go(size_t cpu, void *const *areas)
{
	size_t result = 0;

	if (percpu_init_each(areas, 2) || percpu_cpu_up(cpu) || percpu_cpu_down(cpu) ||
	    percpu_cpu_dead(cpu) == PERCPU_ESTATE)
		result++;
	percpu_for_each_up (other)
		result += other;
	return result + (percpu_cpu_state(cpu) == PERCPU_CPU_UP);
}

#ifdef __cplusplus
template <typename T, size_t n> struct filled {
	T elements[n];
};

#if PERCPU_IS_IMAGE
/* In a template, and of a type with commas. */
template <typename T> class tally
{
      public:
	int start()
	{
		return percpu_alloc(&handle);
	}
	void add(T value)
	{
		percpu_add(percpu_at(handle).elements[1], value);
	}
	T total() const
	{
		return static_cast<T>(percpu_sum(percpu_at(handle).elements[1]));
	}

      private:
	PERCPU_PTR(filled<T, 3>) handle;
};

size_t tallied(tally<uint32_t> &one);

size_t tallied(tally<uint32_t> &one)
{
	if (one.start())
		return 0;
	one.add(3);
	return one.total();
}
#endif
#endif

uint64_t sequence(uint64_t value);

#if (PERCPU_IS_SMP && PERCPU_IS_IMAGE) || defined NEAR_SYMBOL
#define NAMED ".globl " PERCPU_NEAR_SYMBOL(number) "\n\t"
#else
#define NAMED
#endif

/* Of instructions that every architecture has. */
uint64_t sequence(uint64_t value)
{
	uint64_t out;

	__asm__ volatile(PERCPU_SEQUENCE_BEGIN PERCPU_SEQUENCE_PUBLISHES NAMED
			 "nop\n\t" PERCPU_SEQUENCE_END
			 : "=&r"(out)
			 : "r"(value)
			 : "memory");
	return percpu_sequence_call(out + PERCPU_SEQUENCES);
}

size_t functions(void *memory, uintptr_t pc);

size_t functions(void *memory, uintptr_t pc)
{
	uintptr_t start = 0;
	uintptr_t end = 0;

	if (percpu_init(4) == PERCPU_EINVAL || percpu_init_at(memory, 100, 2) == PERCPU_ENOSPC ||
	    percpu_early_init() == PERCPU_EALREADY ||
	    percpu_set_local_thread_pointer(0) == PERCPU_ENOTREADY)
		percpu_panic(percpu_strerror(PERCPU_EALIGN));
	if (percpu_get_local_thread_pointer() != percpu_area_base(0) ||
	    percpu_version() != PERCPU_VERSION || percpu_in_sequence(pc, &start, &end))
		return 0;
	return percpu_restart(pc) + percpu_area_size() + percpu_area_align() +
	       percpu_areas_size(1) + percpu_area_num() + start + end;
}

/* The word struct is wanted in C, and warned of in C++. */
#ifdef __cplusplus
#define STRUCT
#else
#define STRUCT struct
#endif
size_t of_modules(void *table, const char *code);

size_t of_modules(void *table, const char *code)
{
	static STRUCT percpu_sequences sequences;
#if PERCPU_IS_IMAGE
	static STRUCT percpu_module module;
#endif

	if (percpu_sequences_add(&sequences, table, table, code, code + 1) == PERCPU_EORDER)
		return 0;
#if PERCPU_IS_IMAGE
	if (percpu_module_alloc(&module, 8, 8) == PERCPU_ENOMEM ||
	    percpu_module_publish(&module, code) == PERCPU_EHANDLE ||
	    percpu_module_free(&module) == PERCPU_EBUSY)
		return module.address;
#endif
	return percpu_sequences_remove(&sequences) == 0;
}
