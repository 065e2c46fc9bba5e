/* SPDX-License-Identifier: 0BSD */
/*
 * SLED_NOPS instructions that do nothing, to be entered anywhere. The two mnemonics are those of
 * every architecture here.
 */
#include <arch/func.h>

#include "sweep.h"

	.text

func sled
	.rept	SLED_NOPS
	nop
	.endr
	.globl	sled_end
sled_end:
	ret
endfunc sled
