/* SPDX-License-Identifier: 0BSD */
/*
 * Raspberry Pi 3 Model B: boards/common/arm_board.c, without PSCI. The watchdog turns it off.
 *
 * The registers are those that Linux's bcm2835_wdt driver uses; Broadcom's manual leaves them out.
 */
#include <arch/aarch64/before_bss.h>
#include <arch/boot.h>
#include <boards/common/arm_board.h>
#include <boards/common/devicetree.h>

const uintptr_t arm_board_other_tree = 0; /* only x0 says where it is */

/* Offsets; each write needs the password in its top byte. */
enum { RSTC = 0x1c, RSTS = 0x20, WDOG = 0x24 };
#define PASSWORD 0x5a000000u
#define RSTC_FULL_RESET 0x20u /* bits 4 and 5: what happens when WDOG's time is over */
#define RSTC_OTHERS 0x00ffffcfu
#define WDOG_TICKS 10u /* of 1/65536 s */
/*
 * Which partition to boot from, in every other bit from 0 to 10: 63, which the firmware, and QEMU,
 * take for "none: stay off".
 */
#define RSTS_HALT 0x555u

static volatile uint32_t *watchdog BEFORE_BSS;

void arm_board_init(const struct fdt *tree)
{
	watchdog = (volatile uint32_t *)devicetree_address(
		tree, devicetree_compatible(tree, "brcm,bcm2835-pm-wdt"));
}

void arm_board_off(void)
{
	if (!watchdog)
		return;
	watchdog[RSTS / 4] = PASSWORD | RSTS_HALT;
	watchdog[WDOG / 4] = PASSWORD | WDOG_TICKS;
	watchdog[RSTC / 4] = PASSWORD | (watchdog[RSTC / 4] & RSTC_OTHERS) | RSTC_FULL_RESET;
	arch_halt(); /* for those ticks */
}
