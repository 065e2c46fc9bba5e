/* SPDX-License-Identifier: 0BSD */
/* A module that must be refused: it has a constructor for each CPU that comes up. */
#include <kernels/module/loaded.h>

static int up(size_t cpu)
{
	(void)cpu;
	return 0;
}

static void down(size_t cpu)
{
	(void)cpu;
}

PERCPU_CONSTRUCT(50, each_cpu, up, down);

const struct module_interface module_interface = {.configuration = percpu_area_num};
