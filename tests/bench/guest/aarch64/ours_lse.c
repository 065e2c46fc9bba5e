/* SPDX-License-Identifier: MIT */
/* libpercpu as guest.mk compiles this file, for CPUs that have Armv8.1's atomic instructions. */
#include <tests/bench/guest/bench.h>

static PERCPU_DEFINE(uint64_t, lse_number);

#define BENCH_NAME(op) near_lse_##op
#define BENCH_VARIABLE lse_number
#include <tests/bench/ours.h>

static const struct contestant list[] = {{.name = "near-lse", BENCH_OPERATIONS(near_lse)}};
const struct contestants bench_ours_lse = {list, 1};
