/* SPDX-License-Identifier: MIT */
/*
 * The operations of a peer that updates its variable by the compiler's atomics, relaxed: included
 * once for each peer, without a guard. The parameters are those of plain.h.
 */
BENCH_FUNCTION uint64_t *BENCH_NAME(pointer)(BENCH_ONLY_INDEX)
{
	return BENCH_POINTER();
}

BENCH_FUNCTION uint64_t BENCH_NAME(read)(BENCH_ONLY_INDEX)
{
	uint64_t value;

	BENCH_ENTER();
	value = __atomic_load_n(BENCH_POINTER(), __ATOMIC_RELAXED);
	BENCH_LEAVE();
	return value;
}

BENCH_FUNCTION void BENCH_NAME(write)(BENCH_INDEX uint64_t value)
{
	BENCH_ENTER();
	__atomic_store_n(BENCH_POINTER(), value, __ATOMIC_RELAXED);
	BENCH_LEAVE();
}

BENCH_FUNCTION void BENCH_NAME(add)(BENCH_INDEX uint64_t value)
{
	BENCH_ENTER();
	(void)__atomic_fetch_add(BENCH_POINTER(), value, __ATOMIC_RELAXED);
	BENCH_LEAVE();
}

BENCH_FUNCTION void BENCH_NAME(inc)(BENCH_ONLY_INDEX)
{
	BENCH_ENTER();
	(void)__atomic_fetch_add(BENCH_POINTER(), 1, __ATOMIC_RELAXED);
	BENCH_LEAVE();
}

BENCH_FUNCTION uint64_t BENCH_NAME(add_return)(BENCH_INDEX uint64_t value)
{
	BENCH_ENTER();
	value = __atomic_add_fetch(BENCH_POINTER(), value, __ATOMIC_RELAXED);
	BENCH_LEAVE();
	return value;
}

BENCH_FUNCTION uint64_t BENCH_NAME(xchg)(BENCH_INDEX uint64_t value)
{
	BENCH_ENTER();
	value = __atomic_exchange_n(BENCH_POINTER(), value, __ATOMIC_RELAXED);
	BENCH_LEAVE();
	return value;
}

BENCH_FUNCTION uint64_t BENCH_NAME(cmpxchg)(BENCH_INDEX uint64_t expected, uint64_t value)
{
	BENCH_ENTER();
	(void)__atomic_compare_exchange_n(BENCH_POINTER(), &expected, value, false,
					  __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	BENCH_LEAVE();
	return expected;
}

#undef BENCH_NAME
#undef BENCH_POINTER
#undef BENCH_ENTER
#undef BENCH_LEAVE
