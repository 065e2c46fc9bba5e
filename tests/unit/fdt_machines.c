/* SPDX-License-Identifier: MIT */
/*
 * The device trees of machines, as QEMU gives them to a kernel: see tree_load for where they are.
 * It fails if the CPUs, the console or a property is not found as it is there, or if a CPU is
 * listed that cannot run a kernel.
 */
#include <boards/common/devicetree.h>

#include <stdlib.h>
#include <string.h>

#include "common/tree.h"
#include "common/unit.h"

#define MAX 32

/* qemu-system-riscv64 -machine virt -smp 4 */
#define RISCV_VIRT "riscv64-virt.dtb"
/* qemu-system-riscv64 -machine sifive_u -smp 5: hart 0 has no MMU. */
#define RISCV_SIFIVE "riscv64-sifive_u.dtb"
/* qemu-system-aarch64 -machine virt,gic-version=3 -cpu cortex-a57 -smp 18: clusters of 16. */
#define ARM_VIRT "aarch64-virt.dtb"

static void *blob;
static struct fdt fdt;

/* Opens the machine's tree, cut to what its blocks take. */
static void open_machine(const char *name)
{
	struct tree tree;
	const char *error;

	tree_load(&tree, name);
	blob = tree_blob(&tree, STRUCTURE_LAST, NULL);
	tree_free(&tree);
	error = fdt_open(&fdt, blob);
	if (error)
		tap_bail_out("%s: %s", name, error);
}

static void riscv_virt_cpus(void)
{
	uint64_t harts[MAX];

	open_machine(RISCV_VIRT);
	CHECK(devicetree_cpus(&fdt, "mmu-type", harts, MAX) == 4);
	for (size_t i = 0; i < 4; i++)
		CHECK(harts[i] == i);
	CHECK(devicetree_cpus(&fdt, NULL, harts, MAX) == 4);
	CHECK(devicetree_cpus(&fdt, "no-such-property", harts, MAX) == 0);
	free(blob);
}

static void sifive_cpus(void)
{
	uint64_t harts[MAX];

	open_machine(RISCV_SIFIVE);
	CHECK(devicetree_cpus(&fdt, "mmu-type", harts, MAX) == 4);
	for (size_t i = 0; i < 4; i++)
		CHECK(harts[i] == i + 1);
	CHECK(devicetree_cpus(&fdt, NULL, harts, MAX) == 5 && harts[0] == 0);
	free(blob);
}

static void arm_cpus(void)
{
	uint64_t ids[MAX];

	open_machine(ARM_VIRT);
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 18);
	for (size_t i = 0; i < 18; i++)
		CHECK(ids[i] == (i < 16 ? i : 0x100 + i - 16));
	free(blob);
}

static void few_places(void)
{
	uint64_t ids[3] = {99, 99, 99};

	open_machine(ARM_VIRT);
	CHECK(devicetree_cpus(&fdt, NULL, ids, 2) == 18);
	CHECK(ids[0] == 0 && ids[1] == 1 && ids[2] == 99);
	CHECK(devicetree_cpus(&fdt, NULL, NULL, 0) == 18);
	free(blob);
}

static void consoles(void)
{
	static const struct {
		const char *machine, *node, *compatible;
		uint64_t address;
	} expected[] = {
		{RISCV_VIRT, "serial@10000000", "ns16550a", 0x10000000},
		{RISCV_SIFIVE, "serial@10010000", "sifive,uart0", 0x10010000},
		{ARM_VIRT, "pl011@9000000", "arm,pl011", 0x9000000},
	};

	for (size_t i = 0; i < 3; i++) {
		fdt_node console;

		open_machine(expected[i].machine);
		console = devicetree_console(&fdt);
		CHECK(!strcmp(fdt_name(&fdt, console), expected[i].node));
		CHECK(fdt_has_string(&fdt, console, "compatible", expected[i].compatible));
		CHECK(devicetree_address(&fdt, console) == expected[i].address);
		CHECK(!*devicetree_command_line(&fdt));
		free(blob);
	}
}

static void paths(void)
{
	fdt_node cpus, cpu;

	open_machine(RISCV_VIRT);
	CHECK(fdt_find(&fdt, "/") == FDT_ROOT && !*fdt_name(&fdt, FDT_ROOT));
	cpus = fdt_find(&fdt, "/cpus");
	CHECK(!strcmp(fdt_name(&fdt, cpus), "cpus"));
	cpu = fdt_find(&fdt, "/cpus/cpu@2");
	CHECK(!strcmp(fdt_name(&fdt, cpu), "cpu@2"));
	CHECK(fdt_find(&fdt, "/cpus/cpu") == fdt_first_child(&fdt, cpus));
	CHECK(fdt_number(&fdt, cpu, "reg", 1, 99) == 2);
	CHECK(!strcmp(fdt_name(&fdt, fdt_find(&fdt, "/cpus/cpu@2/interrupt-controller")),
		      "interrupt-controller"));
	CHECK(fdt_find(&fdt, "/cpus/cpu@4") == FDT_NO_NODE);
	CHECK(fdt_find(&fdt, "/cpu") == FDT_NO_NODE && fdt_find(&fdt, "/cpuss") == FDT_NO_NODE);
	CHECK(fdt_find(&fdt, "//cpus") == FDT_NO_NODE);
	CHECK(fdt_find(&fdt, "/cpus/cpu@2/none/none") == FDT_NO_NODE);
	free(blob);
}

static void properties(void)
{
	fdt_node cpu;
	size_t size = 0;

	open_machine(RISCV_VIRT);
	cpu = fdt_find(&fdt, "/cpus/cpu@3");
	CHECK(!strcmp(fdt_string(&fdt, cpu, "device_type"), "cpu"));
	CHECK(fdt_property(&fdt, cpu, "reg", &size) && size == 4);
	/* A child's property is not its parent's; neither is one whose name only starts alike. */
	CHECK(!fdt_property(&fdt, cpu, "#interrupt-cells", &size));
	CHECK(!fdt_property(&fdt, cpu, "re", &size) && !fdt_property(&fdt, cpu, "regs", &size));
	CHECK(fdt_number(&fdt, cpu, "none", 1, 77) == 77);
	CHECK(fdt_number(&fdt, cpu, "reg", 2, 77) == 77);
	CHECK(fdt_number(&fdt, fdt_find(&fdt, "/memory"), "reg", 2, 0) == 0x80000000);
	CHECK(fdt_has_string(&fdt, FDT_ROOT, "compatible", "riscv-virtio"));
	CHECK(!fdt_has_string(&fdt, FDT_ROOT, "compatible", "riscv"));
	free(blob);
}

static void interrupts(void)
{
	uint64_t size;
	fdt_node gic, timer;

	open_machine(ARM_VIRT);
	gic = devicetree_compatible(&fdt, "arm,gic-v3");
	CHECK(devicetree_region(&fdt, gic, 0, &size) == 0x8000000 && size == 0x10000);
	CHECK(devicetree_region(&fdt, gic, 1, &size) == 0x80a0000 && size >= 18 * 0x20000);
	CHECK(devicetree_region(&fdt, gic, 2, &size) == 0 && size == 0);
	/* The third of four interrupts, the virtual timer's: a PPI, number 11. */
	timer = devicetree_compatible(&fdt, "arm,armv8-timer");
	CHECK(fdt_number_at(&fdt, timer, "interrupts", 6, 1, 99) == 1);
	CHECK(fdt_number_at(&fdt, timer, "interrupts", 7, 1, 99) == 11);
	CHECK(fdt_number_at(&fdt, timer, "interrupts", 12, 1, 99) == 99);
	CHECK(fdt_number_at(&fdt, timer, "interrupts", SIZE_MAX, 1, 99) == 99);
	CHECK(devicetree_compatible(&fdt, "arm,gic-v9") == FDT_NO_NODE);
	free(blob);
}

static void clocks(void)
{
	open_machine(RISCV_VIRT);
	CHECK(devicetree_timebase(&fdt) == 10000000);
	/* In a bus below the root. */
	CHECK(devicetree_compatible(&fdt, "riscv,plic0") != FDT_NO_NODE);
	free(blob);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"riscv64 virt has harts 0 to 3", riscv_virt_cpus},
		{"sifive_u's hart 0, which has no MMU, is not listed where one is needed",
		 sifive_cpus},
		{"aarch64 virt's CPUs beyond 16 are those of the next cluster", arm_cpus},
		{"more CPUs than places are counted, not stored", few_places},
		{"each machine's console is found, with its address", consoles},
		{"paths find nodes, with or without unit address", paths},
		{"the interrupt controller's regions and the timer's interrupt are found",
		 interrupts},
		{"the harts' clock is found, and a device below a bus", clocks},
		{"properties are found by their whole name, of the right node", properties},
	};

	UNIT_RUN(tests);
}
