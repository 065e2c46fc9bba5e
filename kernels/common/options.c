/* SPDX-License-Identifier: 0BSD */
/* The command line, as NAME=NUMBER words. */
#include "kernel.h"

/* Whether the word at TEXT is NAME=; if so, the start of its value. */
static const char *value_of(const char *text, const char *name)
{
	while (*name)
		if (*text++ != *name++)
			return NULL;
	return *text == '=' ? text + 1 : NULL;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return 99;
}

static uint64_t number_at(const char *text)
{
	int base = 10;
	uint64_t value = 0;

	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	}
	for (; digit_of(*text) < base; text++)
		value = value * (uint64_t)base + (uint64_t)digit_of(*text);
	return value;
}

bool option(const char *name, uint64_t *value)
{
	const char *text = board_command_line();

	while (*text) {
		const char *found = value_of(text, name);

		if (found) {
			*value = number_at(found);
			return true;
		}
		while (*text && *text != ' ')
			text++;
		while (*text == ' ')
			text++;
	}
	return false;
}
