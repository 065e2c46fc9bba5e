/* SPDX-License-Identifier: MIT */
/* Sequences that break a rule: for the controls. */
#define ADD		0

#define CHOOSE_OPERATION(op) op = ADD

#ifdef TWO_STORES
/* Two additions in one sequence: a trap between the stores repeats the first. */
#define ADD_END		6
#define STORES		2

inline one_instruction_of_a_sequence()
{
	if
	:: PC == ADD + 0 -> load(OLD, reg[cpu] + OFFSET)	/* ld	old, %lo(variable)(gp) */
	:: PC == ADD + 1 -> add_old_and_in()			/* add	new, old, in */
	:: PC == ADD + 2 -> update(reg[cpu] + OFFSET, NEW)	/* sd	new, %lo(variable)(gp) */
	:: PC == ADD + 3 -> load(OLD, reg[cpu] + OFFSET)	/* ld	old, %lo(variable)(gp) */
	:: PC == ADD + 4 -> add_old_and_in()			/* add	new, old, in */
	:: PC == ADD + 5 -> update(reg[cpu] + OFFSET, NEW)	/* sd	new, %lo(variable)(gp) */
	:: else -> assert(false)
	fi
}
#else
/* The sum replaces the amount, which a second attempt then adds. */
#define ADD_END		3

inline one_instruction_of_a_sequence()
{
	if
	:: PC == ADD + 0 -> load(OLD, reg[cpu] + OFFSET)	/* ld	old, %lo(variable)(gp) */
	:: PC == ADD + 1 -> IN = OLD + IN; PC++			/* add	in, old, in */
	:: PC == ADD + 2 -> update(reg[cpu] + OFFSET, IN)	/* sd	in, %lo(variable)(gp) */
	:: else -> assert(false)
	fi
}
#endif

inline restart(p)
{
	if
	:: WITHIN(p, ADD) -> p = START(ADD)
	:: else
	fi
}
