/* SPDX-License-Identifier: MIT */
/*
 * What percpu_read_stable reads may be kept, and so outlive a record, which is a dynamic variable.
 * expect: percpu: percpu_read_stable is not for dynamic variables
 */
#include <percpu/record.h>

struct two {
	uint64_t first, second;
};

static PERCPU_RECORD(struct two) record;
void use(void);

void use(void)
{
#ifdef WRONG
	(void)percpu_read_stable(percpu_record_at(&record).first);
#else
	(void)percpu_read(percpu_record_at(&record).first);
#endif
}
