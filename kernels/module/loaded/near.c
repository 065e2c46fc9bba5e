/* SPDX-License-Identifier: 0BSD */
/* A module that must be refused: it has a near variable. */
#include <kernels/module/loaded.h>

PERCPU_DEFINE(uint64_t, near_count) = 1;

const struct module_interface module_interface = {.configuration = percpu_area_num};
