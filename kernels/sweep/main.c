/* SPDX-License-Identifier: 0BSD */
/*
 * sweep: an interrupt before every instruction of every operation. The timer is set, a sled of nops
 * runs, then the operation; attempt after attempt the sled gets one nop shorter, so the interrupt
 * comes one instruction later in the operation. QEMU's -icount makes an instruction take 1 ns, so
 * nothing of this depends on how fast the host is.
 *
 * The handler writes new values to the variable and to its neighbours. Where the configuration
 * allows that (PERCPU_PREEMPT restart; or hooks, outside of them) it is a scheduler too, which
 * moves the thread: it gives this CPU the area of another, and writes new values to both.
 * Afterwards the result, the variable and all its neighbours must be what one of the two orders,
 * the operation before or after the handler, makes them: see model.c. If they are not, something is
 * lost.
 *
 * The kernel fails if an update or a move of the thread is lost, or a neighbour changes. That the
 * interrupt came before every instruction is for the test to judge, from the disassembly. With
 * protect=0 the handler does not do its part: no percpu_restart, no respect for hooks. What is lost
 * then shows that the attempts are such as can lose something.
 *
 * Options: seed=NUMBER, for the values that are written; protect=0.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <kernels/common/print.h>

#include "sweep.h"

/* Where the handler may move the thread. */
#define HOOKS PERCPU_IS_HOOKS
#define PINNED PERCPU_IS_NONE

/* How many attempts are made before and behind. */
#define MARGIN 5

static uint64_t protect = 1;

static struct scene scene;
static bool move_wanted;

/* About the operation at work. */
static struct rounds rounds;

/* How many nops run before the interrupt comes, if all of them do. */
static size_t sled_spent;

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	uintptr_t pc = arch_frame_pc(frame), restart = percpu_restart(pc);

	if (protect)
		arch_frame_set_pc(frame, restart);
	if (kind == TRAP_TIMER && !arch_timer_acknowledge())
		return frame; /* the attempt waits for its interrupt, and says so if none comes */
	rounds_note(&rounds, pc, restart);
	scene.migrates = move_wanted && (!HOOKS || !protect || preempt_depth() == 0);
	scene_interfere(&scene);
	if (scene.migrates && percpu_set_local_thread_pointer(1))
		tap_bail_out("cpu 0: there is no area 1");
	attempt_interrupted(pc);
	return frame;
}

/* From before the operation to where the interrupt comes too late, a few times over. */
static void sweep_once(const struct operation *operation)
{
	size_t late = 0;

	for (size_t nops = sled_spent + MARGIN; nops > 0 && late < MARGIN; nops--) {
		scene_draw(&scene, operation);
		rounds.lost += !scene_right(&scene, attempt(&scene, nops));
		late += attempt_was_late();
	}
}

static void sweep(const struct operation *operation)
{
	struct line places = {.length = 0};

	rounds_begin(&rounds, (uintptr_t)operation->function);
	while (rounds_next(&rounds)) {
		move_wanted = !PINNED && rounds.count % 2 == 0;
		sweep_once(operation);
	}
	rounds_places(&rounds, &places);
	tap_ok(rounds.lost == 0 || !protect, "%s: hit%s, %zu restarted, %zu lost", operation->name,
	       places.text, rounds.restarted, rounds.lost);
}

void kernel_main(void)
{
	const char *error;
	uint64_t seed = 0;

	(void)option("seed", &seed);
	(void)option("protect", &protect);
	tap_plan(operation_count);
	if (percpu_init(2) || percpu_set_local_thread_pointer(0))
		tap_bail_out("cpu 0: percpu_init(2): two areas, though there is one CPU, must do");
#if PERCPU_IS_IMAGE
	if (percpu_alloc(&cells_handle))
		tap_bail_out("cpu 0: percpu_alloc of %zu bytes: raise PERCPU_DYNAMIC in kernel.mk",
			     sizeof(union cells));
#endif
	error = arch_interrupts_init(0);
	if (error)
		tap_bail_out("cpu 0: %s", error);
	scene_seed(seed);
	scene_draw(&scene, &operations[0]);
	sled_spent = attempt_calibrate(&scene);
	for (size_t i = 0; i < operation_count; i++)
		sweep(&operations[i]);
}
