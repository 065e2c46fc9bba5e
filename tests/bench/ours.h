/* SPDX-License-Identifier: MIT */
/*
 * The operations of libpercpu, for one variable: included once for each, without a guard.
 *
 * BENCH_NAME(op) is the name of the function, BENCH_VARIABLE what the accessors are given; the rest
 * is in function.h.
 */
BENCH_FUNCTION uint64_t BENCH_NAME(read)(BENCH_ONLY_INDEX)
{
	return BENCH_ON(percpu_read, BENCH_VARIABLE);
}

BENCH_FUNCTION void BENCH_NAME(write)(BENCH_INDEX uint64_t value)
{
	BENCH_ON(percpu_write, BENCH_VARIABLE, value);
}

BENCH_FUNCTION void BENCH_NAME(add)(BENCH_INDEX uint64_t value)
{
	BENCH_ON(percpu_add, BENCH_VARIABLE, value);
}

BENCH_FUNCTION void BENCH_NAME(inc)(BENCH_ONLY_INDEX)
{
	BENCH_ON(percpu_inc, BENCH_VARIABLE);
}

BENCH_FUNCTION uint64_t BENCH_NAME(add_return)(BENCH_INDEX uint64_t value)
{
	return BENCH_ON(percpu_add_return, BENCH_VARIABLE, value);
}

BENCH_FUNCTION uint64_t BENCH_NAME(xchg)(BENCH_INDEX uint64_t value)
{
	return BENCH_ON(percpu_xchg, BENCH_VARIABLE, value);
}

BENCH_FUNCTION uint64_t BENCH_NAME(cmpxchg)(BENCH_INDEX uint64_t expected, uint64_t value)
{
	return BENCH_ON(percpu_cmpxchg, BENCH_VARIABLE, expected, value);
}

BENCH_FUNCTION uint64_t *BENCH_NAME(pointer)(BENCH_ONLY_INDEX)
{
	return BENCH_ON(percpu_ptr, BENCH_VARIABLE);
}

#undef BENCH_NAME
#undef BENCH_VARIABLE
