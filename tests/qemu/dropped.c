/* SPDX-License-Identifier: 0BSD */
/*
 * The first function of what PARTIAL=1 links by ld -r. Nothing calls it, so --gc-sections drops it;
 * the table of restartable sequences must not go with it.
 */
#include <percpu.h>

PERCPU_DEFINE(uint64_t, dropped_count);
void dropped(void);

void dropped(void)
{
	percpu_add(dropped_count, 1);
}
