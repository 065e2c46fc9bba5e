/* SPDX-License-Identifier: MIT */
/* Errors as sentences, and the version. */
#include <percpu.h>

#include "internal.h"

/*
 * Hides the address from the compiler, which would make a table of addresses of the switch: they
 * would have to be relocated in a kernel that goes on at another address than it is linked for. The
 * asm does nothing, and may be left out with its result.
 */
static inline const char *sentence(const char *text)
{
	__asm__("" : "+r"(text));
	return text;
}

/* Weak: what has more errors brings error_dynamic.c. */
const char *percpu_strerror(int error)
	__attribute__((weak, alias(PERCPU__STRING(PERCPU_SYMBOL(_percpu_strerror_of_areas)))));

const char *_percpu_strerror_of_areas(int error)
{
	switch (error) {
	case 0:
		return sentence("no error");
	case PERCPU_EINVAL:
		return sentence("no CPUs, a CPU number without an area, or a NULL pointer");
	case PERCPU_ENOSPC:
		return sentence(PERCPU_IS_SP
					? "PERCPU_MODE sp is for one CPU; or percpu_init_at "
					  "has less memory than its area takes"
					: "more CPUs than the space holds areas: raise CPU_NUM "
					  "in the linker script, or give percpu_init_at more "
					  "memory");
	case PERCPU_EALIGN:
		return sentence("the memory is not aligned to percpu_area_align()");
	case PERCPU_EALREADY:
		return sentence("the areas have been made before, and CPUs may be using them");
	case PERCPU_ENOTREADY:
		return sentence("the areas have not been made yet: call percpu_init first");
	case PERCPU_EOVERLAP:
		return sentence("the memory overlaps the template of the per-CPU variables, or "
				"wraps around");
	case PERCPU_ENOTEMPLATE:
		return sentence(
			"no initial values are left: the template itself is in use as an area");
	case PERCPU_EADDRESS:
		return sentence(
			"the register cannot hold what it takes to reach memory at this address");
	case PERCPU_EORDER:
		return sentence(
			"the table of restartable sequences is not in order and cannot be sorted: "
			"the linker script does not collect all of percpu_sequences.* in it, or "
			"lays it out where it cannot be written, or nothing has relocated it, or "
			"something has rearranged it, so that sequences overlap or are cut off, "
			"or a sequence of the kernel's own is empty: "
			"link the objects themselves, and load what the linker made");
	case PERCPU_ENOTLOADED:
		return sentence(
			"the initial values are not in memory: the kernel cleared them, for its "
			"symbol for the start of .bss, or .sbss, lies before INCLUDE percpu.ld; or "
			"nothing loaded them, for the end of data in a loader's header, or the "
			"image, lies before _percpu_data_end");
	case PERCPU_ELEVEL:
		return sentence(
			"the CPU does not run at the level that the library is for: build both "
			"with the kernel's PERCPU_RISCV_LEVEL, s or m; or this is S-mode, and no "
			"interrupt is delegated to it yet");
	default:
		return sentence("not an error of libpercpu");
	}
}

unsigned percpu_version(void)
{
	return PERCPU_VERSION;
}
