/* SPDX-License-Identifier: 0BSD */
/*
 * The guard of each stack: its lowest STACK_GUARD bytes are filled with a pattern before the stack
 * is used. It is looked at by whatever ends the run with a sentence, an unexpected trap among it;
 * when all has been reported; and, of CPU 0, who reports, with every result. It stops nothing: what
 * lies below an overflowed stack has been written over, and anything may come of that. So the
 * overflow is what is said first, and a run that has one does not pass.
 *
 * Why an overflow leaves a trace. The compiler accepts no frame of more than 1024 bytes, nor one
 * whose size it does not know (FRAMES in the Makefile); saved registers add less than 256. A
 * function that calls another writes to its frame, wherever the compiler has that: the address to
 * return to, or on x86_64 whoever it calls writes it just below. A frame of a trap is written from
 * end to end. So of 2 * 1280 bytes of stack in use some are written, and only the last frame, of a
 * function that calls nothing, may not be: an overflow that has left the guard has gone through it,
 * and 3 * 1280 is less than STACK_GUARD.
 *
 * A page that is not mapped, below each stack, would stop the CPU at once. It is left out because
 * it is not the same everywhere: on riscv64 there is no paging at boot, on aarch64 and x86_64 the
 * kernel is mapped by 1 GiB and 2 MiB, and on x86_64, where the CPU pushes before it handles, the
 * page fault would become a double fault, which takes a TSS and another stack for each CPU
 * (arch/x86_64/tss.c has them, for kernels that go to user mode).
 *
 * On aarch64 a CPU uses its stack with the MMU and the caches on, as CPU 0 when it fills the
 * guards, so nothing is to be cleaned.
 *
 * Others have no guard, and nothing tells if they overflow: those for what is said or looked at
 * before .bss may be used (in boot.S of aarch64 and riscv64); each hart's in M-mode, below a kernel
 * in S-mode without firmware (arch/riscv64/firmware.c); and the pages that hold one frame of a trap
 * (arch/x86_64/kpti.c). What runs on these is little, and known.
 */
#include "kernel.h"
#include "print.h"

char boot_stacks[MAX_CPUS][BOOT_STACK_SIZE] __attribute__((aligned(16)));

/* No byte is 0 or that of a small number, and no address of these machines begins so. */
#define PATTERN UINT64_C(0xa5f09c3be1d24787)
#define WORDS (STACK_GUARD / sizeof(uint64_t))
_Static_assert(3 * (1024 + 256) < STACK_GUARD, "no overflow leaves the guard without a trace");

/* A distance, and no pointer to a text: they would stay where they are when a kernel moves. */
static struct stacks {
	char whose[32];
	uintptr_t distance; /* of the first stack, from boot_stacks */
	size_t stride, count;
} kinds[8];
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Volatile: another CPU may be writing, where nobody should. */
static volatile uint64_t *guard_of(const struct stacks *stacks, size_t i)
{
	return (volatile uint64_t *)((uintptr_t)boot_stacks + stacks->distance +
				     i * stacks->stride); /* NOLINT: where the stack lies now */
}

static void fill(volatile uint64_t *guard)
{
	for (size_t i = 0; i < WORDS; i++)
		guard[i] = PATTERN;
}

/* How far below the guard's end something has been written; 0 if nothing has. */
static size_t depth_in(const volatile uint64_t *guard)
{
	size_t i = 0;

	while (i < WORDS && guard[i] == PATTERN)
		i++;
	return (WORDS - i) * sizeof(uint64_t);
}

/* Those that begin there, or a place for them. */
static struct stacks *kind_at(uintptr_t distance)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!kinds[i].count || kinds[i].distance == distance)
			return &kinds[i];
	tap_bail_out("there are more kinds of stacks than the %zu that kernels/common/stacks.c has "
		     "places for",
		     KINDS);
}

void stacks_guard(const char *whose, void *lowest, size_t stride, size_t count)
{
	uintptr_t distance = (uintptr_t)lowest - (uintptr_t)boot_stacks;
	struct stacks *stacks = kind_at(distance);

	for (size_t i = 0; i < sizeof(stacks->whose) - 1 && whose[i]; i++)
		stacks->whose[i] = whose[i];
	stacks->distance = distance;
	stacks->stride = stride;
	for (; stacks->count < count; stacks->count++)
		fill(guard_of(stacks, stacks->count));
}

size_t stacks_depth_of_cpu_0(void)
{
	return kinds[0].count ? depth_in(guard_of(&kinds[0], 0)) : 0;
}

static bool add_overflow(struct line *line, const struct stacks *stacks, size_t i)
{
	size_t depth = depth_in(guard_of(stacks, i));

	if (depth && line)
		line_add(line,
			 "the %s %zu has overflowed: it was written to %s%zu bytes below its end: "
			 "raise BOOT_STACK_SIZE in arch/boot.h, or look for what goes so deep",
			 stacks->whose, i, depth == STACK_GUARD ? "at least " : "", depth);
	return depth;
}

bool stacks_overflowed(struct line *line)
{
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t i = 0; i < kinds[kind].count; i++)
			if (add_overflow(line, &kinds[kind], i))
				return true;
	return false;
}
