/* SPDX-License-Identifier: MIT */
/*
 * CPUs that come and go: their states, and the constructors that each runs when it comes.
 *
 * A state is a word in the CPU's own area. It changes by compare-and-swap only, so of two callers
 * who want the same CPU one is refused. While constructors run it is what it was, and while they
 * are undone it is DYING, with BUSY, so that nobody else changes it.
 */
#include <percpu.h>

#include "internal.h"

/* In a CPU's area; 0, as PERCPU_CPU_ABSENT, until it comes up for the first time. */
static PERCPU_DEFINE_FAR(uintptr_t, percpu_cpu_state_word);

#define BUSY ((uintptr_t)4)

/* Distances from the entry to its functions, so that they hold wherever the kernel runs. */
struct constructor {
	int32_t up[1], down[1];
};

extern struct constructor _percpu_constructors_start[] LINKER_SYMBOL;
extern struct constructor _percpu_constructors_end[] LINKER_SYMBOL;

typedef int up_function(size_t cpu);
typedef void down_function(size_t cpu);

static uintptr_t function(const int32_t *distance)
{
	return (uintptr_t)distance + (uintptr_t)(intptr_t)*distance;
}

static void undo(const struct constructor *end, size_t cpu)
{
	while (end-- > _percpu_constructors_start)
		((down_function *)function(end->down))(cpu); /* NOLINT: an address */
}

static int construct(size_t cpu)
{
	const struct constructor *c = _percpu_constructors_start;
	int error = 0;

	for (; c < _percpu_constructors_end && !error; c++)
		error = ((up_function *)function(c->up))(cpu); /* NOLINT: an address */
	if (error)
		undo(c - 1, cpu);
	return error;
}

static uintptr_t *word_of(size_t cpu)
{
	return percpu_ptr_on(percpu_cpu_state_word, cpu);
}

/* What keeps a call that concerns CPU from looking at its state; 0 if nothing does. */
static int check(size_t cpu)
{
	int error = _percpu_check_made();

	return error || cpu < percpu_area_num() ? error : PERCPU_EINVAL;
}

/* Acquire: pairs with the releases below. */
static uintptr_t state_of(size_t cpu)
{
	return __atomic_load_n(word_of(cpu), __ATOMIC_ACQUIRE);
}

static bool is_this_cpu(size_t cpu)
{
	return percpu_get_local_thread_pointer() == percpu_area_base(cpu);
}

/*
 * Whether the calling CPU is bound as another one than CPU. What one that is down has left in its
 * register does not count.
 */
static bool is_another(size_t cpu)
{
	void *base = percpu_get_local_thread_pointer();

	if (!base || is_this_cpu(cpu))
		return false;
	percpu_for_each (other)
		if (percpu_area_base(other) == base)
			return state_of(other) != PERCPU_CPU_DOWN;
	return false;
}

WRITES_REGISTER static int come(size_t cpu)
{
	uintptr_t before = percpu_arch_get_register();
	bool was_bound = is_this_cpu(cpu);
	int error = percpu_set_local_thread_pointer(cpu);

	if (!error)
		error = construct(cpu);
	if (error && !was_bound) {
		_percpu_give_back(percpu_area_base(cpu));
		percpu_arch_set_register(before);
	}
	return error;
}

WRITES_REGISTER int percpu_cpu_up(size_t cpu)
{
	int error = check(cpu);
	uintptr_t before;

	if (error)
		return error;
	before = state_of(cpu);
	if ((before != PERCPU_CPU_ABSENT && before != PERCPU_CPU_DOWN) || is_another(cpu) ||
	    !percpu_arch_cas(word_of(cpu), before, before | BUSY))
		return PERCPU_ESTATE;
	error = come(cpu);
	/* Release: pairs with state_of. What the constructors did is there; or undone. */
	__atomic_store_n(word_of(cpu), error ? before : PERCPU_CPU_UP, __ATOMIC_RELEASE);
	return error;
}

int percpu_cpu_down(size_t cpu)
{
	int error = check(cpu);

	if (error)
		return error;
	/* No more UP from here on: who sees it may give the CPU work that nobody would do. */
	if (!is_this_cpu(cpu) ||
	    !percpu_arch_cas(word_of(cpu), PERCPU_CPU_UP, PERCPU_CPU_DYING | BUSY))
		return PERCPU_ESTATE;
	undo(_percpu_constructors_end, cpu);
	__atomic_store_n(word_of(cpu), PERCPU_CPU_DYING, __ATOMIC_RELEASE);
	return 0;
}

int percpu_cpu_dead(size_t cpu)
{
	int error = check(cpu);

	if (error)
		return error;
	if (is_this_cpu(cpu) ||
	    !percpu_arch_cas(word_of(cpu), PERCPU_CPU_DYING, PERCPU_CPU_DYING | BUSY))
		return PERCPU_ESTATE;
	_percpu_give_back(percpu_area_base(cpu));
	__atomic_store_n(word_of(cpu), PERCPU_CPU_DOWN, __ATOMIC_RELEASE);
	return 0;
}

int percpu_cpu_state(size_t cpu)
{
	int error = check(cpu);

	return error ? error : (int)(state_of(cpu) & ~BUSY);
}
