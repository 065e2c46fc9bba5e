/* SPDX-License-Identifier: MIT */
/* Assembly that names variables which no C code does: a table of their link addresses. */
	.section .data.table, "aw"
	.balign	8
	.globl	table
table:
	.quad	__percpu_near.named_by_assembly
	.quad	__percpu_far.far_named_by_assembly
