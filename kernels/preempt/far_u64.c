/* SPDX-License-Identifier: 0BSD */
/* The operations on far variables of 64 bits. */
#define NAME "far uint64_t"
#define SET set_far_u64
#define DEFINE PERCPU_DEFINE_FAR
#define TYPE uint64_t
#include "operations.h"
