/* SPDX-License-Identifier: 0BSD */
/* And pair_store_unnoted. */
#include "sequences.h"

#include <percpu/sequence.h>

#undef PERCPU_SEQUENCE_BEGIN
#define PERCPU_SEQUENCE_BEGIN ""
#undef PERCPU_SEQUENCE_END
#define PERCPU_SEQUENCE_END ".Lpercpu_end_%=:\n\t"
#define pair_store pair_store_unnoted
#include <sequences.c>
