/* SPDX-License-Identifier: 0BSD */
/*
 * What gic.c, gicv2.c and gicv3.c share.
 *
 * A CPU's own interrupts, ids 0 to 31, have a block of registers that is laid out alike in all
 * versions: of a GICv2 it is the start of the distributor, where each CPU sees its own; of a GICv3
 * it is in the CPU's redistributor. Its address is called OWN below.
 */
#ifndef GIC_PARTS_H
#define GIC_PARTS_H

#include "gic.h"

/* Offsets: of OWN, or of the distributor for ids from 32 on. A bit for each id, if not said. */
enum {
	GIC_IGROUPR = 0x080,
	GIC_ISENABLER = 0x100,
	GIC_ICENABLER = 0x180,
	GIC_ISPENDR = 0x200,
	GIC_ICPENDR = 0x280,
	GIC_ISACTIVER = 0x300,
	GIC_ICACTIVER = 0x380,
	GIC_IPRIORITYR = 0x400, /* a byte each */
	GIC_ICFGR = 0xc00,	/* two bits each, of which the upper is 1 for an edge */
	GIC_IGRPMODR = 0xd00,	/* GICv3 only */
};

/* And of the distributor only. */
enum { GICD_CTLR = 0x000, GICD_TYPER = 0x004 };
enum { GICD_ITARGETSR = 0x800, GICD_IROUTER = 0x6000 }; /* GICv2: a byte each; GICv3: 8 */

#define GIC_LEFT_SGI 3	/* for gic_leave */
#define GIC_LEFT_SPI 32 /* and gic_leave_shared */

static inline volatile uint32_t *gic_at(uint64_t address)
{
	return (volatile uint32_t *)address; /* NOLINT: a number from the device tree */
}

/* Waits until none of BITS is set: some cycles, so a count is bound enough. */
bool gic_clear(volatile const uint32_t *field, uint32_t bits);

/* The interrupts that CPUs share, ids from 32 on, are all off then: these kernels use none. */
void gic_shared_off(uint64_t distributor);

/* How many interrupts the distributor has, in blocks of 32. */
static inline size_t gic_blocks(uint64_t distributor)
{
	return (*gic_at(distributor + GICD_TYPER) & 0x1f) + 1;
}

#define GIC_NOT_IDLE                                                                               \
	"the GIC still counts an interrupt of this CPU as active, which is not this kernel's to "  \
	"end: have the firmware end what it takes"
#define GIC_MASKS                                                                                  \
	"the GIC lets no interrupt of this kernel's through: firmware must set the priority mask " \
	"to a Non-secure value"

/* ---- Of each version ---- */

void gicv2_give_away(const struct fdt *fdt, fdt_node gic);
void gicv3_give_away(const struct fdt *fdt, fdt_node gic);

/* The distributor, on. */
const char *gicv2_init(const struct fdt *fdt, fdt_node gic);
const char *gicv3_init(const struct fdt *fdt, fdt_node gic);

/* The calling CPU's OWN. */
const char *gicv2_find_own(uint64_t *own);
const char *gicv3_find_own(uint64_t *own);

/* Whether what was written to the calling CPU's ICENABLER has its effect; waits for it. */
bool gicv3_settled(uint64_t own);

/* The calling CPU's interface, on, with nothing active. */
const char *gicv2_enable(void);
const char *gicv3_enable(void);

/* The calling CPU's interface, off. */
const char *gicv2_stop(void);
const char *gicv3_stop(uint64_t own, bool off);

uint32_t gicv2_acknowledge(void);
uint32_t gicv3_acknowledge(void);
void gicv2_end(uint32_t id);
void gicv3_end(uint32_t id);

void gicv2_leave(uint64_t what);
void gicv3_leave(uint64_t what);

#endif
