/* SPDX-License-Identifier: MIT */
/*
 * The words of a record without an accessor: whose they would be, nothing says.
 * expect: percpu_record_at|is not a function|no match for call|does not provide a call operator
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
	percpu_record_at(&record).first = 1;
#else
	percpu_record_write(&record) percpu_write(percpu_record_at(&record).first, 1);
#endif
}
