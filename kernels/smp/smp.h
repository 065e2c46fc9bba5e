/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef SMP_H
#define SMP_H

#include <stddef.h>

/* initial.c: the first variable whose copy on this CPU is not its initial value; NULL if none. */
const char *wrong_initial_value(void);

/* outside.c: remembers what lies around the areas, and tells what of it has changed since. */
void outside_remember(void);
const char *outside_changed(void);

#endif
