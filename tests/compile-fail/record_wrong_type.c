/* SPDX-License-Identifier: MIT */
/*
 * A record is read to where something else is, which may be smaller.
 * expect: incompatible pointer type|cannot convert|cannot initialize|invalid conversion
 */
#include <percpu/record.h>

struct two {
	uint64_t first, second;
};

static PERCPU_RECORD(struct two) record;
#ifdef WRONG
int use(uint64_t *to);

int use(uint64_t *to)
#else
int use(struct two *to);

int use(struct two *to)
#endif
{
	return percpu_record_read(&record, 0, to, 1);
}
