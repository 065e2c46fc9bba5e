/* SPDX-License-Identifier: 0BSD */
/*
 * C40: everything that percpu/linux.h has, in C and in C++, written so that no warning of any
 * compiler is this program's own. With NARROW there is one: a value that its variable cannot hold.
 */
#include <percpu/linux.h>

typedef struct {
	uint32_t first;
	uint8_t second[4];
} pair;

DECLARE_PER_CPU(uint64_t, number);
DECLARE_PER_CPU_READ_MOSTLY(uint32_t, seldom);
DECLARE_PER_CPU_ALIGNED(uint32_t, word);
DECLARE_PER_CPU_SHARED_ALIGNED(uint32_t, shared);
DECLARE_PER_CPU_PAGE_ALIGNED(uint8_t[4096], page);
DECLARE_PER_CPU_FAR(uint16_t[100], halves);
DEFINE_PER_CPU(uint64_t, number) = 5;
DEFINE_PER_CPU_READ_MOSTLY(uint32_t, seldom);
DEFINE_PER_CPU_ALIGNED(uint32_t, word);
DEFINE_PER_CPU_SHARED_ALIGNED(uint32_t, shared);
DEFINE_PER_CPU_PAGE_ALIGNED(uint8_t[4096], page);
DEFINE_PER_CPU_FAR(uint16_t[100], halves) = {1, 2};
static DEFINE_PER_CPU(int, integer);
static DEFINE_PER_CPU_FAR(pair, both);
#ifdef PERCPU_HAVE_CMPXCHG128
static DEFINE_PER_CPU(percpu_u128, wide);
#endif

/* Of one variable: NAME of TYPE, one of whose values is V. */
#define NUMBER(type, name, v)                                                                      \
	do {                                                                                       \
		type was = this_cpu_read(name);                                                    \
		was = __this_cpu_read(name);                                                       \
		was = raw_cpu_read(name);                                                          \
		this_cpu_write(name, v);                                                           \
		__this_cpu_write(name, v);                                                         \
		raw_cpu_write(name, v);                                                            \
		this_cpu_add(name, v);                                                             \
		__this_cpu_add(name, v);                                                           \
		raw_cpu_add(name, v);                                                              \
		this_cpu_sub(name, v);                                                             \
		__this_cpu_sub(name, v);                                                           \
		raw_cpu_sub(name, v);                                                              \
		this_cpu_inc(name);                                                                \
		__this_cpu_inc(name);                                                              \
		raw_cpu_inc(name);                                                                 \
		this_cpu_dec(name);                                                                \
		__this_cpu_dec(name);                                                              \
		raw_cpu_dec(name);                                                                 \
		this_cpu_and(name, v);                                                             \
		__this_cpu_and(name, v);                                                           \
		this_cpu_or(name, v);                                                              \
		__this_cpu_or(name, v);                                                            \
		was = this_cpu_add_return(name, v);                                                \
		was = __this_cpu_add_return(name, v);                                              \
		was = this_cpu_sub_return(name, v);                                                \
		was = __this_cpu_sub_return(name, v);                                              \
		was = this_cpu_inc_return(name);                                                   \
		was = __this_cpu_inc_return(name);                                                 \
		was = this_cpu_dec_return(name);                                                   \
		was = __this_cpu_dec_return(name);                                                 \
		was = this_cpu_xchg(name, v);                                                      \
		was = __this_cpu_xchg(name, v);                                                    \
		was = this_cpu_cmpxchg(name, v, v);                                                \
		was = __this_cpu_cmpxchg(name, v, v);                                              \
		if (this_cpu_try_cmpxchg(name, &was, v) || __this_cpu_try_cmpxchg(name, &was, v))  \
			result++;                                                                  \
		*this_cpu_ptr(&name) = *raw_cpu_ptr(&name);                                        \
		get_cpu_var(name) = was;                                                           \
		put_cpu_var(name);                                                                 \
		*get_cpu_ptr(&name) = was;                                                         \
		put_cpu_ptr(&name);                                                                \
		per_cpu(name, result) = *per_cpu_ptr(&name, result);                               \
	} while (0)

unsigned everything(void);

unsigned everything(void)
{
	uint64_t __percpu *marked = &number;
	unsigned result = num_possible_cpus();
	int cpu;

	NUMBER(uint64_t, number, 5);
	NUMBER(uint32_t, seldom, 5);
	NUMBER(uint32_t, word, 5);
	NUMBER(uint32_t, shared, 5);
	NUMBER(uint8_t, page[3], 5);
	NUMBER(uint16_t, halves[7], 5);
	NUMBER(int, integer, -5);
	NUMBER(uint32_t, both.first, 5);
	NUMBER(uint64_t, *marked, 5);
#ifdef PERCPU_HAVE_CMPXCHG128
	if (this_cpu_cmpxchg128(wide, 3, 4))
		result++;
#endif
	for_each_possible_cpu(cpu) if (!cpu_possible(cpu) ||
				       smp_processor_id() == raw_smp_processor_id()) result++;
	if (get_cpu() == 3)
		result++;
#if PERCPU_IS_IMAGE
	marked = alloc_percpu(uint64_t);
	if (marked)
		result += this_cpu_add_return(*marked, 1) == *per_cpu_ptr(marked, 0);
	free_percpu(marked);
#endif
	put_cpu();
#ifdef NARROW
	this_cpu_write(halves[7], result);
#endif
	return result;
}
