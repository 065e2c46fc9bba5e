/* SPDX-License-Identifier: MIT */
/*
 * Accessors of percpu/linux.h; FOREIGN 1: on no per-CPU variable, at four places of a page. CODE32:
 * there is an x86 far jump of 32 bits, whose bytes 65 8b 01 are no load by %gs.
 */
#include <percpu/linux.h>

#if FOREIGN
static int plain[1024];
#else
static DEFINE_PER_CPU_FAR(int[1024], plain);
#endif

void foreign(void);
void foreign(void)
{
	this_cpu_write(plain[0], 1);
	this_cpu_write(plain[256], 2);
	this_cpu_write(plain[512], 3);
	this_cpu_inc(plain[768]);
}

#ifdef CODE32
__asm__(".pushsection .text\n"
	".code32\n"
	".globl\tto_long_mode\n"
	".type\tto_long_mode, @function\n"
	"to_long_mode: mov $0xc0000080, %ecx\n\t"
	"ljmp\t$0x10, $0x018b6548\n"
	".size\tto_long_mode, . - to_long_mode\n"
	".code64\n"
	".popsection");
#endif
