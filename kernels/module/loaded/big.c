/* SPDX-License-Identifier: 0BSD */
/* A module that must be refused: it has more variables than the reserve has room for. */
#include <kernels/module/loaded.h>

PERCPU_DEFINE_FAR(uint64_t[1024], first_half);
PERCPU_DEFINE_FAR(uint64_t[1024], second_half);

const struct module_interface module_interface = {.configuration = percpu_area_num};
