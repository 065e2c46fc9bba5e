/* SPDX-License-Identifier: 0BSD */
#include <stdint.h>

/* What the protocol has for ids of CPUs on x86_64: those of local APICs. */
typedef uint32_t mp_id;
