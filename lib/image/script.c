/* SPDX-License-Identifier: MIT */
/*
 * PERCPU_VMA image: what is last of that which a loader has to load; and the symbols of percpu.ld,
 * for a script without it.
 */
#include <percpu.h>

#include "../internal.h"

#if PERCPU_IS_IMAGE

/*
 * The C symbol that has every kernel's percpu_init take this file out of the archive: in an object
 * for link-time optimisation by GCC those below are in no symbol table.
 */
__attribute__((section(".percpu.mark"))) volatile uint32_t _percpu_mark = PERCPU_MARK;

/*
 * In a script without percpu.ld one symbol is undefined: that which says what to do. With percpu.ld
 * its symbols are those that count, and it discards the section.
 *
 * Weak: a script may define some of them. A distance, of 8 bytes, fits everywhere and is relocated
 * nowhere at run time.
 */
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
