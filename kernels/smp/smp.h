/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef SMP_H
#define SMP_H

#include <percpu.h>
#include <stddef.h>

/* With PERCPU_VMA zero area 0 is the template: in use only when the others are made from it. */
#define AREA_0_IS_TEMPLATE PERCPU_IS_ZERO

/* There, a run-time index needs the pointer to the whole array (percpu.h). */
#if PERCPU_IS_ZERO
#define READ_AT(name, index) ((*percpu_ptr(name))[index])
#define INC_AT(name, index) ((*percpu_ptr(name))[index]++)
#else
#define READ_AT(name, index) percpu_read(name[index])
#define INC_AT(name, index) percpu_inc(name[index])
#endif

/* initial.c: the first variable whose copy on this CPU is not its initial value; NULL if none. */
const char *wrong_initial_value(void);

/* outside.c: remembers what lies around the areas, and tells what of it has changed since. */
void outside_remember(void);
const char *outside_changed(void);

#endif
