/* SPDX-License-Identifier: MIT */
/* The assembly of near.c, for riscv64. */
#include <percpu/asm.h>

	.text
	.globl	assembly_load, assembly_store, assembly_address
	.type	assembly_load, @function
assembly_load:
	percpu_load a0, number, a1
	ret
	.size	assembly_load, . - assembly_load

	.type	assembly_store, @function
assembly_store:
	percpu_store a0, number, a1, a2
	ret
	.size	assembly_store, . - assembly_store

	.type	assembly_address, @function
assembly_address:
	percpu_address a0, number, a1
	ret
	.size	assembly_address, . - assembly_address
