// SPDX-License-Identifier: MIT
//
// One symbol for two variables, in C++: Clang would take the two for one.
// expect: libpercpu_another_namespace_has_a_variable
// use: PERCPU_DEFINE(int, near) = 1
// use: PERCPU_DEFINE_FAR(int[4], far)
// use: PERCPU_DEFINE_CACHELINE(int, line)
// use: PERCPU_DEFINE_PAGE(int, page)
// use: static PERCPU_DEFINE(int, unit)
// use: PERCPU_VARIABLE(variable, int) = 1
// use: PERCPU_VARIABLE(mixed, int)
// use: DEFINE_PER_CPU(int, in_linux)
// use: PERCPU_MEMBER_DEFINE(Type, member, int)
#include <percpu.hpp>
#include <percpu/linux.h>

namespace two
{
struct Type {
	PERCPU_MEMBER(Type, member, int);
};
} // namespace two

namespace one
{
struct Type {
	PERCPU_MEMBER(Type, member, int);
	PERCPU_MEMBER(Type, near, int);
};
PERCPU_MEMBER_DEFINE(Type, member, int) = 1;
PERCPU_MEMBER_DEFINE(Type, near, int);
PERCPU_DECLARE(int, near);
PERCPU_DEFINE(int, near) = 1;
PERCPU_DEFINE_FAR(int[4], far);
PERCPU_DEFINE_CACHELINE(int, line);
PERCPU_DEFINE_PAGE(int, page);
static PERCPU_DEFINE(int, unit);
PERCPU_VARIABLE_DECLARE(variable, int);
PERCPU_VARIABLE(variable, int) = 1;
PERCPU_DEFINE(int, mixed);
DECLARE_PER_CPU(int, in_linux);
DEFINE_PER_CPU(int, in_linux);
} // namespace one

#ifdef WRONG
namespace two
{
USE(X);
}
#else
extern "C" {
PERCPU_DECLARE(int, c);
PERCPU_DEFINE(int, c);
}
namespace
{
PERCPU_DEFINE(int, anonymous);
}
namespace two
{
PERCPU_DEFINE(int, near_of_two);
}

void use();

void use()
{
	using namespace one;

	percpu_inc(near);
	percpu_inc(unit);
	percpu_inc(anonymous);
	percpu_inc(c);
	variable.inc();
	Type::member.inc();
	Type::near.inc();
	this_cpu_inc(in_linux);
}
#endif
