/* SPDX-License-Identifier: MIT */
/*
 * aarch64's sequences, an instruction a line. A sequence's last instruction is the one before its
 * END, and END is the first instruction behind it, which is the caller's.
 */
#define ADD		0
#define ADD_END		4
#define XCHG		5
#define XCHG_END	8
#define CMPXCHG		9
#define CMPXCHG_END	14
#define FAR_ADD		15
#define FAR_ADD_END	20
#define READ		21
#define READ_END	23
#define WRITE		24
#define WRITE_END	26

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
	:: PC == ADD + 0 -> X = reg[cpu]; PC++		/* mrs	x, tpidr_el1 */
	:: PC == ADD + 1 -> load(OLD, X + OFFSET)	/* ldr	old, [x, #offset] */
	:: PC == ADD + 2 -> add_old_and_in()		/* add	new, old, in */
	:: PC == ADD + 3 -> update(X + OFFSET, NEW)	/* str	new, [x, #offset] */

	:: PC == XCHG + 0 -> X = reg[cpu]; PC++		/* mrs	x, tpidr_el1 */
	:: PC == XCHG + 1 -> load(OLD, X + OFFSET)	/* ldr	old, [x, #offset] */
	:: PC == XCHG + 2 -> update(X + OFFSET, IN)	/* str	in, [x, #offset] */

	:: PC == CMPXCHG + 0 -> X = reg[cpu]; PC++	/* mrs	x, tpidr_el1 */
	:: PC == CMPXCHG + 1 -> load(OLD, X + OFFSET)	/* ldr	old, [x, #offset] */
	:: PC == CMPXCHG + 2 -> FLAGS = (OLD == EXPECTED); PC++	/* cmp	old, expected */
	:: PC == CMPXCHG + 3 -> branch_out_unless(FLAGS, CMPXCHG_END)	/* b.ne	end */
	:: PC == CMPXCHG + 4 -> update(X + OFFSET, IN)	/* str	in, [x, #offset] */

	/* address is an input: the caller put it in a register */
	:: PC == FAR_ADD + 0 -> X = reg[cpu]; PC++	/* mrs	x, tpidr_el1 */
	:: PC == FAR_ADD + 1 -> load_delta(X, X)	/* ldr	x, [x, #delta] */
	:: PC == FAR_ADD + 2 -> load(OLD, X + OFFSET)	/* ldr	old, [x, address] */
	:: PC == FAR_ADD + 3 -> add_old_and_in()	/* add	new, old, in */
	:: PC == FAR_ADD + 4 -> update(X + OFFSET, NEW)	/* str	new, [x, address] */

	:: PC == READ + 0 -> X = reg[cpu]; PC++		/* mrs	x, tpidr_el1 */
	:: PC == READ + 1 -> final_load(OLD, X + OFFSET)	/* ldr	old, [x, #offset] */

	:: PC == WRITE + 0 -> X = reg[cpu]; PC++	/* mrs	x, tpidr_el1 */
	:: PC == WRITE + 1 -> overwrite(X + OFFSET, IN)	/* str	in, [x, #offset] */
	:: else -> assert(false)
	fi
}
