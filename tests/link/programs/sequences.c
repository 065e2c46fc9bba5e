/* SPDX-License-Identifier: MIT */
/*
 * For PERCPU_PREEMPT restart: functions of one sequence each, in several objects, as PART says.
 * What is named live_ is called; what is named dead_ is not. plain_twin has the bytes of live_twin,
 * but its code is no sequence. sequences.py finds the sequences by their instructions. Those of a
 * user's own are in own.S and own.c.
 */
#include <percpu.h>

#if PART == 1
PERCPU_DEFINE(uint64_t, counter);
#else
PERCPU_DECLARE(uint64_t, counter);
#endif

#ifdef __cplusplus
#define FUNCTION extern "C" __attribute__((noinline))
#else
#define FUNCTION __attribute__((noinline))
#endif

FUNCTION void dead_1(void);
FUNCTION void live_1(void);
FUNCTION void live_2(void);
FUNCTION void dead_2(void);
FUNCTION void live_twin(void);
FUNCTION void plain_twin(void);
FUNCTION void exit_1(void);
FUNCTION void live_3(void);
FUNCTION void live_shared(void);
FUNCTION void call_inline_1(void);
FUNCTION void call_inline_2(void);
FUNCTION void live_own(void);
FUNCTION uint64_t live_own_c(void);
FUNCTION uint64_t live_own_cc(void);
FUNCTION void _start(void);

#if PART == 1
void dead_1(void)
{
	percpu_add(counter, 1);
}

void live_1(void)
{
	percpu_add(counter, 2);
}

void _start(void)
{
	if (percpu_init(1) || percpu_set_local_thread_pointer(0))
		return;
	live_1();
	live_2();
	live_twin();
	plain_twin();
#ifdef CALL_3
	live_3();
	live_shared();
#endif
#ifdef CALL_OWN
	live_own();
#endif
#ifdef CALL_OWN_C
	(void)live_own_c();
#endif
#ifdef CALL_OWN_CC
	(void)live_own_cc();
#endif
#ifdef CALL_INLINE
	call_inline_1();
	call_inline_2();
#endif
}

#elif PART == 2
void live_2(void)
{
	percpu_add(counter, 3);
}

void dead_2(void)
{
	percpu_add(counter, 4);
}

#elif PART == 3
void live_twin(void)
{
	percpu_add(counter, 5);
}

#elif PART == 4
#undef PERCPU__SEQUENCE_BEGIN
#undef PERCPU__SEQUENCE_END
#define PERCPU__SEQUENCE_BEGIN ""
#define PERCPU__SEQUENCE_END ""

void plain_twin(void)
{
	percpu_add(counter, 5);
}

#elif PART == 5
FUNCTION inline void live_inline(void)
{
	percpu_add(counter, 6);
}
void CALLER(void);

void CALLER(void)
{
	live_inline();
}

/* exit_1 is dropped by the linker script. */
#elif PART == 6
__attribute__((section(".exit.text"))) void exit_1(void)
{
	percpu_add(counter, 7);
}

void live_3(void)
{
	percpu_add(counter, 8);
}
#endif
