/* SPDX-License-Identifier: 0BSD */
/*
 * sequences: restartable sequences of a kernel's own (docs/restart.md), and an interrupt before
 * every instruction of each. A pop from a per-CPU free list, a push to a per-CPU ring and a compare
 * of two words with a store are in arch/<arch>/sequences.S and .c; and there are the two of the
 * library's object cache, percpu/cache.h. As kernels/sweep has it, the timer is set, a sled of nops
 * runs, then the sequence, and the sled gets shorter by one nop each time.
 *
 * The handler works on the same variables, by the same sequences, and in every second round moves
 * the thread: it gives this CPU the area of another. What came of it must be what one of two orders
 * makes, the sequence before the handler or behind it, on the CPU where the thread was then.
 *
 * The kernel fails if anything else came of it. Then the table forgets the sequences, and they are
 * done once more: now they must lose something, or else the attempts have shown nothing. That the
 * interrupt came before every instruction is for the test to judge, from the disassembly.
 *
 * Options: seed=NUMBER, for the values that are written.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <kernels/common/print.h>
#include <kernels/sweep/sweep.h>

#include "sequences.h"

/* How many attempts are made before and behind. */
#define MARGIN 5
/* How much code of each function the table forgets. */
#define FORGOTTEN_BYTES 128

static const struct scene_of_own *own;
static bool move_wanted, done;
static uint64_t random_state;

/* About the sequence at work. */
static struct rounds rounds;

/* How many nops run before the interrupt comes, if all of them do. */
static size_t sled_spent;

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	uintptr_t pc = arch_frame_pc(frame), restart = percpu_restart(pc);

	arch_frame_set_pc(frame, restart);
	if (kind == TRAP_TIMER && !arch_timer_acknowledge())
		return frame; /* the attempt waits for its interrupt, and says so if none comes */
	rounds_note(&rounds, pc, restart);
	done = sled_spent && own->interfere(); /* nothing is prepared while that is found out */
	if (move_wanted && percpu_set_local_thread_pointer(1))
		tap_bail_out("cpu 0: there is no area 1");
	attempt_interrupted(pc);
	return frame;
}

/* A linear congruential generator's upper half: Knuth, "The Art of Computer Programming", 3.3.4. */
static uint64_t draw(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1;
	return random_state >> 32;
}

static void sweep_once(struct scene *scene)
{
	size_t late = 0;

	for (size_t nops = sled_spent + MARGIN; nops > 0 && late < MARGIN; nops--) {
		uint64_t result;

		own->prepare(draw());
		scene->value = draw(); /* nops before, too: attempt.c says why */
		result = attempt(scene, nops);
		rounds.lost += !own->right(result, move_wanted && !done, done);
		late += attempt_was_late();
	}
}

static void sweep(struct scene *scene, bool noted)
{
	struct line places = {.length = 0};

	rounds_begin(&rounds, (uintptr_t)own->function);
	while (rounds_next(&rounds)) {
		move_wanted = rounds.count % 2 == 0;
		sweep_once(scene);
	}
	rounds_places(&rounds, &places);
	tap_ok((rounds.lost == 0) == noted, "%s%s: hit%s, %zu restarted, %zu lost", own->name,
	       noted ? "" : ", forgotten", places.text, rounds.restarted, rounds.lost);
}

static void sweep_all(bool noted)
{
	struct operation operation = {.name = "sequence"};
	struct scene scene = {.operation = &operation};

	for (own = scenes; own < scenes + scene_count; own++) {
		operation.function = own->run;
		if (!sled_spent)
			sled_spent = attempt_calibrate(&scene);
		sweep(&scene, noted);
	}
}

void kernel_main(void)
{
	const char *error;

	(void)option("seed", &random_state);
	tap_plan(2 * scene_count);
	if (percpu_init(2) || percpu_set_local_thread_pointer(0))
		tap_bail_out("cpu 0: percpu_init(2): two areas, though there is one CPU, must do");
	error = arch_interrupts_init(0);
	if (error)
		tap_bail_out("cpu 0: %s", error);
	sweep_all(true);
	for (size_t i = 0; i < scene_count; i++)
		percpu_sequences_discard(scenes[i].function, scenes[i].function + FORGOTTEN_BYTES);
	sweep_all(false);
}
