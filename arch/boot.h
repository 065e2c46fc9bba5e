/* SPDX-License-Identifier: 0BSD */
/*
 * What the boot code of every architecture shares with the portable part of the kernels. Included
 * by C and by assembly: these are the only places where the numbers stand.
 */
#ifndef ARCH_BOOT_H
#define ARCH_BOOT_H

/*
 * Each CPU's stack: boot_stacks + cpu * BOOT_STACK_SIZE, growing down from its end. The lowest
 * STACK_GUARD bytes of a stack are not for use: kernels/common/stacks.c sees by them that it has
 * overflowed.
 */
#define STACK_GUARD 4096
#define BOOT_STACK_SIZE (8192 + STACK_GUARD)

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern char boot_stacks[][BOOT_STACK_SIZE];

/* ---- Called by an architecture's boot.S, on the stack of the CPU it concerns ---- */

/* The boot CPU. HWID is its hardware id, BOOT_DATA what the boot loader passed. */
__attribute__((noreturn)) void kernel_entry(uint64_t hwid, uintptr_t boot_data);

/*
 * Each other CPU, once it is bound to its area; ERROR is what percpu_set_local_thread_pointer
 * said.
 */
__attribute__((noreturn)) void secondary_entry(size_t cpu, int error);

/* An unexpected trap: what happened, where (the pc), and the address it concerns. */
__attribute__((noreturn)) void trap_report(size_t cpu, const char *what, uint64_t code, uint64_t pc,
					   uint64_t address);

/* ---- Given by each architecture ---- */

/*
 * Makes the architecture's part of cpus[] of kernel.h ready, once, before any CPU is started.
 * Returns NULL, or a sentence that says why no other CPU can be.
 */
const char *arch_start_init(void);

/*
 * Starts CPUs FIRST to END - 1, all at once, and returns without waiting for them. Where the
 * firmware refuses one it sets that CPU's error and goes on; one that has an error already it
 * leaves alone. What the caller wrote before is visible to the CPUs that come up.
 */
void arch_start_cpus(size_t first, size_t end);

/* Tries once more to start a CPU that has not answered, where that can help. */
void arch_retry_cpu(size_t cpu);

/*
 * Stops the calling CPU, number CPU, until arch_start_cpus starts it again: the last thing that it
 * does. Its interrupts go off, and its registers are lost. Where the hardware or the firmware
 * refuses, the run ends by a sentence. Not for CPU 0, which starts the others; kernels call
 * cpus_stop_self of kernel.h, which says so.
 */
__attribute__((noreturn)) void arch_stop_self(size_t cpu);

/*
 * Whether CPU, which has called arch_stop_self or is about to, has stopped. Then it executes
 * nothing of the kernel's any more but, where no firmware takes it, a loop that uses no stack; its
 * stack may be used for something else; and what it wrote is visible to the caller. To be asked on
 * CPU 0, again and again until it is true, for asking may be what brings it about. Where the
 * firmware answers by an error, the CPU's error is set, and this is false.
 *
 * Only then may arch_start_cpus start it again. It comes as the first time: what it had is in
 * memory or gone. What it calls to take interrupts, arch_interrupts_init, it calls anew.
 */
bool arch_cpu_has_stopped(size_t cpu);

/*
 * Maps the SIZE bytes of RAM at START one to one, except where something is mapped. For the boot
 * CPU, before it starts others; these have it too. False if that cannot be.
 */
bool arch_map_ram(uint64_t start, uint64_t size);

/* In a loop that waits: lets the CPU rest a moment. */
void arch_pause(void);

/* Stops the calling CPU for ever. */
__attribute__((noreturn)) void arch_halt(void);

/*
 * Maps the kernel a second time, in the higher half of the addresses, goes on there with FUNCTION,
 * and unmaps the memory that the kernel started in. For the boot CPU, while no other runs. Stack,
 * trap path and whatever else the CPU itself finds by an address have moved when FUNCTION starts,
 * on an empty stack; it must not return. The per-CPU register is as it was.
 *
 * Only for a kernel that MOVING in the Makefile names: its code is position-independent. Nothing
 * changes a pointer that lies in memory: what it points to is not there any more, unless it is a
 * device.
 */
__attribute__((noreturn)) void arch_enter_higher_half(void (*function)(void));

/* An instruction that no CPU accepts, and what its trap is called in trap_report. */
void arch_undefined_instruction(void);
extern const char arch_undefined_instruction_name[];

#endif
#endif
