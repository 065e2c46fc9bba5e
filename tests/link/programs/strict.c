/* SPDX-License-Identifier: MIT */
/* One variable is aligned more strictly than to a page: so are the template and every area. */
#include <percpu.h>

struct strict {
	_Alignas(8192) char bytes[100];
};
PERCPU_DEFINE_FAR(struct strict, strict) = {{'s'}};

void _start(void);

void _start(void)
{
	if (percpu_init(1))
		return;
	*percpu_ptr(strict)->bytes = 1;
}
