/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables and restartable sequences of modules: code that the kernel loads and unloads
 * while it runs, from relocatable ELF files, by a loader of its own. Part of percpu.h, which
 * includes it; docs/modules.md leads a loader through it, and kernels/module is one.
 *
 * A module's C is that of the kernel, with far variables only, PERCPU_DEFINE_FAR and
 * PERCPU_DEFINE_PAGE, and every operation works on them. The loader
 *
 *	1. refuses what cannot work: sections .percpu. whose next word is not far or page, and in
 *	   those that remain relocations that depend on their place;
 *	2. percpu_module_alloc, and lays the .percpu sections out from variables.address on: that is
 *	   what their symbols are made of;
 *	3. relocates all sections, those in an image of its own;
 *	4. percpu_module_publish(&variables, image);
 *	5. percpu_sequences_add, with the sections percpu_sequences.* as one table.
 *
 * Then the code may run. To unload, when no thread is in it nor will come back to it:
 * percpu_sequences_remove, a grace period, percpu_module_free.
 */
#ifndef PERCPU_MODULE_H
#define PERCPU_MODULE_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Variables ---- */

/* The caller's memory; only address is for it to read. */
struct percpu_module {
	uintptr_t address; /* of the variables, in template space, like that of a static variable */
	size_t size;
	uintptr_t seal;
};

#if PERCPU_IS_IMAGE
/*
 * percpu_module_alloc - find room for a module's variables
 *
 * @module: to be filled in, whatever is in it; not changed if the call fails
 * @size:   bytes of all of its .percpu sections together, with what aligns them
 * @align:  the strictest alignment of any, a power of two
 *
 * The room is in the reserve, PERCPU_DYNAMIC, not in what percpu_grow has added: only there is a
 * place for initial values, and only that is near enough to the kernel for the code to reach. It is
 * one variable to percpu_dynamic_info.
 *
 * Returns 0, PERCPU_ENOMEM (the reserve has no room for it: raise PERCPU_DYNAMIC), PERCPU_EINVAL
 * (NULL, no bytes, or align is no power of two), PERCPU_EALIGN (more than percpu_area_align():
 * raise PERCPU_DYNAMIC_ALIGN), PERCPU_ENOTREADY, PERCPU_EBUSY or PERCPU_EADDRESS (as percpu_alloc).
 * Context: as percpu_alloc.
 */
int percpu_module_alloc(struct percpu_module *module, size_t size, size_t align)
	PERCPU__API(percpu_module_alloc) PERCPU__CHECKED;

/*
 * percpu_module_publish - give every CPU's copies their initial values
 *
 * @module: of percpu_module_alloc
 * @image:  module->size bytes, relocated; the caller's
 *
 * Copies them to the area of every CPU, also of those that are down or come up later, and to the
 * module's place in template space, from which percpu_reset takes them. Until then the copies are
 * 0. It is to be called before anything runs the module's code; what lets it run on other CPUs, a
 * store with release and a load with acquire, orders the copies before it.
 *
 * Returns 0, PERCPU_EINVAL (NULL), PERCPU_EHANDLE (as percpu_module_free), or PERCPU_EBUSY,
 * PERCPU_ENOTREADY or PERCPU_EADDRESS (as percpu_alloc).
 * Context: any bound CPU; one call at a time for a module. It takes a time that grows with the
 * number of CPUs, with interrupts as they were.
 */
int percpu_module_publish(const struct percpu_module *module, const void *image)
	PERCPU__API(percpu_module_publish) PERCPU__CHECKED;

/*
 * percpu_module_free - give the room back
 *
 * @module: of percpu_module_alloc; its address becomes 0
 *
 * Every CPU's last access to the variables, in handlers too, comes before the call. Copies of the
 * structure are stale from then on. Once something else of as many bytes has been allocated at the
 * place, such a copy cannot be told from a right one, here and in percpu_module_publish.
 *
 * Returns 0; PERCPU_EHANDLE if no module's variables are there: they were freed before, or it is no
 * module of percpu_module_alloc's; PERCPU_EINVAL (NULL); or PERCPU_EBUSY, PERCPU_ENOTREADY or
 * PERCPU_EADDRESS (as percpu_alloc).
 * Context: as percpu_free.
 */
int percpu_module_free(struct percpu_module *module) PERCPU__API(percpu_module_free);
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
 * other. A kernel that does not call this function has no code for it.
 *
 * Returns 0; PERCPU_EINVAL (NULL, or code that has no end); PERCPU_EALREADY (sequences is in use,
 * or the code overlaps that of another table, or of the kernel); PERCPU_EALIGN (the table is not
 * aligned to 4); PERCPU_EORDER (part of an entry, an entry that nothing has relocated, a sequence
 * that is empty, not within the code, or overlaps another; of the caller's memory, the order of the
 * table may have changed). Context: one CPU at a time calls this or percpu_sequences_remove: the
 * loader's lock sees to that. Traps may come and other CPUs may call percpu_restart meanwhile.
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

/* The template space of PERCPU_VMA zero has no reserve. */
#if !PERCPU_IS_IMAGE
#define percpu_module_alloc(...) PERCPU__NO_MODULES
#define percpu_module_publish(...) PERCPU__NO_MODULES
#define percpu_module_free(...) PERCPU__NO_MODULES
#define PERCPU__NO_MODULES                                                                         \
	__extension__({                                                                            \
		PERCPU__ASSERT(0, "percpu: PERCPU_VMA zero has no variables of modules");          \
		0;                                                                                 \
	})
#endif

#endif
