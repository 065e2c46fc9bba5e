/* SPDX-License-Identifier: MIT */
/*
 * PERCPU_VMA image: the symbols of percpu.ld, for a script without it. This file of the archive
 * then comes into the link, and of all those symbols one is undefined: that which says what to do.
 * With percpu.ld its symbols are those that count, and it discards the section.
 *
 * Weak: a script may define some of them. A distance, of 8 bytes, fits everywhere and is relocated
 * nowhere at run time.
 */
#include <percpu.h>

#if PERCPU_IS_IMAGE

__asm__(".pushsection .percpu.script, \"aw\"\n"
	".irp name, load_start, load_end, near_end, align_end, stride_end, reserve_start, "
	"reserve_end, map_start, start, end, sequences_start, sequences_end, "
	"constructors_start, constructors_end, data_end\n"
	".weak _percpu_\\name\n"
	".hidden _percpu_\\name\n"
	"_percpu_\\name:\n"
	".endr\n"
	".8byte libpercpu__linker_script_lacks__INCLUDE_percpu.ld - .\n"
	".popsection");

#endif
