/* SPDX-License-Identifier: 0BSD */
/*
 * What can be right. An operation is one step, so an interrupt comes before it or after it, and the
 * value that the handler finds says which: the one from before, or what the operation makes of it.
 * Came the handler after, the result is made of the value from before, and the handler's values
 * stay. Came it before, result and variable are made of the handler's values, on the CPU to which
 * it has taken the thread. If the operation changes nothing, as a read, either may be.
 */
#include "sweep.h"

static uint64_t random_state;

void scene_seed(uint64_t seed)
{
	random_state = seed;
}

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (SplitMix64). */
static uint64_t draw(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t mask_of(const struct operation *operation)
{
	return operation->bits < 64 ? UINT64_MAX >> (64 - operation->bits) : UINT64_MAX;
}

static union cells *copy_of(const struct operation *operation, size_t cpu)
{
#if PERCPU_IS_IMAGE
	if (operation->place == ALLOCATED)
		return percpu_ptr_on(percpu_at(cells_handle), cpu);
#endif
	return operation->place == FAR ? percpu_ptr_on(far_cells, cpu)
				       : percpu_ptr_on(near_cells, cpu);
}

static uint64_t get(const union cells *cells, size_t bits)
{
	switch (bits) {
	case 8:
		return cells->u8[1];
	case 16:
		return cells->u16[1];
	case 32:
		return cells->u32[1];
	case 128:
		return number_of(cells->u128[1]);
	default:
		return cells->u64[1];
	}
}

static void set(union cells *cells, size_t bits, uint64_t value)
{
	switch (bits) {
	case 8:
		cells->u8[1] = (uint8_t)value;
		break;
	case 16:
		cells->u16[1] = (uint16_t)value;
		break;
	case 32:
		cells->u32[1] = (uint32_t)value;
		break;
	case 128:
		cells->u128[1] = PAIR_OF(value);
		break;
	default:
		cells->u64[1] = value;
	}
}

/* What the operation makes of a variable that is X. */
static uint64_t outcome(const struct scene *scene, uint64_t x)
{
	uint64_t value = scene->value, next = x;

	switch (scene->operation->action) {
	case READ:
		break;
	case WRITE:
	case XCHG:
		next = value;
		break;
	case ADD:
	case ADD_RETURN:
		next = x + value;
		break;
	case SUB:
		next = x - value;
		break;
	case AND:
		next = x & value;
		break;
	case OR:
		next = x | value;
		break;
	case XOR:
		next = x ^ value;
		break;
	case INC:
	case INC_RETURN:
		next = x + 1;
		break;
	case DEC:
	case DEC_RETURN:
		next = x - 1;
		break;
	case CMPXCHG:
	case CMPXCHG_FAILS:
	case TRY_CMPXCHG:
		next = x == scene->expected ? value : x;
		break;
	}
	return next & mask_of(scene->operation);
}

/* What it returns then. */
static uint64_t result_of(const struct scene *scene, uint64_t x)
{
	switch (scene->operation->action) {
	case READ:
	case XCHG:
	case CMPXCHG:
	case CMPXCHG_FAILS:
		return x;
	case ADD_RETURN:
	case INC_RETURN:
	case DEC_RETURN:
		return outcome(scene, x);
	case TRY_CMPXCHG:
		return x == scene->expected ? ~x : x;
	default:
		return 0;
	}
}

static void fill(union cells *cells, size_t bits)
{
	for (size_t i = 0; i < 6; i++)
		cells->words[i] = draw();
	if (bits == 128)
		set(cells, bits, draw());
}

static bool compares(enum action action)
{
	return action == CMPXCHG || action == CMPXCHG_FAILS || action == TRY_CMPXCHG;
}

static bool changes_nothing(enum action action)
{
	return action == READ || action == CMPXCHG_FAILS;
}

static void draw_arguments(struct scene *scene)
{
	uint64_t x = get(&scene->before[0], scene->operation->bits);

	scene->value = draw() & mask_of(scene->operation);
	scene->expected = x;
	if (scene->operation->action == CMPXCHG_FAILS)
		scene->expected = (x + 1 + scene->value % 100) & mask_of(scene->operation);
}

/* Whether before and after can be told apart, or need not be. */
static bool telling(const struct scene *scene)
{
	uint64_t x = get(&scene->before[0], scene->operation->bits);

	return changes_nothing(scene->operation->action) || outcome(scene, x) != x;
}

void scene_draw(struct scene *scene, const struct operation *operation)
{
	scene->operation = operation;
	for (size_t cpu = 0; cpu < 2; cpu++) {
		fill(&scene->before[cpu], operation->bits);
		fill(&scene->interference[cpu], operation->bits);
	}
	for (draw_arguments(scene); !telling(scene); draw_arguments(scene))
		fill(&scene->before[0], operation->bits);
	/* A comparison that may still succeed: one that compares twice would be found out. */
	for (size_t cpu = 0; cpu < 2 && compares(operation->action); cpu++)
		if (draw() % 2)
			set(&scene->interference[cpu], operation->bits, scene->expected);
	for (size_t cpu = 0; cpu < 2; cpu++)
		*copy_of(operation, cpu) = scene->before[cpu];
}

void scene_interfere(struct scene *scene)
{
	const struct operation *operation = scene->operation;

	scene->seen = get(copy_of(operation, 0), operation->bits);
	*copy_of(operation, 0) = scene->interference[0];
	if (scene->migrates)
		*copy_of(operation, 1) = scene->interference[1];
}

static bool same(const union cells *a, const union cells *b)
{
	for (size_t i = 0; i < 6; i++)
		if (a->words[i] != b->words[i])
			return false;
	return true;
}

/* Whether both copies and RESULT are as they are if the handler came BEFORE the operation. */
static bool matches(const struct scene *scene, uint64_t result, bool before)
{
	const struct operation *operation = scene->operation;
	union cells copies[2] = {scene->interference[0],
				 scene->migrates ? scene->interference[1] : scene->before[1]};
	union cells *here = &copies[scene->migrates];
	uint64_t x = get(before ? here : &scene->before[0], operation->bits);

	if (before)
		set(here, operation->bits, outcome(scene, x));
	return result == result_of(scene, x) && same(&copies[0], copy_of(operation, 0)) &&
	       same(&copies[1], copy_of(operation, 1));
}

bool scene_right(const struct scene *scene, uint64_t result)
{
	uint64_t x = get(&scene->before[0], scene->operation->bits);

	return (scene->seen == x && matches(scene, result, true)) ||
	       (scene->seen == outcome(scene, x) && matches(scene, result, false));
}
