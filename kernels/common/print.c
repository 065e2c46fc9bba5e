/* SPDX-License-Identifier: 0BSD */
/* printf's little sibling. */
#include "print.h"

#include "kernel.h"

static void add_char(struct line *line, char c)
{
	if (line->length < LINE_ROOM)
		line->text[line->length++] = c;
}

static void add_string(struct line *line, const char *s)
{
	while (*s)
		add_char(line, *s++);
}

static void add_number(struct line *line, uint64_t value, unsigned base)
{
	char digits[20]; /* 2^64 - 1 has as many in decimal */
	size_t n = 0;

	do
		digits[n++] = "0123456789abcdef"[value % base];
	while (value /= base);
	while (n)
		add_char(line, digits[--n]);
}

static void add_signed(struct line *line, int64_t value)
{
	if (value < 0)
		add_char(line, '-');
	add_number(line, value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

/* One conversion: C is its letter, WIDE whether l or z stood before it. */
static void add_argument(struct line *line, char c, bool wide, va_list *list)
{
	switch (c) {
	case 's':
		add_string(line, va_arg(*list, const char *));
		break;
	case 'c':
		add_char(line, (char)va_arg(*list, int));
		break;
	case 'd':
		add_signed(line, wide ? va_arg(*list, long) : va_arg(*list, int));
		break;
	case 'u':
		add_number(line, wide ? va_arg(*list, unsigned long) : va_arg(*list, unsigned), 10);
		break;
	case 'p':
	case 'x':
		add_string(line, "0x");
		wide |= c == 'p';
		add_number(line, wide ? va_arg(*list, unsigned long) : va_arg(*list, unsigned), 16);
		break;
	default:
		add_char(line, c);
	}
}

void line_add_list(struct line *line, const char *format, va_list list)
{
	va_list arguments;

	va_copy(arguments, list);
	for (; *format; format++) {
		bool wide = false;

		if (*format != '%') {
			add_char(line, *format);
			continue;
		}
		for (format++; *format == 'l' || *format == 'z'; format++)
			wide = true;
		add_argument(line, *format, wide, &arguments);
	}
	va_end(arguments);
}

void line_add(struct line *line, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	line_add_list(line, format, list);
	va_end(list);
}

/*
 * One CPU at a time. A CPU that cannot have the console, while nobody sends a line for a time,
 * takes it all the same: whoever holds it hangs, and what this one has to say may be why.
 */
static size_t console_busy, lines_sent;

void line_send(const struct line *line)
{
	uint64_t start = board_microseconds();
	size_t seen = 0, sent;

	/* The acquire pairs with the release below: characters of two lines do not mix. */
	while (__atomic_exchange_n(&console_busy, 1, __ATOMIC_ACQUIRE) &&
	       board_microseconds() - start < WAIT_MICROSECONDS) {
		sent = __atomic_load_n(&lines_sent, __ATOMIC_RELAXED);
		if (sent != seen)
			start = board_microseconds();
		seen = sent;
		arch_pause();
	}
	for (size_t i = 0; i < line->length; i++)
		board_putc(line->text[i]);
	__atomic_fetch_add(&lines_sent, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&console_busy, 0, __ATOMIC_RELEASE);
}

void line_end(struct line *line)
{
	line->text[line->length++] = '\n';
	line_send(line);
}

void print(const char *format, ...)
{
	struct line line = {.length = 0};
	va_list list;

	va_start(list, format);
	line_add_list(&line, format, list);
	va_end(list);
	line_send(&line);
}
