/* SPDX-License-Identifier: 0BSD */
/*
 * The Arm Generic Interrupt Controller, version 3 (Arm IHI 0069): one distributor, and for each
 * CPU a redistributor, found by the CPU's affinity, and an interface of system registers. Group 1
 * is what reaches a CPU as IRQ. A GICv2 has none of the latter two, and is not driven here.
 */
#include "gic.h"

#include <boards/common/devicetree.h>
#include <percpu.h>

/* Distributor. The fields below are at the same place with one security state and with two. */
enum { GICD_CTLR = 0x0000 };
#define CTLR_GROUP_1 (1u << 1)
#define CTLR_AFFINITY_ROUTING (1u << 4)
#define CTLR_DISABLE_SECURITY (1u << 6)
#define CTLR_WRITE_PENDING (1u << 31)

/* Redistributor: 64 KiB for itself, 64 KiB for its CPU's own interrupts, perhaps more behind. */
enum {
	GICR_TYPER = 0x0008,
	GICR_WAKER = 0x0014,
	GICR_IGROUPR0 = 0x10080,
	GICR_ISENABLER0 = 0x10100,
	GICR_ICENABLER0 = 0x10180,
	GICR_IPRIORITYR = 0x10400,
	GICR_PAGE = 0x10000
};
#define TYPER_VIRTUAL_LPIS (1u << 1)
#define TYPER_LAST (1u << 4)
#define WAKER_PROCESSOR_SLEEP (1u << 1)
#define WAKER_CHILDREN_ASLEEP (1u << 2)

/* The interface, by the encodings of its registers: not every assembler knows the names. */
#define ICC_PMR_EL1 "S3_0_C4_C6_0"
#define ICC_IAR1_EL1 "S3_0_C12_C12_0"
#define ICC_EOIR1_EL1 "S3_0_C12_C12_1"
#define ICC_IGRPEN1_EL1 "S3_0_C12_C12_7"
#if PERCPU_IS_EL1
#define ICC_SRE "S3_0_C12_C12_5"
#else
#define ICC_SRE "S3_4_C12_C9_5"
#endif
#define SRE_SYSTEM_REGISTERS 1u

#define PAR_FAULT 1u /* PAR_EL1.F */
#define ID_NONE 1020 /* and above: ids that are no interrupt's */
#define PRIORITY 0x80

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

static volatile uint32_t *at(uint64_t address)
{
	return (volatile uint32_t *)address; /* NOLINT: a number from the device tree */
}

/* Waits until none of BITS is set: some cycles, so a count is bound enough. */
static bool clear(volatile const uint32_t *field, uint32_t bits)
{
	for (size_t i = 0; i < 10000000; i++)
		if (!(*field & bits))
			return true;
	return false;
}

/*
 * With two security states every interrupt is the Secure one's at reset, and stays so until it is
 * given away, register by register, on every CPU. There is nothing Secure here to keep it for.
 */
void gic_disable_security(const struct fdt *fdt)
{
	uint64_t size;
	uint64_t distributor =
		devicetree_region(fdt, devicetree_compatible(fdt, "arm,gic-v3"), 0, &size);

	if (!size)
		return;
	*at(distributor + GICD_CTLR) = CTLR_DISABLE_SECURITY;
	(void)clear(at(distributor + GICD_CTLR), CTLR_WRITE_PENDING);
}

const char *gic_init(const struct fdt *fdt)
{
	uint64_t size, distributor;

	tree = fdt;
	gic = devicetree_compatible(fdt, "arm,gic-v3");
	distributor = devicetree_region(fdt, gic, 0, &size);
	if (!size)
		return "the device tree has no GICv3 (\"arm,gic-v3\"), the interrupt controller "
		       "that this kernel can drive; QEMU: -machine virt,gic-version=3";
	*at(distributor + GICD_CTLR) = CTLR_AFFINITY_ROUTING;
	if (!clear(at(distributor + GICD_CTLR), CTLR_WRITE_PENDING))
		return "the GIC's distributor does not take what is written to it";
	*at(distributor + GICD_CTLR) = CTLR_AFFINITY_ROUTING | CTLR_GROUP_1;
	return NULL;
}

uint32_t gic_ppi(const struct fdt *fdt, fdt_node node, size_t index)
{
	size_t cells = (size_t)fdt_number(fdt, gic, "#interrupt-cells", 1, 3);
	uint64_t type = fdt_number_at(fdt, node, "interrupts", index * cells, 1, 0);
	uint64_t number = fdt_number_at(fdt, node, "interrupts", index * cells + 1, 1, 16);

	return type == 1 && number < 16 ? 16 + (uint32_t)number : 0;
}

/* As GICR_TYPER has it: Aff3 to Aff0, a byte each. */
static uint32_t affinity(void)
{
	uint64_t mpidr = read_system("mpidr_el1");

	return (uint32_t)(mpidr & 0xffffff) | (uint32_t)(mpidr >> 32 & 0xff) << 24;
}

/* How far it is from the redistributor at ADDRESS to the next. */
static uint64_t stride_of(uint64_t address)
{
	bool more_pages = *at(address + GICR_TYPER) & TYPER_VIRTUAL_LPIS;

	return fdt_number(tree, gic, "redistributor-stride", 2,
			  (more_pages ? 4 : 2) * (uint64_t)GICR_PAGE);
}

/* Whether the kernel's page table maps ADDRESS: the MMU is asked. */
static bool mapped(uint64_t address)
{
	uint64_t result;

	__asm__ volatile("at s1e" PERCPU__STRING(PERCPU_ARM_EL) "r, %1\n\tisb\n\tmrs %0, par_el1"
			 : "=r"(result)
			 : "r"(address)
			 : "memory");
	return !(result & PAR_FAULT);
}

/*
 * The calling CPU's redistributor in the region; 0 if it is not there, or from some place on the
 * region is not mapped: that is UNMAPPED then.
 */
static uint64_t find_in_region(uint64_t start, uint64_t size, uint64_t *unmapped)
{
	for (uint64_t r = start; r - start < size; r += stride_of(r)) {
		if (!mapped(r)) {
			*unmapped = r;
			break;
		}
		if (*at(r + GICR_TYPER + 4) == affinity())
			return r;
		if (*at(r + GICR_TYPER) & TYPER_LAST)
			break;
	}
	return 0;
}

/* The first of the GIC's regions is the distributor, those behind it are redistributors'. */
static uint64_t find_redistributor(uint64_t *unmapped)
{
	uint64_t regions = fdt_number(tree, gic, "#redistributor-regions", 1, 1);
	uint64_t found = 0, size;

	for (size_t region = 1; region <= regions && !found; region++) {
		uint64_t start = devicetree_region(tree, gic, region, &size);

		found = find_in_region(start, size, unmapped);
	}
	return found;
}

/* Turns the calling CPU's interface on, for interrupts of any priority. */
static const char *enable_interface(void)
{
	write_system(ICC_SRE, read_system(ICC_SRE) | SRE_SYSTEM_REGISTERS);
	if (!(read_system(ICC_SRE) & SRE_SYSTEM_REGISTERS))
		return "firmware at a higher level keeps the GIC's system registers from this CPU";
	write_system(ICC_PMR_EL1, 0xff);
	write_system(ICC_IGRPEN1_EL1, 1);
	return NULL;
}

const char *gic_init_cpu(uint32_t id)
{
	uint64_t unmapped = 0;
	uint64_t r = find_redistributor(&unmapped);
	volatile uint8_t *priority = (volatile uint8_t *)at(r + GICR_IPRIORITYR);

	if (!r && unmapped)
		return "the GIC's redistributor of this CPU lies where the kernel maps nothing: "
		       "add its GiB to the board's map.S (QEMU: take at most 123 CPUs)";
	if (!r)
		return "the device tree's GIC has no redistributor for this CPU";
	*at(r + GICR_WAKER) &= ~WAKER_PROCESSOR_SLEEP;
	if (!clear(at(r + GICR_WAKER), WAKER_CHILDREN_ASLEEP))
		return "the GIC's redistributor does not wake up";
	*at(r + GICR_ICENABLER0) = UINT32_MAX;
	*at(r + GICR_IGROUPR0) |= 1u << id;
	priority[id] = PRIORITY;
	*at(r + GICR_ISENABLER0) = 1u << id;
	return enable_interface();
}

void gic_acknowledge(void)
{
	uint64_t id = read_system(ICC_IAR1_EL1);

	if (id < ID_NONE)
		write_system(ICC_EOIR1_EL1, id);
}
