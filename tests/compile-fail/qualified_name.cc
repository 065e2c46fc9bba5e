// SPDX-License-Identifier: MIT
//
// A variable of another namespace is named by its path: it wants a using-directive.
// expect: has not been declared|undeclared|not declared|no type named|is not a
// use: percpu_read(X)
// use: percpu_write(X, 1)
// use: percpu_ptr(X)
#include <percpu.h>

namespace kernel
{
PERCPU_DEFINE(int, variable);
}

void use();

void use()
{
#ifdef WRONG
	USE(kernel::variable);
#else
	using namespace kernel;

	USE(variable);
#endif
}
