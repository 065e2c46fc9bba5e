/* SPDX-License-Identifier: MIT */
/*
 * Fed: calls of what makes memory and CPUs come and go, three bytes each: what, and two arguments.
 * Must hold: each has the result that a simple model gives, the place and the error too; variables
 * are 0 at first and keep what is written, on every CPU; the figures are the model's; and when all
 * has been ended, all is free.
 */
#include <percpu.h>

#include "dynamic.h"
#include "fuzz.h"

void percpu_panic(const char *why)
{
	fprintf(stderr, "does not hold: no panic: %s\n", why);
	abort();
}

/* ---- Variables ---- */

static struct block {
	uintptr_t handle;
	size_t size;
	unsigned char stamp;
} blocks[BLOCKS];

typedef PERCPU_PTR(unsigned char[RESERVE]) handle_of_bytes;

static unsigned char *copy(const struct block *b, size_t cpu)
{
	return *percpu_ptr_on(percpu_at((handle_of_bytes)b->handle), cpu);
}

static void check_block(const struct block *b, bool is_new)
{
	percpu_for_each (cpu) {
		const unsigned char *bytes = copy(b, cpu);
		unsigned char expected = is_new ? 0 : (unsigned char)(b->stamp + cpu);

		/* All are the first, which is right. */
		HOLDS(bytes[0] == expected && !memcmp(bytes, bytes + 1, b->size - 1));
	}
}

static void write_block(struct block *b, unsigned char stamp)
{
	b->stamp = stamp;
	percpu_for_each (cpu)
		memset(copy(b, cpu), (unsigned char)(stamp + cpu), b->size);
}

static void alloc(unsigned char which, unsigned char how)
{
	struct block *b = &blocks[which % BLOCKS];
	size_t align = how % 16 == 15 ? 12 : (size_t)1 << how % 16;
	size_t size = (size_t)(how / 16) * (which / BLOCKS + 1) * 3;
	uintptr_t expected = 0, handle = 0;
	int error = model_alloc(size, align, &expected);

	HOLDS(_percpu_alloc(size, 1, align, &handle) == error && handle == expected);
	if (error)
		return;
	if (b->handle) {
		struct block second = {handle, size, 0};

		check_block(&second, true);
		HOLDS(_percpu_free(handle) == 0 && model_free(handle) == 0);
		return;
	}
	*b = (struct block){handle, size, 0};
	check_block(b, true);
	write_block(b, how);
}

static void end(struct block *b)
{
	check_block(b, false);
	HOLDS(_percpu_free(b->handle) == 0 && model_free(b->handle) == 0);
	b->handle = 0;
}

static void free_one(unsigned char which)
{
	struct block *b = &blocks[which % BLOCKS];

	if (b->handle)
		end(b);
}

/* Near a set, or a variable; if one begins there, it is none of the model's mistakes. */
static void free_forged(unsigned char which, unsigned char where)
{
	uintptr_t handle = which < 128 ? blocks[which % BLOCKS].handle + where / 2 - 32
				       : model_sets()->start + (size_t)where * which / 16;

	if (handle && !model_begins(handle))
		HOLDS(_percpu_free(handle) == PERCPU_EHANDLE);
}

static void rewrite(unsigned char which, unsigned char stamp)
{
	struct block *b = &blocks[which % BLOCKS];

	if (!b->handle)
		return;
	check_block(b, false);
	write_block(b, stamp);
	percpu_add(percpu_at((handle_of_bytes)b->handle)[0], 1);
	HOLDS(percpu_read_on(percpu_at((handle_of_bytes)b->handle)[0], 0) ==
	      (unsigned char)(stamp + 1));
	percpu_write(percpu_at((handle_of_bytes)b->handle)[0], stamp);
}

/* ---- Memory ---- */

static void grow(unsigned char where, unsigned char how)
{
	char *base = model_base(where);
	size_t bytes = (size_t)(how % 32) * (how % 8 == 7 ? 60 : 64);
	char *map = model_map(how / 32 + where % 2 * 8);
	int error = model_grow(base, bytes, map);

	HOLDS(percpu_grow(base, bytes, map) == error);
	if (!error)
		model_add(base, bytes, map);
}

static void shrink(unsigned char where)
{
	char *base = model_base(where);

	HOLDS(percpu_shrink(base) == model_shrink(base));
}

/* ---- CPUs ---- */

static bool fails;
static int constructed[NCPU];

static int up_first(size_t cpu)
{
	constructed[cpu]++;
	return 0;
}

static void down_first(size_t cpu)
{
	constructed[cpu]--;
}

static int up_second(size_t cpu)
{
	if (fails)
		return FAILED;
	constructed[cpu]++;
	return 0;
}

PERCPU_CONSTRUCT(10, first, up_first, down_first);
PERCPU_CONSTRUCT(20, second, up_second, down_first);

/* As one of the machine's CPUs, each with its register. */
static void change(enum model_call call, unsigned char who, unsigned char which)
{
	static int (*const calls[])(size_t) = {percpu_cpu_up, percpu_cpu_down, percpu_cpu_dead};
	size_t cpu = which % (NCPU + 1), as = who % NCPU;
	uintptr_t bound = percpu_arch_get_register();

	fails = which >= 192;
	percpu_arch_set_register(model_register(as));
	HOLDS(calls[call](cpu) == model_cpu(call, as, cpu, fails));
	HOLDS(percpu_arch_get_register() == model_register(as) ||
	      (call == DEAD && model_register(as) == 0));
	percpu_arch_set_register(bound);
}

static void info(void)
{
	struct percpu_dynamic_info now;
	size_t up = 0;

	percpu_dynamic_info(&now);
	model_check(&now);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		HOLDS(percpu_cpu_state(cpu) == model_state(cpu));
		HOLDS(constructed[cpu] == (model_state(cpu) == PERCPU_CPU_UP ? 2 : 0));
	}
	percpu_for_each_up (cpu)
		up++;
	HOLDS(up == model_up());
}

static void step(unsigned char what, unsigned char a, unsigned char b)
{
	switch (what % 12) {
	case 0:
	case 1:
	case 2:
		return alloc(a, b);
	case 3:
		return free_one(a);
	case 4:
		return free_forged(a, b);
	case 5:
		return rewrite(a, b);
	case 6:
		return grow(a, b);
	case 7:
		return shrink(a);
	case 8:
		return change(UP, a, b);
	case 9:
		return change(DOWN, a, b);
	case 10:
		return change(DEAD, a, b);
	default:
		return info();
	}
}

/* All CPUs are down, nothing is there: as it was before the input. */
static void end_all(void)
{
	for (struct block *b = blocks; b < blocks + BLOCKS; b++)
		if (b->handle)
			end(b);
	while (model_sets()->base)
		HOLDS(percpu_shrink(model_sets()->base) == model_shrink(model_sets()->base));
	for (unsigned char as = 0; as < NCPU; as++)
		for (unsigned char cpu = 0; cpu < NCPU; cpu++)
			change(DOWN, as, cpu);
	for (unsigned char as = 0; as < NCPU; as++)
		for (unsigned char cpu = 0; cpu < NCPU; cpu++)
			change(DEAD, as, cpu);
	info();
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	model_begin();
	percpu_arch_set_register((uintptr_t)percpu_area_base(0));
	change(UP, 0, 0);
	for (size_t i = 0; i + 2 < size && i < 3 * (size_t)CALLS; i += 3)
		step(data[i], data[i + 1], data[i + 2]);
	info();
	end_all();
	return 0;
}
