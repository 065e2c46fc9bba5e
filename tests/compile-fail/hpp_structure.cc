// SPDX-License-Identifier: MIT
//
// percpu.hpp: a structure is read and written as if it were a number.
// define: PERCPU_VARIABLE PERCPU_VARIABLE_FAR
// expect: percpu: integers of 1, 2, 4 or 8 bytes
// use: (void)X.read()
// use: X.write({})
// use: (void)X.xchg({})
// use: (void)X.read_on(0)
#include <percpu.hpp>

struct Queue {
	int length, first;
};
DEFINE(queue, Queue) = {1, 2};

void use();

void use()
{
#ifdef WRONG
	USE(queue);
#else
	USE(queue.field(&Queue::length));
#endif
}
