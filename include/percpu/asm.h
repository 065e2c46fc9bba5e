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
 * unordered; nothing of this is a restartable sequence, so between a load and a store there must
 * be no interrupt that writes the same variable, and no address may be used after a migration.
 */
#ifndef PERCPU_ASM_H
#define PERCPU_ASM_H

#ifdef PERCPU_CONFIG_FILE
#include PERCPU_CONFIG_FILE
#else
#include <percpu/config.h>
#endif

#include <percpu/configuration.h>

#include <percpu_arch.h>

#endif
