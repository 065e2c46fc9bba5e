/* SPDX-License-Identifier: 0BSD */
/* Formatting into the caller's line, for print.c and tap.c. */
#ifndef PRINT_H
#define PRINT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A line being put together; what does not fit is dropped, but there is always room for its end. */
#define LINE_ROOM 400

struct line {
	size_t length;
	char text[LINE_ROOM + 1];
};

void line_add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
void line_add_list(struct line *line, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

/* Sends the text to the console in one piece. */
void line_send(const struct line *line);

/* Ends the line, full or not, and sends it. */
void line_end(struct line *line);

/* ---- stacks.c ---- */

/* Whether a stack has overflowed. If so, a sentence that says which is added to LINE, or NULL. */
bool stacks_overflowed(struct line *line);

/* How many bytes the boot CPU's own has gone too deep. */
size_t stacks_depth_of_cpu_0(void);

#endif
