/* SPDX-License-Identifier: MIT */
/*
 * libpercpu in assembly: per-CPU variables, for trap entries and the like, and the symbols of the
 * library's functions. For .S files, which the C preprocessor sees first.
 *
 *	call	PERCPU_SYMBOL(percpu_set_local_thread_pointer)
 *
 * PERCPU_SYMBOL(function) - the symbol of a function of the library, which carries the
 * configuration. They are called as C functions are.
 *
 *	percpu_load	t0, count, t1
 *	addi	t0, t0, 1
 *	percpu_store	t0, count, t1, t2
 *	percpu_address	t0, statistics, t1
 *
 * PERCPU_REGISTER - the per-CPU register, as the assembler has it: %gs; tpidr_el1 or tpidr_el2; gp
 *	or tp. What it holds is in percpu.h, and so is what #if can ask: PERCPU_IS_RESTART, ...
 *
 * percpu_load - a register = this CPU's copy of a variable of 8 bytes
 * percpu_store - this CPU's copy = a register, which keeps its value
 * percpu_address - a register = the address of this CPU's copy, of any type
 * reg: a general register, as the assembler has it (%rax, x0, a0), not the per-CPU register
 * name: of a near variable, PERCPU_DEFINE or PERCPU_DEFINE_CACHELINE, that is not static; one that
 *	is far or static does not link. percpu_cpu_number is what percpu_cpu_id reads.
 * then: registers that some configuration changes, each another one: one for load and address, two
 *	for store. On x86_64, and on riscv64 with PERCPU_MODE=smp and PERCPU_VMA=image, none is ever
 *	changed: there they can be left out, and reg may be the stack pointer. But where
 *	PERCPU_RISCV_PIE is 1 (percpu.h) store changes the first, and wants it.
 *
 * The flags change on x86_64, by percpu_address; nothing goes on the stack. All are for a caller
 * that is pinned and has the per-CPU register bound: in an entry from user mode, behind swapgs
 * (x86_64) or behind the load of gp or tp (riscv64). Load and store are single-copy atomic and
 * unordered; by themselves they are no restartable sequence, so between a load and a store there
 * must be no interrupt that writes the same variable, and no address may be used after a migration.
 *
 *	percpu_sequence_begin pop
 *	percpu_load	a0, head, t1
 *	beqz	a0, .Lpop_exit
 *	ld	t0, 0(a0)
 *	percpu_store	t0, head, t1, t2
 *	percpu_sequence_end pop
 *	ret
 *
 * percpu_sequence_begin, percpu_sequence_end - around a restartable sequence of the kernel's own,
 *	which needs no pinned caller: a trap in it has it start over, by percpu_restart. Its first
 *	instruction is of percpu_load, percpu_address or percpu_store, its last of percpu_store, or
 *	another single access, and all that it does; no register that it writes is one that it has
 *	read before and needs again. docs/restart.md, "Sequences of your own", has the rules.
 * name: of the sequence, an identifier, once in a file. percpu_sequence_end makes the label
 *	.Lname_exit, for a branch out of the sequence.
 * percpu_sequence_publishes - between the two: says that this sequence stores more than once, to
 *	memory of this CPU's that nobody reads until its last instruction has published it
 * PERCPU_SEQUENCES - 1 where sequences start over: PERCPU_PREEMPT restart and PERCPU_MODE smp. Else
 *	it is 0, nothing is noted, and the caller has interrupts off (percpu_sequence_call in
 *	percpu/sequence.h, which is the same for C).
 */
#ifndef PERCPU_ASM_H
#define PERCPU_ASM_H

#include <percpu/configuration.h>

#include <percpu_arch.h>

#ifdef __ASSEMBLER__
/* clang-format off */
/*
 * The notes are those of PERCPU__SEQUENCE_END (percpu/port.h), their names made of the file's and
 * the sequence's. The .size says nothing; it does not assemble if the end is missing, in another
 * section, which on riscv64 nothing else would notice, or where the begin is (but Clang for aarch64
 * and x86_64 leaves that to percpu_init).
 */
	.set	.Lpercpu_sequence_open, 0
#define percpu_sequence_begin percpu__sequence_begin __BASE_FILE__,
.macro percpu__sequence_begin file, name
	.if	.Lpercpu_sequence_open
	.error	"libpercpu: percpu_sequence_begin \name: the one before has no percpu_sequence_end"
	.endif
	.set	.Lpercpu_sequence_open, 1
.Lpercpu_\name:
#if PERCPU_SEQUENCES
	.pushsection "percpu_sequences.\file\().\name", "awo?", @progbits, .Lpercpu_\name
	.balign	4
.Lpercpu_note_\name:
	.4byte	.Lpercpu_\name - ., .L\name\()_exit - .Lpercpu_\name
	.popsection
#endif
	.size	.Lpercpu_\name, 0 / (.L\name\()_exit - .Lpercpu_\name)
.endm

.macro percpu_sequence_publishes name
	.ifndef	.Lpercpu_\name
	.error	"libpercpu: percpu_sequence_publishes \name: no percpu_sequence_begin \name comes before"
#if PERCPU_SEQUENCES
	.else
	.set	percpu_sequence_publishes.\name, .Lpercpu_note_\name
#endif
	.endif
.endm

.macro percpu_sequence_end name
	.ifndef	.Lpercpu_\name
	.error	"libpercpu: percpu_sequence_end \name: no percpu_sequence_begin \name comes before"
#if PERCPU_SEQUENCES
	.else
	.reloc	.Lpercpu_\name, BFD_RELOC_NONE, .Lpercpu_note_\name
#endif
	.endif
	.set	.Lpercpu_sequence_open, 0
.L\name\()_exit:
.endm
/* clang-format on */
#endif

#endif
