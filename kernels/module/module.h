/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share, beside loader.h. */
#ifndef MODULE_H
#define MODULE_H

#include "loader.h"

/* The modules' files (files.S). */
#define MODULE_FILE(name) extern const char name##_file[], name##_file_end[]
MODULE_FILE(counter);
MODULE_FILE(other);
MODULE_FILE(near);
MODULE_FILE(line);
MODULE_FILE(distance);
MODULE_FILE(big);
MODULE_FILE(unknown);
MODULE_FILE(constructor);
MODULE_FILE(each_cpu);

/* ---- main.c ---- */

/* Whether no more of the reserve is in use than before any module was loaded. */
bool reserve_is_free(void);

/* ---- attempts.c: an interrupt before every instruction of the module's operations ---- */

#define OPERATIONS 6u

/* Seeds what is drawn, and finds out how to set the timer, by an operation of the module. */
void attempts_begin(struct module *module, uint64_t seed);

/* Sweeps over each of OPERATIONS, and reports it. If not NOTED, it must lose something. */
void attempts_all(const struct module *module, bool noted);

/* ---- refused.c: files that must be refused ---- */

/* How many results refused_all reports. */
extern const size_t refused_count;
void refused_all(struct module *module, uint64_t seed);

#endif
