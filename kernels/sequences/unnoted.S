/* SPDX-License-Identifier: 0BSD */
/* The same sequences once more, in no table: free_list_pop_unnoted, ring_push_unnoted. */
#include <percpu/asm.h>

.macro unnoted_begin name
.endm
.macro unnoted_end name
.L\name\()_exit:
.endm

#undef percpu_sequence_begin
#define percpu_sequence_begin unnoted_begin
#define percpu_sequence_publishes unnoted_begin
#define percpu_sequence_end unnoted_end
#define free_list_pop free_list_pop_unnoted
#define ring_push ring_push_unnoted
#include <sequences.S>
