/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/clock.c and fadt.c: a time stamp counter is measured right or not at all, by counters
 * that stand still, are not there, wrap, run out, or are read with interruptions; and its value is
 * made microseconds of, for all that it can be. The machine is a pretence here: each read of
 * anything lets time go by.
 */
#include "common/machine.h"

#define FADT 0x100000u
#define GHZ 1000000000u

/* In nanoseconds. The CPU is taken away every so often, for up to SLOW. */
static uint64_t now, started, slow, slow_every, next_slow;
static uint64_t tsc_hz, runs_out;
static bool there, counts, toggles;

static void pass(uint64_t time)
{
	now += time;
	if (slow && now >= next_slow) {
		now += now * UINT64_C(2654435761) % slow;
		next_slow = now + slow_every;
	}
}

static uint64_t tsc(void)
{
	pass(10);
	return (uint64_t)((unsigned __int128)now * tsc_hz / GHZ);
}

static bool start(void)
{
	pass(1000);
	started = now;
	return there;
}

static bool read_counter(uint32_t *ticks)
{
	pass(500);
	*ticks = counts ? (uint32_t)((unsigned __int128)now * 3579545 / GHZ) : UINT32_MAX;
	if (toggles)
		*ticks = now / 15000 & 1;
	pass(500);
	return !runs_out || now - started < runs_out;
}

static const struct pc_counter counter = {
	.name = "a counter", .hz = 3579545, .mask = 0xffffff, .start = start, .read = read_counter};

static void make_machine(uint64_t hz)
{
	now = slow = slow_every = next_slow = runs_out = 0;
	tsc_hz = hz;
	there = counts = true;
	toggles = false;
}

/* That the rate is known to one part in so many. */
static void measures(uint64_t exactly)
{
	uint64_t rate = clock_measure(&counter, tsc), right = tsc_hz / 1000;

	CHECK(rate >= right - right / exactly && rate <= right + right / exactly);
}

static void rates(void)
{
	for (uint64_t hz = 1100000; hz < UINT64_C(100000000000); hz *= 3) {
		make_machine(hz);
		measures(50);
	}
	/* The counter goes round while it is looked at: its 24 bits are over in 4.7 s. */
	for (uint64_t at = 4600; at < 4700; at++) {
		make_machine(GHZ);
		now = at * 1000000;
		measures(50);
	}
}

static void interruptions(void)
{
	for (uint64_t every = 1000000; every < 100000000; every += every / 20) {
		make_machine(GHZ);
		slow = 2000000000;
		slow_every = every;
		measures(50);
		if (every < 2000000)
			continue;
		/* Longer than the counter takes to go round. */
		make_machine(GHZ);
		slow = 20000000000;
		slow_every = every;
		measures(50);
		/* After 55 ms this one has run out. */
		make_machine(GHZ);
		runs_out = 55000000;
		slow = 300000000;
		slow_every = every;
		measures(50);
	}
}

/* When the counter is read for the first time, for eight seconds: not all others are as long. */
static void first_interrupted(void)
{
	make_machine(GHZ);
	slow = UINT64_C(20000000000);
	slow_every = UINT64_C(1000000000000000);
	next_slow = 1100;
	measures(50);
	CHECK(now > UINT64_C(8000000000) && now < UINT64_C(20000000000));
}

static void nothing_to_measure_by(void)
{
	make_machine(GHZ);
	there = false;
	CHECK(clock_measure(&counter, tsc) == 0);
	make_machine(GHZ);
	counts = false;
	CHECK(clock_measure(&counter, tsc) == 0 && now < 10 * UINT64_C(1000000000));
	make_machine(GHZ);
	toggles = true;
	CHECK(clock_measure(&counter, tsc) == 0 && now < 10 * UINT64_C(1000000000));
	make_machine(GHZ);
	runs_out = 1;
	CHECK(clock_measure(&counter, tsc) == 0 && now < 10 * UINT64_C(1000000000));
}

static void nothing_to_measure(void)
{
	make_machine(0);
	CHECK(clock_measure(&counter, tsc) == 0);
	make_machine(900000);
	CHECK(clock_measure(&counter, tsc) == 0);
}

static void microseconds(void)
{
	for (uint64_t rate = CLOCK_SLOWEST; rate < 10000000; rate = rate * 5 / 3 + 1)
		for (uint64_t back = 0; back < 100000; back += 997)
			for (unsigned bits = 0; bits <= 64; bits++) {
				uint64_t at = (bits < 64 ? UINT64_C(1) << bits : 0) - back;
				uint64_t right = (uint64_t)((unsigned __int128)at * 1000 / rate);

				CHECK(clock_microseconds(at, rate) == right);
			}
}

static void put_fadt(uint32_t length, uint32_t port, uint8_t port_size, uint32_t flags)
{
	memset(memory(FADT), 0, 300);
	put32(FADT + 4, length);
	put32(FADT + 76, port);
	memory(FADT)[91] = port_size;
	put32(FADT + 112, flags);
}

static void put_generic(uint8_t space, uint64_t address)
{
	memory(FADT)[208] = space;
	put64(FADT + 212, address);
}

static void timer_ports(void)
{
	make_memory();
	put_fadt(116, 0x608, 4, 0);
	CHECK(fadt_timer_port(memory(FADT)) == 0x608);
	put_fadt(115, 0x608, 4, 0);
	CHECK(fadt_timer_port(memory(FADT)) == 0);
	put_fadt(116, 0x608, 0, 0);
	CHECK(fadt_timer_port(memory(FADT)) == 0);
	put_fadt(116, 0x608, 4, 1 << 20);
	CHECK(fadt_timer_port(memory(FADT)) == 0);
	put_fadt(116, 0xfffd, 4, 0);
	CHECK(fadt_timer_port(memory(FADT)) == 0);
	put_fadt(220, 0x608, 4, 0);
	CHECK(fadt_timer_port(memory(FADT)) == 0x608);
	put_generic(1, 0x1808);
	CHECK(fadt_timer_port(memory(FADT)) == 0x1808);
	put32(FADT + 4, 219);
	CHECK(fadt_timer_port(memory(FADT)) == 0x608);
	put32(FADT + 4, 220);
	put_generic(0, 0x1808);
	CHECK(fadt_timer_port(memory(FADT)) == 0);
	put_generic(1, UINT64_C(0x100001808));
	CHECK(fadt_timer_port(memory(FADT)) == 0);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a time stamp counter of any rate is measured to 2 %", rates},
		{"whatever comes between, what is measured is right", interruptions},
		{"a long first read is not waited for", first_interrupted},
		{"C55 no rate by a counter that is not there, stands still, or goes back",
		 nothing_to_measure_by},
		{"C55 no rate of a time stamp counter that stands still", nothing_to_measure},
		{"C58 microseconds do not wrap while the time stamp counter does not",
		 microseconds},
		{"the ACPI timer is where the FADT says, if it does", timer_ports},
	};

	UNIT_RUN(tests);
}
