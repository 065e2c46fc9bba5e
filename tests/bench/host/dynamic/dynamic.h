/* SPDX-License-Identifier: MIT */
#ifndef DYNAMIC_H
#define DYNAMIC_H

#include "../host.h"

/* How the library is compiled too: -Os as in kernels, or for time as the other programs here. */
#ifdef __OPTIMIZE_SIZE__
#define LEVEL "-Os"
#else
#define LEVEL "-O2"
#endif

enum { GRANULES = 8192 }; /* of the reserve */

/* A variable; 0 if there is no room. */
uintptr_t make(size_t size, size_t align);
void end(uintptr_t handle);

/* workloads.c */
void run_workloads(void);

#endif
