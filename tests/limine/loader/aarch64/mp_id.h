/* SPDX-License-Identifier: 0BSD */
#include <stdint.h>

/* MPIDR_EL1 without its other fields. */
typedef uint64_t mp_id;
