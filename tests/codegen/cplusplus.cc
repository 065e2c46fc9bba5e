// SPDX-License-Identifier: MIT
//
// percpu.h in C++17: definitions in namespaces, of classes, enumerations and pointers, and every
// operation. It must compile without a warning; operations.c has the same functions as near_read
// and near_add, and cplusplus.py compares them.
#include <percpu.h>

enum class Colour : uint16_t { red, green };

struct Task {
	uint32_t id;
	Colour colour;
	Task *next;
};

class Counter
{
public:
	constexpr explicit Counter(uint64_t start) : value_(start) {}
	void count() { value_ += 1; }
	uint64_t value() const { return value_; }

private:
	uint64_t value_;
};

namespace kernel {

PERCPU_DEFINE(uint64_t, number) = 42;
PERCPU_DEFINE(Task *, current) = nullptr;
PERCPU_DEFINE(bool, idle) = true;
PERCPU_DEFINE(Colour, colour) = Colour::green;
PERCPU_DEFINE(Task, init) = {1, Colour::red, nullptr};
PERCPU_DEFINE(Counter, counter){7};
PERCPU_DEFINE_CACHELINE(int32_t, balance);
PERCPU_DEFINE_FAR(uint16_t[3000], table);
PERCPU_DEFINE_PAGE(Task[8], tasks);

namespace {
PERCPU_DEFINE(uint8_t, byte);
}

} // namespace kernel

PERCPU_DECLARE(uint64_t, elsewhere);
PERCPU_DECLARE_FAR(uint64_t, far_elsewhere);

namespace kernel {

extern "C" uint64_t near_read() { return percpu_read(number); }
extern "C" void near_add(uint64_t value) { percpu_add(number, value); }

int64_t integers(uint64_t value)
{
	percpu_write(number, value);
	percpu_sub(number, 2);
	percpu_inc(byte);
	percpu_dec(byte);
	percpu_and(number, 0xff);
	percpu_or(number, 0x10);
	percpu_xor(number, 0x01);
	percpu_raw_add(number, 3);
	percpu_add(balance, -1);
	uint64_t expected = percpu_add_return(number, value);
	if (!percpu_try_cmpxchg(number, &expected, value))
		percpu_write(elsewhere, percpu_inc_return(number) + percpu_dec_return(number));
	return percpu_sum(balance) + static_cast<int64_t>(percpu_xchg(far_elsewhere, expected));
}

Colour types(Task *task, size_t cpu)
{
	percpu_write(current, task);
	percpu_write(idle, percpu_read(current) == nullptr);
	percpu_or(idle, true);
	percpu_write(colour, Colour::red);
	percpu_write(init.next, percpu_xchg(current, nullptr));
	percpu_write_on(init.colour, cpu, Colour::green);
	percpu_ptr(counter)->count();
	percpu_reset(init);
	return percpu_cmpxchg(colour, Colour::red, percpu_read_on(colour, cpu));
}

uint64_t far_objects(size_t index)
{
	uint64_t sum = percpu_offset(table) + percpu_ptr(counter)->value() + percpu_cpu_id();

	percpu_add(table[index], 1);
	percpu_write(tasks[2].id, percpu_read(table[0]));
	percpu_for_each(cpu)
		sum += (*percpu_ptr_on(table, cpu))[index] + (*percpu_ptr_on(tasks, cpu))[0].id;
	return sum + (*percpu_ptr(tasks))[index].id;
}

} // namespace kernel

using namespace kernel;

template <typename Number> Number add_in_template(Number value)
{
	return percpu_add_return(balance, value);
}
template int32_t add_in_template(int32_t);
