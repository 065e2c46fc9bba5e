/* SPDX-License-Identifier: MIT */
/*
 * riscv64's sequences, an instruction a line. A sequence's last instruction is the one before its
 * END, and END is the first instruction behind it, which is the caller's. Reading and writing a
 * near variable is one instruction, and no sequence.
 */
#define ADD		0
#define ADD_END		3
#define XCHG		4
#define XCHG_END	6
#define CMPXCHG		7
#define CMPXCHG_END	10
#define FAR_ADD		11
#define FAR_ADD_END	17
#define READ		18		/* far */
#define READ_END	22
#define WRITE		23		/* far */
#define WRITE_END	27

#define CHOOSE_OPERATION(op) \
	if :: op = ADD :: op = XCHG :: op = CMPXCHG :: op = FAR_ADD :: op = READ :: op = WRITE fi

/* percpu_restart: what the table of sequences makes of a saved pc. */
inline restart(p)
{
	if
	:: WITHIN(p, ADD) -> p = START(ADD)
	:: WITHIN(p, XCHG) -> p = START(XCHG)
	:: WITHIN(p, CMPXCHG) -> p = START(CMPXCHG)
	:: WITHIN(p, FAR_ADD) -> p = START(FAR_ADD)
	:: WITHIN(p, READ) -> p = START(READ)
	:: WITHIN(p, WRITE) -> p = START(WRITE)
	:: else
	fi
}

inline one_instruction_of_a_sequence()
{
	if
	:: PC == ADD + 0 -> load(OLD, reg[cpu] + OFFSET)	/* ld	old, %lo(variable)(gp) */
	:: PC == ADD + 1 -> add_old_and_in()			/* add	new, old, in */
	:: PC == ADD + 2 -> update(reg[cpu] + OFFSET, NEW)	/* sd	new, %lo(variable)(gp) */

	:: PC == XCHG + 0 -> load(OLD, reg[cpu] + OFFSET)	/* ld	old, %lo(variable)(gp) */
	:: PC == XCHG + 1 -> update(reg[cpu] + OFFSET, IN)	/* sd	in, %lo(variable)(gp) */

	:: PC == CMPXCHG + 0 -> load(OLD, reg[cpu] + OFFSET)	/* ld	old, %lo(variable)(gp) */
	:: PC == CMPXCHG + 1 ->					/* bne	old, expected, end */
		branch_out_unless(OLD == EXPECTED, CMPXCHG_END)
	:: PC == CMPXCHG + 2 -> update(reg[cpu] + OFFSET, IN)	/* sd	in, %lo(variable)(gp) */

	:: PC == FAR_ADD + 0 -> load_delta(X, reg[cpu])		/* ld	x, %lo(delta)(gp) */
	:: PC == FAR_ADD + 1 -> NEW = OFFSET; PC++		/* auipc new, %pcrel_hi(variable) */
	:: PC == FAR_ADD + 2 -> X = X + NEW; PC++		/* add	x, x, new */
	:: PC == FAR_ADD + 3 -> load(OLD, X)			/* ld	old, %pcrel_lo(1b)(x) */
	:: PC == FAR_ADD + 4 -> add_old_and_in()		/* add	new, old, in */
	:: PC == FAR_ADD + 5 -> update(X, NEW)			/* sd	new, %pcrel_lo(1b)(x) */

	:: PC == READ + 0 -> load_delta(X, reg[cpu])		/* ld	x, %lo(delta)(gp) */
	:: PC == READ + 1 -> NEW = OFFSET; PC++			/* auipc new, %pcrel_hi(variable) */
	:: PC == READ + 2 -> X = X + NEW; PC++			/* add	x, x, new */
	:: PC == READ + 3 -> final_load(OLD, X)			/* ld	old, %pcrel_lo(1b)(x) */

	:: PC == WRITE + 0 -> load_delta(X, reg[cpu])		/* ld	x, %lo(delta)(gp) */
	:: PC == WRITE + 1 -> NEW = OFFSET; PC++		/* auipc new, %pcrel_hi(variable) */
	:: PC == WRITE + 2 -> X = X + NEW; PC++			/* add	x, x, new */
	:: PC == WRITE + 3 -> overwrite(X, IN)			/* sd	in, %pcrel_lo(1b)(x) */
	:: else -> assert(false)
	fi
}
