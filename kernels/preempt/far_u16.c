/* SPDX-License-Identifier: 0BSD */
/* The operations on far variables of 16 bits. */
#define NAME "far uint16_t"
#define SET set_far_u16
#define DEFINE PERCPU_DEFINE_FAR
#define TYPE uint16_t
#include "operations.h"
