/* SPDX-License-Identifier: 0BSD */
/* Exception levels: the one a CPU is entered at, and the one it runs at, PERCPU_ARM_EL. */
#ifndef LEVELS_H
#define LEVELS_H

/* HCR_EL2.E2H: with it EL2's registers have the layout of EL1's (VHE). */
#define HCR_E2H_BIT 34

/*
 * SCTLR with nothing turned on: the fields that read as 1. That of EL1, and of EL2 with E2H; and
 * that of EL2 without (Arm ARM DDI 0487, SCTLR_EL1, SCTLR_EL2).
 */
#define SCTLR_RES1_EL1 0x30d00800
#define SCTLR_RES1_EL2 0x30c50830

#ifndef __ASSEMBLER__

#include <stdint.h>

/* The level that the boot CPU was entered at. */
extern uint32_t entered_level;

/* Says, in a comment, at which level the kernel was entered and at which this CPU runs. */
void levels_report(void);

/*
 * Given by each board. Called at EL3 on the boot CPU, with the MMU off, so without atomics or
 * locks: prepares what lies outside the CPUs and only the Secure state can, as firmware would.
 */
void board_at_el3(uintptr_t boot_data);

/*
 * Likewise, at the kernel's own level with the MMU on, before .bss is cleared: stops, with a
 * sentence, if there is no RAM for the kernel.
 */
void board_check_memory(uintptr_t boot_data);

#endif
#endif
