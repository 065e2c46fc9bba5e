/* SPDX-License-Identifier: 0BSD */
/* Lists of areas that percpu_init_each must refuse, and what the files of this kernel share. */
#ifndef REFUSED_H
#define REFUSED_H

#include <percpu.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * With PERCPU_VMA zero area 0 would be the template: then CPU 0 has no variables before, and what
 * lies on the template cannot be told from NULL.
 */
#define EARLY (!PERCPU_IS_ZERO)

enum { REFUSALS = EARLY ? 8 : 6 };

/* Reports as many results, with lists made from AREAS, N of them, which are right. */
void report_refusals(void *const *areas, size_t n);

/* main.c: whether all memory of areas, and what CPU 0 wrote, is as it was. */
bool all_untouched(void);

#endif
