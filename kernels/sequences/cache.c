/* SPDX-License-Identifier: 0BSD */
/*
 * Pop and push of percpu/cache.h. What must come of them is what a model makes of both CPUs'
 * magazines, in one of the two orders: where an object is, in which place, and who has got it.
 */
#include <percpu/cache.h>

#include <kernels/common/kernel.h>

#include "sequences.h"

#define OBJECTS PERCPU_CACHE_OBJECTS

static PERCPU_PTR(struct percpu_cache_magazines) magazines;

/* Objects are numbers here, which nobody looks into: those of CPU 0, of CPU 1, and two new ones. */
#define OBJECT(cpu, n) ((uintptr_t)1000 * ((cpu) + 1) + (n))
#define OF_THREAD ((uintptr_t)3000)
#define OF_HANDLER ((uintptr_t)4000)

struct stack {
	size_t count;
	uintptr_t objects[OBJECTS];
};
static struct stack model[2];
/* What the handler was given: of its two pops, or whether it had room. */
static uintptr_t handlers[2];

/* Functions of their own, whose instructions the test finds. */
__attribute__((noinline)) uint64_t cache_pop(uint64_t a, uint64_t b, size_t c)
{
	(void)a, (void)b, (void)c;
	return (uintptr_t)_percpu_cache_pop(magazines);
}

__attribute__((noinline)) uint64_t cache_push(uint64_t a, uint64_t b, size_t c)
{
	(void)a, (void)b, (void)c;
	return _percpu_cache_push(magazines, (void *)OF_THREAD); /* NOLINT: a number */
}

/* CPU 0 has two objects at least, and room for two. */
void cache_prepare(uint64_t random)
{
	if (!magazines && percpu_alloc_aligned(&magazines, PERCPU_CACHE_LINE))
		tap_bail_out("cpu 0: no room for two magazines: PERCPU_DYNAMIC in kernel.mk");
	model[0].count = 2 + random % (OBJECTS - 3);
	model[1].count = (random >> 8) % (OBJECTS + 1);
	for (size_t cpu = 0; cpu < 2; cpu++) {
		struct percpu_cache_magazines *there = percpu_ptr_on(percpu_at(magazines), cpu);

		for (size_t i = 0; i < OBJECTS; i++) {
			model[cpu].objects[i] = OBJECT(cpu, i);
			there->objects[i] = (void *)OBJECT(cpu, i); /* NOLINT: a number */
		}
		there->top = model[cpu].count * sizeof(void *);
	}
}

static bool has_begun(void)
{
	return percpu_read(percpu_at(magazines).top) != model[0].count * sizeof(void *);
}

/* Two out and one of them in: as many as before, but the last. */
bool cache_take_two(void)
{
	bool done = has_begun();

	for (size_t i = 0; i < 2; i++)
		handlers[i] = (uintptr_t)_percpu_cache_pop(magazines);
	if (handlers[0])
		_percpu_cache_push(magazines, (void *)handlers[0]); /* NOLINT: a number */
	return done;
}

bool cache_give_one(void)
{
	bool done = has_begun();

	handlers[0] = _percpu_cache_push(magazines, (void *)OF_HANDLER); /* NOLINT: a number */
	return done;
}

/* ---- The model ---- */

static uintptr_t pop(struct stack *stack)
{
	return stack->count ? stack->objects[--stack->count] : 0;
}

static bool push(struct stack *stack, uintptr_t object)
{
	if (stack->count < OBJECTS)
		stack->objects[stack->count++] = object;
	else
		return false;
	return true;
}

static bool are_as_in_model(void)
{
	for (size_t cpu = 0; cpu < 2; cpu++) {
		const struct percpu_cache_magazines *there =
			percpu_ptr_on(percpu_at(magazines), cpu);

		if (there->top != model[cpu].count * sizeof(void *))
			return false;
		for (size_t i = 0; i < model[cpu].count; i++)
			if ((uintptr_t)there->objects[i] != model[cpu].objects[i])
				return false;
	}
	return true;
}

static bool took_two(void)
{
	uintptr_t first = pop(&model[0]), second = pop(&model[0]);

	return (!first || push(&model[0], first)) && first == handlers[0] && second == handlers[1];
}

bool cache_pop_right(uint64_t result, size_t cpu, bool done)
{
	bool right = done || took_two();

	right &= pop(&model[cpu]) == result;
	right &= !done || took_two();
	return right && are_as_in_model();
}

bool cache_push_right(uint64_t result, size_t cpu, bool done)
{
	bool right = done || push(&model[0], OF_HANDLER) == handlers[0];

	right &= push(&model[cpu], OF_THREAD) == result;
	right &= !done || push(&model[0], OF_HANDLER) == handlers[0];
	return right && are_as_in_model();
}
