/* SPDX-License-Identifier: 0BSD */
/*
 * The firmware that the kernel brings along, where the machine has none: in M-mode, below the
 * kernel, it answers the SBI calls that the kernel makes (RISC-V SBI specification), and does for
 * it what S-mode cannot do. No per-CPU variables here, and no print: those are the kernel's.
 */
#include "firmware.h"

#include <arch/boot.h>
#include <boards/common/devices.h>
#include <kernels/common/print.h>

#include "clint.h"
#include "frame.h"
#include "pen.h"
#include "sbi.h"

extern const char kernel_start[], kernel_end[]; /* ldscripts/kernel.ld */

char firmware_stacks[MAX_CPUS][FIRMWARE_STACK_SIZE] __attribute__((aligned(16)));

enum { CAUSE_NO_FETCH = 1, CAUSE_ILLEGAL = 2, CAUSE_S_MODE_CALL = 9, CAUSE_M_MODE_TIMER = 7 };
#define CAUSE_INTERRUPT (UINT64_C(1) << 63)

/* In mie and mip. */
#define TIMER_OF_M (1 << 7)
#define TIMER_OF_S (1 << 5)

/* In mstatus. */
#define MPP (UINT64_C(3) << 11)
#define MPP_S (UINT64_C(1) << 11)
#define SPP_SHIFT 8
#define SPIE (UINT64_C(1) << 5)
#define SIE (UINT64_C(1) << 1)

#define READ_CSR(name)                                                                             \
	({                                                                                         \
		uint64_t value;                                                                    \
		__asm__ volatile("csrr %0, " name : "=r"(value)::"memory");                        \
		value;                                                                             \
	})
#define WRITE_CSR(name, value) __asm__ volatile("csrw " name ", %0" ::"r"(value) : "memory")
#define SET_CSR(name, bits) __asm__ volatile("csrs " name ", %0" ::"r"(bits) : "memory")
#define CLEAR_CSR(name, bits) __asm__ volatile("csrc " name ", %0" ::"r"(bits) : "memory")

__attribute__((noreturn)) static void stop(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++)
		devices_putc(line->text[i]);
	devices_off(false);
	arch_halt();
}

/* Called once, by the boot hart, on a small stack. Returns its number. */
size_t firmware_init(uintptr_t tree);
size_t firmware_init(uintptr_t tree)
{
	const char *error = devices_find(tree);
	struct line line = {.length = 0};

	/* A hart without mmu-type has no S-mode: hart 0 of the SiFive U54 complex, for one. */
	if (!error)
		error = clint_find(devices_tree(), "mmu-type");
	if (error) {
		line_add(&line,
			 "\nBail out! cpu 0: %s: start the kernel with a device tree in a1, "
			 "as QEMU does\n",
			 error);
		stop(&line);
	}
	pen_keep_out(this_hwid());
	return clint_place(this_hwid());
}

/* S-mode's timer interrupt is pending once the CLINT's is, and until it is set again. */
static void set_timer(uint64_t time)
{
	clint_set_timer(time);
	CLEAR_CSR("mip", TIMER_OF_S);
	SET_CSR("mie", TIMER_OF_M);
}

static void timer_is_due(void)
{
	CLEAR_CSR("mie", TIMER_OF_M);
	SET_CSR("mip", TIMER_OF_S);
}

static bool answers(uint64_t extension)
{
	return extension == SBI_BASE || extension == SBI_HSM || extension == SBI_TIME ||
	       extension == SBI_SRST || extension == SBI_LEGACY_PUTCHAR;
}

static struct sbi_result answer_base(uint64_t function, uint64_t argument)
{
	switch (function) {
	case SBI_BASE_GET_IMPLEMENTATION:
		return (struct sbi_result){0, SBI_OURS};
	case SBI_BASE_GET_VERSION:
		return (struct sbi_result){0, 1};
	case SBI_BASE_PROBE_EXTENSION:
		return (struct sbi_result){0, answers(argument)};
	default:
		return (struct sbi_result){SBI_ERR_NOT_SUPPORTED, 0};
	}
}

/* A hart that stops leaves its frame behind, and has its stack from its end when it comes again. */
static struct sbi_result answer_hsm(uint64_t function, const uint64_t *arguments)
{
	long status;

	switch (function) {
	case SBI_HSM_HART_START:
		return (struct sbi_result){pen_release(arguments[0], arguments[1], arguments[2]),
					   0};
	case SBI_HSM_HART_STOP:
		pen_go_back();
	case SBI_HSM_HART_GET_STATUS:
		status = pen_status(arguments[0]);
		return (struct sbi_result){status < 0 ? status : 0, status < 0 ? 0 : status};
	default:
		return (struct sbi_result){SBI_ERR_NOT_SUPPORTED, 0};
	}
}

/* What comes back in a0 and a1. */
static struct sbi_result answer(struct trap_frame *frame)
{
	uint64_t extension = frame->X(17), function = frame->X(16);
	uint64_t arguments[] = {frame->X(10), frame->X(11), frame->X(12)};

	if (extension == SBI_LEGACY_PUTCHAR) {
		devices_putc((char)arguments[0]);
		return (struct sbi_result){0, (long)arguments[1]};
	}
	if (extension == SBI_BASE)
		return answer_base(function, arguments[0]);
	if (extension == SBI_TIME && function == SBI_TIME_SET_TIMER) {
		set_timer(arguments[0]);
		return (struct sbi_result){0, 0};
	}
	if (extension == SBI_HSM)
		return answer_hsm(function, arguments);
	if (extension == SBI_SRST && arguments[0] == SBI_SRST_SHUTDOWN)
		devices_off(arguments[1] == SBI_SRST_NO_REASON);
	return (struct sbi_result){SBI_ERR_NOT_SUPPORTED, 0};
}

/*
 * The trap goes on to S-mode, with all that the hart does where it is delegated (RISC-V privileged
 * specification, "Supervisor Status (sstatus) Register").
 */
static void hand_on(struct trap_frame *frame)
{
	uint64_t status = frame->status;
	bool from_s = (status & MPP) == MPP_S;

	WRITE_CSR("sepc", frame->pc);
	WRITE_CSR("scause", READ_CSR("mcause"));
	WRITE_CSR("stval", READ_CSR("mtval"));
	status &= ~(MPP | SPIE | UINT64_C(1) << SPP_SHIFT);
	status |= MPP_S | (uint64_t)from_s << SPP_SHIFT | (status & SIE ? SPIE : 0);
	frame->status = status & ~SIE;
	frame->pc = READ_CSR("stvec"); /* direct mode: these kernels use no other */
}

/* CSRRS rd, time, x0. */
#define IS_RDTIME(insn) (((insn)&0xfffff07f) == 0xc0102073)
#define RD(insn) ((insn) >> 7 & 31)

/*
 * For S-mode the time may be no register but the CLINT's only. mtval has the instruction, or 0
 * (privileged specification, "Machine Trap Value Register"): then this is not seen, and handed on.
 */
static void illegal_instruction(struct trap_frame *frame)
{
	uint64_t insn = READ_CSR("mtval");

	if ((frame->status & MPP) != MPP_S || !IS_RDTIME(insn)) {
		hand_on(frame);
		return;
	}
	if (RD(insn))
		frame->x1[RD(insn) - 1] = clint_time();
	frame->pc += 4;
}

/* It would be the same again, for ever. */
__attribute__((noreturn)) static void report(const struct trap_frame *frame, uint64_t cause)
{
	struct line line = {.length = 0};

	line_add(&line,
		 "\nBail out! hart %lu, M-mode below the kernel: unexpected trap: %s (%lx) "
		 "at pc %lx, address %lx: see what firmware.S delegates, and PMP\n",
		 this_hwid(), trap_name(cause), cause, frame->pc, READ_CSR("mtval"));
	stop(&line);
}

/* A jump out of the kernel is its own to report; in it, PMP is wrong, and its handler unreachable.
 */
static void no_fetch(struct trap_frame *frame)
{
	if (frame->pc - (uintptr_t)kernel_start < (uintptr_t)(kernel_end - kernel_start))
		report(frame, CAUSE_NO_FETCH);
	hand_on(frame);
}

void firmware_trap(struct trap_frame *frame);
void firmware_trap(struct trap_frame *frame)
{
	uint64_t cause = READ_CSR("mcause");

	if ((frame->status & MPP) == MPP)
		report(frame, cause);
	if (cause == (CAUSE_INTERRUPT | CAUSE_M_MODE_TIMER)) {
		timer_is_due();
	} else if (cause == CAUSE_S_MODE_CALL) {
		struct sbi_result result = answer(frame);

		frame->X(10) = (uint64_t)result.error;
		frame->X(11) = (uint64_t)result.value;
		frame->pc += 4;
	} else if (cause == CAUSE_ILLEGAL) {
		illegal_instruction(frame);
	} else if (cause == CAUSE_NO_FETCH) {
		no_fetch(frame);
	} else {
		report(frame, cause);
	}
}
