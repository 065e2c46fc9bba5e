// SPDX-License-Identifier: MIT
//
// In C++ a constructor that runs would write to the template: only constant initialisation is.
// expect: constinit|constant|constructor
// use: PERCPU_DEFINE(X, variable){3}
// use: PERCPU_DEFINE_FAR(X, far_variable){3}
// use: PERCPU_DEFINE_CACHELINE(X, line){3}
// use: PERCPU_DEFINE_PAGE(X, page){3}
// use: static PERCPU_DEFINE(X, unit){3}
#include <percpu.h>

int compute(int);

struct Constant {
	constexpr explicit Constant(int start) : value(start)
	{
	}
	int value;
};

struct Computed {
	explicit Computed(int start) : value(compute(start))
	{
	}
	int value;
};

#ifdef WRONG
USE(Computed);
#else
USE(Constant);
#endif
