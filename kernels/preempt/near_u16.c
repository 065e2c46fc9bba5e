/* SPDX-License-Identifier: 0BSD */
/* The operations on near variables of 16 bits. */
#define NAME "near uint16_t"
#define SET set_near_u16
#define DEFINE PERCPU_DEFINE
#define TYPE uint16_t
#include "operations.h"
