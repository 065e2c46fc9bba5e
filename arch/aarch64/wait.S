/* SPDX-License-Identifier: 0BSD */
/*
 * How a CPU waits. WFE sleeps until an event: what another CPU does is one only if it says SEV, so
 * a wait for memory to change has to be woken now and then, or its own time-out would not be seen.
 * That is what the event stream is for, which is derived from the system counter and is off after
 * reset (Arm ARM DDI 0487, "Event streams"). boot.S turns it on before a CPU can wait.
 *
 * WFI would want a pending interrupt, so an interrupt controller; these kernels often use none.
 * Under QEMU nothing sleeps: with several threads its WFE does nothing, and with one (-icount)
 * it goes on with the next CPU.
 */
#include "asm.h"

/* CNTKCTL_EL1 and CNTHCTL_EL2: the stream, from bit EVNTI of the counter. */
#define EVNTEN (1 << 2)
#define EVNTI_SHIFT 4
#define EVNTI_MAX 15

	.text

/*
 * An event each time bit EVNTI of the counter becomes 1, every 2^(EVNTI + 1) ticks: the bit for
 * 4096 to 8192 events a second, or more where the counter is too fast for that. Clobbers x1, x2.
 */
func event_stream_on
	mrs	x1, cntfrq_el0
	lsr	x1, x1, #13
	orr	x1, x1, #1		/* a slow counter, or none that is set: its lowest bit */
	clz	x1, x1
	mov	x2, #63
	sub	x1, x2, x1		/* log2 */
	mov	x2, #EVNTI_MAX
	cmp	x1, x2
	csel	x1, x1, x2, ls
	lsl	x1, x1, #EVNTI_SHIFT
	orr	x1, x1, #EVNTEN
#if PERCPU_IS_EL1
	msr	cntkctl_el1, x1		/* and EL0 has no counter and no timer */
#else
	mrs	x2, cnthctl_el2		/* levels.S; the fields are at the same place with VHE */
	orr	x1, x1, x2
	msr	cnthctl_el2, x1
#endif
	isb
	ret
endfunc event_stream_on

/*
 * The system counter, and how often it counts in a second, as firmware has set it: it may be 0
 * (counter.c). The ISB keeps the counter from being read early (Arm ARM, "The Generic Timer").
 */
func counter_read
	isb
	mrs	x0, cntvct_el0
	ret
endfunc counter_read

func counter_frequency
	mrs	x0, cntfrq_el0
	ret
endfunc counter_frequency

func arch_pause
	wfe
	ret
endfunc arch_pause

/* Needs no stack. Nothing is to wake it: not WFE, which the event stream would end. */
func arch_halt
	msr	daifset, #0xf
1:	wfi
	b	1b
endfunc arch_halt
