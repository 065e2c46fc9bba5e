/* SPDX-License-Identifier: 0BSD */
/* The operations on far variables of 32 bits. */
#define NAME "far uint32_t"
#define SET set_far_u32
#define DEFINE PERCPU_DEFINE_FAR
#define TYPE uint32_t
#include "operations.h"
