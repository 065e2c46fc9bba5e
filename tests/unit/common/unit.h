/* SPDX-License-Identifier: MIT */
/*
 * A unit test is a program with a table of named tests, each run in a process of its own: the
 * library can be initialised only once in a process, and one that crashes or hangs fails alone.
 */
#ifndef UNIT_H
#define UNIT_H

#include <kernels/common/kernel.h>

struct test {
	const char *holds; /* what is so if the test passes, as a sentence */
	void (*run)(void);
};

/* Runs and reports them all. */
#define UNIT_RUN(tests) unit_run((tests), sizeof(tests) / sizeof((tests)[0]))
void unit_run(const struct test *tests, size_t count);

/* In a test: lets it fail, with a comment that says where, unless CONDITION holds. */
#define CHECK(condition) unit_check((condition), __FILE__, __LINE__, #condition)
void unit_check(bool condition, const char *file, int line, const char *text);

/* Another CPU, a thread whose register is 0, runs FUNCTION; it is over when this returns. */
void unit_on_another(void (*function)(void));

/* Runs FUNCTION in a process of its own. Returns its status, as waitpid gives it. */
int unit_fork(void (*function)(void));

/* ---- The board that the kernels' code sees ---- */

/* What board_command_line gives. */
extern const char *host_command_line;

/*
 * From now on board_putc writes to BUFFER, up to SIZE - 1 characters and always a '\0'; to stdout
 * again with NULL.
 */
void host_capture(char *buffer, size_t size);

#endif
