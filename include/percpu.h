/* SPDX-License-Identifier: MIT */
/*
 * libpercpu: per-CPU variables for kernels, hypervisors and hobby operating systems.
 *
 * Every CPU has an area: its own copy of every variable defined here. The areas are made from a
 * template, the output section .percpu, which holds the initial values, is no CPU's area and is
 * never written. One register of each CPU finds that CPU's area:
 *
 *	x86_64		GS_BASE holds area - template
 *	aarch64		TPIDR_EL1 holds the area's address
 *	riscv64		gp holds the area's address
 *
 * A kernel does four things, in this order:
 *
 *	1. its linker script says INCLUDE percpu.ld, in the right place (but see PERCPU_VMA below);
 *	2. percpu_init(ncpu) makes the areas;
 *	3. every CPU calls percpu_set_local_thread_pointer(cpu) before it uses a variable;
 *	4. percpu_read(X), percpu_add(X, 1), ...
 *
 *	PERCPU_DEFINE(size_t, CPU_ID) = 0;
 *	...
 *	if (percpu_init(4) || percpu_set_local_thread_pointer(0))
 *		...
 *	percpu_write(CPU_ID, 1);
 *
 * INCLUDE percpu.ld stands inside SECTIONS, outside any output section:
 *
 * - behind the last section whose contents are loaded;
 * - before the symbol from which the kernel clears .bss, wherever that is: where .sbss is before
 *   .bss, it often is before both;
 * - within what a loader's header, or an edata of the kernel's own, calls data: what of percpu.ld
 *   has to be loaded ends at _percpu_data_end;
 * - on riscv64 with tp, not between .sdata and .sbss, which GNU ld reaches by gp if they are one
 *   output section. .sbss is in the file then, as zeros, and need not be cleared:
 *
 *	.sdata : {
 *	    __global_pointer$ = . + 0x800;
 *	    *(.sdata .sdata.*)
 *	    *(.sbss .sbss.*)
 *	}
 *	INCLUDE percpu.ld
 *	.bss : { ... }		clearing starts here
 *
 * If initial values are not in memory percpu_init says so: PERCPU_ENOTLOADED.
 *
 * Needs C11 or C++17, GCC 11 or Clang 14 and newer, with GNU extensions.
 *
 * Words used below. "Pinned": the caller cannot move to another CPU, because preemption is off,
 * interrupts are off, or the kernel has neither. "Safe against interrupts": if an interrupt on the
 * same CPU arrives in the middle and its handler works on the same variable, no update is lost and
 * no half-done value is seen.
 *
 * Where PERCPU_PREEMPT is none, the caller must be pinned for every operation on "this CPU";
 * docs/model.md lists the operations that need no pinning on some architectures. With hooks, each
 * operation calls the kernel's functions to turn preemption off and on; the caller need not be
 * pinned. percpu_ptr, percpu_local_base, percpu_reset, percpu_read_stable and the percpu_raw_
 * operations call none, and still need a pinned caller. Interrupts may come at any time in either.
 *
 * Where it is restart, an operation needs nothing either, and turns nothing off: the kernel calls
 * percpu_restart on every trap (below, and docs/restart.md). percpu_ptr, percpu_local_base,
 * percpu_raw_add and percpu_reset need a pinned caller here too, and percpu_with takes the kernel's
 * functions.
 *
 * Where PERCPU_DEBUG is 1, percpu_panic is called, with a sentence, for an access before the areas
 * are made, or on a CPU whose register holds no area or that of another CPU; when two CPUs take the
 * same number; with hooks or restart, for percpu_ptr while preemptible; for an update of what lies
 * misaligned in a packed structure; when percpu_write_on meets that CPU in an update of the
 * variable; if the variable of an update that turns interrupts off changes in between; and, when a
 * CPU takes its area or resets a variable, if something has written the template. On riscv64 in
 * S-mode the kernel says which CPU it is on: percpu_hardware_id, at the end of this file.
 *
 * On riscv64 PERCPU_RISCV_PIE is 1, by default, in position-independent code by Clang 18 or later,
 * and else 0. It makes code for a static PIE by lld 18 or later, which refuses the other. What
 * stores to a near variable is then one instruction longer, and where PERCPU_PREEMPT is none a
 * write needs a pinned caller. It is no part of the configuration: -DPERCPU_RISCV_PIE=1 is for
 * objects of GCC's for such a PIE, =0 for Clang's in no PIE, and all go together
 * (docs/integrating-riscv64.md, "Static PIE").
 *
 * Where PERCPU_MODE is sp, for a single CPU, variables are plain globals, and no register is used;
 * there is one area, the template itself, and all else is the same.
 *
 * Where PERCPU_VMA is zero, the linker script has, in place of INCLUDE percpu.ld, the lines that
 * the Rust crate percpu 0.1.6 asks for, and best those from _percpu_end on:
 *
 *	. = ALIGN(4K);
 *	_percpu_start = .;
 *	.percpu 0x0 : AT(_percpu_start) {
 *	    _percpu_load_start = .;
 *	    *(.percpu .percpu.*)
 *	    _percpu_load_end = .;
 *	    . = _percpu_load_start + ALIGN(64) * CPU_NUM;
 *	}
 *	. = _percpu_start + SIZEOF(.percpu);
 *	_percpu_end = .;
 *	...			the script's own sections
 *	.unnamed : { INPUT_SECTION_FLAGS(SHF_ALLOC & SHF_WRITE) *(*) }
 *	ASSERT(SIZEOF(.unnamed) == 0, "a writable section has no place here: see .unnamed in -Map")
 *
 * Template and areas are linked at 0 and loaded at _percpu_start, and what follows needs
 * AT(ADDR(its section)). The register holds the area's address on x86_64 too. It is for kernels
 * that have these lines already; this is what they cost:
 *
 * - The first area is the template. Once CPU 0 uses it, what needs the initial values returns
 *   PERCPU_ENOTEMPLATE: percpu_reset, and percpu_init or percpu_init_at for more than one CPU after
 *   percpu_early_init. With percpu_init_at alone the template stays what it is.
 * - There is no near window: an operation on a near variable costs what it costs on a far one, 3
 *   instructions on riscv64, 4 on aarch64 for a read.
 * - A variable's address is a small number, which PC-relative code may not reach. A constant index
 *   always works; one known at run time only may not link (riscv64 with lld: never), so index
 *   through a pointer to the whole array: (*percpu_ptr(NAME))[i]. What Clang makes for x86_64 is
 *   RIP-relative all the same: it does not link in a kernel more than 2 GiB away from 0.
 * - The addresses from 0 to SIZEOF(.percpu) are taken: the kernel is linked above.
 * - The areas are 64 bytes or a multiple apart: stricter alignments hold in the first area at most.
 * - Without _percpu_end, which the crate does not ask for, percpu_init cannot know how many areas
 *   there are: it believes its caller, instead of returning PERCPU_ENOSPC.
 * - Without .unnamed, at the end of SECTIONS, GNU ld says nothing of a writable section that the
 *   script does not name, and may place it behind .percpu, at an address like 0x800, where there is
 *   no memory of the kernel's. --orphan-handling=error says so too.
 * - Nothing sees whether initial values have been loaded, and not been cleared: with (NOLOAD), as
 *   below, they are not.
 * - With (NOLOAD) behind the 0x0, as the crate has it, every variable starts as zero, if whoever
 *   loads the kernel, or the kernel before percpu_init, clears the first area: from _percpu_start,
 *   _percpu_load_end - _percpu_load_start bytes. lld 16 wants --noinhibit-exec with it.
 * - With PERCPU_PREEMPT restart the script also says, next to .data, for percpu_init may sort it:
 *	.percpu_sequences : ALIGN(4) {
 *	    *(percpu_first_sequence)
 *	    _percpu_sequences_start = .;
 *	    *(percpu_sequences percpu_sequences.*)
 *	    _percpu_sequences_end = .;
 *	}
 * - On riscv64 with gp nothing checks that the linker script defines no __global_pointer$.
 */
#ifndef PERCPU_H
#define PERCPU_H

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <stdbool.h>
#endif

/*
 * No warning is ours to give for what stands in these headers. GCC's C++, and from version 14 on
 * its C, has some that no code avoids (-Wuseless-cast, -Wtemplates), so there they are system
 * headers, which keeps what a user's value is warned of. Clang would lose that: it is told what to
 * leave out instead, here and, by PERCPU__C_CASTS, where an operation is used. The pragma comes
 * behind the #includes: of what a system header includes, -MMD notes nothing.
 */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreserved-identifier"
#pragma clang diagnostic ignored "-Wreserved-macro-identifier"
#pragma clang diagnostic ignored "-Wc++98-compat"
#pragma clang diagnostic ignored "-Wc++98-compat-pedantic"
#pragma clang diagnostic ignored "-Wold-style-cast"
#endif

/*
 * The configuration: of PERCPU_CONFIG_FILE, if that is defined, or of percpu/config.h, if there is
 * one, or else of percpu/defaults.h and of -D. For #if in C and in assembly (percpu/asm.h), 1 for
 * what it is, else 0:
 *
 *	PERCPU_MODE		PERCPU_IS_SMP PERCPU_IS_SP
 *	PERCPU_PREEMPT		PERCPU_IS_NONE PERCPU_IS_HOOKS PERCPU_IS_RESTART
 *	PERCPU_VMA		PERCPU_IS_IMAGE PERCPU_IS_ZERO
 *	PERCPU_ARM_EL		PERCPU_IS_EL1 PERCPU_IS_EL2, on aarch64
 *	PERCPU_RISCV_REG	PERCPU_IS_GP PERCPU_IS_TP, on riscv64
 *	PERCPU_RISCV_LEVEL	PERCPU_IS_S PERCPU_IS_M, on riscv64
 *
 * PERCPU_DEBUG and PERCPU_CACHE_LINE are numbers, and can be compared. The words cannot: for the
 * preprocessor PERCPU_PREEMPT == restart compares two names that it does not know, and is true.
 */
#include <percpu/configuration.h>

#include <percpu_arch.h>

#include <percpu/types.h>

#include <percpu/port.h>

#include <percpu/ops.h>

#include <percpu/remote.h>

#include <percpu/dynamic.h>

#include <percpu/hotplug.h>

#include <percpu/module.h>

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header: major * 10000 + minor * 100 + patch. */
#define PERCPU_VERSION 200

#if PERCPU_VERSION / 100 != PERCPU__ABI
#error "libpercpu: PERCPU__ABI, in percpu/configuration.h, is not that of PERCPU_VERSION"
#endif

/*
 * percpu_version - the PERCPU_VERSION that the library was built from
 *
 * Context: anywhere, also before percpu_init.
 */
unsigned percpu_version(void) PERCPU__API(percpu_version);

/* ---- Errors ----------------------------------------------------------------------------------
 *
 * Functions that can fail return 0 or one of these, all negative. A call that fails has changed
 * nothing; with PERCPU_EORDER, nothing but the order of that table. -1 to -4095 are the library's:
 * what a kernel's own constructor returns (percpu/hotplug.h) is -4096 or less.
 */
#define PERCPU_EINVAL (-1)	/* an argument that cannot be: NULL, a CPU without an area */
#define PERCPU_ENOSPC (-2)	/* more CPUs than areas fit: see CPU_NUM in percpu.ld, or init_at */
#define PERCPU_EALIGN (-3)	/* memory that is not aligned, or an alignment that cannot be had */
#define PERCPU_EALREADY (-4)	/* what is to be made or added is there, and may be in use */
#define PERCPU_ENOTREADY (-5)	/* percpu_init has not succeeded yet */
#define PERCPU_EOVERLAP (-6)	/* memory that overlaps the template, or what else is in use */
#define PERCPU_ENOTEMPLATE (-7) /* no initial values are left: the template is in use */
#define PERCPU_EADDRESS (-8)	/* memory, or a handle, at an address that cannot be reached */
#define PERCPU_EORDER (-9)	/* a table of restartable sequences cannot be sorted */
#define PERCPU_ENOTLOADED (-10) /* the initial values are not in memory: see percpu.ld */
#define PERCPU_ELEVEL (-11)	/* the CPU does not run at the level of PERCPU_RISCV_LEVEL */
#define PERCPU_ENOMEM (-12)	/* no room for a variable: see PERCPU_DYNAMIC and percpu_grow */
#define PERCPU_EBUSY (-13)   /* in use: by what this NMI interrupted, or by variables that live */
#define PERCPU_EHANDLE (-14) /* no variable begins where the handle says */
#define PERCPU_ESTATE (-15)  /* a CPU whose state does not allow this: see percpu_cpu_state */

/*
 * percpu_strerror - the sentence for an error
 * @error: what a function here returned
 *
 * Returns a string that lives for ever, also for 0 and for values that are no error of ours.
 * Context: anywhere.
 */
const char *percpu_strerror(int error) PERCPU__API(percpu_strerror);

/* ---- Defining variables ------------------------------------------------------------------------
 *
 * At file or namespace scope; `static` may stand before, a constant initial value may follow, and
 * the type may be any complete object type, an array too:
 *
 *	PERCPU_DEFINE(size_t, CPU_ID) = 0;
 *	static PERCPU_DEFINE(struct queue *, current_queue);
 *	PERCPU_DEFINE(uint32_t[16], irq_count) = {1, 2};
 *	PERCPU_DEFINE_FAR(char[4096], log_buffer);
 *
 * Each macro takes a type and a name, the name an identifier: the [4] of an array and the * of a
 * pointer are part of the type. A type with a comma in it gets a name by typedef first. Anything
 * else does not compile; the hint is in the identifier that the compiler cannot paste. The macro
 * does not see a [4] behind it: the compiler then only reports a missing ; or , before the [.
 *
 * The name is mangled: a variable named without one of the accessors below does not compile. In C++
 * an accessor takes an unqualified name: a variable of another namespace wants a using-directive.
 * Symbols are without namespaces: two variables of one name in two namespaces do not compile in one
 * file, and do not link if both can be seen outside their files.
 *
 * Near variables (PERCPU_DEFINE, PERCPU_DEFINE_CACHELINE) share a window of 2 KiB at the start of
 * the area, which one load or store reaches. Far ones (PERCPU_DEFINE_FAR, PERCPU_DEFINE_PAGE) lie
 * behind it, have no limit, and cost a few instructions more on aarch64 and riscv64. A window that
 * is too full does not link; the linker says so.
 *
 * No CPU reads a misaligned field in one access. A field of a packed structure is taken if it has
 * the size of a byte, or says how it is aligned: uint64_t count __attribute__((aligned(8))). Where
 * it happens to lie does not count. The same is wanted of structures and arrays inside a packed
 * structure, but their fields and elements are looked at by PERCPU_DEBUG only, at an update.
 */

/* A near variable. */
#define PERCPU_DEFINE(type, ...) PERCPU__DEFINE(type, near, "near", , __VA_ARGS__, PERCPU__END, )

/* A far variable: big arrays, stacks, buffers. */
#define PERCPU_DEFINE_FAR(type, ...)                                                               \
	volatile PERCPU__DEFINE(type, far, "far", , __VA_ARGS__, PERCPU__END, )

/* A near variable that shares its cache lines with no other: for what other CPUs also touch. */
#define PERCPU_DEFINE_CACHELINE(type, ...)                                                         \
	PERCPU__DEFINE(type, near, "line", aligned(PERCPU_CACHE_LINE), __VA_ARGS__, PERCPU__END, )

/* A far variable that starts on a page of its own. */
#define PERCPU_DEFINE_PAGE(type, ...)                                                              \
	volatile PERCPU__DEFINE(type, far, "page", aligned(PERCPU__PAGE), __VA_ARGS__,             \
				PERCPU__END, )

/*
 * For headers. The kind must be that of the definition: near and far disagree at link time, as an
 * undefined symbol __percpu_near.NAME or __percpu_far.NAME.
 */
#define PERCPU_DECLARE(type, ...) PERCPU__DECLARE(, type, near, __VA_ARGS__, PERCPU__END, )
#define PERCPU_DECLARE_FAR(type, ...)                                                              \
	PERCPU__DECLARE(volatile, type, far, __VA_ARGS__, PERCPU__END, )
#define PERCPU_DECLARE_CACHELINE PERCPU_DECLARE
#define PERCPU_DECLARE_PAGE PERCPU_DECLARE_FAR

/* ---- This CPU's copy ---------------------------------------------------------------------------
 *
 * NAME may be followed by .field or [index]; what it names then is an integer of 1, 2, 4 or 8
 * bytes, a bool, an enum or a pointer (anything else does not compile). Arguments are evaluated
 * once, and a value is converted to the variable's type first, as an assignment would. The index
 * cannot itself use the same accessor, which is the preprocessor's rule: take it out first.
 *
 * Context: anywhere on a CPU whose thread pointer is set, in interrupt handlers too; pinned.
 * Every operation is safe against interrupts. Against an NMI handler that works on the same
 * variable only these are: reads and writes; on x86_64 all; on aarch64 all (the loop starts over);
 * on riscv64 those on 4 and 8 bytes except cmpxchg; where PERCPU_SEQUENCES is 1, all of them.
 *
 * Ordering: none between CPUs (relaxed). The compiler neither merges, drops nor reorders them
 * against each other, nor against accesses to the same variable through percpu_ptr.
 *
 * aarch64: before the MMU is on, exclusive accesses are not guaranteed to work (Arm ARM,
 * "Load-Exclusive and Store-Exclusive instruction usage restrictions"): until then use
 * percpu_read, percpu_write and percpu_raw_add only.
 */

/* The value of this CPU's copy: one single-copy-atomic load. It may be stale once returned. */
#define percpu_read(name) PERCPU__C_CASTS PERCPU__READ(percpu__##name) PERCPU__C_CASTS_END

/* Stores VALUE in this CPU's copy: one single-copy-atomic store. */
#define percpu_write(name, value)                                                                  \
	PERCPU__C_CASTS PERCPU__WRITE(percpu__##name, value) PERCPU__C_CASTS_END

/*
 * Read-modify-write of this CPU's copy, without a result. A bool takes and, or and xor only, a
 * pointer none of these.
 */
#define percpu_add(name, value)                                                                    \
	PERCPU__C_CASTS PERCPU__ARITHMETIC(percpu_arch_add, percpu__##name, value)                 \
		PERCPU__C_CASTS_END
#define percpu_sub(name, value)                                                                    \
	PERCPU__C_CASTS PERCPU__ARITHMETIC(percpu_arch_sub, percpu__##name, value)                 \
		PERCPU__C_CASTS_END
#define percpu_and(name, value)                                                                    \
	PERCPU__C_CASTS PERCPU__UPDATE(percpu_arch_and, percpu__##name, value) PERCPU__C_CASTS_END
#define percpu_or(name, value)                                                                     \
	PERCPU__C_CASTS PERCPU__UPDATE(percpu_arch_or, percpu__##name, value) PERCPU__C_CASTS_END
#define percpu_xor(name, value)                                                                    \
	PERCPU__C_CASTS PERCPU__UPDATE(percpu_arch_xor, percpu__##name, value) PERCPU__C_CASTS_END
#define percpu_inc(name) percpu_add(name, 1)
#define percpu_dec(name) percpu_sub(name, 1)

/*
 * As percpu_read, for a value that stays the same while the calling function runs. The compiler may
 * keep the value, across calls and writes too, leave reads out, and move a read above an if: a test
 * "is this CPU bound?" does not protect it. So use it only in functions that run after
 * percpu_set_local_thread_pointer. No hook is called. The caller is pinned, or every CPU has the
 * same value, or:
 *
 * The value belongs to the running thread, as the address of its structure does that the context
 * switch writes on each CPU: a thread that moves finds the same value there. What must not be then
 * is a move between finding the copy and loading from it, so it is for near variables, without an
 * index that is known at run time only, where PERCPU_HAVE_UNPINNED_READ is 1: a read is one
 * instruction, or starts over. The context switch itself, in which the value changes, uses
 * percpu_read or percpu_raw_read.
 */
#define percpu_read_stable(name)                                                                   \
	PERCPU__C_CASTS PERCPU__GLUE(PERCPU__READ_STABLE_,                                         \
				     PERCPU__SECOND(PERCPU__DYNAMIC_##name, 0, ))(percpu__##name)  \
		PERCPU__C_CASTS_END

/*
 * Whether percpu_read_stable, percpu_raw_read and percpu_raw_write of a near variable, without an
 * index that is known at run time only, need no pinned caller: 1 on x86_64, on riscv64 with
 * PERCPU_VMA image and PERCPU_RISCV_PIE 0, with PERCPU_PREEMPT restart and with PERCPU_MODE sp;
 * else 0. For #if, in C.
 */
#define PERCPU_HAVE_UNPINNED_READ                                                                  \
	(PERCPU_READ_IS_ONE_INSTRUCTION || PERCPU__RESTARTS || PERCPU_IS_SP)

/* As percpu_add and its kin; the result is the new value. */
#define percpu_add_return(name, value)                                                             \
	PERCPU__C_CASTS PERCPU__ADD_RETURN(percpu__##name, value) PERCPU__C_CASTS_END
#define percpu_inc_return(name) percpu_add_return(name, 1)
#define percpu_dec_return(name)                                                                    \
	PERCPU__C_CASTS PERCPU__DEC_RETURN(percpu__##name) PERCPU__C_CASTS_END

/* Stores VALUE; the result is the value before. */
#define percpu_xchg(name, value)                                                                   \
	PERCPU__C_CASTS PERCPU__XCHG(percpu__##name, value) PERCPU__C_CASTS_END

/* Stores VALUE if the copy equals EXPECTED; the result is the value before, in either case. */
#define percpu_cmpxchg(name, expected, value)                                                      \
	PERCPU__C_CASTS PERCPU__CMPXCHG(percpu__##name, expected, value) PERCPU__C_CASTS_END

/*
 * Stores VALUE if the copy equals *EXPECTED and gives true; else puts the value found into
 * *EXPECTED and gives false.
 */
#define percpu_try_cmpxchg(name, expected, value)                                                  \
	PERCPU__C_CASTS PERCPU__TRY_CMPXCHG(percpu__##name, expected, value) PERCPU__C_CASTS_END

/*
 * percpu_cmpxchg of 16 bytes, where the hardware has it, which PERCPU_HAVE_CMPXCHG128 tells: x86_64
 * and aarch64. For a percpu_u128, which may be a member of a union. On aarch64 a loop of exclusives
 * in every configuration; on x86_64 CMPXCHG16B, which every processor of today has.
 */
#ifdef percpu_arch_cmpxchg128
#define PERCPU_HAVE_CMPXCHG128 1
#define percpu_cmpxchg128(name, expected, value)                                                   \
	PERCPU__C_CASTS PERCPU__CMPXCHG128(percpu__##name, expected, value) PERCPU__C_CASTS_END
#endif

/*
 * For a caller that is already pinned, also where PERCPU_PREEMPT is hooks: no hook is called.
 * percpu_raw_add is a plain load and a plain store: the cheapest, and not safe against an interrupt
 * whose handler changes the same variable.
 */
#define percpu_raw_read(name) PERCPU__C_CASTS PERCPU__RAW_READ(percpu__##name) PERCPU__C_CASTS_END
#define percpu_raw_write(name, value)                                                              \
	PERCPU__C_CASTS PERCPU__RAW_WRITE(percpu__##name, value) PERCPU__C_CASTS_END
#define percpu_raw_add(name, value)                                                                \
	PERCPU__C_CASTS PERCPU__RAW_ADD(percpu__##name, value) PERCPU__C_CASTS_END

/*
 * A pointer to this CPU's copy, of any type, without the volatile that marks far variables. It
 * stays a pointer to this copy wherever it is used: the caller stays pinned while that matters.
 */
#define percpu_ptr(name) PERCPU__C_CASTS PERCPU__PTR(percpu__##name) PERCPU__C_CASTS_END

/*
 * The address of this CPU's area, a void *: for trap entries, context switches, and who hands areas
 * to assembly. One instruction, or two on x86_64. The caller is pinned, as for percpu_ptr, and the
 * CPU is bound: nothing is looked up, so whatever the register holds comes back. Where that is not
 * sure, percpu_get_local_thread_pointer tells.
 */
#define percpu_local_base()                                                                        \
	PERCPU__C_CASTS(PERCPU__CHECK_ACCESS(), percpu_arch_base()) PERCPU__C_CASTS_END

/*
 * Puts the initial value back into this CPU's copy, of any type. A scalar is written by one store;
 * so is every aligned member, of up to 8 bytes, of a larger object, but an interrupt handler may
 * see some of them old and some new. The caller is pinned, also where PERCPU_PREEMPT is hooks.
 *
 * Returns 0, or PERCPU_ENOTEMPLATE where the variables are the template (PERCPU_MODE sp), or CPU
 * 0's are (PERCPU_VMA zero).
 */
#define percpu_reset(name)                                                                         \
	PERCPU__C_CASTS PERCPU__GLUE(PERCPU__RESET_, PERCPU__SECOND(PERCPU__DYNAMIC_##name, 0, ))( \
		percpu__##name) PERCPU__C_CASTS_END

/*
 * percpu_cpu_id - this CPU's number, the one it gave to percpu_set_local_thread_pointer
 *
 * Context: as percpu_read.
 */
#define percpu_cpu_id() percpu_read(percpu_cpu_number)

/* ---- Other CPUs' copies ------------------------------------------------------------------------
 *
 * Context: anywhere after percpu_init, whether or not that CPU runs; not pinned.
 *
 * A remote read is one relaxed load. A remote write is one relaxed store, and it races with the
 * owner's read-modify-writes: an add of the owner that has loaded already writes over it. So write
 * to what its owner only reads, or to a CPU that does not run. Neither orders anything else: what
 * needs order uses a release store and an acquire load on percpu_ptr_on.
 */

/* A pointer to CPU's copy, of any type; NULL if CPU has no area. */
#define percpu_ptr_on(name, cpu)                                                                   \
	PERCPU__C_CASTS PERCPU__PTR_ON(percpu__##name, cpu) PERCPU__C_CASTS_END

/* The value of CPU's copy; calls percpu_panic if CPU has no area. */
#define percpu_read_on(name, cpu)                                                                  \
	PERCPU__C_CASTS PERCPU__READ_ON(percpu__##name, cpu) PERCPU__C_CASTS_END

/* Stores VALUE in CPU's copy; calls percpu_panic if CPU has no area. */
#define percpu_write_on(name, cpu, value)                                                          \
	PERCPU__C_CASTS PERCPU__WRITE_ON(percpu__##name, cpu, value) PERCPU__C_CASTS_END

/* for (each CPU number that has an area), in rising order; CPU becomes a size_t. */
#define percpu_for_each(cpu) for (size_t cpu = 0; cpu < percpu_area_num(); cpu += 1)

/*
 * The sum of all CPUs' copies of an integer: int64_t or uint64_t as the variable is signed or not,
 * modulo 2^64. It is no snapshot: copies are read one after the other while their owners go on.
 */
#define percpu_sum(name) PERCPU__C_CASTS PERCPU__SUM(percpu__##name) PERCPU__C_CASTS_END

/* Where the variable lies in every area, in bytes from its base. */
#define percpu_offset(name) PERCPU__C_CASTS PERCPU__OFFSET(percpu__##name) PERCPU__C_CASTS_END

/* ---- Areas -------------------------------------------------------------------------------------
 *
 * percpu_init, percpu_init_at and percpu_early_init are for the boot CPU, before the others run.
 * What they write reaches a CPU started later through whatever starts it; a kernel that releases
 * CPUs by a flag in memory stores the flag with release and reads it with acquire.
 *
 * They and percpu_set_local_thread_pointer return 0 or an error, after which a use would go to
 * memory that is no area: the compiler warns of a caller that does not look.
 */

/*
 * percpu_init - make the areas, in the space that percpu.ld reserves
 * @ncpu: the number of CPUs; they are numbered 0 to ncpu - 1
 *
 * Each area starts as a copy of the template. If percpu_early_init was called, CPU 0's area is
 * kept as it is and the others are added.
 *
 * Returns 0, PERCPU_EINVAL if ncpu is 0, PERCPU_ENOSPC if the script reserves fewer areas,
 * PERCPU_EALREADY, PERCPU_EADDRESS (as percpu_init_at), PERCPU_EORDER (PERCPU_PREEMPT restart: the
 * table of sequences is not in order, as ld -r may leave it, and cannot be sorted: the script does
 * not collect percpu_sequences.* in it, or lays it out where what is written is lost (where that
 * traps, it traps here), or nothing has relocated it, or sequences overlap, or one of the kernel's
 * own is empty), PERCPU_ENOTEMPLATE (PERCPU_VMA zero, after percpu_early_init, if ncpu is not 1),
 * PERCPU_ENOTLOADED (the kernel cleared the template, or nothing loaded it: step 1 above;
 * PERCPU_VMA zero cannot tell), or PERCPU_ELEVEL.
 *
 * PERCPU_ELEVEL: riscv64, PERCPU_RISCV_LEVEL s, and no interrupt is delegated to S-mode, so this is
 * M-mode, where the library's switch, sstatus.SIE, does nothing; an M-mode kernel that has
 * delegated interrupts is not told from one in S-mode. With PERCPU_RISCV_LEVEL m the call traps in
 * S-mode: an illegal instruction in percpu_init, which reads mstatus.
 */
int percpu_init(size_t ncpu) PERCPU__API(percpu_init) PERCPU__CHECKED;

/*
 * percpu_init_at - make the areas in the caller's memory
 * @mem: aligned to percpu_area_align(); belongs to the library from then on
 * @size: bytes at mem, percpu_areas_size(ncpu) or more
 * @ncpu: the number of CPUs
 *
 * If percpu_early_init was called, CPU 0's area moves to the start of mem with its values, and the
 * calling CPU's register follows; pointers into the old place must not be used any more.
 *
 * Returns 0, PERCPU_EINVAL (no CPUs, or NULL), PERCPU_EALIGN, PERCPU_ENOSPC, PERCPU_EOVERLAP (the
 * template, or the area of percpu_early_init), PERCPU_EADDRESS (x86_64: the distance from the
 * template to an area is no canonical address, so GS_BASE cannot hold it), PERCPU_EALREADY,
 * PERCPU_EORDER, PERCPU_ENOTEMPLATE, PERCPU_ENOTLOADED or PERCPU_ELEVEL (as percpu_init).
 */
int percpu_init_at(void *mem, size_t size, size_t ncpu) PERCPU__API(percpu_init_at) PERCPU__CHECKED;

/*
 * percpu_init_each - make the areas, each in memory of its own
 * @areas: for each CPU the memory of its area: percpu_area_size() bytes, aligned to
 *	   percpu_area_align(); they may lie anywhere, in any order. The table itself stays in use
 * @n: the number of CPUs
 *
 * For machines whose memory is near to some CPUs and far from others (docs/numa.md): each area is
 * where its CPU reaches it best. If percpu_early_init was called, CPU 0's area moves to areas[0],
 * as by percpu_init_at. A kernel that goes on at another virtual address calls this after that,
 * with addresses of there: nothing moves the table. An operation costs the same;
 * percpu_get_local_thread_pointer takes a time that grows with the number of CPUs.
 *
 * Returns 0, PERCPU_EINVAL (no CPUs, or NULL, as an area too), PERCPU_EALIGN, PERCPU_EOVERLAP (the
 * template, the area of percpu_early_init, another one of the areas, or the table), PERCPU_ENOSPC
 * (PERCPU_MODE sp, more than one CPU), PERCPU_EADDRESS, PERCPU_EALREADY, PERCPU_EORDER,
 * PERCPU_ENOTEMPLATE, PERCPU_ENOTLOADED or PERCPU_ELEVEL (as percpu_init_at).
 */
int percpu_init_each(void *const *areas, size_t n) PERCPU__API(percpu_init_each) PERCPU__CHECKED;

/*
 * percpu_early_init - make the boot CPU's variables usable from the first line of C
 *
 * Makes CPU 0's area in its place in the space that percpu.ld reserves and binds the calling CPU
 * to it; percpu_init then makes the others. To be called after .bss has been cleared; on aarch64
 * once the MMU is on (docs/integrating-aarch64.md).
 *
 * Returns 0, PERCPU_ENOSPC if the script reserves no area, PERCPU_EALREADY, or PERCPU_EADDRESS,
 * PERCPU_EORDER, PERCPU_ENOTLOADED or PERCPU_ELEVEL (as percpu_init).
 */
int percpu_early_init(void) PERCPU__API(percpu_early_init) PERCPU__CHECKED;

/*
 * percpu_set_local_thread_pointer - bind the calling CPU to an area
 * @cpu: its number
 *
 * Writes the per-CPU register. Each CPU calls this once, before it uses a variable and before any
 * interrupt whose handler does; two CPUs must not take the same number.
 *
 * Returns 0, PERCPU_ENOTREADY before percpu_init, or PERCPU_EINVAL if cpu has no area.
 * Context: the CPU's own start-up code. It touches no per-CPU variable and may be called from
 * assembly.
 */
int percpu_set_local_thread_pointer(size_t cpu)
	PERCPU__API(percpu_set_local_thread_pointer) PERCPU__CHECKED;

/*
 * percpu_get_local_thread_pointer - the base of the area that the calling CPU is bound to
 *
 * Returns NULL if the register holds no area's base.
 */
void *percpu_get_local_thread_pointer(void) PERCPU__API(percpu_get_local_thread_pointer);

/*
 * Size of an area in bytes, the percpu_alloc reserve included; also the distance between areas,
 * unless percpu_init_each placed them. A multiple of the cache line, so that no two CPUs share one,
 * and of percpu_area_align().
 */
size_t percpu_area_size(void) PERCPU__API(percpu_area_size);

/*
 * What an area's base is aligned to, in bytes: a page, or the strictest alignment of any variable,
 * or PERCPU_DYNAMIC_ALIGN, if that is more. With PERCPU_VMA zero, 64.
 */
size_t percpu_area_align(void) PERCPU__API(percpu_area_align);

/* The bytes that ncpu areas take, one behind the other; SIZE_MAX if that does not fit a size_t. */
size_t percpu_areas_size(size_t ncpu) PERCPU__API(percpu_areas_size);

/* The number of areas: 0 before initialisation, 1 after percpu_early_init, then ncpu. */
size_t percpu_area_num(void) PERCPU__API(percpu_area_num);

/* The base of CPU's area; NULL if it has none. */
void *percpu_area_base(size_t cpu) PERCPU__API(percpu_area_base);

/* ---- Restartable sequences ---------------------------------------------------------------------
 *
 * Where PERCPU_PREEMPT is restart, an operation that takes more than one instruction ends with its
 * only effect, and starts over if a trap came before that. For this the kernel does one thing: on
 * every trap taken from its own privilege level (the mode is checked, not the pc alone: user code
 * may have any pc), interrupt, NMI or exception, on entry and before any handler,
 *
 *	frame->pc = percpu_restart(frame->pc);
 *
 * Any way to resume is then right: at once, on another CPU, after nested traps. What reports a
 * fault keeps the original pc. Elsewhere there are no sequences; the functions are there, and find
 * none. On x86_64 the library's operations are none, but a kernel may write its own, as on the
 * others: percpu/sequence.h. docs/restart.md has the argument.
 *
 * Each sequence has an entry in a table, which the linker drops with its code; so it does where a
 * script discards code by name, as *(.exit.text), if /DISCARD/ stands before INCLUDE percpu.ld.
 * Those of a module, which is loaded while the kernel runs, are added by percpu_sequences_add
 * (percpu/module.h).
 */

/*
 * percpu_restart - where a trapped thread of the kernel is to go on
 *
 * @pc: where the trap interrupted it
 *
 * Returns the start of the sequence that pc is in, or else pc. Where no sequence is near, as at
 * most addresses, that is a look at one bit; else a search in a sorted table, whose cost grows with
 * the logarithm of the number of sequences. Before percpu_init or percpu_early_init it returns pc:
 * no operation can have begun.
 *
 * Context: anywhere, also before percpu_init; it uses no per-CPU variable and no lock.
 */
uintptr_t percpu_restart(uintptr_t pc) PERCPU__API(percpu_restart);

/*
 * percpu_in_sequence - the sequence that pc is in, for debuggers
 *
 * @pc:    an address of code
 * @start: where to put the address of its first instruction
 * @end:   and the address behind its last
 *
 * Returns false, and stores nothing, if it is in none. A breakpoint in a sequence, or a single step
 * by trap, would start it over each time: go on at @end instead (percpu_cmpxchg128 that fails
 * leaves for the instruction behind that).
 *
 * Context: as percpu_restart.
 */
bool percpu_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
	PERCPU__API(percpu_in_sequence);

/*
 * percpu_sequences_discard - forget the sequences of code that is there no more
 *
 * @start: where that code began
 * @end:   and the address behind it
 *
 * For a kernel that uses the memory of its initialisation code for other code: percpu_restart would
 * take that for the sequences that were there. To be called when nothing can run the old code any
 * more, and before there is other code. What starts in the range is in no sequence from then on;
 * that cannot be undone. It cannot fail: where there are no sequences it does nothing.
 *
 * Context: anywhere, on one CPU at a time, also before percpu_init but not in an interrupt of it,
 * and while other CPUs call percpu_restart. It goes through the whole table, and writes it: that is
 * data, and must be writable. Whatever lets a CPU run the new code orders this before it.
 */
void percpu_sequences_discard(const void *start, const void *end)
	PERCPU__API(percpu_sequences_discard);

/* ---- Preemption --------------------------------------------------------------------------------
 *
 * The kernel gives these where PERCPU_PREEMPT is hooks, and where it is restart if it uses
 * percpu_with, or PERCPU_DEBUG is 1. They nest, work before there is a
 * scheduler, and keep their count in the thread; or in a per-CPU variable, by percpu_raw_add with
 * interrupts off where a preempted thread may go on on another CPU.
 */
void percpu_preempt_disable(void);
void percpu_preempt_enable(void);
/* Whether the caller could be moved to another CPU right now. Asked for by PERCPU_DEBUG only. */
bool percpu_preemptible(void);

/*
 * percpu_with(type, p, NAME) { ... } - a block with preemption held off
 *
 * In the block, p is a pointer to this CPU's copy of NAME, whose type is TYPE. However it is left,
 * also by break, continue, goto or return, preemption is as before. Where PERCPU_PREEMPT is none,
 * preemption is left alone, and the caller is pinned.
 */
#define percpu_with(type, p, name)                                                                 \
	for (struct _percpu_pin _percpu_pin                                                        \
	     __attribute__((cleanup(_percpu_unpin))) = _percpu_pin_now();                          \
	     !_percpu_pin.done; _percpu_pin.done = true)                                           \
		for (__typeof__(type) *p = PERCPU__C_CASTS PERCPU__PTR_AS(                         \
			     __typeof__(type) *, percpu__##name) PERCPU__C_CASTS_END;              \
		     !_percpu_pin.done; _percpu_pin.done = true)

struct _percpu_pin {
	bool done;
};

static inline struct _percpu_pin _percpu_pin_now(void)
{
	struct _percpu_pin pin = {false};

	PERCPU__HOLD();
	return pin;
}

static inline void _percpu_unpin(struct _percpu_pin *pin)
{
	(void)pin;
	PERCPU__RELEASE();
}

/* ---- What the kernel may give -------------------------------------------------------------------
 *
 * percpu_panic - called for states that cannot be, with a sentence; must not return
 * @why: the sentence, a string that lives for ever
 *
 * The library brings one that executes a trapping instruction; a kernel that defines its own, in an
 * object that is linked, gets its own. One in an archive of the kernel's is found if the archive
 * stands before the library and the linker is given -u percpu_panic. docs/model.md shows one.
 *
 * Context: wherever an operation may be. Interrupts may be on, in which case it turns them off, so
 * that it stays on this CPU. The CPU may hold any lock, also the console's: try for a lock, or wait
 * with a bound. Other CPUs go on, and may come here at the same time, each with its sentence. It is
 * not left by longjmp or the like either.
 *
 * Where PERCPU_DEBUG is 1, the checks of a CPU stand down when one of them fails: none of them
 * calls percpu_panic on this CPU again, whatever it uses; those of the other CPUs stand. (After 64
 * CPUs a further one executes the trapping instruction; so does what accesses, in percpu_panic, a
 * copy that is not there, by percpu_read_on or percpu_write_on.) What was wrong is still wrong:
 *
 * - If percpu_get_local_thread_pointer() is NULL, no variable may be used, by a hook or a lock
 *   neither: the access goes wherever the register points, and may fault. Or else the CPU is bound
 *   first, by percpu_set_local_thread_pointer, to the number that it has by other knowledge.
 * - If it is not NULL, variables can be used without a fault; but they may be another CPU's: then
 *   percpu_cpu_id tells that one's number, and an update of either CPU may be lost.
 */
void percpu_panic(const char *why) __attribute__((noreturn));

/*
 * percpu_hardware_id - what tells the calling CPU from the others
 *
 * The kernel gives this where PERCPU_DEBUG is 1 and the hardware cannot be asked: on riscv64 in
 * S-mode, which has no mhartid. A kernel that lacks it does not link: "undefined reference to
 * percpu_hardware_id". Nothing but the checks calls it.
 *
 * Returns a number that is always the same on one CPU and another on each other one, but not
 * UINTPTR_MAX: a hart id, the CPU's number, the address of a structure or of a stack that the CPU
 * has for itself. With the same number for all nothing can be told: no CPU is then caught with
 * another's area or number, and the first check that fails stands all of them down.
 *
 * It uses neither the per-CPU register, which may be what is wrong, nor another one that a context
 * switch or the return from a trap loads, and no per-CPU variable. What is left is a CSR that is
 * each hart's own. Where sscratch points to a structure of the hart also in the kernel:
 *
 *	uintptr_t percpu_hardware_id(void)
 *	{
 *		uintptr_t sscratch;
 *
 *		__asm__ volatile("csrr %0, sscratch" : "=r"(sscratch));
 *		return sscratch;
 *	}
 *
 * Where sscratch is 0 in the kernel, it is stvec that can differ: docs/integrating-riscv64.md.
 *
 * Context: each check calls it, so it is where the operations are, also before percpu_init, from
 * percpu_set_local_thread_pointer on start-up, in handlers and in percpu_panic.
 */
uintptr_t percpu_hardware_id(void);

#ifdef __cplusplus
}
#endif

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
