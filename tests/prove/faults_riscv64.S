/* SPDX-License-Identifier: MIT */
#include <tests/prove/asm.h>

	.option	norelax

#define NEAR(variable) %lo(__percpu_near.variable)
#define DELTA %lo(__percpu_near.percpu_delta)

/* ---- The table ---- */

	case	right_add
1:	ld	a1, NEAR(counter)(gp)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	right_add, 1b, 2b
	endcase	right_add

	case	right_add_compressed
1:	addi	a5, gp, NEAR(counter)
	ld	a1, 0(a5)
	add	a1, a1, a0
	sd	a1, 0(a5)
2:	ret
	entry	right_add_compressed, 1b, 2b
	endcase	right_add_compressed

	case	wrong_begins_late
	ld	a1, NEAR(counter)(gp)
1:	add	a1, a1, a0
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_begins_late, 1b, 2b
	endcase	wrong_begins_late

	case	wrong_compare_late
	ld	a1, NEAR(counter)(gp)
1:	bne	a1, a0, 2f
	sd	a2, NEAR(counter)(gp)
2:	ret
	entry	wrong_compare_late, 1b, 2b
	endcase	wrong_compare_late

	case	wrong_delta_late
	ld	t0, DELTA(gp)
1:	lla	a2, __percpu_far.distant
	add	t0, t0, a2
	ld	a1, 0(t0)
	add	a1, a1, a0
	sd	a1, 0(t0)
2:	ret
	entry	wrong_delta_late, 1b, 2b
	endcase	wrong_delta_late

	case	wrong_address_late
	addi	a5, gp, NEAR(counter)
1:	ld	a1, 0(a5)
	sd	a0, 0(a5)
2:	ret
	entry	wrong_address_late, 1b, 2b
	endcase	wrong_address_late

	case	wrong_one_instruction
	ld	a1, NEAR(counter)(gp)
1:	sd	a0, NEAR(counter)(gp)
2:	ret
	entry	wrong_one_instruction, 1b, 2b
	endcase	wrong_one_instruction

	case	wrong_ends_early
1:	addi	a5, gp, NEAR(counter)
	ld	a1, 0(a5)
2:	add	a3, a3, a1
	sd	a0, 0(a5)
	ret
	entry	wrong_ends_early, 1b, 2b
	endcase	wrong_ends_early

	case	wrong_ends_before_store
1:	ld	a1, NEAR(counter)(gp)
	add	a1, a1, a0
2:	sd	a1, NEAR(counter)(gp)
	ret
	entry	wrong_ends_before_store, 1b, 2b
	endcase	wrong_ends_before_store

	case	wrong_ends_late
1:	ld	a1, NEAR(counter)(gp)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(gp)
	mv	a0, a1
2:	ret
	entry	wrong_ends_late, 1b, 2b
	endcase	wrong_ends_late

	case	wrong_ends_inside
1:	ld	a1, NEAR(counter)(gp)
	sd	a0, NEAR(counter)(gp)
2:	addi	a0, a1, 1000
	ret
	entry	wrong_ends_inside, 1b, 2b + 2
	endcase	wrong_ends_inside

	case	wrong_jumped_into
	beqz	a0, 3f
1:	ld	a1, NEAR(counter)(gp)
3:	add	a1, a1, a0
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_jumped_into, 1b, 2b
	endcase	wrong_jumped_into


/* ---- The only effect, last ---- */

	case	wrong_two_stores
1:	ld	a1, NEAR(counter)(gp)
	sd	a0, NEAR(neighbour)(gp)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_two_stores, 1b, 2b
	endcase	wrong_two_stores

	case	wrong_two_halves
1:	addi	a5, gp, NEAR(counter)
	sw	a0, 0(a5)
	sw	a1, 4(a5)
2:	ret
	entry	wrong_two_halves, 1b, 2b
	endcase	wrong_two_halves

	case	wrong_misaligned
1:	addi	a5, gp, NEAR(couple)
	sd	a0, 4(a5)
2:	ret
	entry	wrong_misaligned, 1b, 2b
	endcase	wrong_misaligned

	case	wrong_slot_unsaid
1:	ld	a1, NEAR(counter)(gp)
	andi	a2, a1, 7
	slli	a2, a2, 3
	addi	a3, gp, NEAR(slots)
	add	a3, a3, a2
	sd	a0, 0(a3)
	addi	a1, a1, 1
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_slot_unsaid, 1b, 2b
	endcase	wrong_slot_unsaid

	case	right_slot
1:	ld	a1, NEAR(counter)(gp)
	andi	a2, a1, 7
	slli	a2, a2, 3
	addi	a3, gp, NEAR(slots)
	add	a3, a3, a2
	sd	a0, 0(a3)
	addi	a1, a1, 1
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	right_slot, 1b, 2b
	publishes right_slot
	endcase	right_slot

	case	wrong_slot_unmasked
1:	ld	a1, NEAR(counter)(gp)
	slli	a2, a1, 3
	addi	a3, gp, NEAR(slots)
	add	a3, a3, a2
	sd	a0, 0(a3)
	addi	a1, a1, 1
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_slot_unmasked, 1b, 2b
	publishes wrong_slot_unmasked
	endcase	wrong_slot_unmasked

/* Of a dynamic variable, whose address the caller gives: a word, and slots behind it. */
	case	right_slot_of_callers
1:	ld	t0, DELTA(gp)
	add	t0, t0, a0
	ld	t1, 0(t0)
	addi	t1, t1, 8
	andi	t1, t1, 0x38
	add	t2, t0, t1
	beqz	t1, 2f
	sd	a1, 0(t2)
	sd	t1, 0(t0)
2:	ret
	entry	right_slot_of_callers, 1b, 2b
	publishes right_slot_of_callers
	endcase	right_slot_of_callers

	case	wrong_slot_of_callers_unmasked
1:	ld	t0, DELTA(gp)
	add	t0, t0, a0
	ld	t1, 0(t0)
	addi	t1, t1, 8
	add	t2, t0, t1
	beqz	t1, 2f
	sd	a1, 0(t2)
	sd	t1, 0(t0)
2:	ret
	entry	wrong_slot_of_callers_unmasked, 1b, 2b
	publishes wrong_slot_of_callers_unmasked
	endcase	wrong_slot_of_callers_unmasked

	case	wrong_slot_of_callers_at_the_word
1:	ld	t0, DELTA(gp)
	add	t0, t0, a0
	ld	t1, 0(t0)
	addi	t1, t1, 8
	andi	t1, t1, 0x38
	add	t2, t0, t1
	sd	a1, 0(t2)
	sd	t1, 0(t0)
2:	ret
	entry	wrong_slot_of_callers_at_the_word, 1b, 2b
	publishes wrong_slot_of_callers_at_the_word
	endcase	wrong_slot_of_callers_at_the_word

	case	wrong_load_behind_slot
1:	sd	a0, NEAR(slots)(gp)
	ld	a1, NEAR(counter)(gp)
	addi	a1, a1, 1
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_load_behind_slot, 1b, 2b
	publishes wrong_load_behind_slot
	endcase	wrong_load_behind_slot

/* A list's push: the node is the caller's until the last store. */
	case	right_push
1:	ld	a1, NEAR(counter)(gp)
	sd	a1, 0(a0)
	sd	a0, NEAR(counter)(gp)
2:	ret
	entry	right_push, 1b, 2b
	publishes right_push
	endcase	right_push


/* ---- Inputs ---- */

	case	wrong_input_overwritten
1:	ld	a1, NEAR(counter)(gp)
	add	a0, a1, a0
	sd	a0, NEAR(counter)(gp)
2:	ret
	entry	wrong_input_overwritten, 1b, 2b
	endcase	wrong_input_overwritten

	case	wrong_input_moved
1:	mv	a4, gp
	ld	a1, 0(a0)
	addi	a0, a0, 8
	sd	a1, NEAR(counter)(a4)
2:	ret
	entry	wrong_input_moved, 1b, 2b
	endcase	wrong_input_moved

	case	wrong_result_left
	li	a0, 0
1:	ld	a1, NEAR(counter)(gp)
	beqz	a1, 2f
	li	a0, 1
	addi	a1, a1, -1
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_result_left, 1b, 2b
	endcase	wrong_result_left

	case	right_result
1:	ld	a1, NEAR(counter)(gp)
	li	a0, 0
	beqz	a1, 2f
	li	a0, 1
	addi	a1, a1, -1
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	right_result, 1b, 2b
	endcase	right_result

	case	wrong_moves_stack
1:	mv	a4, gp
	ld	a1, 0(sp)
	addi	sp, sp, 16
	sd	a1, NEAR(counter)(a4)
2:	ret
	entry	wrong_moves_stack, 1b, 2b
	endcase	wrong_moves_stack

	case	wrong_below_stack
	sd	a0, -8(sp)
1:	mv	a4, gp
	ld	a1, -8(sp)
	sd	a1, NEAR(counter)(a4)
2:	ret
	entry	wrong_below_stack, 1b, 2b
	endcase	wrong_below_stack

	case	right_above_stack
1:	mv	a4, gp
	ld	a1, 8(sp)
	sd	a1, NEAR(counter)(a4)
2:	ret
	entry	right_above_stack, 1b, 2b
	endcase	right_above_stack

	case	wrong_scratch_on_stack
1:	mv	a4, gp
	sd	s1, -16(sp)
	ld	s1, NEAR(counter)(gp)
	add	s1, s1, a0
	sd	s1, NEAR(counter)(gp)
2:	ld	s1, -16(sp)
	ret
	entry	wrong_scratch_on_stack, 1b, 2b
	endcase	wrong_scratch_on_stack


/* ---- Branches ---- */

	case	right_compare_two
1:	ld	a1, NEAR(counter)(gp)
	bne	a1, a0, 2f
	ld	a1, NEAR(neighbour)(gp)
	bne	a1, a2, 2f
	sd	a3, NEAR(counter)(gp)
2:	ret
	entry	right_compare_two, 1b, 2b
	endcase	right_compare_two

	case	right_branch_inside
1:	ld	a1, NEAR(counter)(gp)
	li	a2, 1
	bgtu	a1, a0, 3f
	li	a2, 2
3:	add	a1, a1, a2
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	right_branch_inside, 1b, 2b
	endcase	right_branch_inside

	case	wrong_branches_elsewhere
1:	ld	a1, NEAR(counter)(gp)
	bne	a1, a0, 3f
	sd	a2, NEAR(counter)(gp)
2:	nop
3:	ret
	entry	wrong_branches_elsewhere, 1b, 2b
	endcase	wrong_branches_elsewhere

	case	wrong_branches_back
1:	mv	a4, gp
3:	ld	a1, NEAR(counter)(a4)
	beqz	a1, 3b
	sd	a0, NEAR(counter)(a4)
2:	ret
	entry	wrong_branches_back, 1b, 2b
	endcase	wrong_branches_back

	case	wrong_call
1:	mv	a4, gp
	jal	right_add
	sd	a0, NEAR(counter)(a4)
2:	ret
	entry	wrong_call, 1b, 2b
	endcase	wrong_call


/* ---- The area, and the variable ---- */

	case	wrong_base_from_before
	mv	a4, gp
1:	ld	a1, NEAR(counter)(gp)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(a4)
2:	ret
	entry	wrong_base_from_before, 1b, 2b
	endcase	wrong_base_from_before

	case	wrong_loads_from_before
	addi	a4, gp, NEAR(counter)
1:	mv	a5, gp
	ld	a1, 0(a4)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(a5)
2:	ret
	entry	wrong_loads_from_before, 1b, 2b
	endcase	wrong_loads_from_before

	case	wrong_delta_from_before
	ld	a4, DELTA(gp)
1:	mv	a5, gp
	add	a3, a3, a4
	sd	a1, 0(a3)
2:	ret
	entry	wrong_delta_from_before, 1b, 2b
	endcase	wrong_delta_from_before

	case	wrong_neighbour
1:	ld	a1, NEAR(counter)(gp)
	add	a1, a1, a0
	sd	a1, NEAR(neighbour)(gp)
2:	ret
	entry	wrong_neighbour, 1b, 2b
	endcase	wrong_neighbour

	case	wrong_too_wide
1:	addi	a5, gp, NEAR(small)
	sd	a0, 0(a5)
2:	ret
	entry	wrong_too_wide, 1b, 2b
	endcase	wrong_too_wide

	case	wrong_outside
1:	mv	a4, gp
	sd	a0, 2040(a4)
2:	ret
	entry	wrong_outside, 1b, 2b
	endcase	wrong_outside

	case	wrong_before_area
1:	mv	a4, gp
	sd	a0, -8(a4)
2:	ret
	entry	wrong_before_area, 1b, 2b
	endcase	wrong_before_area

	case	wrong_writes_delta
1:	mv	a4, gp
	sd	a0, DELTA(a4)
2:	ret
	entry	wrong_writes_delta, 1b, 2b
	endcase	wrong_writes_delta

	case	right_far
1:	ld	t0, DELTA(gp)
	lla	a2, __percpu_far.distant
	add	t0, t0, a2
	ld	a1, 0(t0)
	add	a1, a1, a0
	sd	a1, 0(t0)
2:	ret
	entry	right_far, 1b, 2b
	endcase	right_far

	case	right_operand
1:	ld	t0, DELTA(gp)
	add	t0, t0, a3
	ld	a1, 0(t0)
	add	a1, a1, a0
	sd	a1, 0(t0)
2:	ret
	entry	right_operand, 1b, 2b
	endcase	right_operand

	case	wrong_delta
1:	ld	t0, NEAR(percpu_cpu_number)(gp)
	add	t0, t0, a3
	ld	a1, 0(t0)
	add	a1, a1, a0
	sd	a1, 0(t0)
2:	ret
	entry	wrong_delta, 1b, 2b
	endcase	wrong_delta

	case	wrong_without_delta
1:	add	t0, gp, a3
	ld	a1, 0(t0)
	add	a1, a1, a0
	sd	a1, 0(t0)
2:	ret
	entry	wrong_without_delta, 1b, 2b
	endcase	wrong_without_delta

	case	right_pop
1:	ld	a0, NEAR(counter)(gp)
	beqz	a0, 2f
	ld	a1, 8(a0)
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	right_pop, 1b, 2b
	endcase	right_pop

	case	wrong_through_pointer
1:	ld	a1, NEAR(counter)(gp)
	sd	a0, 0(a1)
2:	ret
	entry	wrong_through_pointer, 1b, 2b
	endcase	wrong_through_pointer


/* ---- Instructions ---- */

	case	wrong_writes_register
1:	ld	a1, NEAR(counter)(gp)
	mv	gp, a2
	sd	a0, NEAR(counter)(gp)
2:	ret
	entry	wrong_writes_register, 1b, 2b
	endcase	wrong_writes_register

	case	wrong_unknown
1:	ld	a1, NEAR(counter)(gp)
	csrr	a2, sstatus
	sd	a2, NEAR(counter)(gp)
2:	ret
	entry	wrong_unknown, 1b, 2b
	endcase	wrong_unknown

	case	right_exclusive
1:	addi	a5, gp, NEAR(counter)
	lr.d	a1, (a5)
	add	a1, a1, a0
	sc.d	a2, a1, (a5)
2:	bnez	a2, 1b
	ret
	entry	right_exclusive, 1b, 2b
	endcase	right_exclusive

	case	wrong_exclusive_before
	addi	a5, gp, NEAR(counter)
	lr.d	a1, (a5)
1:	addi	a5, gp, NEAR(counter)
	sc.d	a2, a0, (a5)
2:	bnez	a2, 1b
	ret
	entry	wrong_exclusive_before, 1b, 2b
	endcase	wrong_exclusive_before

	case	wrong_exclusive_behind
1:	addi	a5, gp, NEAR(counter)
	lr.d	a1, (a5)
2:	sc.d	a2, a0, (a5)
	bnez	a2, 1b
	ret
	entry	wrong_exclusive_behind, 1b, 2b
	endcase	wrong_exclusive_behind

	case	wrong_exclusive_apart
1:	addi	a5, gp, NEAR(neighbour)
	lr.d	a1, (a5)
	addi	a4, gp, NEAR(counter)
	sc.d	a2, a0, (a4)
2:	bnez	a2, 1b
	ret
	entry	wrong_exclusive_apart, 1b, 2b
	endcase	wrong_exclusive_apart


/* ---- Where less than the whole was looked at ---- */

	case	wrong_loads_around_a_branch
	addi	a4, gp, NEAR(counter)
	beqz	a0, 2f
1:	mv	a5, gp
	ld	a1, 0(a4)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(a5)
2:	ret
	entry	wrong_loads_around_a_branch, 1b, 2b
	endcase	wrong_loads_around_a_branch

	case	wrong_exclusive_skipped
1:	addi	a5, gp, NEAR(counter)
	mv	a1, a0
	beqz	a2, 3f
	lr.d	a1, (a5)
3:	sc.d	a3, a0, (a5)
2:	bnez	a3, 1b
	ret
	entry	wrong_exclusive_skipped, 1b, 2b
	endcase	wrong_exclusive_skipped

	case	wrong_exclusive_unasked
1:	addi	a5, gp, NEAR(counter)
	lr.d	a1, (a5)
	add	a1, a1, a0
	sc.d	a2, a1, (a5)
2:	ret
	entry	wrong_exclusive_unasked, 1b, 2b
	endcase	wrong_exclusive_unasked

	case	wrong_below_stack_by_another
	sd	a0, -8(sp)
1:	mv	a4, gp
	addi	a3, sp, -8
	ld	a1, 0(a3)
	sd	a1, NEAR(counter)(a4)
2:	ret
	entry	wrong_below_stack_by_another, 1b, 2b
	endcase	wrong_below_stack_by_another

	case	wrong_publishes_its_own
1:	ld	a1, NEAR(counter)(gp)
	addi	a1, a1, 1
	sd	a1, NEAR(counter)(gp)
	sd	a0, NEAR(neighbour)(gp)
2:	ret
	entry	wrong_publishes_its_own, 1b, 2b
	publishes wrong_publishes_its_own
	endcase	wrong_publishes_its_own

	case	wrong_publishes_its_callers
1:	mv	a3, gp
	ld	a1, 8(a0)
	addi	a1, a1, 1
	sd	a1, 8(a0)
	sd	a0, NEAR(neighbour)(a3)
2:	ret
	entry	wrong_publishes_its_callers, 1b, 2b
	publishes wrong_publishes_its_callers
	endcase	wrong_publishes_its_callers

	case	wrong_publishes_twice
1:	sd	a0, NEAR(counter)(gp)
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_publishes_twice, 1b, 2b
	publishes wrong_publishes_twice
	endcase	wrong_publishes_twice

	case	wrong_operand_doubled
1:	ld	t0, DELTA(gp)
	slli	a2, a3, 1
	add	t0, t0, a2
	sd	a1, 0(t0)
2:	ret
	entry	wrong_operand_doubled, 1b, 2b
	endcase	wrong_operand_doubled

	case	wrong_goes_on_around_a_branch
1:	addi	a5, gp, NEAR(counter)
	ld	a1, 0(a5)
	sd	a0, 0(a5)
2:	j	3f
3:	sd	a1, 0(a5)
	ret
	entry	wrong_goes_on_around_a_branch, 1b, 2b
	endcase	wrong_goes_on_around_a_branch

	.pushsection .text.jumper, "ax", @progbits
	.globl	jumper
	.type	jumper, @function
jumper:	beqz	a0, into
	ret
	.size	jumper, . - jumper
	.popsection
	case	wrong_jumped_into_from_elsewhere
1:	ld	a1, NEAR(counter)(gp)
into:	add	a1, a1, a0
	sd	a1, NEAR(counter)(gp)
2:	ret
	entry	wrong_jumped_into_from_elsewhere, 1b, 2b
	endcase	wrong_jumped_into_from_elsewhere

/* As much assembly is: its symbol has no size. */
	case	wrong_without_size
	addi	a4, gp, NEAR(counter)
1:	mv	a5, gp
	ld	a1, 0(a4)
	add	a1, a1, a0
	sd	a1, NEAR(counter)(a5)
2:	ret
	entry	wrong_without_size, 1b, 2b
	.popsection
