/* SPDX-License-Identifier: MIT */
/*
 * Updates by a load that reserves its address and a store that fails if the reservation is gone.
 * Included by loadstore.h, for a port with PERCPU_PORT_EXCLUSIVES: for machines only where the way
 * back from an exception ends a reservation, and that must be what the manual says. Then what an
 * interrupt handler changed in between makes the store fail, and the loop starts over. The port's
 * table has, beside what loadstore.h says:
 *
 *   PERCPU_PORT_OBJECT		constraint of the memory operand, which is written: "+Q"
 *   PERCPU_PORT_LOAD_EXCLUSIVE(suffix, to)	TO = %[mem]
 *   PERCPU_PORT_STORE_EXCLUSIVE(suffix, v)	%[mem] = V, and to label 1 if it fails; %[failed]
 *				may be used
 */
#ifndef PERCPU_EXCLUSIVES_H
#define PERCPU_EXCLUSIVES_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

/*
 * NEXT computes [new_] from [old], or leaves by a branch to 2; STORED is the operand to store. The
 * memory operand tells the compiler what is written.
 */
#define PERCPU__LOOP(width, lv, old_, new__, next, stored, ...)                                    \
	__extension__({                                                                            \
		uint32_t _percpu_failed;                                                           \
		__asm__ volatile(                                                                  \
			"1:\t" PERCPU_PORT_LOAD_EXCLUSIVE(PERCPU__SUFFIX width,                    \
							  PERCPU__REG width "[old]") "\n\t" next   \
				PERCPU_PORT_STORE_EXCLUSIVE(PERCPU__SUFFIX width,                  \
							    PERCPU__REG width stored) "\n2:"       \
			: [old] "=&r"(old_), [new_] "=&r"(new__), [failed] "=&r"(_percpu_failed),  \
			  [mem] PERCPU_PORT_OBJECT(*(PERCPU__VALUE(lv) *)percpu_arch_ptr(lv))      \
			: __VA_ARGS__                                                              \
			: "cc");                                                                   \
	})
#define PERCPU__COMPUTED(width, lv, op, constraint, v_)                                            \
	__extension__({                                                                            \
		uint64_t _percpu_old;                                                              \
		PERCPU__LOOP(width, lv, _percpu_old, _percpu_out,                                  \
			     op " " PERCPU__REG width "[new_], " PERCPU__REG width                 \
				"[old], " PERCPU__REG width "[v]\n\t",                             \
			     "[new_]", [v] constraint(PERCPU_PORT_BITS(lv, v_)));                  \
	})
#define PERCPU__SWAPPED(width, lv, v_)                                                             \
	__extension__({                                                                            \
		uint64_t _percpu_none;                                                             \
		PERCPU__LOOP(width, lv, _percpu_out, _percpu_none, "",                             \
			     "[v]", [v] PERCPU_PORT_ZERO(v_));                                     \
	})
#define PERCPU__COMPARED(width, lv, e_, v_)                                                        \
	__extension__({                                                                            \
		uint64_t _percpu_none;                                                             \
		PERCPU__LOOP(width, lv, _percpu_out, _percpu_none,                                 \
			     PERCPU_PORT_IF_UNEQUAL(PERCPU__REG width "[old]",                     \
						    PERCPU__REG_OR_ZERO width "[e]", "2f") "\n\t", \
			     "[v]", [e] PERCPU_PORT_COMPARED(PERCPU_PORT_BITS(lv, e_)),            \
			     [v] PERCPU_PORT_ZERO(v_));                                            \
	})

#endif
