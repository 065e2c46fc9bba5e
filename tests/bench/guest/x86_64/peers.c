/* SPDX-License-Identifier: MIT */
/* The peers that there are on x86_64. */
#include <tests/bench/guest/bench.h>
#include <tests/bench/guest/x86_64/peers.h>

static void peers_use_table(void)
{
	prepare_table();
	peers_use_number();
}

static const struct contestant list[] = {
	BENCH_COMMON_PEERS,
	{.name = "crate", .prepare = prepare_crate, BENCH_OPERATIONS(crate)},
	{.name = "linux", BENCH_OPERATIONS(linux_pcp)},
};
static const struct contestants peers = {list, sizeof(list) / sizeof(list[0])};
const struct contestants *const bench_lists[] = {&bench_ours, &peers, NULL};
