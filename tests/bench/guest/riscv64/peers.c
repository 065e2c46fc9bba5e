/* SPDX-License-Identifier: MIT */
/* The peers that there are on riscv64. */
#include <tests/bench/guest/bench.h>
#include <tests/bench/guest/riscv64/peers.h>

static void peers_use_table(void)
{
	prepare_table();
	peers_use_number();
}

static const struct contestant list[] = {
	BENCH_COMMON_PEERS,
	{.name = "crate", BENCH_OPERATIONS(crate)},
	{.name = "linux", .prepare = prepare_linux, BENCH_OPERATIONS(linux_pcp)},
};
static const struct contestants peers = {list, sizeof(list) / sizeof(list[0])};
const struct contestants *const bench_lists[] = {&bench_ours, &peers, NULL};
