/* SPDX-License-Identifier: 0BSD */
/* The interrupt controller, as far as a CPU's own interrupts (PPIs) need it. */
#ifndef GIC_H
#define GIC_H

#include <boards/common/fdt.h>

/*
 * At EL3, on the boot CPU, with the MMU off: makes all interrupts of the device tree's GIC
 * Non-secure ones, as firmware would. levels.S has what each CPU must do for that. Does nothing if
 * there is no GIC that is driven here.
 */
void gic_give_away(const struct fdt *fdt);

/*
 * Finds a GIC in the device tree, maps it, and turns its distributor on. Once, on CPU 0, before
 * others run. Returns NULL, or a sentence that says what is wrong.
 */
const char *gic_init(const struct fdt *fdt);

/* The id of entry INDEX of the "interrupts" of NODE, which must be a PPI; 0 if it is not. */
uint32_t gic_ppi(const struct fdt *fdt, fdt_node node, size_t index);

/*
 * Readies the calling CPU for its interrupt ID, a PPI whose line is a level, and no other, whatever
 * ran here before. Returns NULL, or a sentence that says what is wrong.
 */
const char *gic_init_cpu(uint32_t id);

/*
 * The calling CPU, ready by gic_init_cpu, takes no interrupts any more, and is to be readied anew
 * if it does. OFF: it loses its power next. Returns NULL, or a sentence that says what is wrong.
 */
const char *gic_stop_cpu(bool off);

/* The same, with the CPU's timer: where interrupts.c has readied CPU number CPU, which calls. */
const char *interrupts_stop(size_t cpu, bool off);

/* Takes the pending interrupt, which is active from then on. Its id; GIC_NONE if none is. */
uint32_t gic_acknowledge(void);
#define GIC_NONE 1023

/* Ends the interrupt that was taken last: its device does not ask for it any more. */
void gic_end(uint32_t id);

/*
 * For tests: leaves this CPU's part of the GIC as firmware may, after gic_init. ID is the interrupt
 * that it is about, WHAT some of these.
 */
enum {
	GIC_LEAVES_ACTIVE = 1,	  /* the interrupt, taken and never ended */
	GIC_LEAVES_PRIORITY = 2,  /* the CPU, at the priority of an interrupt that has no end */
	GIC_LEAVES_EOI_MODE = 4,  /* an end of interrupt only drops the priority */
	GIC_LEAVES_SGI = 8,	  /* another interrupt, enabled and pending */
	GIC_LEAVES_MASKED = 0x10, /* nothing is of a priority that is let through */
	GIC_LEAVES_SPI = 0x20,	  /* an interrupt that CPUs share, enabled and pending */
};
void gic_leave(uint32_t id, uint64_t what);

/* Likewise, of all CPUs: GIC_LEAVES_SPI, for the CPU that calls. gic_init is to be called again. */
void gic_leave_shared(void);

#endif
