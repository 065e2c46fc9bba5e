/* SPDX-License-Identifier: MIT */
/*
 * The board and the runner of the unit tests: stdout is the console, so that the results are
 * printed by the kernels' own tap.c and print.c. A test has failed if one of its checks did, if its
 * process died, or if it took longer than SECONDS, which is there to catch hangs.
 */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECONDS 600

const char board_hwid_name[] = "thread";
const char *host_command_line = "";

static char *captured;
static size_t captured_length, captured_size;
static size_t checks, failures;

void host_capture(char *buffer, size_t size)
{
	captured = buffer;
	captured_length = 0;
	captured_size = size;
	if (captured)
		captured[0] = '\0';
}

void board_putc(char c)
{
	if (!captured) {
		putchar(c);
	} else if (captured_length + 1 < captured_size) {
		captured[captured_length++] = c;
		captured[captured_length] = '\0';
	}
}

const char *board_command_line(void)
{
	return host_command_line;
}

uint64_t board_microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void board_exit(bool success)
{
	exit(success ? EXIT_SUCCESS : EXIT_FAILURE);
}

void arch_pause(void)
{
	usleep(1);
}

void unit_check(bool condition, const char *file, int line, const char *text)
{
	/* Several threads of a test may check. */
	__atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED);
	if (condition)
		return;
	/* Not by the code under test. One mistake in a loop need not fill the screen. */
	if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 10)
		printf("# %s:%d: this does not hold: %s\n", file, line, text);
}

static void *call(void *function)
{
	void (*const *it)(void) = function;

	(*it)();
	return NULL;
}

void unit_on_another(void (*function)(void))
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, call, &function) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

int unit_fork(void (*function)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		alarm(SECONDS);
		function();
		/* A test that checked nothing has not passed. */
		exit(checks && !failures ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		tap_bail_out("cannot start a process for a test: see ulimit -u");
	return status;
}

void unit_run(const struct test *tests, size_t count)
{
	tap_plan(count);
	for (size_t i = 0; i < count; i++) {
		int status = unit_fork(tests[i].run);

		if (WIFSIGNALED(status))
			printf("# ended by signal %d\n", WTERMSIG(status));
		tap_ok(status == 0, "%s", tests[i].holds);
	}
}

int main(void)
{
	/* Line by line: what a process has said is not lost when it dies. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	kernel_main();
	board_exit(tap_passed());
}
