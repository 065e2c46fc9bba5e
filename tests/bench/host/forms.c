/* SPDX-License-Identifier: MIT */
/*
 * The ways in which an instruction of x86_64 can name a variable at a constant address, as
 * additions in a row to one variable: what a CPU forwards from one to the next depends on the form.
 */
#include "host.h"

#include <stdio.h>

enum { TURNS = 501, ROUNDS = 500 };

static PERCPU_DEFINE(uint64_t, counted);

#define ADD(place, ...)                                                                            \
	__asm__ volatile("addq $3, %%gs:" place : "+m"(percpu__counted) : __VA_ARGS__ : "cc");
#define EIGHT(...)                                                                                 \
	{                                                                                          \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
		ADD(__VA_ARGS__)                                                                   \
	}

__attribute__((noinline)) static void relative(size_t rounds)
{
	for (size_t i = 0; i < rounds; i++)
		EIGHT("%0")
}

__attribute__((noinline)) static void absolute(size_t rounds)
{
	for (size_t i = 0; i < rounds; i++)
		EIGHT("%P0")
}

__attribute__((noinline)) static void by_register(size_t rounds)
{
	for (size_t i = 0; i < rounds; i++)
		EIGHT("(%1)", "r"(&percpu__counted))
}

static const struct {
	const char *name;
	void (*loop)(size_t rounds);
} forms[] = {{"relative", relative}, {"absolute", absolute}, {"register", by_register}};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

/* As ratios to the first, which is ours. */
void time_forms(void)
{
	static double times[FORMS][TURNS], ratios[FORMS][TURNS];

	for (size_t turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < FORMS; i++) {
			uint64_t start = now();

			forms[i].loop(ROUNDS);
			times[i][turn] = (double)(now() - start) / (ROUNDS * IN_A_ROUND);
			ratios[i][turn] = times[i][turn] / times[0][turn];
		}
	for (size_t i = 0; i < FORMS; i++)
		printf("form %s %.4f %.3f\n", forms[i].name, median(times[i], TURNS),
		       median(ratios[i], TURNS));
}
