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
	return passed;
}

bool tap_passed(void)
{
	return planned && reported == planned && !failed;
}

void tap_bail_out(const char *format, ...)
{
	struct line line = {.length = 0};
	va_list list;

	/* On a new line, whatever another CPU was in the middle of. */
	line_add(&line, "\nBail out! ");
	va_start(list, format);
	line_add_list(&line, format, list);
	va_end(list);
	line_end(&line);
	board_exit(false);
}
