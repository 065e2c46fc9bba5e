/* SPDX-License-Identifier: 0BSD */
/* Initial values of every size, near and far, and whether a CPU finds them. */
#include "smp.h"

#include <kernels/common/kernel.h>

struct mixed {
	uint8_t byte;
	uint64_t word;
	const char *text;
	uint16_t halves[3];
};
enum colour { RED = 7, GREEN = 70000 };

static PERCPU_DEFINE(uint8_t, near_u8) = 0x81;
static PERCPU_DEFINE(uint16_t, near_u16) = 0x8203;
static PERCPU_DEFINE(uint32_t, near_u32) = 0x84050607;
static PERCPU_DEFINE(uint64_t, near_u64) = 0x88090a0b0c0d0e0f;
static PERCPU_DEFINE(int8_t, near_s8) = -3;
static PERCPU_DEFINE(bool, near_bool) = true;
static PERCPU_DEFINE(enum colour, near_enum) = GREEN;
static PERCPU_DEFINE(struct mixed, near_struct) = {1, 2, "three", {4, 5, 6}};
static PERCPU_DEFINE(const char *, near_pointer) = "pointer";
static PERCPU_DEFINE_CACHELINE(uint32_t, line_u32) = 0x64;
static PERCPU_DEFINE_FAR(uint8_t, far_u8) = 0x91;
static PERCPU_DEFINE_FAR(uint16_t, far_u16) = 0x9203;
static PERCPU_DEFINE_FAR(uint32_t, far_u32) = 0x94050607;
static PERCPU_DEFINE_FAR(uint64_t, far_u64) = 0x98090a0b0c0d0e0f;
static PERCPU_DEFINE_FAR(struct mixed[50], far_structs) = {[49] = {7, 8, "nine", {10, 11, 12}}};
static PERCPU_DEFINE_FAR(uint32_t[1500], far_array) = {[0] = 1, [700] = 2, [1499] = 3};
static PERCPU_DEFINE_PAGE(char[100], page_text) = "page";

/* Aligned to TO, or as areas are, if that is less. */
static bool aligned(const void *p, size_t to)
{
	size_t area = percpu_area_align();

	return (uintptr_t)p % (to < area ? to : area) == 0;
}

#define CHECK(condition)                                                                           \
	if (!(condition))                                                                          \
		return #condition;

static const char *wrong_near(void)
{
	CHECK(percpu_read(near_u8) == 0x81)
	CHECK(percpu_read(near_u16) == 0x8203)
	CHECK(percpu_read(near_u32) == 0x84050607)
	CHECK(percpu_read(near_u64) == 0x88090a0b0c0d0e0f)
	CHECK(percpu_read(near_s8) == -3)
	CHECK(percpu_read(near_bool))
	CHECK(percpu_read(near_enum) == GREEN)
	CHECK(percpu_read(near_struct.byte) == 1 && percpu_read(near_struct.word) == 2)
	CHECK(percpu_read(near_struct.text)[4] == 'e' && percpu_read(near_struct.halves[2]) == 6)
	CHECK(percpu_read(near_pointer)[0] == 'p')
	return NULL;
}

static const char *wrong_far(const struct mixed *last, uint64_t sum)
{
	CHECK(percpu_read(line_u32) == 0x64)
	CHECK(aligned(percpu_ptr(line_u32), PERCPU_CACHE_LINE))
	CHECK(percpu_read(far_u8) == 0x91)
	CHECK(percpu_read_stable(near_u32) == percpu_read(near_u32))
	CHECK(percpu_read_stable(far_u8) == 0x91 && percpu_read_stable(far_array[1499]) == 3)
	CHECK(percpu_read(far_u16) == 0x9203)
	CHECK(percpu_read(far_u32) == 0x94050607)
	CHECK(percpu_read(far_u64) == 0x98090a0b0c0d0e0f)
	CHECK(last->byte == 7 && last->word == 8 && last->text[3] == 'e' && last->halves[2] == 12)
	CHECK(percpu_read(far_array[700]) == 2 && sum == 6)
	CHECK((*percpu_ptr(page_text))[1] == 'a')
	CHECK(aligned(percpu_ptr(page_text), 4096))
	return NULL;
}

/* Not all in one function, which without optimisation has too large a frame. */
const char *wrong_initial_value(void)
{
	const struct mixed *last = percpu_ptr(far_structs[49]);
	const char *wrong;
	uint64_t sum = 0;

	for (size_t i = 0; i < 1500; i++)
		sum += READ_AT(far_array, i);
	if (!INITIAL(1))
		return sum || percpu_read(near_u64) || last->text ? "0" : NULL;
	wrong = wrong_near();
	return wrong ? wrong : wrong_far(last, sum);
}
