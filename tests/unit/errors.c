/* SPDX-License-Identifier: MIT */
/*
 * The errors and their sentences. It fails if an error has no sentence of its own, or if a value
 * that is no error is taken for one.
 */
#include <percpu.h>

#include <limits.h>
#include <string.h>

#include "common/unit.h"

static const int errors[] = {0,
			     PERCPU_EINVAL,
			     PERCPU_ENOSPC,
			     PERCPU_EALIGN,
			     PERCPU_EALREADY,
			     PERCPU_ENOTREADY,
			     PERCPU_EOVERLAP,
			     PERCPU_ENOTEMPLATE,
			     PERCPU_EADDRESS,
			     PERCPU_EORDER,
			     PERCPU_ENOTLOADED,
			     PERCPU_ELEVEL};

#define COUNT (sizeof(errors) / sizeof(errors[0]))

static void negative(void)
{
	for (size_t i = 1; i < COUNT; i++)
		CHECK(errors[i] < 0);
}

static void distinct(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t k = 0; k < i; k++) {
			CHECK(errors[i] != errors[k]);
			CHECK(strcmp(percpu_strerror(errors[i]), percpu_strerror(errors[k])));
		}
		CHECK(strlen(percpu_strerror(errors[i])) > 7);
	}
}

static void unknown(void)
{
	static const int others[] = {1, 2, 100, -50, -100, INT_MIN, INT_MAX};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		CHECK(!strcmp(percpu_strerror(others[i]), percpu_strerror(1)));
		for (size_t k = 0; k < COUNT; k++)
			CHECK(strcmp(percpu_strerror(others[i]), percpu_strerror(errors[k])));
	}
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"errors are negative", negative},
		{"each error, and success, has a sentence of its own", distinct},
		{"a number that is no error gets one sentence that says so", unknown},
	};

	UNIT_RUN(tests);
}
