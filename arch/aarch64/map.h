/* SPDX-License-Identifier: 0BSD */
#ifndef MAP_H
#define MAP_H

#include <stdint.h>

/*
 * Maps the GiB that ADDRESS is in, as RAM, one to one, unless something is mapped there. For the
 * boot CPU, before it starts others.
 */
void map_ram(uintptr_t address);

#endif
