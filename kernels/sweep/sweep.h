/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef SWEEP_H
#define SWEEP_H

/* More than run before the timer's interrupt, as attempt_calibrate sets it. */
#define SLED_NOPS 512

#ifndef __ASSEMBLER__

#include <percpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char sled[], sled_end[]; /* sled.S */

/* ---- The operations (operations.c) ---- */

/*
 * For each size a variable between neighbours: the middle one. That of 16 bytes holds a number of 8
 * and its complement, so that it can be told whether the halves belong together.
 */
union cells {
	struct {
		uint64_t u64[3];
		uint32_t u32[3];
		uint16_t u16[3];
		uint8_t u8[3];
	};
	percpu_u128 u128[3];
	uint64_t words[6];
};
PERCPU_DECLARE(union cells, near_cells);
PERCPU_DECLARE_FAR(union cells, far_cells);
#if PERCPU_IS_IMAGE
extern PERCPU_PTR(union cells) cells_handle;
#endif

/* Which of them an operation is on. */
enum place { NEAR, FAR, ALLOCATED };

enum action {
	READ,
	WRITE,
	ADD,
	SUB,
	AND,
	OR,
	XOR,
	INC,
	DEC,
	ADD_RETURN,
	INC_RETURN,
	DEC_RETURN,
	XCHG,
	CMPXCHG,
	CMPXCHG_FAILS,
	TRY_CMPXCHG
};

#define PAIR_OF(number) ((percpu_u128) ~(uint64_t)(number) << 64 | (uint64_t)(number))
/* The number of a pair; of halves that do not belong together, one that is nobody's. */
static inline uint64_t number_of(percpu_u128 pair)
{
	uint64_t number = (uint64_t)pair;

	return pair == PAIR_OF(number) ? number : number ^ 0x5a5a5a5a5a5a5a5a;
}

struct operation {
	const char *name; /* "add u16 near": the function is sweep_add_u16_near */
	enum action action;
	size_t bits;
	enum place place;
	uint64_t (*function)(uint64_t value, uint64_t expected, size_t index);
};

extern const struct operation operations[];
extern const size_t operation_count;

/* ---- What must come of them (model.c) ---- */

/* One attempt at one operation, on CPU 0, with the copies of CPU 0 and CPU 1. */
struct scene {
	const struct operation *operation;
	uint64_t value, expected; /* its arguments */
	union cells before[2];
	union cells interference[2]; /* what the handler writes */
	bool migrates;		     /* whether the handler takes the thread to CPU 1 */
	uint64_t seen;		     /* the variable, as the handler found it */
};

/* Seeds what scene_draw draws. */
void scene_seed(uint64_t seed);

/* A new scene for OPERATION, and the copies as it has them before. */
void scene_draw(struct scene *scene, const struct operation *operation);

/* The handler's part: writes what the scene has for it. */
void scene_interfere(struct scene *scene);

/* Whether RESULT and both copies are what can be right, after the handler has been there. */
bool scene_right(const struct scene *scene, uint64_t result);

/* ---- One attempt (attempt.c) ---- */

/*
 * Sets the timer, runs NOPS nops and the scene's operation, and returns its result when the
 * interrupt has come. The CPU has area 0 then, wherever the handler has left it.
 */
uint64_t attempt(const struct scene *scene, size_t nops);

/* For the handler: it was PC that was interrupted. */
void attempt_interrupted(uintptr_t pc);

/* Whether the last interrupt came when the operation had returned. */
bool attempt_was_late(void);

/*
 * Finds out how to set the timer. Returns after how many nops the interrupt then comes, if there
 * are so many.
 */
size_t attempt_calibrate(const struct scene *scene);

/* ---- Rounds of attempts (rounds.c) ---- */

/* How far into a function is noted where an interrupt came. */
#define NOTED_BYTES 512

struct line;

/* What the attempts at one function have shown. */
struct rounds {
	uintptr_t function;
	size_t count, quiet;
	size_t hits, hits_before;
	bool hit[NOTED_BYTES];
	size_t restarted, lost;
};

void rounds_begin(struct rounds *rounds, uintptr_t function);

/* Whether there is to be another round, the first or count'th. */
bool rounds_next(struct rounds *rounds);

/* For the handler: it was PC that was interrupted, and the thread goes on at RESTART. */
void rounds_note(struct rounds *rounds, uintptr_t pc, uintptr_t restart);

/* Adds where interrupts came, in bytes from the function's start. */
void rounds_places(const struct rounds *rounds, struct line *line);

#endif
#endif
