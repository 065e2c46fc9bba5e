/* SPDX-License-Identifier: 0BSD */
/* The operations on far variables of 8 bits. */
#define NAME "far uint8_t"
#define SET set_far_u8
#define DEFINE PERCPU_DEFINE_FAR
#define TYPE uint8_t
#include "operations.h"
