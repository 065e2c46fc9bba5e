/* SPDX-License-Identifier: MIT */
/* A sequence of shared.h in code that a script discards. */
#include "shared.h"

__attribute__((section(".exit.text"), used)) void exit_shared(void);

void exit_shared(void)
{
	count_shared();
}
