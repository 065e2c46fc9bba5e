/* SPDX-License-Identifier: MIT */
/*
 * Errors as sentences, in a kernel that has dynamic variables, or CPUs that come and go: it takes
 * the place of what is weak in error.c, so that no other kernel has these.
 */
#include <percpu.h>

#include "internal.h"

int _percpu_check_made(void)
{
	return percpu_area_num() == 0 ? PERCPU_ENOTREADY : 0;
}

/* As in error.c: no table of addresses. */
static inline const char *sentence(const char *text)
{
	__asm__("" : "+r"(text));
	return text;
}

const char *percpu_strerror(int error)
{
	switch (error) {
	case PERCPU_EINVAL:
		return sentence("no CPUs, a CPU number without an area, a NULL pointer, no bytes, "
				"more bytes than an area has, an alignment that is no power of "
				"two, a table or code that has no end, or nothing that was given "
				"or added");
	case PERCPU_EALIGN:
		return sentence("memory that is not aligned, to percpu_area_align() for areas, to "
				"a cache line for percpu_grow and to 8 for its map, or to 4 for a "
				"table of sequences; or a variable that is to be aligned more "
				"strictly than percpu_area_align(): raise PERCPU_DYNAMIC_ALIGN in "
				"the linker script");
	case PERCPU_EALREADY:
		return sentence("the areas have been made before, and CPUs may be using them; or "
				"the sequences have been added before, or there are others where "
				"their code is; or a counter, record, reference, lock or cache is "
				"made that has not ended by its fini, or whose memory was not "
				"zero");
	case PERCPU_EOVERLAP:
		return sentence("the memory overlaps the template of the per-CPU variables, an "
				"area, or other memory of the library's, or wraps around");
	case PERCPU_EADDRESS:
		return sentence("memory at an address that no register, or no handle, can hold; or "
				"the kernel has gone on at another address, where no handle is "
				"right that was made before");
	case PERCPU_EORDER:
		return sentence("a table of restartable sequences is not in order and cannot be "
				"sorted. A module's: an entry is cut off, not relocated, empty, "
				"not in the code, or overlaps another. The kernel's: the linker "
				"script does not collect all of percpu_sequences.* in it, or lays "
				"it out where it cannot be written, or one of these: link the "
				"objects themselves, and load what the linker made");
	case PERCPU_ENOMEM:
		return sentence("no room for the variable: raise PERCPU_DYNAMIC in the linker "
				"script, or, but not for those of a module, give more memory by "
				"percpu_grow");
	case PERCPU_EBUSY:
		return sentence("in use: by a call of this CPU's that this NMI has interrupted, by "
				"variables that are still there, by objects of a cache that were "
				"not put back, or by whoever has the lock, the reference or the "
				"record");
	case PERCPU_EHANDLE:
		return sentence("no variable begins where the handle says: it has been freed "
				"before, was not made by percpu_alloc, or lies inside of one");
	case PERCPU_ESTATE:
		return sentence("the CPU's state does not allow this: up needs a CPU never up or "
				"confirmed dead, and a caller that is not bound as another; down "
				"is called by the CPU itself, while up; dead needs one that called "
				"percpu_cpu_down");
	default:
		return _percpu_strerror_of_areas(error);
	}
}
