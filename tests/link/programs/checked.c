/* SPDX-License-Identifier: MIT */
/* A kernel for PERCPU_DEBUG. With -DHARDWARE_ID it says which CPU it is on. */
#include <percpu.h>

static PERCPU_DEFINE(int, variable);

void _start(void);

void _start(void)
{
	if (!percpu_init(1) && !percpu_set_local_thread_pointer(0))
		percpu_inc(variable);
}

#ifdef HARDWARE_ID
uintptr_t percpu_hardware_id(void)
{
	return 1;
}
#endif
