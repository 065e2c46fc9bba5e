/* SPDX-License-Identifier: MIT */
/* The peers that there are on aarch64. */
#include <tests/bench/guest/bench.h>
#include <tests/bench/guest/aarch64/peers.h>

extern const struct contestants bench_ours_lse; /* ours_lse.c */

static void peers_use_table(void)
{
	prepare_table();
	peers_use_number();
}

static const struct contestant list[] = {
	BENCH_COMMON_PEERS,
	{.name = "shared-lse",
	 .operations = {(operation)shared_read, (operation)shared_write, (operation)shared_lse_add,
			(operation)shared_lse_inc, (operation)shared_lse_add_return,
			(operation)shared_lse_xchg, (operation)shared_lse_cmpxchg,
			(operation)shared_pointer}},
	/* TPIDR_EL1 is Linux's from here on: these come last. */
	{.name = "crate", BENCH_OPERATIONS(crate)},
	{.name = "linux", .prepare = prepare_linux, BENCH_OPERATIONS(linux_pcp)},
	{.name = "linux-lse",
	 .operations = {(operation)linux_pcp_read, (operation)linux_pcp_write,
			(operation)linux_lse_add, (operation)linux_lse_inc,
			(operation)linux_lse_add_return, (operation)linux_lse_xchg,
			(operation)linux_lse_cmpxchg, (operation)linux_pcp_pointer}},
	{.name = "linux-2026",
	 .operations = {[ADD] = (operation)linux_2026_add,
			[INC] = (operation)linux_2026_inc,
			[ADD_RETURN] = (operation)linux_2026_add_return,
			[POINTER] = (operation)linux_pcp_pointer}},
};
static const struct contestants peers = {list, sizeof(list) / sizeof(list[0])};
const struct contestants *const bench_lists[] = {&bench_ours, &bench_ours_lse, &peers, NULL};
