/* SPDX-License-Identifier: MIT */
/* Variables that this unit defines and does not use. */
#include <percpu.h>

PERCPU_DEFINE(uint32_t, named_by_c) = 0xe1e2e3e4;
PERCPU_DEFINE(uint32_t, named_by_assembly) = 0xe5e6e7e8;
PERCPU_DEFINE_FAR(uint32_t, far_named_by_assembly) = 0xe9eaebec;
static PERCPU_DEFINE(uint32_t, named_by_a_debugger) = 0xedeeeff0;
static PERCPU_DEFINE_FAR(uint32_t, far_named_by_a_debugger) = 0xf1f2f3f4;
static PERCPU_DEFINE_CACHELINE(uint32_t, line_named_by_a_debugger) = 0xf5f6f7f8;
static PERCPU_DEFINE_PAGE(uint32_t, page_named_by_a_debugger) = 0xf9fafbfc;
