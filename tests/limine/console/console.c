/* SPDX-License-Identifier: MIT */
/* The console of the kernel in docs/limine.md, on QEMU's machines. */
#include <stddef.h>
#include <stdint.h>

#include "machine.h"

void say(const char *text);
void say_cpu(size_t cpu, uint64_t id, uint64_t traps, uint64_t count, uint64_t place);
void end(int success) __attribute__((noreturn));

static void put(const char *text)
{
	while (*text)
		put_character(*text++);
}

static void put_number(uint64_t number)
{
	char digits[20];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		put_character(digits[--count]);
}

void say(const char *text)
{
	put(text);
	put("\n");
}

void say_cpu(size_t cpu, uint64_t id, uint64_t traps, uint64_t count, uint64_t place)
{
	const char *names[] = {"cpu ", " id ", " traps ", " count ", " place "};
	uint64_t values[] = {cpu, id, traps, count, place};

	for (size_t i = 0; i < 5; i++) {
		put(names[i]);
		put_number(values[i]);
	}
	put("\n");
}

void end(int success)
{
	put(success ? "done\n" : "failed\n");
	power_off();
}
