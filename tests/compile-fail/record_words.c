/* SPDX-License-Identifier: MIT */
/*
 * A record that is not whole words: a reader could not tell which of its bytes are of one moment.
 * expect: a record is whole words
 */
#include <percpu/record.h>

struct words {
	uint64_t first, second;
};
struct halves {
	uint32_t first, second;
};

#ifdef WRONG
#define TYPE struct halves
#else
#define TYPE struct words
#endif

static PERCPU_RECORD(TYPE) record;
int use(TYPE *to);

int use(TYPE *to)
{
	return percpu_record_read(&record, 0, to, 1);
}
