/* SPDX-License-Identifier: MIT */
/*
 * The kernels' formatting, console, TAP output and command line. It fails if a number or word is
 * not printed as printf would, if lines of two CPUs mix, if a result is lost or mistaken, or
 * if an option is not found as given.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <kernels/common/print.h>

#include "common/unit.h"

#define PRINTS(expected, ...)                                                                      \
	do {                                                                                       \
		struct line line_ = {.length = 0};                                                 \
                                                                                                   \
		line_add(&line_, __VA_ARGS__);                                                     \
		CHECK(line_.length == strlen(expected));                                           \
		CHECK(!memcmp(line_.text, expected, line_.length));                                \
	} while (0)

static char captured[20000];

/* That what has been printed since host_capture is EXPECTED. */
static void check_captured(const char *expected)
{
	host_capture(NULL, 0);
	CHECK(!strcmp(captured, expected));
}

static void passed_results(void)
{
	host_capture(captured, sizeof(captured));
	tap_plan(3);
	tap_ok(true, "first %d", 1);
	CHECK(!tap_passed());
	CHECK(tap_ok(true, "second"));
	CHECK(tap_ok(true, "third %s", "x"));
	CHECK(tap_passed());
	check_captured("1..3\nok 1 - first 1\nok 2 - second\nok 3 - third x\n");
}

static void failed_results(void)
{
	host_capture(captured, sizeof(captured));
	tap_plan(2);
	CHECK(!tap_ok(false, "bad"));
	tap_ok(true, "good");
	check_captured("1..2\nnot ok 1 - bad\nok 2 - good\n");
	CHECK(!tap_passed());
	host_capture(captured, sizeof(captured));
	tap_ok(true, "one too many");
	check_captured("ok 3 - one too many\n");
	CHECK(!tap_passed());
}

/* The first test, while tap.c has counted nothing yet. */
static void results(void)
{
	CHECK(unit_fork(passed_results) == 0);
	CHECK(unit_fork(failed_results) == 0);
}

static char *shared;

static void bail_out(void)
{
	host_capture(shared, 1000);
	tap_bail_out("CPU %d: %s", 3, "no answer");
}

static void bails_out(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(unit_fork(bail_out) != 0);
	CHECK(!strcmp(shared, "\nBail out! CPU 3: no answer\n"));
	munmap(shared, 4096);
}

static void numbers(void)
{
	PRINTS("0 0 0x0", "%d %u %x", 0, 0u, 0u);
	PRINTS("-1 2147483647 -2147483648", "%d %d %d", -1, INT32_MAX, INT32_MIN);
	PRINTS("9223372036854775807", "%ld", INT64_MAX);
	PRINTS("-9223372036854775808", "%ld", INT64_MIN);
	PRINTS("18446744073709551615", "%lu", UINT64_MAX);
	PRINTS("4294967295 0xffffffff", "%u %x", UINT32_MAX, UINT32_MAX);
	PRINTS("0xffffffffffffffff 0x123456789abcdef", "%lx %lx", UINT64_MAX, 0x123456789abcdefUL);
	PRINTS("18446744073709551615 -5", "%zu %zd", SIZE_MAX, (ssize_t)-5);
	PRINTS("0x0 0xfedcba9876543210", "%p %p", NULL, (void *)0xfedcba9876543210);
	PRINTS("10 100 0x10", "%d %u %x", 10, 100u, 16u);
}

static void words(void)
{
	PRINTS("", "%s", "");
	PRINTS("a word, b%", "%s %s, %c%%", "a", "word", 'b');
	PRINTS("1 2 3 4 5 6 7 8", "%d %u %s %c %ld %lu %zu %d", 1, 2u, "3", '4', 5L, 6UL, (size_t)7,
	       8);
}

static void long_lines(void)
{
	struct line line = {.length = 0};
	size_t room = LINE_ROOM;

	for (size_t i = 0; i < room - 3; i++)
		line_add(&line, "x");
	line_add(&line, "%d", 1234567);
	CHECK(line.length == room && !memcmp(line.text + room - 3, "123", 3));
	line_add(&line, "more %s", "and more");
	CHECK(line.length == room && !memcmp(line.text + room - 3, "123", 3));
}

/* Without its newline a result would swallow the next one. */
static void long_results(void)
{
	char word[1000];

	memset(word, 'x', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	host_capture(captured, sizeof(captured));
	tap_ok(true, "%s", word);
	host_capture(NULL, 0);
	CHECK(!strncmp(captured, "ok ", 3) && strstr(captured, " - xxx"));
	CHECK(strchr(captured, '\n') == captured + strlen(captured) - 1);
}

#define LINES 100

static void *print_lines(void *letter)
{
	for (int i = 0; i < LINES; i++)
		print("%s%s%s\n", (char *)letter, (char *)letter, (char *)letter);
	return NULL;
}

static void whole_lines(void)
{
	static char letters[4][11] = {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc", "dddddddddd"};
	pthread_t threads[4];
	size_t lines = 0;

	host_capture(captured, sizeof(captured));
	for (size_t i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, print_lines, letters[i]))
			tap_bail_out("cannot start a thread: see ulimit -u");
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	host_capture(NULL, 0);
	for (const char *at = captured; *at; at += 31, lines++) {
		CHECK(strspn(at, (char[]){*at, '\0'}) == 30 && at[30] == '\n');
		if (at[30] != '\n')
			break;
	}
	CHECK(lines == 4 * LINES);
}

/* That the option NAME on LINE is VALUE. */
static void has(const char *line, const char *name, uint64_t value)
{
	uint64_t found = ~value;

	host_command_line = line;
	CHECK(option(name, &found) && found == value);
}

static void lacks(const char *line, const char *name)
{
	uint64_t found = 4711;

	host_command_line = line;
	CHECK(!option(name, &found) && found == 4711);
}

static void options(void)
{
	has("cpus=4", "cpus", 4);
	has("a=1 b=22 c=333", "a", 1);
	has("a=1 b=22 c=333", "b", 22);
	has("a=1  b=22   c=333", "c", 333);
	has("  a=7", "a", 7);
	has("kernel.elf quiet a=7", "a", 7);
	has("a=0xff", "a", 255);
	has("a=0x123456789abcdef0 b=1", "a", 0x123456789abcdef0);
	has("a=18446744073709551615", "a", UINT64_MAX);
	has("a=0", "a", 0);
	has("a=0xFFfF", "a", 0xffff);
	has("a=0xffffffffffffffff", "a", UINT64_MAX);
	has("a=0000000000000000000000001", "a", 1);
	has("a=1\tb=2\nc=3\r\nd=4\n", "b", 2);
	has("\ta=1\tb=2\nc=3\r\nd=4\n", "d", 4);
	/* Only the words that somebody asks for must be numbers, and there once. */
	has("b=x b=2 a=1 b", "a", 1);
	has("aa=1 a=2", "a", 2);
	has("ba=1 a=2", "a", 2);
}

static void no_options(void)
{
	lacks("", "a");
	lacks(" ", "a");
	lacks("a", "a");
	lacks("aa=1", "a");
	lacks("ba=1", "a");
	lacks("b=a=1", "a");
	lacks("a =1", "a");
	lacks("seed", "seed=1");
}

static void refused(void)
{
	uint64_t value;

	host_capture(shared, 1000);
	(void)option("a", &value);
	exit(EXIT_SUCCESS);
}

/* That asking for a ends the run, with this word and these others. */
static void refuses(const char *line, const char *word, const char *why)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	host_command_line = line;
	CHECK(unit_fork(refused) != 0);
	CHECK(strstr(shared, "\nBail out! the command line") == shared);
	CHECK(strstr(shared, word) && strstr(shared, why));
	munmap(shared, 4096);
}

static void refused_options(void)
{
	static const char *const words[] = {
		"a=",
		"a=x",
		"a=12abc",
		"a=0x",
		"a=0xg",
		"a=0X1",
		"a=-1",
		"a=+1",
		"a=1,2",
		"a=\"1\"",
		"a=1.0",
		"a=18446744073709551616",
		"a=99999999999999999999",
		"a=0x10000000000000000",
		"a=184467440737095516150",
	};
	char line[100];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		refuses(words[i], words[i], "is no number");
		snprintf(line, sizeof(line), "kernel b=1\t%s\tc=1", words[i]);
		refuses(line, words[i], "is no number");
	}
	refuses("a=1 a=2", "a=2", "is there twice");
	refuses("a=1 b=1 a=1", "a=1", "is there twice");
	refuses("a=\033[2J", "a=?[2J ", "is no number");
	refuses(NULL, "", "has no end");
}

static void what_is_not_asked_for(void)
{
	uint64_t value;

	host_command_line = "/boot/kernel quiet root=/dev/sda seed=1 allso=3\tSEED=0x2 a=1";
	CHECK(option("seed", &value) && option("a", &value) && !option("also", &value));
	host_capture(captured, sizeof(captured));
	options_not_asked_for();
	check_captured("# nobody asked for the command line's allso=3\n"
		       "# nobody asked for the command line's SEED=0x2\n");
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a run has passed if all planned results have, and no more came", results},
		{"bailing out says why and ends the run as a failure", bails_out},
		{"numbers are printed as printf does, to the last of 64 bits", numbers},
		{"words, characters and percent signs are printed", words},
		{"a line holds what fits and drops the rest", long_lines},
		{"an over-long result still ends its line", long_results},
		{"lines of several CPUs do not mix", whole_lines},
		{"options are found, in decimal and hexadecimal", options},
		{"what is no such option is not found", no_options},
		{"C56 an option that is no number of 64 bits, or there twice, ends the run",
		 refused_options},
		{"C56 numbers that nobody has asked for are named", what_is_not_asked_for},
	};

	UNIT_RUN(tests);
}
