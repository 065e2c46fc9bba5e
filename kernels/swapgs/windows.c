/* SPDX-License-Identifier: 0BSD */
/*
 * Where NMI, #DB and #MC have come at the border to user mode: how often before each instruction,
 * and how often GS_BASE was the user's then. Whether each instruction had its share, and whether
 * GS_BASE was the user's just where it must be, is for the test to judge, from the disassembly.
 */
#include "swapgs.h"

#include <arch/x86_64/user.h>
#include <kernels/common/kernel.h>
#include <kernels/common/print.h>
#include <percpu.h>

extern const char user_timer[], user_breakpoint[], syscall_end[], interrupt_timer[],
	interrupt_breakpoint[], interrupt_end[], user_exceptions[], user_exception[],
	user_exception_end[], ist_debug[], ist_debug_end[];

extern const char kpti_timer[], kpti_breakpoint[], kpti_exceptions[], kpti_exception[],
	kpti_kernel_exception[], kpti_syscall_page[], kpti_syscall[], kpti_syscall_end[],
	kpti_syscall_entry[], kpti_end[];

/* The stub of the fault that user code's HLT is, #GP. */
#define STUB (user_exceptions + 13 * 16)
#define KPTI_STUB (kpti_exceptions + 13 * 16)

static const struct window one_table[WINDOWS] = {
	{user_timer, user_breakpoint, WAY_TIMER},
	{user_breakpoint, syscall_end, WAY_INT3},
	{interrupt_timer, interrupt_breakpoint, WAY_TIMER},
	{interrupt_breakpoint, interrupt_end, WAY_INT3},
	{STUB, STUB + 16, WAY_FAULT},
	{user_exception, user_exception_end, WAY_FAULT},
	{ist_debug, ist_debug_end, WAYS},
};

/* Where user mode has a page table of its own. */
static const struct window two_tables[WINDOWS] = {
	{kpti_timer, kpti_breakpoint, WAY_TIMER},
	{kpti_breakpoint, kpti_exceptions, WAY_INT3},
	{KPTI_STUB, KPTI_STUB + 16, WAY_FAULT},
	{kpti_exception, kpti_kernel_exception, WAY_FAULT},
	{kpti_syscall, kpti_syscall_end, WAY_INT3},
	{kpti_syscall_entry, kpti_end, WAY_INT3},
	{ist_debug, ist_debug_end, WAYS},
};

const struct window *windows = one_table;

const uint64_t way_flags[WAYS] = {
	[WAY_INT3] = 0, [WAY_TIMER] = FLAG_TIMER, [WAY_FAULT] = FLAG_FAULT};

#define WINDOW_BYTES 512

/* Of all CPUs together. */
static struct {
	size_t count[EVENTS], users;
} hits[WINDOWS][WINDOW_BYTES];

/* The same in each CPU's area, and beside it, by the number that its APIC's id says. */
static PERCPU_DEFINE(size_t[EVENTS], events);
static size_t events_by_apic_id[MAX_CPUS][EVENTS];

size_t wrong_areas;

void windows_init(void)
{
	if (arch_user_table())
		windows = two_tables;
}

/* How far SYSCALL's code is, on CPU, from where it is linked. */
static uintptr_t moved(size_t cpu)
{
	return kpti_syscall_address(cpu) - (uintptr_t)kpti_syscall_page;
}

static bool is_moved(const struct window *window)
{
	return window->start == kpti_syscall;
}

uintptr_t windows_address(size_t cpu, const struct window *window, size_t offset)
{
	return (uintptr_t)window->start + offset + (is_moved(window) ? moved(cpu) : 0);
}

static void add(size_t *counter, bool condition)
{
	if (condition)
		__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

uintptr_t gs_base_of(size_t cpu)
{
	return PERCPU_ARCH_REGISTER(percpu_area_base(cpu), PERCPU__TEMPLATE);
}

size_t windows_cpu(void)
{
	size_t cpu = arch_cpu_number();

	add(&wrong_areas, percpu_cpu_id() != cpu);
	return cpu;
}

void windows_note(size_t cpu, enum event event, uintptr_t pc, uintptr_t found)
{
	percpu_inc(events[event]);
	events_by_apic_id[cpu][event]++;
	for (size_t i = 0; i < WINDOWS; i++) {
		size_t offset = pc - windows_address(cpu, &windows[i], 0);

		if (offset >= WINDOW_BYTES || windows[i].start + offset >= windows[i].end)
			continue;
		add(&hits[i][offset].count[event], true);
		add(&hits[i][offset].users, found != gs_base_of(cpu));
	}
}

size_t windows_miscounted(void)
{
	size_t wrong = 0;

	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		for (size_t event = 0; event < EVENTS; event++)
			wrong +=
				percpu_read_on(events[event], cpu) != events_by_apic_id[cpu][event];
	return wrong;
}

bool windows_had_debug(const struct window *window, size_t offset)
{
	return __atomic_load_n(&hits[window - windows][offset].count[EVENT_DEBUG],
			       __ATOMIC_RELAXED);
}

static bool is_users(size_t window, size_t offset)
{
	return windows[window].way < WAYS &&
	       __atomic_load_n(&hits[window][offset].users, __ATOMIC_RELAXED);
}

uintptr_t windows_users(size_t cpu, size_t i)
{
	for (;;)
		for (size_t window = 0; window < WINDOWS; window++)
			for (size_t offset = 0; offset < WINDOW_BYTES; offset++)
				if (is_users(window, offset) && i-- == 0)
					return windows_address(cpu, &windows[window], offset);
}

void windows_report(void)
{
	for (size_t i = 0; i < WINDOWS; i++)
		for (size_t offset = 0; offset < WINDOW_BYTES; offset++) {
			const size_t *count = hits[i][offset].count;

			if (count[EVENT_DEBUG] + count[EVENT_NMI] + count[EVENT_MACHINE_CHECK])
				print("# window %p: %zu #DB, %zu NMI, %zu #MC, %zu with the user's "
				      "GS_BASE\n",
				      windows[i].start + offset, count[EVENT_DEBUG],
				      count[EVENT_NMI], count[EVENT_MACHINE_CHECK],
				      hits[i][offset].users);
		}
}
