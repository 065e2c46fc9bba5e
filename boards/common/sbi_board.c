/* SPDX-License-Identifier: 0BSD */
/*
 * A riscv64 machine that boots by SBI with a device tree, as most do. Nothing here is a constant of
 * one machine; what is stands in the board.mk of those that use this file.
 */
#include <boards/board.h>

#include <arch/riscv64/sbi.h>
#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>

const char board_hwid_name[] = "hart";

static struct fdt tree;
static uint64_t ticks_per_second;

void board_init(uintptr_t boot_data)
{
	const char *error = fdt_open(&tree, (const void *)boot_data);

	if (!error)
		ticks_per_second = devicetree_timebase(&tree);
	if (error || !ticks_per_second)
		tap_bail_out("cpu 0: %s: start the kernel by firmware that passes a device tree "
			     "in a1, as OpenSBI does",
			     error ? error : "the device tree has no timebase-frequency");
}

/* A boot loader, if there was one, and the firmware that stays: OpenSBI. */
void board_print_loader(void)
{
	const char *u_boot = devicetree_u_boot(&tree);
	long implementation = sbi_base(SBI_BASE_GET_IMPLEMENTATION);
	long version = sbi_base(SBI_BASE_GET_VERSION);

	print("# via %s%s%s", u_boot ? "U-Boot " : "", u_boot ? u_boot : "", u_boot ? ", " : "");
	if (implementation == SBI_OPENSBI)
		print("OpenSBI %d.%d\n", (int)(version >> 16), (int)(version & 0xffff));
	else if (implementation == SBI_OURS)
		print("no firmware: the kernel's own M-mode code answers\n");
	else
		print("SBI implementation %ld, version %lx\n", implementation, version);
}

const struct fdt *board_tree(void)
{
	return &tree;
}

void board_putc(char c)
{
	sbi_call(SBI_LEGACY_PUTCHAR, 0, (unsigned char)c, 0, 0);
}

const char *board_command_line(void)
{
	return devicetree_command_line(&tree);
}

/* A hart without mmu-type has no S-mode: hart 0 of the SiFive U54 complex, for one. */
size_t board_find_cpus(uint64_t *hwids, size_t max)
{
	return devicetree_cpus(&tree, "mmu-type", hwids, max);
}

uint64_t board_microseconds(void)
{
	uint64_t ticks;

	/* Volatile: read anew each time. Before the rate is known there is no time. */
	__asm__ volatile("rdtime %0" : "=r"(ticks));
	if (!ticks_per_second)
		return 0;
	return devicetree_microseconds(ticks, ticks_per_second);
}

/* Returns only if the firmware cannot. */
static void reset(unsigned long type, bool success)
{
	sbi_call(SBI_SRST, SBI_SRST_SYSTEM_RESET, type,
		 success ? SBI_SRST_NO_REASON : SBI_SRST_SYSTEM_FAILURE, 0);
}

/* Some machines have nothing to turn them off by, but a pin that restarts them: QEMU's sifive_u. */
void board_exit(bool success)
{
	reset(SBI_SRST_SHUTDOWN, success);
	print("# the firmware cannot shut the machine down: it is asked to restart it\n");
	reset(SBI_SRST_COLD_REBOOT, success);
	print("# the firmware cannot restart the machine either: it stays halted\n");
	arch_halt();
}
