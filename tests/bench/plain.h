/* SPDX-License-Identifier: MIT */
/*
 * The operations of a peer that updates its variable by plain C: included once for each peer,
 * without a guard.
 *
 * BENCH_NAME(op) is the name of the function (function.h has the rest), BENCH_POINTER() a
 * pointer to this CPU's copy, formed anew each time. BENCH_ENTER() and BENCH_LEAVE() are what the
 * peer does around an update, BENCH_ENTER_READ() and BENCH_LEAVE_READ() around a read.
 *
 * With BENCH_OWN_READ_AND_WRITE the peer has these two already.
 *
 * Each access is volatile: one load or store, as our percpu_read and percpu_write are.
 */
BENCH_FUNCTION uint64_t *BENCH_NAME(pointer)(BENCH_ONLY_INDEX)
{
	return (uint64_t *)BENCH_POINTER();
}

#ifndef BENCH_OWN_READ_AND_WRITE
BENCH_FUNCTION uint64_t BENCH_NAME(read)(BENCH_ONLY_INDEX)
{
	uint64_t value;

	BENCH_ENTER_READ();
	value = *(volatile uint64_t *)BENCH_POINTER();
	BENCH_LEAVE_READ();
	return value;
}

BENCH_FUNCTION void BENCH_NAME(write)(BENCH_INDEX uint64_t value)
{
	BENCH_ENTER();
	*(volatile uint64_t *)BENCH_POINTER() = value;
	BENCH_LEAVE();
}
#endif

BENCH_FUNCTION void BENCH_NAME(add)(BENCH_INDEX uint64_t value)
{
	uint64_t *place;

	BENCH_ENTER();
	place = (uint64_t *)BENCH_POINTER();
	*place += value;
	BENCH_LEAVE();
}

BENCH_FUNCTION void BENCH_NAME(inc)(BENCH_ONLY_INDEX)
{
	uint64_t *place;

	BENCH_ENTER();
	place = (uint64_t *)BENCH_POINTER();
	*place += 1;
	BENCH_LEAVE();
}

BENCH_FUNCTION uint64_t BENCH_NAME(add_return)(BENCH_INDEX uint64_t value)
{
	uint64_t *place;

	BENCH_ENTER();
	place = (uint64_t *)BENCH_POINTER();
	value += *place;
	*place = value;
	BENCH_LEAVE();
	return value;
}

BENCH_FUNCTION uint64_t BENCH_NAME(xchg)(BENCH_INDEX uint64_t value)
{
	uint64_t *place, old;

	BENCH_ENTER();
	place = (uint64_t *)BENCH_POINTER();
	old = *place;
	*place = value;
	BENCH_LEAVE();
	return old;
}

BENCH_FUNCTION uint64_t BENCH_NAME(cmpxchg)(BENCH_INDEX uint64_t expected, uint64_t value)
{
	uint64_t *place, old;

	BENCH_ENTER();
	place = (uint64_t *)BENCH_POINTER();
	old = *place;
	if (old == expected)
		*place = value;
	BENCH_LEAVE();
	return old;
}

#undef BENCH_NAME
#undef BENCH_POINTER
#undef BENCH_ENTER
#undef BENCH_LEAVE
#undef BENCH_ENTER_READ
#undef BENCH_LEAVE_READ
#undef BENCH_OWN_READ_AND_WRITE
