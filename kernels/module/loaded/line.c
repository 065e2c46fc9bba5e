/* SPDX-License-Identifier: 0BSD */
/* A module that must be refused: it has a variable on a cache line of its own, which is near. */
#include <kernels/module/loaded.h>

PERCPU_DEFINE_CACHELINE(uint64_t, line_count) = 1;

const struct module_interface module_interface = {.configuration = percpu_area_num};
