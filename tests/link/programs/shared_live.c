/* SPDX-License-Identifier: MIT */
/* The same sequence of shared.h in code that is called. */
#include "shared.h"

void live_shared(void);

void live_shared(void)
{
	count_shared();
}
