/* SPDX-License-Identifier: 0BSD */
/*
 * GICv2 (Arm IHI 0048), for up to eight CPUs: a distributor, the start of which is banked, that is,
 * each CPU sees its own there; and for each CPU an interface, at one and the same address.
 *
 * What bit 0 of the two control registers and an interrupt's group mean depends on who looks. To
 * the Non-secure state all interrupts that it sees are of group 1, and bit 0 lets them through;
 * where there are no security states they are of group 0 if nothing else is written, and bit 0 lets
 * those through. So bit 0 and group 0 are right in both; and since the interface's FIQEn is 0,
 * which the Non-secure state does not have, either comes as IRQ.
 */
#include <boards/common/devicetree.h>

#include "gic_parts.h"

enum { GICD_CPENDSGIR = 0xf10, GICD_SPENDSGIR = 0xf20 }; /* a byte for each SGI */
#define ENABLE 1u

/* The interface. */
enum {
	GICC_CTLR = 0x00,
	GICC_PMR = 0x04,
	GICC_BPR = 0x08,
	GICC_IAR = 0x0c,
	GICC_EOIR = 0x10,
	GICC_RPR = 0x14,
	GICC_APR = 0xd0, /* four of them; those that there are not read as 0 */
};
#define CTLR_EOI_MODE (1u << 9)
#define LOWEST_PRIORITY 0xff /* as a mask: all above it; as the running one: idle */
#define ID 0x3ffu	     /* of IAR and EOIR; an SGI has its sender above */

static uint64_t distributor, interface;

/* For levels.S, which runs on every CPU: its group registers are banked. See there. */
uint64_t gicv2_at_el3[2] __attribute__((section(".data.gicv2_at_el3")));

void gicv2_give_away(const struct fdt *fdt, fdt_node gic)
{
	uint64_t size, start = devicetree_region(fdt, gic, 0, &size);
	uint64_t cpu = devicetree_region(fdt, gic, 1, &size);

	if (!start || !cpu)
		return;
	*gic_at(start + GICD_CTLR) = 0;
	for (size_t block = 1; block < gic_blocks(start); block++)
		*gic_at(start + GIC_IGROUPR + 4 * block) = UINT32_MAX;
	gicv2_at_el3[0] = start;
	gicv2_at_el3[1] = cpu;
}

const char *gicv2_init(const struct fdt *fdt, fdt_node gic)
{
	uint64_t size;

	distributor = devicetree_region(fdt, gic, 0, &size);
	interface = devicetree_region(fdt, gic, 1, &size);
	if (!distributor || !interface)
		return "the device tree does not say where the GIC's distributor and its CPUs' "
		       "interface are";
	gic_shared_off(distributor);
	*gic_at(distributor + GICD_CTLR) = ENABLE;
	return NULL;
}

/* That an SGI is pending is cleared here: its bits of ICPENDR cannot be written. */
const char *gicv2_find_own(uint64_t *own)
{
	for (uint64_t i = 0; i < 16; i += 4)
		*gic_at(distributor + GICD_CPENDSGIR + i) = UINT32_MAX;
	*own = distributor;
	return NULL;
}

const char *gicv2_enable(void)
{
	*gic_at(interface + GICC_CTLR) = 0;
	*gic_at(interface + GICC_BPR) = 0;
	*gic_at(interface + GICC_PMR) = LOWEST_PRIORITY;
	for (uint64_t i = 0; i < 16; i += 4)
		*gic_at(interface + GICC_APR + i) = 0;
	if (!*gic_at(interface + GICC_PMR))
		return GIC_MASKS;
	if (*gic_at(interface + GICC_RPR) < LOWEST_PRIORITY)
		return GIC_NOT_IDLE;
	*gic_at(interface + GICC_CTLR) = ENABLE;
	return NULL;
}

const char *gicv2_stop(void)
{
	*gic_at(interface + GICC_CTLR) = 0;
	return NULL;
}

/* Device memory: what the handler does to another device may pass this without the DSB. */
uint32_t gicv2_acknowledge(void)
{
	uint32_t id = *gic_at(interface + GICC_IAR) & ID;

	__asm__ volatile("dsb sy" ::: "memory");
	return id;
}

void gicv2_end(uint32_t id)
{
	*gic_at(interface + GICC_EOIR) = id;
}

void gicv2_leave(uint64_t what)
{
	if (what & GIC_LEAVES_SGI)
		*gic_at(distributor + GICD_SPENDSGIR) = 1u << 8 * GIC_LEFT_SGI;
	if (what & GIC_LEAVES_PRIORITY)
		*gic_at(interface + GICC_APR) = 1;
	if (what & GIC_LEAVES_EOI_MODE)
		*gic_at(interface + GICC_CTLR) = CTLR_EOI_MODE;
	if (what & GIC_LEAVES_MASKED) {
		*gic_at(interface + GICC_BPR) = 7;
		*gic_at(interface + GICC_PMR) = 0;
	}
}
