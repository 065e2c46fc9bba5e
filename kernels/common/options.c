/* SPDX-License-Identifier: 0BSD */
/*
 * The command line, as NAME=NUMBER words. Others may be there, for loaders add theirs; but of a
 * word that a kernel asks for no mistake is passed over. A kernel's own options are in its main.c.
 *
 * Options of all kernels: serial=1, CPUs are started one after the other. On x86_64 x2apic=1, in
 * x2APIC mode. On aarch64, where interrupts are used, firmware=BITS, what is left in the interrupt
 * controller first: GIC_LEAVES_ in arch/aarch64/gic.h. On riscv64, by firmware, astray=1, harts
 * come in where the boot hart does; in M-mode, delegate=BITS, interrupts that go to S-mode
 * (mideleg).
 */
#include "kernel.h"

/* Of so many words it is known if somebody asked for them. */
enum { MAX_WORDS = 256, SHOWN = 80 };

static bool asked_for[MAX_WORDS];

/* Tabs and ends of lines too. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool in_word(char c)
{
	return c && !is_space(c);
}

/* The first word at TEXT or behind it; NULL if there is none. */
static const char *word_from(const char *text)
{
	while (is_space(*text))
		text++;
	return *text ? text : NULL;
}

static const char *first_word(void)
{
	const char *line = board_command_line();

	if (!line)
		tap_bail_out("the command line that the boot loader passes has no end: see "
			     "bootargs of /chosen in the device tree");
	return word_from(line);
}

static const char *next_word(const char *word)
{
	while (in_word(*word))
		word++;
	return word_from(word);
}

/* Whether WORD is NAME=; if so, the start of its value. */
static const char *value_of(const char *word, const char *name)
{
	while (*name)
		if (*word++ != *name++)
			return NULL;
	return *word == '=' ? word + 1 : NULL;
}

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A' + 10);
	return 99;
}

/* Whether the rest of the word is a number, and all of it. */
static bool read_number(const char *text, uint64_t *value)
{
	unsigned base = 10, digit;
	uint64_t number = 0;

	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	}
	if (!in_word(*text))
		return false;
	for (; in_word(*text); text++) {
		digit = digit_of(*text);
		if (digit >= base || number > (UINT64_MAX - digit) / base)
			return false;
		number = number * base + digit;
	}
	*value = number;
	return true;
}

/* The word alone, and printable. */
static void show(const char *word, char *to)
{
	size_t n = 0;

	for (; n < SHOWN && in_word(word[n]); n++)
		to[n] = word[n] > ' ' && word[n] <= '~' ? word[n] : '?';
	to[n] = '\0';
}

static __attribute__((noreturn)) void refuse(const char *word, const char *why)
{
	char shown[SHOWN + 1];

	show(word, shown);
	tap_bail_out("the command line's %s %s", shown, why);
}

bool option(const char *name, uint64_t *value)
{
	const char *found = NULL, *text;
	size_t number = 0;

	for (const char *word = first_word(); word; word = next_word(word), number++) {
		text = value_of(word, name);
		if (!text)
			continue;
		if (found)
			refuse(word, "is there twice: leave one of them out");
		if (!read_number(text, value))
			refuse(word, "is no number, decimal or 0x and hexadecimal, of at most 64 "
				     "bits");
		found = word;
		/* No order: it is only looked at when the other CPUs have been waited for. */
		if (number < MAX_WORDS)
			__atomic_store_n(&asked_for[number], true, __ATOMIC_RELAXED);
	}
	return found;
}

/* Whether this is NAME=NUMBER. */
static bool is_option(const char *word)
{
	uint64_t value;

	while (in_word(*word) && *word != '=')
		word++;
	return *word == '=' && read_number(word + 1, &value);
}

void options_not_asked_for(void)
{
	char shown[SHOWN + 1];
	size_t number = 0;

	for (const char *word = first_word(); word && number < MAX_WORDS;
	     word = next_word(word), number++) {
		if (!is_option(word) || __atomic_load_n(&asked_for[number], __ATOMIC_RELAXED))
			continue;
		show(word, shown);
		print("# nobody asked for the command line's %s\n", shown);
	}
}
