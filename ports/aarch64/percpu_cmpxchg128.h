/* SPDX-License-Identifier: MIT */
/*
 * percpu_cmpxchg128 on aarch64. Included by percpu_arch.h only.
 *
 * Always a loop of exclusives, which one STP could only replace where it is single-copy atomic
 * (FEAT_LSE2). The sequence ends with the STXP; the branch behind it starts over by itself.
 */
#ifndef PERCPU_CMPXCHG128_H
#define PERCPU_CMPXCHG128_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/* clang-format off */
#define PERCPU__A64_PAIR \
	"ldxp %[low], %[high], [%[t]]\n\t" \
	"cmp %[low], %[e_low]\n\tccmp %[high], %[e_high], #0, eq\n\tb.ne 2f\n\t" \
	"stxp %w[failed], %[v_low], %[v_high], [%[t]]\n" PERCPU__SEQUENCE_END \
	"\tcbnz %w[failed], 1b\n2:"
/* clang-format on */
#if PERCPU_IS_SMP
#define PERCPU__A64_PAIR_TEXT                                                                      \
	"\n1:\n" PERCPU__SEQUENCE_BEGIN PERCPU__FORMS(                                             \
		PERCPU__NEAR_ONE(PERCPU__DO_ADDRESS, "%[t]"), , PERCPU__DO_ADDRESS, "%[t]")        \
		PERCPU__A64_PAIR
#define PERCPU__A64_PAIR_OUT PERCPU__SCRATCH_OUT
#define PERCPU__A64_PAIR_AT(lv) PERCPU__OPERAND_AT(lv)
#else
#define PERCPU__A64_PAIR_TEXT "1:\t" PERCPU__A64_PAIR
#define PERCPU__A64_PAIR_OUT "=r"(_percpu_t), "=&r"(_percpu_u)
#define PERCPU__A64_PAIR_AT(lv) [t] "r"(percpu_arch_ptr(lv))
#endif
#define percpu_arch_cmpxchg128(lv, e, v)                                                           \
	__extension__({                                                                            \
		percpu_u128 _percpu_e = (e), _percpu_new = (v);                                    \
		uint64_t _percpu_low, _percpu_high;                                                \
		uint32_t _percpu_failed;                                                           \
		uintptr_t _percpu_t, _percpu_u;                                                    \
		__asm__ volatile(PERCPU__A64_PAIR_TEXT                                             \
				 : [low] "=&r"(_percpu_low), [high] "=&r"(_percpu_high),           \
				   [failed] "=&r"(_percpu_failed), PERCPU__A64_PAIR_OUT            \
				 : PERCPU__A64_PAIR_AT(lv), [e_low] "r"((uint64_t)_percpu_e),      \
				   [e_high] "r"((uint64_t)(_percpu_e >> 64)),                      \
				   [v_low] "r"((uint64_t)_percpu_new),                             \
				   [v_high] "r"((uint64_t)(_percpu_new >> 64))                     \
				 : "memory", "cc");                                                \
		(percpu_u128) _percpu_high << 64 | _percpu_low;                                    \
	})

#endif
