/* SPDX-License-Identifier: 0BSD */
/* A module that must be refused: it has a function that the loader would have to call. */
#include <kernels/module/loaded.h>

static volatile uint64_t constructed;

__attribute__((constructor)) static void construct(void)
{
	constructed = 1;
}

const struct module_interface module_interface = {.configuration = percpu_area_num};
