// SPDX-License-Identifier: 0BSD
//
// C40: everything that percpu.hpp has, written so that no warning of any compiler is this program's
// own. With NARROW there is one: a value that its variable cannot hold.
#include <percpu.hpp>

namespace kernel
{

template <typename First, size_t N> struct Pair {
	First first;
	First second[N];
};

enum class Colour : uint16_t { red, green };

PERCPU_VARIABLE_DECLARE(number, uint64_t);
PERCPU_VARIABLE_DECLARE_FAR(halves, uint16_t[100]);
PERCPU_VARIABLE(number, uint64_t) = 5;
PERCPU_VARIABLE_FAR(halves, uint16_t[100]) = {1, 2};
PERCPU_VARIABLE_CACHELINE(word, uint32_t);
PERCPU_VARIABLE_PAGE(page, Pair<uint32_t, 7>);
PERCPU_VARIABLE_FAR(far_pointer, Pair<uint32_t, 7> *);
#ifdef PERCPU_HAVE_CMPXCHG128
PERCPU_VARIABLE(wide, percpu_u128);
#endif

namespace
{
PERCPU_VARIABLE(integer, int) = -1;
PERCPU_VARIABLE(flag, bool) = true;
PERCPU_VARIABLE(paint, Colour) = Colour::green;
} // namespace

class Scheduler
{
public:
	PERCPU_MEMBER(Scheduler, ready, uint8_t);
	PERCPU_MEMBER_FAR(Scheduler, pairs, Pair<uint32_t, 2>[3]);
};
PERCPU_MEMBER_DEFINE(Scheduler, ready, uint8_t) = 3;
PERCPU_MEMBER_DEFINE_FAR(Scheduler, pairs, Pair<uint32_t, 2>[3]);

size_t everything(size_t cpu);

template <typename Variable, typename T>
static size_t plain(const Variable &variable, T value, size_t cpu)
{
	T was = variable.read();

	variable.write(variable.raw_read());
	variable.raw_write(variable.read_stable());
	was = variable.xchg(value);
	was = variable.cmpxchg(was, value);
	variable.write_on(cpu, variable.read_on(cpu));
	*variable.ptr() = *variable.ptr_on(cpu);
	return variable.offset() + (variable.try_cmpxchg(was, value) ? 1 : 0) +
	       (variable.reset() ? 1 : 0);
}

template <typename Variable, typename T>
static size_t integers(const Variable &variable, T value, size_t cpu)
{
	variable.add(value);
	variable.sub(value);
	variable.inc();
	variable.dec();
	variable.raw_add(value);
	variable.bit_and(value);
	variable.bit_or(value);
	variable.bit_xor(value);
	variable.write(variable.add_return(value));
	variable.write(variable.inc_return());
	variable.write(variable.dec_return());
	return plain(variable, value, cpu) + (variable.sum() ? 1 : 0);
}

size_t everything(size_t cpu)
{
	percpu::pinned here;
	size_t result = integers(number, uint64_t{5}, cpu) + integers(halves[cpu], uint16_t{5}, cpu);

	result += integers(word, uint32_t{5}, cpu) + integers(integer, -5, cpu);
	result += integers(Scheduler::ready, uint8_t{5}, cpu);
	result += integers(Scheduler::pairs[2].field(&Pair<uint32_t, 2>::second)[1], 5u, cpu);
	result += plain(flag, false, cpu) + plain(paint, Colour::red, cpu);
	flag.bit_or(true);
	far_pointer.write(page.ptr());
#ifdef PERCPU_HAVE_CMPXCHG128
	if (wide.cmpxchg128(3, 4))
		result++;
#endif
#ifdef NARROW
	halves[7].write(result);
#endif
	return result;
}

} // namespace kernel
