/* SPDX-License-Identifier: 0BSD */
/* From the boot CPU's first line of C to the end of the machine. */
#include "kernel.h"

#include <percpu.h>

void kernel_entry(uint64_t hwid, uintptr_t boot_data)
{
	/* The others' when they are known: cpus_start. */
	stacks_guard(BOOT_STACKS, boot_stacks, BOOT_STACK_SIZE, 1);
	board_init(boot_data);
	board_print_loader();
	cpus_find(hwid);
	kernel_main();
	options_not_asked_for();
	tap_end();
}

void trap_report(size_t cpu, const char *what, uint64_t code, uint64_t pc, uint64_t address)
{
	tap_bail_out("cpu %zu (%s %lu): unexpected trap: %s (%lx) at pc %lx, address %lx: "
		     "look the pc up in the kernel's ELF file with addr2line",
		     cpu, board_hwid_name, cpu < cpu_count ? cpus[cpu].hwid : 0, what, code, pc,
		     address);
}

/* The library's impossible states. Weak: kernels/misuse has its own. */
__attribute__((weak)) void percpu_panic(const char *why)
{
	tap_bail_out("%s", why);
}
