/* SPDX-License-Identifier: MIT */
/* Defines a variable; the command line says of which kind. */
#include <percpu.h>

DEFINE(uint64_t, shared) = 1;
