/* SPDX-License-Identifier: MIT */
/*
 * The aarch64 port: a table for percpu/loadstore.h, which says what each word is for. TPIDR_EL1, or
 * TPIDR_EL2, holds the area's address. Each access reads it anew: an interrupt in between does no
 * harm to a caller that is pinned, for the register stays the same.
 *
 * An exception return clears the exclusive monitor (Arm ARM DDI 0487, "Context switch support"),
 * which is what percpu/exclusives.h asks for; with LSE an update is one atomic.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#ifndef __aarch64__
#error "libpercpu: this is the port for aarch64, and the compiler is for another architecture"
#endif

#define PERCPU_ARCH_CONFIG PERCPU__GLUE(el, PERCPU_ARM_EL)
#define PERCPU_REGISTER PERCPU__GLUE(tpidr_el, PERCPU_ARM_EL)
#define PERCPU_IS_EL1 (PERCPU_ARM_EL == 1)
#define PERCPU_IS_EL2 (PERCPU_ARM_EL == 2)
#ifndef PERCPU_ARM_EL
#error "libpercpu: PERCPU_ARM_EL is 1 or 2, and the configuration lacks it"
#elif !PERCPU_IS_EL1 && !PERCPU_IS_EL2
#error "libpercpu: PERCPU_ARM_EL is 1 or 2"
#endif

#ifdef __ASSEMBLER__
#include "percpu_arch_asm.h"
#else

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU_READ_IS_ONE_INSTRUCTION 0

/* clang-format off */
#define PERCPU__TPIDR              "tpidr_el" PERCPU__STRING(PERCPU_ARM_EL)
#define PERCPU_PORT_GET_REGISTER   "mrs %0, " PERCPU__TPIDR
#define PERCPU_PORT_SET_REGISTER   "msr " PERCPU__TPIDR ", %0"
#define PERCPU_PORT_IRQ_SAVE       "mrs %0, daif\n\tmsr daifset, #3"
#define PERCPU_PORT_IRQ_RESTORE    "msr daif, %0"
#define PERCPU_PORT_HARDWARE_ID    "mrs %0, mpidr_el1"
#define PERCPU_PORT_PAUSE          "yield"
/*                                   load    store   reg   or 0  logic suffix */
#define PERCPU_PORT_WIDTH_1        ("ldrb", "strb", "%w", "%w", "rK", "b")
#define PERCPU_PORT_WIDTH_2        ("ldrh", "strh", "%w", "%w", "rK", "h")
#define PERCPU_PORT_WIDTH_4        ("ldr",  "str",  "%w", "%w", "rK", "")
#define PERCPU_PORT_WIDTH_8        ("ldr",  "str",  "%x", "%x", "rL", "")
#define PERCPU_PORT_ZERO           "rZ"
#define PERCPU_PORT_ADDED          "rI"
#define PERCPU_PORT_COMPARED       "rI"

#define PERCPU_PORT_MEMORY(base, low)      "[" base ", " low "]"
#define PERCPU_PORT_ADDRESS(to, base, low) "add " to ", " base ", " low
#define PERCPU_PORT_IF_UNEQUAL(a, b, to)   "cmp " a ", " b "\n\tb.ne " to

#define PERCPU_PORT_ADD            "add"
#define PERCPU_PORT_SUB            "sub"
#define PERCPU_PORT_AND            "and"
#define PERCPU_PORT_OR             "orr"
#define PERCPU_PORT_XOR            "eor"

#define PERCPU_PORT_OBJECT         "+Q"
#ifdef __ARM_FEATURE_ATOMICS
#define PERCPU_PORT_ATOMICS        1
#define PERCPU_PORT_FETCH(insn, out, v)    insn " " v ", " out ", %[mem]"
#define PERCPU_PORT_FETCH_ADD      "ldadd"
#define PERCPU_PORT_FETCH_CLEAR    "ldclr"
#define PERCPU_PORT_FETCH_OR       "ldset"
#define PERCPU_PORT_FETCH_XOR      "ldeor"
#define PERCPU_PORT_FETCH_SWAP     "swp"
#define PERCPU_PORT_CAS(suffix, out, v)    "cas" suffix " " out ", " v ", %[mem]"
#endif
#define PERCPU_PORT_EXCLUSIVES
#define PERCPU_PORT_LOAD_EXCLUSIVE(suffix, to) "ldxr" suffix " " to ", %[mem]"
#define PERCPU_PORT_STORE_EXCLUSIVE(suffix, v) \
	"stxr" suffix " %w[failed], " v ", %[mem]\n\tcbnz %w[failed], 1b"

/* GCC takes symbols by "S" ("i" fails in position-independent code), Clang by "i". */
#ifdef __clang__
#define PERCPU_PORT_CONSTANT       "i"
#else
#define PERCPU_PORT_CONSTANT       "S"
#endif
#define PERCPU_PORT_IF_RUN_TIME    PERCPU__IF_REGISTER( \
	"x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20," \
	"x21,x22,x23,x24,x25,x26,x27,x28,x29,x30")

/* A form is: set-up, base, low. There is no far one: that address goes in a register. */
#define PERCPU_PORT_SECOND
#define PERCPU_PORT_LOAD_IS_ONE    0
#define PERCPU_PORT_STORE_IS_ONE   0
#define PERCPU__A64_AREA           "mrs %[t], " PERCPU__TPIDR "\n\t"
#if PERCPU_IS_ZERO
#define PERCPU_PORT_NEAR           PERCPU__A64_AREA PERCPU_PORT_OFFSET("%[u]") "\n\t", \
				   "%[t]", "%[u]"
#define PERCPU_PORT_RUN_TIME       PERCPU__A64_AREA, "%[t]", "%[at]"
#define PERCPU_PORT_MOVE(to, from) "mov " to ", " from
#define PERCPU_PORT_OFFSET(to)     "movz " to ", #:abs_g1:%[at]\n\t" \
				   "movk " to ", #:abs_g0_nc:%[at]"
#else
#define PERCPU_PORT_NEAR           PERCPU__A64_AREA, "%[t]", ":lo12:%[at]"
#define PERCPU_PORT_RUN_TIME       PERCPU__A64_AREA \
	"ldr %[t], [%[t], :lo12:__percpu_near.percpu_delta]\n\t", "%[t]", "%[at]"
#endif
/* clang-format on */

#include <percpu/loadstore.h>
#include "percpu_cmpxchg128.h"

#endif

#endif
