/* SPDX-License-Identifier: MIT */
/*
 * Every kind of variable, of every size, each with an initial value of its own (layouts.py knows
 * them), and every sort of access to them.
 */
#include <percpu.h>

PERCPU_DEFINE(uint8_t, near_byte) = 0xa1;
PERCPU_DEFINE(uint16_t, near_half) = 0xa2a3;
PERCPU_DEFINE(uint32_t, near_word) = 0xa4a5a6a7;
PERCPU_DEFINE(uint64_t, near_long) = 0xa8a9aaabacadaeaf;
PERCPU_DEFINE(bool, near_flag) = true;
static PERCPU_DEFINE(uint16_t[3], near_array) = {1, 2, 3};
PERCPU_DEFINE_FAR(uint8_t, far_byte) = 0xb1;
PERCPU_DEFINE_FAR(uint16_t, far_half) = 0xb2b3;
PERCPU_DEFINE_FAR(uint32_t, far_word) = 0xb4b5b6b7;
PERCPU_DEFINE_FAR(uint64_t, far_long) = 0xb8b9babbbcbdbebf;
static PERCPU_DEFINE_FAR(char[5000], far_zeros);
PERCPU_DEFINE_CACHELINE(uint8_t, line_byte) = 0xc1;
PERCPU_DEFINE_CACHELINE(uint8_t[65], line_array) = {0xc2, 0xc3};
PERCPU_DEFINE_CACHELINE(uint32_t, line_word) = 0xc4c5c6c7;
PERCPU_DEFINE_PAGE(uint32_t, page_word) = 0xd1d2d3d4;
PERCPU_DEFINE_PAGE(char[4097], page_bytes) = "page";

int an_ordinary_global = 1;
static int chosen;

#ifdef __cplusplus
extern "C"
#endif
	void
	_start(void);

void _start(void)
{
	if (percpu_init(1) || percpu_set_local_thread_pointer(0))
		return;
	percpu_inc(near_byte);
	percpu_write(near_half, percpu_read(near_word));
	percpu_xchg(near_long, 1);
	percpu_write(near_flag, false);
	percpu_write(near_array[chosen], 1);
	percpu_inc(far_byte);
	percpu_write(far_half, percpu_read(far_word));
	percpu_cmpxchg(far_long, 1, 2);
	(*percpu_ptr(far_zeros))[chosen] = 1;
	percpu_or(line_byte, 1);
	percpu_write_on(line_word, 0, 1);
	percpu_reset(page_word);
	(*percpu_ptr_on(line_array, 0))[0] = 1;
	chosen = (int)percpu_sum(page_word) + (int)percpu_offset(page_bytes) + an_ordinary_global;
}
