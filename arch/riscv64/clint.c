/* SPDX-License-Identifier: 0BSD */
/*
 * The CLINT has a software interrupt and a comparator for each hart, and the time for all (SiFive
 * Interrupt Cookbook, "CLINT"; RISC-V privileged specification, "Machine Timer Registers").
 */
#include "clint.h"

#include <boards/common/devicetree.h>

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

static uint64_t clint;

/* A hart, and which of the CLINT's registers are its. */
static struct hart_place {
	uint64_t hwid;
	size_t index;
} places[MAX_CPUS];
static size_t place_count;

/*
 * Which of the CLINT's harts CPU is: "interrupts-extended" has for each of them, in their order,
 * the hart's interrupt controller and a number, twice (Linux, bindings, sifive,clint.yaml).
 * SIZE_MAX if it is none.
 */
static size_t index_of(const struct fdt *tree, fdt_node node, fdt_node cpu)
{
	fdt_node controller = fdt_first_child(tree, cpu);
	uint64_t wanted = fdt_number(tree, controller, "phandle", 1, 0);
	size_t bytes;

	if (!wanted || !fdt_property(tree, node, "interrupts-extended", &bytes))
		return SIZE_MAX;
	for (size_t i = 0; i < bytes / 16; i++)
		if (fdt_number_at(tree, node, "interrupts-extended", 4 * i, 1, 0) == wanted)
			return i;
	return SIZE_MAX;
}

size_t clint_place(uint64_t hwid)
{
	for (size_t place = 0; place < place_count; place++)
		if (places[place].hwid == hwid)
			return place;
	return SIZE_MAX;
}

uint64_t this_hwid(void)
{
	uint64_t hwid;

	__asm__("csrr %0, mhartid" : "=r"(hwid));
	return hwid;
}

static void find_harts(const struct fdt *tree, fdt_node node, const char *needed)
{
	fdt_node cpu = FDT_NO_NODE;
	uint64_t hwid;

	while ((cpu = devicetree_next_cpu(tree, cpu, needed, &hwid)) != FDT_NO_NODE) {
		size_t index = index_of(tree, node, cpu);

		if (place_count < MAX_CPUS && index != SIZE_MAX)
			places[place_count++] = (struct hart_place){hwid, index};
	}
}

/* A tick is a microsecond or less, a read of the device some nanoseconds at least. */
enum { READS = 1000000 };

static bool time_counts(void)
{
	uint64_t before = clint_time();

	for (size_t i = 0; i < READS; i++)
		if (clint_time() != before)
			return true;
	return false;
}

const char *clint_find(const struct fdt *tree, const char *needed)
{
	fdt_node node = devicetree_compatible(tree, "riscv,clint0");

	clint = devicetree_address(tree, node);
	if (!clint)
		return "the device tree has no CLINT (compatible riscv,clint0), which starts harts "
		       "and has the timer";
	find_harts(tree, node, needed);
	if (clint_place(this_hwid()) == SIZE_MAX)
		return "the device tree has as disabled, or its CLINT (interrupts-extended) does "
		       "not have, the hart that boots";
	return time_counts() ? NULL
			     : "the time of the device tree's CLINT does not count, and every wait "
			       "would be for ever";
}

void clint_interrupt(size_t place)
{
	/* What is in memory comes before what wakes the hart up. */
	__asm__ volatile("fence w, o" ::: "memory");
	*(volatile uint32_t *)(clint + MSIP + 4 * places[place].index) = 1;
}

void clint_take_back(size_t place)
{
	*(volatile uint32_t *)(clint + MSIP + 4 * places[place].index) = 0;
	__asm__ volatile("fence o, w" ::: "memory");
}

uint64_t clint_time(void)
{
	return *(volatile uint64_t *)(clint + MTIME);
}

void clint_set_timer(uint64_t time)
{
	size_t index = places[clint_place(this_hwid())].index;

	*(volatile uint64_t *)(clint + MTIMECMP + 8 * index) = time;
}
