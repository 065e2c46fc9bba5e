// SPDX-License-Identifier: MIT
//
// percpu.hpp: a const field is written.
// expect: percpu: a const variable is not written
// use: X.write(1)
// use: X.inc()
// use: (void)X.xchg(1)
// use: X.write_on(0, 1)
#include <percpu.hpp>

struct Queue {
	const int fixed;
	int changing;
};
PERCPU_VARIABLE(queue, Queue) = {1, 2};

void use();

void use()
{
#ifdef WRONG
	USE(queue.field(&Queue::fixed));
#else
	USE(queue.field(&Queue::changing));
#endif
}
