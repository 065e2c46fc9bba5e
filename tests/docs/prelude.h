/* SPDX-License-Identifier: MIT */
/* What the code in the pages takes for granted. */
#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
#endif
