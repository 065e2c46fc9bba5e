/* SPDX-License-Identifier: 0BSD */
/*
 * GICv3 and GICv4 (Arm IHI 0069): one distributor; for each CPU a redistributor, found by the CPU's
 * affinity; and an interface of system registers. Group 1 is what reaches a CPU as IRQ.
 */
#include <boards/common/devicetree.h>
#include <percpu.h>

#include "gic_parts.h"

/* Distributor. ARE and the groups, as the Non-secure state sees them, and where there is but one.
 */
#define CTLR_GROUP_1 (1u << 1)
#define CTLR_AFFINITY_ROUTING (1u << 4)
#define CTLR_WRITE_PENDING (1u << 31)
/* As the Secure state does: of itself and of the Non-secure one. */
#define CTLR_AFFINITY_ROUTING_BOTH (3u << 4)

/* Redistributor: 64 KiB for itself, 64 KiB for its CPU's own interrupts, perhaps more behind. */
enum { GICR_CTLR = 0x0000, GICR_TYPER = 0x0008, GICR_WAKER = 0x0014, GICR_PAGE = 0x10000 };
#define GICR_CTLR_WRITE_PENDING (1u << 3)
#define TYPER_VIRTUAL_LPIS (1u << 1)
#define TYPER_LAST (1u << 4)
#define WAKER_PROCESSOR_SLEEP (1u << 1)
#define WAKER_CHILDREN_ASLEEP (1u << 2)

/* The interface, by the encodings of its registers: not every assembler knows the names. */
#define ICC_PMR_EL1 "S3_0_C4_C6_0"
#define ICC_AP1R(n) "S3_0_C12_C9_" #n
#define ICC_RPR_EL1 "S3_0_C12_C11_3"
#define ICC_IAR1_EL1 "S3_0_C12_C12_0"
#define ICC_EOIR1_EL1 "S3_0_C12_C12_1"
#define ICC_BPR1_EL1 "S3_0_C12_C12_3"
#define ICC_CTLR_EL1 "S3_0_C12_C12_4"
#define ICC_IGRPEN1_EL1 "S3_0_C12_C12_7"
#if PERCPU_IS_EL1
#define ICC_SRE "S3_0_C12_C12_5"
#else
#define ICC_SRE "S3_4_C12_C9_5"
#endif
#define SRE_SYSTEM_REGISTERS 1u
#define ICC_CTLR_EOI_MODE (1u << 1)
#define ICC_CTLR_PRIORITY_BITS(value) (((value) >> 8 & 7) + 1)
#define LOWEST_PRIORITY 0xff /* as a mask: all above it; as the running one: idle */

/* Volatile: what they read and write is the hardware's. "memory": so that it stays in its place. */
#define read_system(name)                                                                          \
	__extension__({                                                                            \
		uint64_t value_;                                                                   \
		__asm__ volatile("mrs %0, " name : "=r"(value_) : : "memory");                     \
		value_;                                                                            \
	})
#define write_system(name, value)                                                                  \
	__asm__ volatile("msr " name ", %0\n\tisb" : : "r"((uint64_t)(value)) : "memory")

static const struct fdt *tree;
static fdt_node gic;

/* A way through all redistributors: the first of the GIC's regions is the distributor. */
struct walk {
	const struct fdt *fdt;
	fdt_node gic;
	size_t region;
	uint64_t at, end;
};

/* How far it is from the redistributor at AT to the next. */
static uint64_t stride_of(const struct walk *walk)
{
	bool more_pages = *gic_at(walk->at + GICR_TYPER) & TYPER_VIRTUAL_LPIS;
	uint64_t stride = fdt_number(walk->fdt, walk->gic, "redistributor-stride", 2, 0);

	return stride ? stride : (more_pages ? 4 : 2) * (uint64_t)GICR_PAGE;
}

/* To the next one, in this region or the next. False behind the last. */
static bool step(struct walk *walk)
{
	uint64_t regions = fdt_number(walk->fdt, walk->gic, "#redistributor-regions", 1, 1), size;

	if (walk->region && !(*gic_at(walk->at + GICR_TYPER) & TYPER_LAST)) {
		walk->at += stride_of(walk);
		if (walk->at < walk->end)
			return true;
	}
	while (walk->region++ < regions) {
		walk->at = devicetree_region(walk->fdt, walk->gic, walk->region, &size);
		walk->end = walk->at + size;
		if (size)
			return true;
	}
	return false;
}

/* Where there are two security states this is the Secure one's. It reads as awake to the other. */
static bool wake(uint64_t redistributor)
{
	*gic_at(redistributor + GICR_WAKER) &= ~WAKER_PROCESSOR_SLEEP;
	return gic_clear(gic_at(redistributor + GICR_WAKER), WAKER_CHILDREN_ASLEEP);
}

static bool write_distributor(uint64_t distributor, uint32_t value)
{
	*gic_at(distributor + GICD_CTLR) = value;
	return gic_clear(gic_at(distributor + GICD_CTLR), CTLR_WRITE_PENDING);
}

/*
 * With two security states every interrupt is the Secure one's at reset, and stays so until it is
 * given away, register by register. One state instead, GICD_CTLR.DS, would be shorter, but there
 * are CPUs that do not support it (ICC_CTLR_EL3.nDS). Affinity routing is turned on for both: what
 * a redistributor has is reached only then.
 */
void gicv3_give_away(const struct fdt *fdt, fdt_node node)
{
	struct walk walk = {.fdt = fdt, .gic = node};
	uint64_t size, distributor = devicetree_region(fdt, node, 0, &size);

	if (!size)
		return;
	(void)write_distributor(distributor, 0);
	(void)write_distributor(distributor, CTLR_AFFINITY_ROUTING_BOTH);
	for (size_t block = 1; block < gic_blocks(distributor); block++) {
		*gic_at(distributor + GIC_IGROUPR + 4 * block) = UINT32_MAX;
		*gic_at(distributor + GIC_IGRPMODR + 4 * block) = 0;
	}
	while (step(&walk)) {
		(void)wake(walk.at);
		*gic_at(walk.at + GICR_PAGE + GIC_IGROUPR) = UINT32_MAX;
		*gic_at(walk.at + GICR_PAGE + GIC_IGRPMODR) = 0;
	}
}

/* No group is on while affinity routing is turned on. */
const char *gicv3_init(const struct fdt *fdt, fdt_node node)
{
	uint64_t size, distributor = devicetree_region(fdt, node, 0, &size);

	tree = fdt;
	gic = node;
	if (!size)
		return "the device tree does not say where the GIC's distributor is";
	gic_shared_off(distributor);
	if (!write_distributor(distributor,
			       *gic_at(distributor + GICD_CTLR) & CTLR_AFFINITY_ROUTING) ||
	    !write_distributor(distributor, CTLR_AFFINITY_ROUTING) ||
	    !write_distributor(distributor, CTLR_AFFINITY_ROUTING | CTLR_GROUP_1))
		return "the GIC's distributor does not take what is written to it";
	return NULL;
}

/* As GICR_TYPER has it: Aff3 to Aff0, a byte each. */
static uint32_t affinity(void)
{
	uint64_t mpidr = read_system("mpidr_el1");

	return (uint32_t)(mpidr & 0xffffff) | (uint32_t)(mpidr >> 32 & 0xff) << 24;
}

const char *gicv3_find_own(uint64_t *own)
{
	struct walk walk = {.fdt = tree, .gic = gic};

	while (step(&walk)) {
		if (*gic_at(walk.at + GICR_TYPER + 4) != affinity())
			continue;
		*own = walk.at + GICR_PAGE;
		return wake(walk.at) ? NULL : "the GIC's redistributor does not wake up";
	}
	return "the device tree's GIC has no redistributor for this CPU";
}

bool gicv3_settled(uint64_t own)
{
	return gic_clear(gic_at(own - GICR_PAGE + GICR_CTLR), GICR_CTLR_WRITE_PENDING);
}

/*
 * An active priority keeps all that is not more urgent away, and is dropped by the end of its
 * interrupt, which nobody will write. There are as many of these registers as the priority's bits
 * need. No group is on while they change.
 */
static void clear_active_priorities(void)
{
	uint64_t bits = ICC_CTLR_PRIORITY_BITS(read_system(ICC_CTLR_EL1));

	write_system(ICC_AP1R(0), 0);
	if (bits >= 6)
		write_system(ICC_AP1R(1), 0);
	if (bits >= 7) {
		write_system(ICC_AP1R(2), 0);
		write_system(ICC_AP1R(3), 0);
	}
}

/* For interrupts of any priority, each ended by one write, of EOIR (EOImode 0). */
const char *gicv3_enable(void)
{
	write_system(ICC_SRE, read_system(ICC_SRE) | SRE_SYSTEM_REGISTERS);
	if (!(read_system(ICC_SRE) & SRE_SYSTEM_REGISTERS))
		return "firmware at a higher level keeps the GIC's system registers from this CPU";
	write_system(ICC_IGRPEN1_EL1, 0);
	write_system(ICC_CTLR_EL1, 0);
	write_system(ICC_BPR1_EL1, 0);
	write_system(ICC_PMR_EL1, LOWEST_PRIORITY);
	clear_active_priorities();
	if (!read_system(ICC_PMR_EL1))
		return GIC_MASKS;
	if (read_system(ICC_RPR_EL1) != LOWEST_PRIORITY)
		return GIC_NOT_IDLE;
	write_system(ICC_IGRPEN1_EL1, 1);
	return NULL;
}

/*
 * A redistributor whose CPU has no power must know, or it waits for answers; and may not be told
 * while a group is on, nor woken before it sleeps (GICR_WAKER). Where there are two security states
 * the register is the Secure one's and reads as 0: then it is part of the firmware's CPU_OFF. A CPU
 * that only waits in a pen keeps its redistributor awake. gicv3_find_own wakes it when the CPU
 * comes again.
 */
static bool put_to_sleep(uint64_t redistributor)
{
	volatile uint32_t *waker = gic_at(redistributor + GICR_WAKER);

	__asm__ volatile("dsb sy" ::: "memory"); /* the interface is off, before the next store */
	*waker |= WAKER_PROCESSOR_SLEEP;
	if (!(*waker & WAKER_PROCESSOR_SLEEP))
		return true;
	for (size_t i = 0; i < 10000000; i++)
		if (*waker & WAKER_CHILDREN_ASLEEP)
			return true;
	return false;
}

const char *gicv3_stop(uint64_t own, bool off)
{
	if (!gicv3_settled(own))
		return "the GIC's redistributor does not take what is written to it";
	write_system(ICC_IGRPEN1_EL1, 0);
	if (off && !put_to_sleep(own - GICR_PAGE))
		return "the GIC's redistributor does not go to sleep";
	return NULL;
}

/* The DSB: what the handler does to the device comes after the interrupt was taken. */
uint32_t gicv3_acknowledge(void)
{
	uint64_t id = read_system(ICC_IAR1_EL1);

	__asm__ volatile("dsb sy" ::: "memory");
	return (uint32_t)id & 0xffffff;
}

void gicv3_end(uint32_t id)
{
	write_system(ICC_EOIR1_EL1, id);
}

void gicv3_leave(uint64_t what)
{
	write_system(ICC_SRE, read_system(ICC_SRE) | SRE_SYSTEM_REGISTERS);
	if (what & GIC_LEAVES_PRIORITY)
		write_system(ICC_AP1R(0), 1);
	if (what & GIC_LEAVES_EOI_MODE)
		write_system(ICC_CTLR_EL1, ICC_CTLR_EOI_MODE);
	if (what & GIC_LEAVES_MASKED) {
		write_system(ICC_IGRPEN1_EL1, 0);
		write_system(ICC_BPR1_EL1, 7);
		write_system(ICC_PMR_EL1, 0);
	}
}
