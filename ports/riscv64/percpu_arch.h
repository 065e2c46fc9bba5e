/* SPDX-License-Identifier: MIT */
/*
 * The riscv64 port: a table for percpu/loadstore.h, which says what each word is for. A register,
 * gp or tp, holds the area's address; %lo is signed, and reaches its first 2 KiB.
 *
 * No exclusives: a store of the same hart between LR and SC, that is, of an interrupt handler, need
 * not make the SC fail (RISC-V unprivileged specification, "Load-Reserved/Store-Conditional
 * Instructions"). So for 1 and 2 bytes, and for cmpxchg, interrupts are turned off.
 */
#ifndef PERCPU_ARCH_H
#define PERCPU_ARCH_H

#if !defined __riscv || __riscv_xlen != 64
#error "libpercpu: this is the port for riscv64, and the compiler is for another architecture"
#endif
#include <percpu/riscv.h>

#ifdef __ASSEMBLER__
#include "percpu_arch_asm.h"
#else

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU_READ_IS_ONE_INSTRUCTION (PERCPU_IS_IMAGE && !PERCPU_RISCV_PIE)
/* clang-format off */
#define PERCPU_PORT_POINTER        ".dword"
/* %z prints the zero register for 0.
				     load  store  reg  or 0  logic suffix */
#define PERCPU_PORT_WIDTH_1        ("lbu", "sb", "%", "%z", "rI", "")
#define PERCPU_PORT_WIDTH_2        ("lhu", "sh", "%", "%z", "rI", "")
#define PERCPU_PORT_WIDTH_4        ("lw",  "sw", "%", "%z", "rI", ".w")
#define PERCPU_PORT_WIDTH_8        ("ld",  "sd", "%", "%z", "rI", ".d")
#define PERCPU_PORT_ZERO           "rJ"
#define PERCPU_PORT_ADDED          "rI"
#define PERCPU_PORT_COMPARED       "rJ"
/* As lw loads; that is also how a constant of 4 bytes fits an instruction. */
#define PERCPU_PORT_BITS(lv, v)    (sizeof(lv) == 4 ? (uint64_t)(int64_t)(int32_t)(v) : (v))

#define PERCPU_PORT_MEMORY(base, low)      low "(" base ")"
#define PERCPU_PORT_ADDRESS(to, base, low) "addi " to ", " base ", " low
#define PERCPU_PORT_IF_UNEQUAL(a, b, to)   "bne " a ", " b ", " to

/* %i prints an i for a constant. */
#define PERCPU_PORT_ADD            "add%i[v]"
#define PERCPU_PORT_SUB_REGISTER   "sub"
#define PERCPU_PORT_AND            "and%i[v]"
#define PERCPU_PORT_OR             "or%i[v]"
#define PERCPU_PORT_XOR            "xor%i[v]"

#define PERCPU_PORT_ATOMICS        4
#define PERCPU_PORT_OBJECT         "+A"
#define PERCPU_PORT_FETCH(insn, out, v)    insn " " out ", " v ", %[mem]"
#define PERCPU_PORT_FETCH_ADD      "amoadd"
#define PERCPU_PORT_FETCH_AND      "amoand"
#define PERCPU_PORT_FETCH_OR       "amoor"
#define PERCPU_PORT_FETCH_XOR      "amoxor"
#define PERCPU_PORT_FETCH_SWAP     "amoswap"

/* A form is: set-up, base, low. */
#define PERCPU_PORT_LOAD_IS_ONE    PERCPU_IS_IMAGE
#define PERCPU_PORT_STORE_IS_ONE   PERCPU_READ_IS_ONE_INSTRUCTION
#if PERCPU_IS_ZERO
#define PERCPU_PORT_NEAR           "lui %[t], %%hi(%[at])\n\tadd %[t], %[t], " PERCPU__RV_REG \
				   "\n\t", "%[t]", "%%lo(%[at])"
#define PERCPU_PORT_RUN_TIME       "add %[t], %[at], " PERCPU__RV_REG "\n\t", "%[t]", "0"
#define PERCPU_PORT_MOVE(to, from) "mv " to ", " from
#define PERCPU_PORT_OFFSET(to)     "lui " to ", %%hi(%[at])\n\taddi " to ", " to ", %%lo(%[at])"
#else
#define PERCPU_PORT_FAR            PERCPU__RV_DELTA "1:\tauipc %[out], %%pcrel_hi(%[at])\n\t" \
				   "add %[t], %[t], %[out]\n\t", "%[t]", "%%pcrel_lo(1b)"
#define PERCPU_PORT_RUN_TIME       PERCPU__RV_DELTA "add %[t], %[t], %[at]\n\t", "%[t]", "0"
#if PERCPU_RISCV_PIE
#define PERCPU_PORT_NEAR           PERCPU__RV_FILLED("addi %[t], " PERCPU__RV_REG ", 0\n\t", \
				   "%[at]"), "%[t]", "0"
#define PERCPU_PORT_NEAR_ONE       "", PERCPU__RV_REG, "0"
#define PERCPU_PORT_FILL(text)     PERCPU__RV_FILLED(text, "%[at]")
#define PERCPU__RV_DELTA           PERCPU__RV_FILLED("ld %[t], 0(" PERCPU__RV_REG ")\n\t", \
				   "__percpu_near.percpu_delta")
#else
#define PERCPU_PORT_NEAR           "", PERCPU__RV_REG, "%%lo(%[at])"
#define PERCPU__RV_DELTA           "ld %[t], %%lo(__percpu_near.percpu_delta)(" PERCPU__RV_REG \
				   ")\n\t"
#endif
#endif
/* clang-format on */

#include <percpu/loadstore.h>

#endif

#endif
