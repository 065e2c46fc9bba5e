/* SPDX-License-Identifier: 0BSD */
/* These kernels start without paging: an address is a physical one, of at most 56 bits. */
#include <arch/boot.h>

#define ADDRESS_BITS 56

bool arch_map_ram(uint64_t start, uint64_t size)
{
	return size && size - 1 <= UINT64_MAX - start && !((start + size - 1) >> ADDRESS_BITS);
}
