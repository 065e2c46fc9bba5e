/* SPDX-License-Identifier: 0BSD */
/* The operations on near variables of 64 bits. */
#define NAME "near uint64_t"
#define SET set_near_u64
#define DEFINE PERCPU_DEFINE
#define TYPE uint64_t
#include "operations.h"
