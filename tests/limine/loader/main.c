/* SPDX-License-Identifier: 0BSD */
/*
 * A loader that leaves the machine as Limine does, for the kernel in docs/limine.md. It is a kernel
 * of this tree, which has started all CPUs, and then becomes the loader: it takes the ELF file that
 * lies in memory, FILE_DISTANCE above it, loads it at an address of its own choice, answers the
 * requests that it finds in what it has loaded, and enters it. The other CPUs wait here until their
 * goto_address is written. The facts are those of the protocol's specification, base revision 3.
 *
 * It fails, by a sentence, where a loader would refuse the kernel.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "elf.h"
#include "loader.h"
#include "protocol.h"

/* Of what the kernel may use there is a page first, too small for anything, and then this. */
#define USABLE_SIZE (UINT64_C(2) << 20)

static char stacks[MAX_STARTED][65536] __attribute__((aligned(4096)));

static struct mp_info infos[MAX_STARTED];
static uint64_t info_pointers[MAX_STARTED];
static struct mp_response mp = {.cpus = 0};
static struct hhdm_response hhdm = {.offset = HHDM};
static struct memmap_entry entries[5];
static uint64_t entry_pointers[5];
static struct memmap_response memmap = {.entry_count = 5};

static uint64_t direct(const volatile void *address)
{
	return (uintptr_t)address + HHDM;
}

static void enter(size_t cpu, uint64_t entry, uint64_t argument)
{
	struct handover handover = {.root = (uintptr_t)root,
				    .entry = entry,
				    .stack = direct(stacks[cpu] + sizeof(stacks[cpu])),
				    .argument = argument,
				    .offset = HHDM};

	limine_enter(&handover);
}

/* The acquire pairs with the release of the kernel: what it wrote before is there. */
static void park(size_t cpu)
{
	uint64_t entry;

	while (!(entry = __atomic_load_n(&infos[cpu].goto_address, __ATOMIC_ACQUIRE)))
		arch_pause();
	enter(cpu, entry, direct(&infos[cpu]));
}

/* In the other direction than the kernel numbers them, so that neither relies on the other. */
static void describe_cpus(void)
{
	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		infos[cpu].id = (mp_id)cpus[cpu].hwid;
		info_pointers[cpu_count - 1 - cpu] = direct(&infos[cpu]);
	}
	mp.bsp_id = (mp_id)cpus[0].hwid;
	mp.cpu_count = cpu_count;
	mp.cpus = direct(info_pointers);
}

/* Free memory has something in it. */
static void fill(uint64_t start, uint64_t size)
{
	for (uint64_t i = 0; i < size; i += 8)
		*(volatile uint64_t *)(start + i) = 0x5a5a5a5a5a5a5a5a;
}

/* Sorted by address: this loader, a page, the kernel, what is free, and a page that is not. */
static void describe_memory(uint64_t image, uint64_t image_size)
{
	uint64_t loader = (uintptr_t)kernel_start, free = image + image_size + PAGE;

	entries[0] = (struct memmap_entry){loader & -(uint64_t)PAGE,
					   (uintptr_t)kernel_end - loader + PAGE - 1, RECLAIMABLE};
	entries[0].length &= -(uint64_t)PAGE;
	entries[1] = (struct memmap_entry){image - PAGE, PAGE, USABLE};
	entries[2] = (struct memmap_entry){image, image_size, EXECUTABLE_AND_MODULES};
	entries[3] = (struct memmap_entry){free, USABLE_SIZE, USABLE};
	entries[4] = (struct memmap_entry){free + USABLE_SIZE, PAGE, RESERVED};
	fill(free, USABLE_SIZE);
	for (size_t i = 0; i < 5; i++) {
		entry_pointers[i] = direct(&entries[i]);
		if (entries[i].type != RESERVED)
			map(HHDM + entries[i].base, entries[i].base, entries[i].length, true, true);
	}
	memmap.entries = direct(entry_pointers);
	print("# the loader lists %lx to %lx as usable, from %lx on directly mapped\n", free,
	      free + USABLE_SIZE, HHDM);
}

static const struct answer answers[] = {
	{HHDM_ID, &hhdm},
	{MEMMAP_ID, &memmap},
	{MP_ID, &mp},
};

/* In what is loaded, between the markers. Returns how many requests have been answered. */
static size_t answer_requests(uint64_t *start, uint64_t *end)
{
	size_t answered = 0;

	for (uint64_t *word = start; word < end; word++) {
		if (is_at(word, base_revision_tag, 2)) {
			word[2] = word[2] == BASE_REVISION ? 0 : word[2];
			word[1] = BASE_REVISION;
		}
		for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
			if (is_at(word, answers[i].id, 4)) {
				word[5] = direct(answers[i].response);
				answered++;
			}
	}
	return answered;
}

void kernel_main(void)
{
	const char *file = kernel_start + FILE_DISTANCE;
	uint64_t image, image_size, *start, *end;

	if (cpu_count > MAX_STARTED)
		tap_bail_out("%zu CPUs are more than the loader's %d", cpu_count, MAX_STARTED);
	cpus_make_areas();
	describe_cpus();
	/* On a page, and on nothing more. */
	image = (((uintptr_t)kernel_end + 0x1fffff) & ~UINT64_C(0x1fffff)) + 3 * PAGE;
	image_size = elf_load(file, image);
	describe_memory(image, image_size);
	start = find_marker((uint64_t *)image, image_size, requests_start_marker, 4);
	end = find_marker((uint64_t *)image, image_size, requests_end_marker, 2);
	if (!start || !end)
		tap_bail_out(
			"no requests: the kernel has no start or no end marker in what is loaded");
	print("# the loader answers %zu requests, for %zu CPUs\n", answer_requests(start, end),
	      cpu_count);
	prepare_tables();
	if (cpus_start(park) != cpu_count)
		tap_bail_out("not every CPU has come to the loader");
	enter(0, elf_entry(file), 0);
}
