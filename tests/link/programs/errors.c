/* SPDX-License-Identifier: MIT */
/* Calls one function, and tells of its error; the command line says which. */
#include <percpu.h>

PERCPU_PTR(int) handle;

void _start(void);

void _start(void)
{
	int error = CALL;

	if (error)
		percpu_panic(percpu_strerror(error));
}
