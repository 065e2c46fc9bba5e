/* SPDX-License-Identifier: MIT */
#include <tests/prove/asm.h>

#define NEAR(variable) :lo12:__percpu_near.variable
#define DELTA :lo12:__percpu_near.percpu_delta

/* ---- The table ---- */

	case	right_add
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	right_add, 1b, 2b
	endcase	right_add

	case	wrong_begins_late
	mrs	x1, tpidr_el1
1:	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_begins_late, 1b, 2b
	endcase	wrong_begins_late

	case	wrong_one_instruction
	mrs	x1, tpidr_el1
1:	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_one_instruction, 1b, 2b
	endcase	wrong_one_instruction

	case	wrong_ends_early
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
2:	add	x3, x3, x2
	str	x0, [x1, NEAR(counter)]
	mov	x0, x2
	ret
	entry	wrong_ends_early, 1b, 2b
	endcase	wrong_ends_early

	case	wrong_ends_before_store
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
2:	str	x2, [x1, NEAR(counter)]
	ret
	entry	wrong_ends_before_store, 1b, 2b
	endcase	wrong_ends_before_store

	case	wrong_ends_late
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
	mov	x0, x2
2:	ret
	entry	wrong_ends_late, 1b, 2b
	endcase	wrong_ends_late

	case	wrong_ends_inside
1:	mrs	x1, tpidr_el1
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_ends_inside, 1b, 2b + 2
	endcase	wrong_ends_inside

	case	wrong_jumped_into
	cbz	x0, 3f
1:	mrs	x1, tpidr_el1
3:	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_jumped_into, 1b, 2b
	endcase	wrong_jumped_into

/* ---- The only effect, last ---- */

	case	wrong_two_stores
1:	mrs	x1, tpidr_el1
	str	x0, [x1, NEAR(neighbour)]
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_two_stores, 1b, 2b
	endcase	wrong_two_stores

	case	wrong_two_halves
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(counter)
	str	w0, [x1]
	str	w2, [x1, #4]
2:	ret
	entry	wrong_two_halves, 1b, 2b
	endcase	wrong_two_halves

	case	wrong_pair
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(couple)
	stp	x0, x2, [x1]
2:	ret
	entry	wrong_pair, 1b, 2b
	endcase	wrong_pair

	case	wrong_misaligned
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(couple)
	str	x0, [x1, #4]
2:	ret
	entry	wrong_misaligned, 1b, 2b
	endcase	wrong_misaligned

	case	wrong_slot_unsaid
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	and	x3, x2, #7
	add	x4, x1, NEAR(slots)
	str	x0, [x4, x3, lsl #3]
	add	x2, x2, #1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_slot_unsaid, 1b, 2b
	endcase	wrong_slot_unsaid

	case	right_slot
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	and	x3, x2, #7
	add	x4, x1, NEAR(slots)
	str	x0, [x4, x3, lsl #3]
	add	x2, x2, #1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	right_slot, 1b, 2b
	publishes right_slot
	endcase	right_slot

	case	wrong_slot_unmasked
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x4, x1, NEAR(slots)
	str	x0, [x4, x2, lsl #3]
	add	x2, x2, #1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_slot_unmasked, 1b, 2b
	publishes wrong_slot_unmasked
	endcase	wrong_slot_unmasked

/* Of a dynamic variable, whose address the caller gives: a word, and slots behind it. */
	case	right_slot_of_callers
1:	mrs	x4, tpidr_el1
	ldr	x4, [x4, DELTA]
	add	x4, x4, x0
	ldr	x3, [x4]
	add	x3, x3, #8
	and	x3, x3, #0x38
	cbz	x3, 2f
	str	x1, [x4, x3]
	str	x3, [x4]
2:	ret
	entry	right_slot_of_callers, 1b, 2b
	publishes right_slot_of_callers
	endcase	right_slot_of_callers

	case	wrong_slot_of_callers_unmasked
1:	mrs	x4, tpidr_el1
	ldr	x4, [x4, DELTA]
	add	x4, x4, x0
	ldr	x3, [x4]
	add	x3, x3, #8
	cbz	x3, 2f
	str	x1, [x4, x3]
	str	x3, [x4]
2:	ret
	entry	wrong_slot_of_callers_unmasked, 1b, 2b
	publishes wrong_slot_of_callers_unmasked
	endcase	wrong_slot_of_callers_unmasked

	case	wrong_slot_of_callers_at_the_word
1:	mrs	x4, tpidr_el1
	ldr	x4, [x4, DELTA]
	add	x4, x4, x0
	ldr	x3, [x4]
	add	x3, x3, #8
	and	x3, x3, #0x38
	str	x1, [x4, x3]
	str	x3, [x4]
2:	ret
	entry	wrong_slot_of_callers_at_the_word, 1b, 2b
	publishes wrong_slot_of_callers_at_the_word
	endcase	wrong_slot_of_callers_at_the_word

	case	wrong_load_behind_slot
1:	mrs	x1, tpidr_el1
	str	x0, [x1, NEAR(slots)]
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, #1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_load_behind_slot, 1b, 2b
	publishes wrong_load_behind_slot
	endcase	wrong_load_behind_slot

/* A list's push: the node is the caller's until the last store. */
	case	right_push
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	str	x2, [x0]
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	right_push, 1b, 2b
	publishes right_push
	endcase	right_push

/* ---- Inputs ---- */

	case	wrong_input_overwritten
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x0, x2, x0
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_input_overwritten, 1b, 2b
	endcase	wrong_input_overwritten

	case	wrong_input_moved
1:	mrs	x1, tpidr_el1
	ldr	x2, [x0], #8
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_input_moved, 1b, 2b
	endcase	wrong_input_moved

	case	wrong_flags
	cmp	x0, #1
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	csel	x3, x0, x2, eq
	cmp	x2, #7
	b.hi	2f
	str	x3, [x1, NEAR(counter)]
2:	ret
	entry	wrong_flags, 1b, 2b
	endcase	wrong_flags

	case	right_flags
	cmp	x0, #1
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	csel	x3, x0, x2, eq
	str	x3, [x1, NEAR(counter)]
2:	ret
	entry	right_flags, 1b, 2b
	endcase	right_flags

	case	wrong_result_left
	mov	x0, #0
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	cbz	x2, 2f
	mov	x0, #1
	sub	x2, x2, #1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_result_left, 1b, 2b
	endcase	wrong_result_left

	case	right_result
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	mov	x0, #0
	cbz	x2, 2f
	mov	x0, #1
	sub	x2, x2, #1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	right_result, 1b, 2b
	endcase	right_result

	case	wrong_moves_stack
1:	mrs	x1, tpidr_el1
	ldr	x2, [sp], #16
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_moves_stack, 1b, 2b
	endcase	wrong_moves_stack

	case	wrong_below_stack
	stur	x0, [sp, #-8]
1:	mrs	x1, tpidr_el1
	ldur	x2, [sp, #-8]
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_below_stack, 1b, 2b
	endcase	wrong_below_stack

	case	right_above_stack
1:	mrs	x1, tpidr_el1
	ldr	x2, [sp, #8]
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	right_above_stack, 1b, 2b
	endcase	right_above_stack

	case	wrong_scratch_on_stack
1:	mrs	x1, tpidr_el1
	str	x19, [sp, #-16]!
	ldr	x19, [x1, NEAR(counter)]
	add	x19, x19, x0
	str	x19, [x1, NEAR(counter)]
2:	ldr	x19, [sp], #16
	ret
	entry	wrong_scratch_on_stack, 1b, 2b
	endcase	wrong_scratch_on_stack

/* ---- Branches ---- */

	case	right_compare_two
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	cmp	x2, x0
	b.ne	2f
	ldr	x2, [x1, NEAR(neighbour)]
	cmp	x2, x3
	b.ne	2f
	str	x4, [x1, NEAR(counter)]
2:	ret
	entry	right_compare_two, 1b, 2b
	endcase	right_compare_two

	case	wrong_branches_elsewhere
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	cmp	x2, x0
	b.ne	3f
	str	x3, [x1, NEAR(counter)]
2:	nop
3:	ret
	entry	wrong_branches_elsewhere, 1b, 2b
	endcase	wrong_branches_elsewhere

	case	wrong_branches_back
1:	mrs	x1, tpidr_el1
3:	ldr	x2, [x1, NEAR(counter)]
	cbz	x2, 3b
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_branches_back, 1b, 2b
	endcase	wrong_branches_back

	case	wrong_call
1:	mrs	x1, tpidr_el1
	bl	right_add
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_call, 1b, 2b
	endcase	wrong_call

/* ---- The area, and the variable ---- */

	case	wrong_base_from_before
	mrs	x4, tpidr_el1
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x4, NEAR(counter)]
2:	ret
	entry	wrong_base_from_before, 1b, 2b
	endcase	wrong_base_from_before

	case	wrong_loads_from_before
	mrs	x4, tpidr_el1
	add	x4, x4, NEAR(counter)
1:	mrs	x1, tpidr_el1
	ldr	x2, [x4]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_loads_from_before, 1b, 2b
	endcase	wrong_loads_from_before

/* Within an entry the register is the same, however often it is read. */
	case	right_two_reads
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	mrs	x1, tpidr_el1
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	right_two_reads, 1b, 2b
	endcase	right_two_reads

	case	wrong_neighbour
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	add	x2, x2, x0
	str	x2, [x1, NEAR(neighbour)]
2:	ret
	entry	wrong_neighbour, 1b, 2b
	endcase	wrong_neighbour

	case	wrong_too_wide
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(small)
	str	x0, [x1]
2:	ret
	entry	wrong_too_wide, 1b, 2b
	endcase	wrong_too_wide

	case	wrong_outside
1:	mrs	x1, tpidr_el1
	str	x0, [x1, #32760]
2:	ret
	entry	wrong_outside, 1b, 2b
	endcase	wrong_outside

	case	wrong_before_area
1:	mrs	x1, tpidr_el1
	stur	x0, [x1, #-8]
2:	ret
	entry	wrong_before_area, 1b, 2b
	endcase	wrong_before_area

	case	wrong_writes_delta
1:	mrs	x1, tpidr_el1
	str	x0, [x1, DELTA]
2:	ret
	entry	wrong_writes_delta, 1b, 2b
	endcase	wrong_writes_delta

	case	right_far
	adrp	x3, __percpu_far.distant
	add	x3, x3, :lo12:__percpu_far.distant
1:	mrs	x1, tpidr_el1
	ldr	x1, [x1, DELTA]
	ldr	x2, [x1, x3]
	add	x2, x2, x0
	str	x2, [x1, x3]
2:	ret
	entry	right_far, 1b, 2b
	endcase	right_far

	case	wrong_delta
1:	mrs	x1, tpidr_el1
	ldr	x1, [x1, NEAR(percpu_cpu_number)]
	ldr	x2, [x1, x3]
	add	x2, x2, x0
	str	x2, [x1, x3]
2:	ret
	entry	wrong_delta, 1b, 2b
	endcase	wrong_delta

	case	wrong_without_delta
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, x3]
	add	x2, x2, x0
	str	x2, [x1, x3]
2:	ret
	entry	wrong_without_delta, 1b, 2b
	endcase	wrong_without_delta

	case	right_pop
1:	mrs	x1, tpidr_el1
	ldr	x0, [x1, NEAR(counter)]
	cbz	x0, 2f
	ldr	x2, [x0, #8]
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	right_pop, 1b, 2b
	endcase	right_pop

	case	wrong_through_pointer
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
	str	x0, [x2]
2:	ret
	entry	wrong_through_pointer, 1b, 2b
	endcase	wrong_through_pointer

/* ---- Instructions ---- */

	case	wrong_writes_register
1:	mrs	x1, tpidr_el1
	msr	tpidr_el1, x2
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_writes_register, 1b, 2b
	endcase	wrong_writes_register

	case	wrong_other_register
1:	mrs	x1, tpidr_el1
	mrs	x2, sp_el0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_other_register, 1b, 2b
	endcase	wrong_other_register

	case	wrong_unknown
1:	mrs	x1, tpidr_el1
	dc	zva, x2
	str	x0, [x1, NEAR(counter)]
2:	ret
	entry	wrong_unknown, 1b, 2b
	endcase	wrong_unknown

	case	right_couple
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(couple)
	ldxp	x2, x3, [x1]
	cmp	x2, x4
	ccmp	x3, x5, #0, eq
	b.ne	3f
	stxp	w8, x6, x7, [x1]
2:	cbnz	w8, 1b
3:	ret
	entry	right_couple, 1b, 2b
	endcase	right_couple

	case	wrong_exclusive_before
	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(counter)
	ldxr	x2, [x1]
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(counter)
	stxr	w3, x0, [x1]
2:	cbnz	w3, wrong_exclusive_before
	ret
	entry	wrong_exclusive_before, 1b, 2b
	endcase	wrong_exclusive_before

	case	wrong_exclusive_behind
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(counter)
	ldxr	x2, [x1]
2:	stxr	w3, x0, [x1]
	cbnz	w3, 1b
	ret
	entry	wrong_exclusive_behind, 1b, 2b
	endcase	wrong_exclusive_behind

	case	wrong_exclusive_apart
1:	mrs	x1, tpidr_el1
	add	x2, x1, NEAR(neighbour)
	ldxr	x3, [x2]
	add	x2, x1, NEAR(counter)
	stxr	w4, x0, [x2]
2:	cbnz	w4, 1b
	ret
	entry	wrong_exclusive_apart, 1b, 2b
	endcase	wrong_exclusive_apart

/* ---- Where less than the whole was looked at ---- */

	case	wrong_loads_around_a_branch
	mrs	x4, tpidr_el1
	add	x4, x4, NEAR(counter)
	cbz	x0, 2f
1:	mrs	x1, tpidr_el1
	ldr	x2, [x4]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_loads_around_a_branch, 1b, 2b
	endcase	wrong_loads_around_a_branch

	case	wrong_exclusive_skipped
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(counter)
	cbz	x4, 3f
	ldxr	x2, [x1]
3:	stxr	w3, x0, [x1]
2:	cbnz	w3, 1b
	ret
	entry	wrong_exclusive_skipped, 1b, 2b
	endcase	wrong_exclusive_skipped

	case	wrong_exclusive_unasked
1:	mrs	x1, tpidr_el1
	add	x1, x1, NEAR(counter)
	ldxr	x2, [x1]
	add	x2, x2, x0
	stxr	w3, x2, [x1]
2:	ret
	entry	wrong_exclusive_unasked, 1b, 2b
	endcase	wrong_exclusive_unasked

	case	wrong_below_stack_by_another
	stur	x0, [sp, #-8]
1:	mrs	x1, tpidr_el1
	sub	x3, sp, #8
	ldr	x2, [x3]
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_below_stack_by_another, 1b, 2b
	endcase	wrong_below_stack_by_another

	case	wrong_publishes_its_callers
1:	mrs	x1, tpidr_el1
	ldr	x2, [x0, #8]
	add	x2, x2, #1
	str	x2, [x0, #8]
	str	x0, [x1, NEAR(neighbour)]
2:	ret
	entry	wrong_publishes_its_callers, 1b, 2b
	publishes wrong_publishes_its_callers
	endcase	wrong_publishes_its_callers

	.pushsection .text.jumper, "ax", @progbits
	.type	jumper, @function
jumper:	cbz	x0, into
	ret
	.size	jumper, . - jumper
	.popsection

	case	wrong_jumped_into_from_elsewhere
1:	mrs	x1, tpidr_el1
	ldr	x2, [x1, NEAR(counter)]
into:	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_jumped_into_from_elsewhere, 1b, 2b
	endcase	wrong_jumped_into_from_elsewhere

/* As much assembly is: its symbol has no size. */
	case	wrong_without_size
	mrs	x4, tpidr_el1
	add	x4, x4, NEAR(counter)
1:	mrs	x1, tpidr_el1
	ldr	x2, [x4]
	add	x2, x2, x0
	str	x2, [x1, NEAR(counter)]
2:	ret
	entry	wrong_without_size, 1b, 2b
	.popsection
