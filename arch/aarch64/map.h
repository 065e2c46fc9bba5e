/* SPDX-License-Identifier: 0BSD */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Each maps the GiBs that the SIZE bytes at START are in, one to one, except where something is
 * mapped: as RAM, or as Device memory. For the boot CPU, before it starts others. False if that
 * cannot be: the table ends at 512 GiB, and the CPU's physical addresses may end earlier.
 */
bool map_ram(uint64_t start, uint64_t size);
bool map_device(uint64_t start, uint64_t size);

#endif
