/* SPDX-License-Identifier: 0BSD */
/*
 * The Arm Generic Interrupt Controller, of two versions: gicv2.c and gicv3.c. Here is what they
 * have in common: which it is, and the registers of a CPU's own interrupts.
 *
 * Nothing is taken to be as it is at reset. Firmware has used the GIC, and a loader may have: an
 * interrupt that was left active never comes again, and one that was left pending comes first.
 */
#include "gic_parts.h"

#include <boards/common/devicetree.h>

#include "map.h"

#define PRIORITY 0x80 /* in the middle: more urgent than idle, less than what has none */

static enum version { NO_GIC, GIC_V2, GIC_V3 } version;
static const struct fdt *tree;
static fdt_node gic;

static enum version find(const struct fdt *fdt, fdt_node *node)
{
	*node = devicetree_compatible(fdt, "arm,gic-v3");
	if (*node != FDT_NO_NODE)
		return GIC_V3;
	*node = devicetree_compatible(fdt, "arm,cortex-a15-gic");
	if (*node == FDT_NO_NODE)
		*node = devicetree_compatible(fdt, "arm,gic-400");
	return *node == FDT_NO_NODE ? NO_GIC : GIC_V2;
}

bool gic_clear(volatile const uint32_t *field, uint32_t bits)
{
	for (size_t i = 0; i < 10000000; i++)
		if (!(*field & bits))
			return true;
	return false;
}

void gic_shared_off(uint64_t distributor)
{
	for (size_t block = 1; block < gic_blocks(distributor); block++)
		*gic_at(distributor + GIC_ICENABLER + 4 * block) = UINT32_MAX;
}

void gic_give_away(const struct fdt *fdt)
{
	fdt_node node;
	enum version found = find(fdt, &node);

	if (found == GIC_V3)
		gicv3_give_away(fdt, node);
	else if (found == GIC_V2)
		gicv2_give_away(fdt, node);
}

/* All that its "reg" lists, which is read on every CPU later. */
static bool map_all(void)
{
	uint64_t size, start = devicetree_region(tree, gic, 0, &size);

	for (size_t i = 1; size; i++) {
		if (!map_device(start, size))
			return false;
		start = devicetree_region(tree, gic, i, &size);
	}
	return true;
}

const char *gic_init(const struct fdt *fdt)
{
	tree = fdt;
	version = find(fdt, &gic);
	if (version == NO_GIC)
		return "the device tree has no interrupt controller that this kernel can drive, a "
		       "GICv3 (\"arm,gic-v3\") or GICv2 (\"arm,cortex-a15-gic\", \"arm,gic-400\")";
	if (!map_all())
		return "the device tree has the GIC, or a part of it, where the kernel cannot map "
		       "it: at 512 GiB or above, or beyond what the CPU can address";
	return version == GIC_V3 ? gicv3_init(fdt, gic) : gicv2_init(fdt, gic);
}

uint32_t gic_ppi(const struct fdt *fdt, fdt_node node, size_t index)
{
	size_t cells = (size_t)fdt_number(fdt, gic, "#interrupt-cells", 1, 3);
	uint64_t type = fdt_number_at(fdt, node, "interrupts", index * cells, 1, 0);
	uint64_t number = fdt_number_at(fdt, node, "interrupts", index * cells + 1, 1, 16);

	return type == 1 && number < 16 ? 16 + (uint32_t)number : 0;
}

/*
 * All of the CPU's own interrupts off, neither pending nor active; then ID on. The group is written
 * for a GICv3 without security states, where it says what reaches the CPU as IRQ; for a GICv2 see
 * gicv2.c. Where there are two states, these bits are firmware's, and writes change nothing.
 */
static const char *set_own(uint64_t own, uint32_t id)
{
	volatile uint8_t *priority = (volatile uint8_t *)gic_at(own + GIC_IPRIORITYR);
	volatile uint32_t *edges = gic_at(own + GIC_ICFGR + 4); /* of ids 16 to 31 */

	*gic_at(own + GIC_ICENABLER) = UINT32_MAX;
	if (version == GIC_V3 && !gicv3_settled(own))
		return "the GIC's redistributor does not take what is written to it";
	*gic_at(own + GIC_ICACTIVER) = UINT32_MAX;
	*gic_at(own + GIC_ICPENDR) = UINT32_MAX;
	*gic_at(own + GIC_IGROUPR) = version == GIC_V3 ? UINT32_MAX : 0;
	if (version == GIC_V3)
		*gic_at(own + GIC_IGRPMODR) = 0;
	*edges &= ~(2u << 2 * (id - 16));
	priority[id] = PRIORITY;
	*gic_at(own + GIC_ISENABLER) = 1u << id;
	if (!(*gic_at(own + GIC_ISENABLER) >> id & 1))
		return "the GIC does not let this CPU's timer interrupt be turned on: firmware "
		       "keeps it for the Secure state, and must put it into the Non-secure group";
	return NULL;
}

const char *gic_init_cpu(uint32_t id)
{
	uint64_t own = 0;
	const char *error = version == GIC_V3 ? gicv3_find_own(&own) : gicv2_find_own(&own);

	if (!error)
		error = set_own(own, id);
	if (error)
		return error;
	return version == GIC_V3 ? gicv3_enable() : gicv2_enable();
}

const char *gic_stop_cpu(bool off)
{
	uint64_t own = 0;
	const char *error = version == GIC_V3 ? gicv3_find_own(&own) : gicv2_find_own(&own);

	if (error)
		return error;
	*gic_at(own + GIC_ICENABLER) = UINT32_MAX;
	return version == GIC_V3 ? gicv3_stop(own, off) : gicv2_stop();
}

/* Four ids say that there is none, for this CPU in this state; those above are LPIs. */
uint32_t gic_acknowledge(void)
{
	uint32_t id = version == GIC_V3 ? gicv3_acknowledge() : gicv2_acknowledge();

	return id >= 1020 && id < 1024 ? GIC_NONE : id;
}

void gic_end(uint32_t id)
{
	if (version == GIC_V3)
		gicv3_end(id);
	else
		gicv2_end(id);
}

void gic_leave_shared(void)
{
	uint64_t size, mpidr, distributor = devicetree_region(tree, gic, 0, &size);

	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	*gic_at(distributor + GIC_ISENABLER + 4) = 1u << GIC_LEFT_SPI % 32;
	if (version == GIC_V3) {
		*gic_at(distributor + GIC_IGROUPR + 4) |= 1u << GIC_LEFT_SPI % 32;
		*gic_at(distributor + GICD_IROUTER + 8 * GIC_LEFT_SPI) = mpidr & 0xffffff;
	} else {
		*(volatile uint8_t *)gic_at(distributor + GICD_ITARGETSR + GIC_LEFT_SPI) = 1;
	}
	*gic_at(distributor + GIC_ISPENDR + 4) = 1u << GIC_LEFT_SPI % 32;
}

void gic_leave(uint32_t id, uint64_t what)
{
	uint64_t own = 0;
	const char *error = version == GIC_V3 ? gicv3_find_own(&own) : gicv2_find_own(&own);

	if (error)
		return;
	if (what & GIC_LEAVES_ACTIVE)
		*gic_at(own + GIC_ISACTIVER) = 1u << id;
	if (what & GIC_LEAVES_SGI)
		*gic_at(own + GIC_ISENABLER) = 1u << GIC_LEFT_SGI;
	if (what & GIC_LEAVES_SGI && version == GIC_V3) {
		*gic_at(own + GIC_IGROUPR) |= 1u << GIC_LEFT_SGI;
		*gic_at(own + GIC_ISPENDR) = 1u << GIC_LEFT_SGI;
	}
	if (version == GIC_V3)
		gicv3_leave(what);
	else
		gicv2_leave(what);
}
