/* SPDX-License-Identifier: 0BSD */
/*
 * Attempts to interrupt the module's operations, as kernels/sweep does it: the timer, a sled of
 * nops, the operation; and the sled gets shorter by one nop each time. The handler writes a new
 * value to the variable, and where the configuration allows it moves the thread: it gives this CPU
 * the area of another, and writes one there too. What came of it must be what one of two orders
 * makes, the operation before the handler or behind it.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <kernels/sweep/sweep.h>

#include "module.h"

/* How many attempts are made before and behind. */
#define MARGIN 5

/* What an operation of the module makes of X, and what it returns. */
struct model {
	const char *name;
	size_t bytes;
	uint64_t (*next)(uint64_t x, uint64_t value, uint64_t expected);
	uint64_t (*result)(uint64_t x, uint64_t value, uint64_t expected);
};

static uint64_t nothing(uint64_t x, uint64_t value, uint64_t expected)
{
	(void)x, (void)value, (void)expected;
	return 0;
}

static uint64_t added(uint64_t x, uint64_t value, uint64_t expected)
{
	(void)expected;
	return x + value;
}

static uint64_t written(uint64_t x, uint64_t value, uint64_t expected)
{
	(void)x, (void)expected;
	return value;
}

static uint64_t before(uint64_t x, uint64_t value, uint64_t expected)
{
	(void)value, (void)expected;
	return x;
}

static uint64_t compared(uint64_t x, uint64_t value, uint64_t expected)
{
	return x == expected ? value : x;
}

static const struct model models[OPERATIONS] = {
	{"word_add", 8, added, nothing},   {"word_add_return", 8, added, added},
	{"word_xchg", 8, written, before}, {"word_cmpxchg", 8, compared, before},
	{"slot_add", 4, added, nothing},   {"kernel_add", 8, added, nothing},
};

/* ---- The operation at work, and what was there ---- */

static const struct model *model;
static const struct module_operation *at_work;
static uint64_t first[2], put[2]; /* at first, and by the handler, on each CPU */
static uint64_t seen;		  /* by the handler */
static uint64_t value, expected;
static bool move_wanted, moved;

static struct rounds rounds;
static size_t sled_spent;
static uint64_t random_state;

/* A linear congruential generator's upper half: Knuth, "The Art of Computer Programming", 3.3.4. */
static uint64_t draw(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1;
	return random_state >> 32;
}

/* CPU's copy: as far behind its area's start as the variable's address behind the template's. */
static volatile void *copy_on(size_t cpu)
{
	size_t offset = (uintptr_t)at_work->variable - (uintptr_t)_percpu_load_start;

	return (char *)percpu_area_base(cpu) + offset;
}

static uint64_t read_copy(size_t cpu)
{
	return model->bytes == 4 ? *(volatile uint32_t *)copy_on(cpu)
				 : *(volatile uint64_t *)copy_on(cpu);
}

static void write_copy(size_t cpu, uint64_t x)
{
	if (model->bytes == 4)
		*(volatile uint32_t *)copy_on(cpu) = (uint32_t)x;
	else
		*(volatile uint64_t *)copy_on(cpu) = x;
}

static uint64_t mask(void)
{
	return UINT64_MAX >> (64 - 8 * model->bytes);
}

static void prepare(void)
{
	value = draw() & mask();
	for (size_t cpu = 0; cpu < 2; cpu++) {
		first[cpu] = draw() & mask();
		put[cpu] = draw() & mask();
		write_copy(cpu, first[cpu]);
	}
	expected = first[0];
	/* A comparison that may still succeed: one that compares twice would be found out. */
	if (draw() % 2)
		put[0] = put[1] = expected;
}

/* Whether both copies, and RESULT, are as they are if the handler came BEFORE the operation. */
static bool matches(uint64_t result, bool before_it)
{
	uint64_t copies[2] = {put[0], moved ? put[1] : first[1]};
	uint64_t x = before_it ? copies[moved] : first[0];

	if (before_it)
		copies[moved] = model->next(x, value, expected) & mask();
	return result == model->result(x, value, expected) && copies[0] == read_copy(0) &&
	       copies[1] == read_copy(1);
}

static bool right(uint64_t result)
{
	return (seen == first[0] && matches(result, true)) ||
	       (seen == (model->next(first[0], value, expected) & mask()) &&
		matches(result, false));
}

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	uintptr_t pc = arch_frame_pc(frame), restart = percpu_restart(pc);

	arch_frame_set_pc(frame, restart);
	if (kind == TRAP_TIMER && !arch_timer_acknowledge())
		return frame; /* the attempt waits for its interrupt, and says so if none comes */
	rounds_note(&rounds, pc, restart);
	moved = move_wanted && (!PERCPU_IS_HOOKS || preempt_depth() == 0);
	seen = read_copy(0);
	write_copy(0, put[0]);
	if (moved) {
		write_copy(1, put[1]);
		if (percpu_set_local_thread_pointer(1))
			tap_bail_out("cpu 0: there is no area 1");
	}
	attempt_interrupted(pc);
	return frame;
}

/* ---- All of them ---- */

static void set_to_work(const struct module *module, size_t number)
{
	at_work = &module->interface->operations[number];
	model = &models[number];
	if (!same_text(at_work->name, model->name))
		tap_bail_out("the module's operation %zu is %s, and %s is what is known of it",
			     number, at_work->name, model->name);
}

static void sweep_once(struct scene *scene)
{
	size_t late = 0;

	for (size_t nops = sled_spent + MARGIN; nops > 0 && late < MARGIN; nops--) {
		prepare();
		scene->value = value;
		scene->expected = expected;
		rounds.lost += !right(attempt(scene, nops));
		late += attempt_was_late();
	}
}

static void sweep(bool noted)
{
	struct operation operation = {.name = at_work->name, .function = at_work->run};
	struct scene scene = {.operation = &operation};
	struct line places = {.length = 0};

	rounds_begin(&rounds, (uintptr_t)at_work->run);
	while (rounds_next(&rounds)) {
		move_wanted = !PERCPU_IS_NONE && rounds.count % 2 == 0;
		sweep_once(&scene);
	}
	rounds_places(&rounds, &places);
	tap_ok((rounds.lost == 0) == noted, "%s%s: hit%s, %zu restarted, %zu lost", at_work->name,
	       noted ? "" : ", without its table", places.text, rounds.restarted, rounds.lost);
}

void attempts_begin(struct module *module, uint64_t seed)
{
	struct operation operation = {.name = "calibration"};
	struct scene scene = {.operation = &operation};

	if (module->interface->count != OPERATIONS)
		tap_bail_out("the module has %zu operations, not %u", module->interface->count,
			     OPERATIONS);
	random_state = seed;
	set_to_work(module, 0);
	operation.function = at_work->run;
	sled_spent = attempt_calibrate(&scene);
}

void attempts_all(const struct module *module, bool noted)
{
	for (size_t i = 0; i < OPERATIONS; i++) {
		set_to_work(module, i);
		sweep(noted);
	}
}
