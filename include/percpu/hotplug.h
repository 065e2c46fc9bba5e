/* SPDX-License-Identifier: MIT */
/*
 * CPUs that come and go. Part of percpu.h, which includes it. For a kernel that stops CPUs and
 * starts them again while it runs; one that starts each once needs none of it.
 *
 * An area is a CPU's for ever, and what is in it stays through a stop and a start: sums over all
 * CPUs lose nothing, so they need no protocol. What a CPU has to set up when it comes, and to give
 * back when it goes, are its constructors.
 *
 *	static int timer_up(size_t cpu) { ... return 0; }
 *	static void timer_down(size_t cpu) { ... }
 *	PERCPU_CONSTRUCT(20, timer, timer_up, timer_down);
 *
 * Each CPU is in one of four states, which the calls here change:
 *
 *	ABSENT	has not been up yet		up -> UP
 *	UP	runs				down -> DYING
 *	DYING	is about to stop		dead -> DOWN
 *	DOWN	is confirmed to have stopped	up -> UP
 *
 * UP is from when the last constructor has run until the first is about to be undone. One lock of
 * the kernel's is held from asking firmware whether a CPU has stopped to percpu_cpu_dead, and from
 * there to starting it anew. Without it, the answer may be from before another start.
 */
#ifndef PERCPU_HOTPLUG_H
#define PERCPU_HOTPLUG_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum percpu_cpu_state {
	PERCPU_CPU_ABSENT,
	PERCPU_CPU_DOWN,
	PERCPU_CPU_UP,
	PERCPU_CPU_DYING,
};

/*
 * percpu_cpu_up - the calling CPU comes up as CPU
 * @cpu: its number
 *
 * Binds it to its area, in place of percpu_set_local_thread_pointer, then runs all constructors, in
 * rising order of level, then name. If one fails, those that have run are undone in reverse, and
 * all is as it was before, the register too.
 *
 * Returns 0, PERCPU_ENOTREADY (before percpu_init), PERCPU_EINVAL (cpu has no area), PERCPU_ESTATE
 * (that CPU is up, about to come up or to go, or it has not been confirmed dead; or the calling CPU
 * is bound as another one, but for one that is down), or what a constructor returned: an error of
 * the kernel's, which is no matter for percpu_strerror.
 *
 * Every CPU that runs comes by this call, CPU 0 too: to the calls here one that is bound by
 * percpu_set_local_thread_pointer alone is what it was, absent or down, and only PERCPU_DEBUG tells
 * when another takes its number.
 *
 * Context: on the CPU itself, interrupts off. Its register holds no area that is another CPU's by
 * now, which is for its boot code to see to: firmware, or a start, may leave there what was in it,
 * also from before a restart of the kernel. The boot code binds the CPU by its number, or sets the
 * register to 0. What the CPU finds in its area is what it left there: the acquire here pairs with
 * the release of percpu_cpu_dead. After an error the CPU still runs, on its stack, and whoever is
 * to start it again asks firmware first whether it has stopped. One that was bound to this area
 * already, by percpu_set_local_thread_pointer or by what its register still held, stays bound, and
 * with PERCPU_DEBUG no other takes its number.
 * On aarch64 the MMU is on, here and for the two calls below: they use exclusives.
 */
int percpu_cpu_up(size_t cpu) PERCPU__API(percpu_cpu_up) PERCPU__CHECKED;

/*
 * percpu_cpu_down - the calling CPU is about to stop
 * @cpu: its number
 *
 * Undoes all constructors, in reverse order. The CPU stays bound and may use variables until it
 * stops, which it does next, by means of its own.
 *
 * Returns 0, PERCPU_ENOTREADY, PERCPU_EINVAL (cpu has no area), or PERCPU_ESTATE (it is not up, or
 * not the calling CPU). Context: on the CPU itself, interrupts off from here on.
 */
int percpu_cpu_down(size_t cpu) PERCPU__API(percpu_cpu_down) PERCPU__CHECKED;

/*
 * percpu_cpu_dead - CPU has stopped: it may come up again, and its stack may be used
 * @cpu: its number
 *
 * For another CPU, once firmware, or whatever stops CPUs on this machine, says that it has stopped:
 * that the CPU has called percpu_cpu_down is not enough, for it still runs then.
 *
 * Returns 0, PERCPU_ENOTREADY, PERCPU_EINVAL (cpu has no area), or PERCPU_ESTATE (it is not DYING:
 * it is up, or is dead already; its constructors are still being undone; or it is the calling CPU).
 * Context: anywhere.
 */
int percpu_cpu_dead(size_t cpu) PERCPU__API(percpu_cpu_dead) PERCPU__CHECKED;

/*
 * percpu_cpu_state - an enum percpu_cpu_state; or PERCPU_ENOTREADY, or PERCPU_EINVAL
 *
 * It may be another one once returned. UP is seen with all that the CPU's constructors have
 * written: an acquire, which pairs with the release of percpu_cpu_up. Context: anywhere.
 */
int percpu_cpu_state(size_t cpu) PERCPU__API(percpu_cpu_state);

#ifdef __cplusplus
}
#endif

/*
 * for (each CPU number that is up), in rising order; CPU becomes a size_t. A CPU that comes or goes
 * meanwhile may be left out or not. To sum what all CPUs have counted use percpu_for_each: what is
 * in the area of a CPU that is down counts too.
 */
#define percpu_for_each_up(cpu)                                                                    \
	percpu_for_each (cpu)                                                                      \
		if (percpu_cpu_state(cpu) != PERCPU_CPU_UP) {                                      \
		} else

/*
 * PERCPU_CONSTRUCT(level, name, up, down) - what a CPU does when it comes up, and when it goes
 *
 * @level: two digits, 00 to 99: lower ones come up earlier and go later; or a macro that stands for
 *	   two digits, but no enum: the linker sorts by what is written
 * @name:  an identifier, no other constructor's of this level: it decides within the level
 * @up:    int up(size_t cpu); 0, or an error of the kernel's own, which percpu_cpu_up returns; it
 *	   is -4096 or less, for what is above is the library's, and percpu_strerror words it so
 * @down:  void down(size_t cpu); called exactly once for each up that returned 0
 *
 * At file or namespace scope, with a semicolon behind. Both run on the CPU itself, with interrupts
 * off. Variables have what was left there; percpu_reset puts initial values. For a kernel that
 * calls percpu_cpu_up: in others it has no effect. With PERCPU_VMA zero the linker script has, near
 * .rodata, the lines
 *
 *	.percpu_constructors : {
 *	    _percpu_constructors_start = .;
 *	    KEEP(*(SORT_BY_NAME(percpu_constructors.*)))
 *	    _percpu_constructors_end = .;
 *	}
 */
#define PERCPU_CONSTRUCT(level, name, up, down) PERCPU__CONSTRUCT(level, _##name, #name, up, down)

/* ---- Nothing below is for users ---- */

/*
 * An entry of two distances, for a kernel that goes on at another address; in C they are no
 * constants, so an asm writes them, in a function that nobody calls and the linker drops.
 * Volatile, and `used`: or the compiler would drop it. It tells the compiler of both functions,
 * which are of this file, so that position-independent code can name them: they call the user's.
 * The symbol is the same for two of one level and name: they do not link. NAME has a _ before it
 * and is in TEXT once more: so a level that is a macro is replaced, and a name that is one is not.
 */
#define PERCPU__CONSTRUCT(level, name, text, up, down)                                             \
	__extension__ PERCPU__ASSERT(                                                              \
		1##level >= 100 && 1##level <= 199,                                                \
		"percpu: the level of a constructor is two digits, 00 to 99");                     \
	PERCPU__RESERVED(static int percpu__up_##level##name(size_t _percpu_cpu))                  \
	{                                                                                          \
		PERCPU__CHECK_FUNCTION(int (*)(size_t), up,                                        \
				       "percpu: up of a constructor is int up(size_t cpu)");       \
		return (up)(_percpu_cpu);                                                          \
	}                                                                                          \
	PERCPU__RESERVED(static void percpu__down_##level##name(size_t _percpu_cpu))               \
	{                                                                                          \
		PERCPU__CHECK_FUNCTION(void (*)(size_t), down,                                     \
				       "percpu: down of a constructor is void down(size_t cpu)");  \
		(down)(_percpu_cpu);                                                               \
	}                                                                                          \
	PERCPU__RESERVED(static __attribute__((used)) void percpu__construct_##level##name(void))  \
	{                                                                                          \
		__asm__ volatile(PERCPU__CONSTRUCTOR(#level, text)                                 \
				 :                                                                 \
				 : PERCPU_PORT_CONSTANT(percpu__up_##level##name),                 \
				   PERCPU_PORT_CONSTANT(percpu__down_##level##name));              \
	}                                                                                          \
	__extension__ PERCPU__ASSERT(1, "")
#ifdef __cplusplus
extern "C++" {
template <typename _percpu_t> struct _percpu_converts {
	static char to(_percpu_t);
	static char (&to(...))[2];
};
}
/* By conversion, for a function that is noexcept has another type. */
#define PERCPU__CHECK_FUNCTION(pointer, function, text)                                            \
	static_assert(sizeof(_percpu_converts<pointer>::to(function)) == 1, text)
#else
#define PERCPU__CHECK_FUNCTION(pointer, function, text)                                            \
	__extension__ _Static_assert(                                                              \
		__builtin_types_compatible_p(pointer, __typeof__(&*(function))), text)
#endif
#define PERCPU__CONSTRUCTOR(level, name)                                                           \
	".pushsection percpu_constructors." level "." name ", \"a\", @progbits\n\t.balign 4\n\t"   \
	".globl libpercpu__two_constructors_of_one_name_" level "_" name "\n"                      \
	"libpercpu__two_constructors_of_one_name_" level "_" name ":\n\t"                          \
	".4byte " PERCPU__FUNCTION(0) " - ., " PERCPU__FUNCTION(1) " - .\n\t.popsection"
#ifdef PERCPU_PORT_CONSTANT
#define PERCPU__FUNCTION(operand) "%" #operand
#else
#define PERCPU_PORT_CONSTANT "i"
#define PERCPU__FUNCTION(operand) "%c" #operand
#endif

#endif
