/* SPDX-License-Identifier: 0BSD */
/* The operations on near variables of 32 bits. */
#define NAME "near uint32_t"
#define SET set_near_u32
#define DEFINE PERCPU_DEFINE
#define TYPE uint32_t
#include "operations.h"
