/* SPDX-License-Identifier: MIT */
/* For tests of what PERCPU_DEBUG finds: whether a mistake ends in percpu_panic, with which words.
 */
#ifndef CAUGHT_H
#define CAUGHT_H

#include <percpu.h>

#include <setjmp.h>
#include <string.h>

#include "unit.h"

static jmp_buf after_panic;
static const char *why_panic;

void percpu_panic(const char *why)
{
	why_panic = why;
	longjmp(after_panic, 1);
}

/* Once on each CPU: the checks of one that has failed stand down. */
static inline bool caught(void (*mistake)(void), const char *words)
{
	why_panic = "";
	if (!setjmp(after_panic))
		mistake();
	return strstr(why_panic, words);
}

#endif
