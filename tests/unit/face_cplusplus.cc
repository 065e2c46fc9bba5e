// SPDX-License-Identifier: MIT
//
// percpu.hpp: each member does what the macro of its name does, on each kind of variable, in
// namespaces, classes and anonymous namespaces, and on parts. It fails if a result, this CPU's copy,
// another one's or the template is wrong, or a member gives another type.
#include <percpu.hpp>

extern "C" {
#include "common/unit.h"
}

#define NCPU 3

namespace
{

enum class Colour : uint16_t { red, green, both = 3 };

template <typename First, size_t N> struct Pair {
	First first;
	Colour colour;
	uint32_t second[N];
};

template <typename T, typename U> struct Same {
	static const bool value = false;
};
template <typename T> struct Same<T, T> {
	static const bool value = true;
};

} // namespace

namespace kernel
{

PERCPU_VARIABLE_DECLARE(number, int32_t);
PERCPU_VARIABLE_DECLARE_FAR(table, uint16_t[900]);
PERCPU_VARIABLE(number, int32_t) = 40;
PERCPU_VARIABLE_FAR(table, uint16_t[900]) = {1, 2};
PERCPU_VARIABLE_CACHELINE(line, uint64_t) = 5;
PERCPU_VARIABLE_PAGE(page, Pair<int, 500>[2]);

struct Scheduler {
	PERCPU_MEMBER(Scheduler, ready, uint8_t);
	PERCPU_MEMBER_FAR(Scheduler, pairs, Pair<int *, 2>[3]);
};
PERCPU_MEMBER_DEFINE(Scheduler, ready, uint8_t) = 250;
PERCPU_MEMBER_DEFINE_FAR(Scheduler, pairs, Pair<int *, 2>[3]);

} // namespace kernel

namespace
{

PERCPU_VARIABLE(own, int32_t) = -40;
PERCPU_VARIABLE(pair, Pair<int64_t, 4>) = {7, Colour::green, {1, 2, 3, 4}};
using Wide = Pair<int64_t, 4>;
PERCPU_VARIABLE(flag, bool) = true;
PERCPU_VARIABLE(colour, Colour) = Colour::green;
PERCPU_VARIABLE(pointer, const char *) = nullptr;

using kernel::Scheduler;

// On CPU 1 of three.
void start()
{
	CHECK(percpu_init(NCPU) == 0);
	CHECK(percpu_set_local_thread_pointer(1) == 0);
}

void definitions()
{
	start();
	CHECK(kernel::number.read() == 40 && own.read() == -40);
	CHECK(kernel::table[1].read() == 2 && kernel::line.read() == 5);
	CHECK(Scheduler::ready.read() == 250 && flag.read() && !pointer.read());
	CHECK(reinterpret_cast<uintptr_t>(kernel::line.ptr()) % PERCPU_CACHE_LINE == 0);
	CHECK(reinterpret_cast<uintptr_t>(kernel::page.ptr()) % 4096 == 0);
	static_assert(Same<decltype(kernel::page.ptr()), Pair<int, 500>(*)[2]>::value, "of all");
	static_assert(Same<decltype(kernel::table[1].read()), uint16_t>::value, "no volatile");
}

void results()
{
	int32_t expected = 1;

	start();
	own.write(10);
	own.add(5);
	own.sub(2);
	own.inc();
	own.dec();
	own.raw_add(7);
	CHECK(own.read() == 20 && own.raw_read() == 20 && own.read_stable() == 20);
	own.bit_and(28);
	own.bit_or(1);
	own.bit_xor(3);
	CHECK(own.read() == 22);
	CHECK(own.add_return(8) == 30 && own.inc_return() == 31 && own.dec_return() == 30);
	CHECK(own.xchg(4) == 30 && own.cmpxchg(3, 5) == 4 && own.cmpxchg(4, 5) == 4);
	CHECK(!own.try_cmpxchg(expected, 6) && expected == 5);
	CHECK(own.try_cmpxchg(expected, 6) && own.read() == 6);
	own.raw_write(9);
	CHECK(own.reset() == 0 && own.read() == -40 && kernel::number.read() == 40);
	CHECK(Scheduler::ready.add_return(7) == 1);
}

void types()
{
	start();
	flag.bit_xor(true);
	CHECK(!flag.read() && !flag.xchg(true));
	colour.bit_or(Colour::both);
	CHECK(colour.cmpxchg(Colour::both, Colour::red) == Colour::both);
	CHECK(colour.read() == Colour::red);
	pointer.write("text");
	CHECK(*pointer.xchg(nullptr) == 't' && !pointer.read());
}

void parts()
{
	volatile size_t index = 2;
	auto second = pair.field(&Pair<int64_t, 4>::second);

	start();
	second[index].add(10);
	second[3].inc();
	CHECK(second[2].read() == 13 && pair.ptr()->second[3] == 5);
	pair.field(&Pair<int64_t, 4>::colour).write(Colour::both);
	CHECK(pair.ptr()->colour == Colour::both && pair.ptr()->first == 7);
	CHECK(kernel::table[index].inc_return() == 1 && (*kernel::table.ptr())[2] == 1);
	kernel::page[1].field(&Pair<int, 500>::second)[499].write(6);
	CHECK((*kernel::page.ptr())[1].second[499] == 6);
	Scheduler::pairs[index].field(&Pair<int *, 2>::first).write(nullptr);
	CHECK(second.offset() == pair.offset() + offsetof(Wide, second));
	CHECK(second[3].offset() == second.offset() + 12);
}

void other_cpus()
{
	start();
	own.write(1);
	own.write_on(2, 7);
	CHECK(own.read_on(0) == -40 && own.read_on(1) == 1 && own.read_on(2) == 7);
	CHECK(*own.ptr_on(2) == 7 && !own.ptr_on(3) && own.ptr_on(1) == own.ptr());
	CHECK(own.sum() == -32 && kernel::table[1].sum() == 6);
	static_assert(Same<decltype(own.sum()), int64_t>::value, "signed");
	static_assert(Same<decltype(kernel::table[1].sum()), uint64_t>::value, "unsigned");
	CHECK(percpu_set_local_thread_pointer(2) == 0 && own.read() == 7);
}

} // namespace

extern "C" void kernel_main()
{
	static const struct test tests[] = {
		{"definitions in namespaces and classes have their values and alignment", definitions},
		{"members give what the macros give", results},
		{"bool, enumerations and pointers", types},
		{"fields and elements, at an index known when compiling or only then", parts},
		{"read_on, write_on, ptr_on and sum are of the other CPUs", other_cpus},
	};

	UNIT_RUN(tests);
}
