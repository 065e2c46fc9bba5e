/* SPDX-License-Identifier: 0BSD */
/*
 * In M-mode (level.h): harts out of the pen, the timer by the CLINT, which has a software interrupt
 * and a comparator for each hart, and the time for all (SiFive Interrupt Cookbook, "CLINT"; RISC-V
 * privileged specification, "Machine Timer Registers").
 */
#include "clint.h"

#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>

#include "level.h"
#include "pen.h"

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

static uint64_t clint;

/* A hart, and which of the CLINT's registers are its. */
static struct hart_place {
	uint64_t hwid;
	size_t index;
} places[MAX_CPUS];
static size_t place_count;

/*
 * Slot N is for CPU number N. In .data: the image brings the zeros, while .bss is cleared only when
 * harts look here already.
 */
uint64_t pen_slots[MAX_CPUS] __attribute__((section(".data.pen_slots")));

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

/* The index of a hart in the CLINT; SIZE_MAX if it has none. */
static size_t find(uint64_t hwid)
{
	for (size_t i = 0; i < place_count; i++)
		if (places[i].hwid == hwid)
			return places[i].index;
	return SIZE_MAX;
}

static size_t find_this(void)
{
	uint64_t hwid;

	__asm__("csrr %0, mhartid" : "=r"(hwid));
	return find(hwid);
}

const char *clint_find(const struct fdt *tree)
{
	fdt_node node = devicetree_compatible(tree, "riscv,clint0"), cpu = FDT_NO_NODE;
	uint64_t hwid;

	clint = devicetree_address(tree, node);
	if (!clint)
		return "the device tree has no CLINT (compatible riscv,clint0), which starts harts "
		       "and has the timer";
	while ((cpu = devicetree_next_cpu(tree, cpu, NULL, &hwid)) != FDT_NO_NODE)
		if (place_count < MAX_CPUS && index_of(tree, node, cpu) != SIZE_MAX)
			places[place_count++] =
				(struct hart_place){hwid, index_of(tree, node, cpu)};
	return find_this() == SIZE_MAX ? "the device tree's CLINT (interrupts-extended) does not "
					 "have the hart that boots"
				       : NULL;
}

const char *level_starts_harts(void)
{
	return NULL;
}

const char *level_has_timer(void)
{
	return NULL;
}

const char *level_start_hart(size_t cpu, long *code)
{
	size_t index = find(cpus[cpu].hwid);

	*code = 0;
	if (index == SIZE_MAX)
		return "the device tree's CLINT (interrupts-extended) does not have this hart, "
		       "which cannot be woken up";
	__atomic_store_n(&pen_slots[cpu], cpus[cpu].hwid | UINT64_C(1) << PEN_OPEN_BIT,
			 __ATOMIC_RELEASE);
	/* The slot, in memory, is open before the device wakes the hart up. */
	__asm__ volatile("fence w, o" ::: "memory");
	*(volatile uint32_t *)(clint + MSIP + 4 * index) = 1;
	return NULL;
}

uint64_t level_time(void)
{
	return *(volatile uint64_t *)(clint + MTIME);
}

/* No hart runs that has no comparator: see clint_find and level_start_hart. */
void level_set_timer(uint64_t time)
{
	*(volatile uint64_t *)(clint + MTIMECMP + 8 * find_this()) = time;
}
