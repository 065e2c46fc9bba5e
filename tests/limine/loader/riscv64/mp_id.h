/* SPDX-License-Identifier: 0BSD */
#include <stdint.h>

/* Hart ids. */
typedef uint64_t mp_id;
