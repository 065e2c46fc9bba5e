/* SPDX-License-Identifier: 0BSD */
/*
 * Having #DB and NMI come before an instruction of one's choice, and what the handlers do. Machine
 * checks are the test's to send.
 *
 * #DB by a breakpoint in a debug register. For an NMI two facts are put together: NMIs are held
 * back from one NMI to the next IRET, and the return from #DB is an IRET. So: have an NMI, leave
 * its handler without IRET, have another wait, and set a breakpoint. On the way there must be no
 * other IRET; then the NMI that waits comes before the very instruction that #DB came before.
 */
#include <arch/x86_64/user.h>
#include <arch/x86_64/x86.h>
#include <kernels/common/kernel.h>

#include "swapgs.h"

/* MSRs and control bits of machine checks (Intel SDM volume 3, "Machine-Check Architecture"). */
#define MSR_MCG_CAP 0x179
#define MSR_MCG_STATUS 0x17a
#define MSR_MCG_CTL 0x17b
#define MSR_MC0_CTL 0x400
#define MSR_MC0_STATUS 0x401
#define MCG_CAP_BANKS 0xff
#define MCG_CAP_CTL 0x100

/* DR7: breakpoint 0 is on, for execution, locally; bit 10 is always set. */
#define DR7_NONE 0x400
#define DR7_BREAKPOINT_0 (DR7_NONE | 1)
#define DR6_NONE 0xffff0ff0

/* wrong.S */
extern const char asks_cs_debug[], asks_cs_nmi[], asks_sign_debug[], asks_sign_nmi[];

/* The next NMI on that CPU is to be left without IRET; where to, for __builtin_longjmp. */
static struct {
	size_t wanted;
	void *context[5];
} holds[MAX_CPUS];

/* Volatile: what these registers do is not in what the compiler sees. */
void events_break_at(uintptr_t pc)
{
	__asm__ volatile("mov %0, %%dr0" : : "r"(pc));
	__asm__ volatile("mov %0, %%dr7" : : "r"(pc ? (uint64_t)DR7_BREAKPOINT_0 : DR7_NONE));
}

static void after_break(void)
{
	events_break_at(0);
	__asm__ volatile("mov %0, %%dr6" : : "r"((uint64_t)DR6_NONE));
}

void events_hold_nmi(size_t cpu)
{
	if (__builtin_setjmp(holds[cpu].context))
		return;
	__atomic_store_n(&holds[cpu].wanted, 1, __ATOMIC_RELAXED);
	lapic_send_nmi(x86_apic_id());
	for (uint64_t until = board_microseconds() + WAIT_MICROSECONDS;
	     board_microseconds() < until;)
		arch_pause();
	tap_bail_out("cpu %zu: an NMI that it has sent to itself does not come: see what the local "
		     "APIC does by QEMU's -d int",
		     cpu);
}

static void after_nmi(size_t cpu)
{
	if (!__atomic_exchange_n(&holds[cpu].wanted, 0, __ATOMIC_RELAXED))
		return;
	lapic_send_nmi(x86_apic_id());
	/* GS_BASE is right there: it was the kernel that was interrupted. */
	__builtin_longjmp(holds[cpu].context, 1);
}

static size_t banks(void)
{
	return rdmsr(MSR_MCG_CAP) & MCG_CAP_BANKS;
}

static void after_machine_check(void)
{
	for (size_t bank = 0; bank < banks(); bank++)
		wrmsr(MSR_MC0_STATUS + 4 * (uint32_t)bank, 0);
	wrmsr(MSR_MCG_STATUS, 0);
}

static void handle(struct trap_frame *frame, uint64_t vector, uint64_t found)
{
	size_t cpu = windows_cpu();

	if (vector == VECTOR_DEBUG) {
		windows_note(cpu, EVENT_DEBUG, frame->rip, found);
		after_break();
	} else if (vector == VECTOR_NMI) {
		windows_note(cpu, EVENT_NMI, frame->rip, found);
		after_nmi(cpu);
	} else {
		windows_note(cpu, EVENT_MACHINE_CHECK, frame->rip, found);
		after_machine_check();
	}
}

void events_init(size_t cpu)
{
	if (cpu == 0)
		ist_hook_set = handle;
	for (size_t bank = 0; bank < banks(); bank++)
		wrmsr(MSR_MC0_CTL + 4 * (uint32_t)bank, UINT64_MAX);
	if (rdmsr(MSR_MCG_CAP) & MCG_CAP_CTL)
		wrmsr(MSR_MCG_CTL, UINT64_MAX);
	write_cr4(read_cr4() | CR4_MCE);
	lapic_take_nmi();
}

/* The stacks are those of tss.c. */
void events_trust(uint64_t what)
{
	trap_set_gate_on_stack(VECTOR_DEBUG, what == 1 ? asks_cs_debug : asks_sign_debug, 2);
	trap_set_gate_on_stack(VECTOR_NMI, what == 1 ? asks_cs_nmi : asks_sign_nmi, 1);
}

void events_double_fault(size_t cpu)
{
	/* #UD cannot push its frame; neither can the page fault that this is. */
	wrmsr(MSR_LSTAR, (uint64_t)arch_undefined_instruction);
	round_run(cpu, 0, false, 1, 0);
	tap_bail_out("cpu %zu: no double fault", cpu);
}
