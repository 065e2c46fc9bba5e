/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences of modules: code that the kernel loads and unloads while it runs. Part of
 * percpu.h, which includes it.
 */
#ifndef PERCPU_MODULE_H
#define PERCPU_MODULE_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Restartable sequences ---- */

/* The caller's memory, in which the library keeps what it knows of a table. */
struct percpu_sequences {
	struct percpu_sequences *next;
	const void *first;
	size_t count;
	uintptr_t code, code_end;
};

/*
 * percpu_sequences_add - let percpu_restart and percpu_in_sequence find a module's sequences
 *
 * @sequences: to be filled in, whatever is in it; in use until percpu_sequences_remove, as is the
 *	       table
 * @first:     the table: the module's sections percpu_sequences.*, relocated, one behind the other
 *	       in any order, aligned to 4; it is sorted in its place
 * @last:      and the address behind it; a module without sequences has first == last
 * @code:      the module's code, in which all of them lie,
 * @code_end:  and the address behind it
 *
 * It is to be called before any of the code runs. Where the library has no table of its own
 * (PERCPU_SEQUENCES 0) it does nothing, and neither does percpu_sequences_remove.
 *
 * percpu_restart asks these tables only where the pc is outside the code of the kernel that has
 * sequences: that is no slower for them. Elsewhere it goes through the modules, one after the
 *other. A kernel that does not call this function has no code for it.
 *
 * Returns 0; PERCPU_EINVAL (NULL, or code that has no end); PERCPU_EALREADY (sequences is in use,
 *or the code overlaps that of another table, or of the kernel); PERCPU_EALIGN (the table is not
 *aligned to 4); PERCPU_EORDER (part of an entry, an entry that nothing has relocated, a sequence
 *that is empty, not within the code, or overlaps another; of the caller's memory, the order of the
 *table may have changed). Context: one CPU at a time calls this or percpu_sequences_remove: the
 *loader's lock sees to that. Traps may come and other CPUs may call percpu_restart meanwhile.
 */
int percpu_sequences_add(struct percpu_sequences *sequences, void *first, void *last,
			 const void *code, const void *code_end)
	PERCPU__API(percpu_sequences_add) PERCPU__CHECKED;

/*
 * percpu_sequences_remove - the contrary
 *
 * @sequences: of percpu_sequences_add
 *
 * It is to be called when no thread is in the module's code, nor has been interrupted there and
 * will go on: what is interrupted in a sequence and not started over loses its update.
 *
 * When it returns, a call of percpu_restart that begins finds none of them. One that has begun, on
 * another CPU, may still read sequences and the table: both, and the code, are the caller's again
 * once each CPU has been seen outside of percpu_restart and percpu_in_sequence. Where trap entries
 * call these with interrupts off, as they should, an interrupt that each other CPU answers shows
 * that; so does whatever the kernel calls a grace period, if a trap entry does not pass as one.
 *
 * Returns 0, or PERCPU_EINVAL: NULL, or nothing that has been added, or removed before.
 * Context: as percpu_sequences_add.
 */
int percpu_sequences_remove(struct percpu_sequences *sequences)
	PERCPU__API(percpu_sequences_remove);

#ifdef __cplusplus
}
#endif

#endif
