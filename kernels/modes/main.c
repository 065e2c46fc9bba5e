/* SPDX-License-Identifier: 0BSD */
/*
 * modes: what the configuration changes, and what it does not. The same few lines run in every
 * configuration; the boot CPU reports which register it uses, whether its variables are plain
 * globals, and how often the kernel's hooks were called. It fails if a mode does not do what it is
 * for: hooks left out or not balanced, a template kept apart where there is to be none, a register
 * that does not hold this CPU's area, a template linked or areas placed elsewhere than the page's
 * linker script says. With early=1, it begins with percpu_early_init.
 *
 * Options: early=1.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#define SP PERCPU_IS_SP
#define ZERO PERCPU_IS_ZERO
#define RESTART PERCPU_IS_RESTART
#define HOOKS (PERCPU_IS_HOOKS || (RESTART && PERCPU_DEBUG))
#define REGISTER PERCPU__STRING(PERCPU_REGISTER)

static PERCPU_DEFINE(uint32_t, near) = 40;
static PERCPU_DEFINE_FAR(uint16_t[1000], far) = {[999] = 7};
static PERCPU_DEFINE(size_t[2], pair) = {1, 2};

/* As data: the code of a kernel does not reach address 0 everywhere. */
static char *const volatile load_start = _percpu_load_start;

/* What follows the areas in the image is not shifted by where the template is linked. */
static volatile uint32_t data_after = 0x0ff5e7;

/* An address that is aligned to everything, and that no machine has memory at. */
#define NOWHERE ((void *)0x4000000000000000)

static void check_address(void)
{
#ifdef percpu_arch_register_holds
	bool refused = SP || percpu_init_at(NOWHERE, SIZE_MAX, 1) == PERCPU_EADDRESS;
#else
	bool refused = true; /* any address fits this register */
#endif

	tap_ok(refused,
	       "an area out of the register's reach is refused, before anything is written");
}

static void check_register(void)
{
	uintptr_t expected = PERCPU_ARCH_REGISTER(percpu_area_base(0), PERCPU__TEMPLATE);

	if (SP)
		tap_ok(true, "S9 no register is used");
	else
		tap_ok(percpu_arch_get_register() == expected,
		       "S7 S11 S12 the register, %s, holds the area of CPU 0", REGISTER);
	tap_ok((uintptr_t)percpu_ptr(near) - percpu_offset(near) ==
			       (SP ? PERCPU__TEMPLATE : (uintptr_t)percpu_area_base(0)) &&
		       (SP || (uintptr_t)percpu_area_base(0) != PERCPU__TEMPLATE),
	       SP ? "S9 a variable is a plain global" : "S2 a variable is not the template's");
}

static void check_hooks(void)
{
	size_t before = preempt_count();

	percpu_inc(near);
	percpu_write(far[999], 8);
	(void)percpu_read(far[999]);
	(void)percpu_xchg(near, 5);
	tap_ok(preempt_count() - before == (HOOKS ? 4 : 0) && preempt_depth() == 0,
	       "S10 four operations call the hooks %zu times, and leave preemption on",
	       preempt_count() - before);
}

/* Leaves the block by each way; the last returns from within. */
static bool leave_blocks(void)
{
	percpu_with(size_t[2], p, pair)
	{
		(*p)[0] += preempt_depth() == (HOOKS || RESTART ? 1 : 0);
	}
	percpu_with(size_t[2], p, pair)
	{
		(*p)[0]++;
		break;
	}
	percpu_with(size_t[2], p, pair)
	{
		(*p)[0]++;
		continue;
	}
	percpu_with(size_t[2], p, pair)
	{
		(*p)[0]++;
		goto out;
	}
	return false;
out:
	percpu_with(size_t[2], p, pair)
	{
		return (*p)[0] == INITIAL(1) + 4 && (*p)[1] == INITIAL(2);
	}
	return false;
}

static void check_areas(void)
{
	uint64_t early = 0;
	size_t ncpu = cpu_count;
	bool right = true;

	if (option("early", &early) && early) {
		right = percpu_early_init() == 0;
		/* Where area 0 is the template, it is in use now, and no model for the others. */
		if (ZERO && ncpu > 1) {
			right &= percpu_init(ncpu) == PERCPU_ENOTEMPLATE;
			ncpu = 1;
		}
	}
	tap_ok(right && percpu_init(ncpu) == 0 && percpu_set_local_thread_pointer(0) == 0,
	       "S3 S4 there are %zu areas, and the boot CPU is bound to its own",
	       percpu_area_num());
}

static void check_place(void)
{
	char *first = percpu_area_base(0);
	char *last = percpu_area_base(percpu_area_num() - 1);

	tap_ok((uintptr_t)load_start == PERCPU__TEMPLATE &&
		       first == (SP ? load_start : _percpu_start) &&
		       (SP || last + percpu_area_size() <= _percpu_end) && data_after == 0x0ff5e7,
	       "S8 the template is linked at %p, the areas lie from %p to %p, .data is loaded",
	       load_start, first, last + percpu_area_size());
}

void kernel_main(void)
{
	bool template_kept = SP ? false : !ZERO;
	int reset;

	tap_plan(9);
	check_address();
	check_areas();
	tap_ok(percpu_read(near) == INITIAL(40) && percpu_read(far[999]) == INITIAL(7),
	       "S1 initial values are there%s", INITIAL(1) ? "" : " if they are 0: (NOLOAD)");
	check_place();
	check_register();
	check_hooks();
	tap_ok(leave_blocks() && preempt_depth() == 0,
	       "percpu_with leaves preemption as it was, however it is left");
	reset = percpu_reset(near);
	tap_ok(template_kept ? reset == 0 && percpu_read(near) == 40
			     : reset == PERCPU_ENOTEMPLATE && percpu_read(near) == 5,
	       "percpu_reset: %s", percpu_strerror(reset));
}
