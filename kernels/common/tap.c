/* SPDX-License-Identifier: 0BSD */
/* Results, in the Test Anything Protocol: https://testanything.org */
#include "kernel.h"
#include "print.h"

static size_t planned, reported, failed;

void tap_plan(size_t tests)
{
	planned = tests;
	print("1..%zu\n", tests);
}

bool tap_ok(bool passed, const char *format, ...)
{
	struct line line = {.length = 0};
	va_list list;

	reported++;
	failed += !passed;
	line_add(&line, "%sok %zu - ", passed ? "" : "not ", reported);
	va_start(list, format);
	line_add_list(&line, format, list);
	va_end(list);
	line_end(&line);
	if (stacks_depth_of_cpu_0())
		tap_bail_out("what is reported cannot be trusted");
	return passed;
}

bool tap_passed(void)
{
	return planned && reported == planned && !failed;
}

void tap_end(void)
{
	if (stacks_overflowed(NULL))
		tap_bail_out("all is reported, but cannot be trusted");
	board_exit(tap_passed());
}

void tap_bail_out(const char *format, ...)
{
	struct line line = {.length = 0};
	va_list list;

	/* On a new line, whatever another CPU was in the middle of. */
	line_add(&line, "\nBail out! ");
	/* The rest may come of it, and mislead. */
	if (stacks_overflowed(&line))
		line_add(&line, "\n# then: ");
	va_start(list, format);
	line_add_list(&line, format, list);
	va_end(list);
	line_end(&line);
	board_exit(false);
}
