/* SPDX-License-Identifier: MIT */
/* Linked into kernel smp: variables of percpu/linux.h, which debuggers know by the name alone. */
#include <percpu/linux.h>

struct queue {
	int length;
	unsigned char first[2];
};

DECLARE_PER_CPU(uint16_t, linux_count);

DEFINE_PER_CPU(uint16_t, linux_count) = 258;
static DEFINE_PER_CPU(struct queue, linux_queue) = {.length = 3, .first = {4, 5}};
static DEFINE_PER_CPU_FAR(int, linux_far) = -6;
