/* SPDX-License-Identifier: 0BSD */
/* A module that must be refused: it wants a near variable that the kernel does not export. */
#include <kernels/module/loaded.h>

PERCPU_DECLARE(uint64_t, not_exported);

static uint64_t call(void)
{
	return percpu_add_return(not_exported, 1);
}

const struct module_interface module_interface = {
	.configuration = percpu_area_num,
	.call = call,
};
