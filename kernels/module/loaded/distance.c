/* SPDX-License-Identifier: 0BSD */
/*
 * A module that must be refused: a per-CPU variable holds a distance from its own place, which is
 * not the same on any two CPUs.
 */
#include <kernels/module/loaded.h>

const struct module_interface module_interface = {.configuration = percpu_area_num};

__asm__(".pushsection .percpu.far.distance, \"aw\", %progbits\n\t.balign 4\n\t"
	".4byte module_interface - .\n\t.popsection");
