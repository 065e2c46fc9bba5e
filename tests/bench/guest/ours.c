/* SPDX-License-Identifier: MIT */
/* libpercpu itself: near, far, and each with an index that is known at run time only. */
#include "bench.h"

static PERCPU_DEFINE(uint64_t, near_number);
static PERCPU_DEFINE_FAR(uint64_t, far_number);
static PERCPU_DEFINE(uint64_t[4], near_numbers);
static PERCPU_DEFINE_FAR(uint64_t[4], far_numbers);

#define BENCH_NAME(op) near_##op
#define BENCH_VARIABLE near_number
#include <tests/bench/ours.h>

#define BENCH_NAME(op) far_##op
#define BENCH_VARIABLE far_number
#include <tests/bench/ours.h>

#undef BENCH_INDEX
#undef BENCH_ONLY_INDEX
#define BENCH_INDEX size_t index,
#define BENCH_ONLY_INDEX size_t index

#define BENCH_NAME(op) near_index_##op
#define BENCH_VARIABLE near_numbers[index]
#include <tests/bench/ours.h>

#define BENCH_NAME(op) far_index_##op
#define BENCH_VARIABLE far_numbers[index]
#include <tests/bench/ours.h>

static const struct contestant list[] = {
	{.name = "near", BENCH_OPERATIONS(near)},
	{.name = "far", BENCH_OPERATIONS(far)},
	{.name = "near-index", .indexed = true, BENCH_OPERATIONS(near_index)},
	{.name = "far-index", .indexed = true, BENCH_OPERATIONS(far_index)},
};
const struct contestants bench_ours = {list, sizeof(list) / sizeof(list[0])};
