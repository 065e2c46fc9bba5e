/* SPDX-License-Identifier: MIT */
/* TAP on the console, and what the library asks of a kernel. For C and C++; included once. */
#include "stranger.h"

/* One in .bss, one in .data. */
static unsigned results;
static bool all_passed = true;

static void print(const char *text)
{
	while (*text)
		console_put(*text++);
}

static void print_number(uint64_t number, unsigned base)
{
	if (number >= base)
		print_number(number / base, base);
	console_put("0123456789abcdef"[number % base]);
}

static void ok(bool passed, const char *text)
{
	all_passed = all_passed && passed;
	print(passed ? "ok " : "not ok ");
	print_number(++results, 10);
	print(" - ");
	print(text);
	console_put('\n');
}

static void report(uintptr_t runs_at, unsigned planned)
{
	print("# _start runs at 0x");
	print_number(runs_at, 16);
	print("\n1..");
	print_number(planned, 10);
	console_put('\n');
}

void percpu_panic(const char *why)
{
	print("Bail out! ");
	print(why);
	console_put('\n');
	machine_end(false);
}

static void must(int error)
{
	if (error)
		percpu_panic(percpu_strerror(error));
}

/* Called if PERCPU_PREEMPT is hooks. This kernel switches to nothing. */
#ifdef __cplusplus
extern "C" {
#endif
void percpu_preempt_disable(void)
{
}

void percpu_preempt_enable(void)
{
}
#ifdef __cplusplus
}
#endif
