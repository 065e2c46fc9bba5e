/* SPDX-License-Identifier: 0BSD */
/* The operations on near variables of 8 bits. */
#define NAME "near uint8_t"
#define SET set_near_u8
#define DEFINE PERCPU_DEFINE
#define TYPE uint8_t
#include "operations.h"
