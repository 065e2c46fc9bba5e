/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables in Linux's shape: a section with the initial values, a copy of it for each CPU,
 * and how far each copy is from the section. The caller of this_cpu_ptr has interrupts off.
 */
#ifndef PER_CPU_H
#define PER_CPU_H

#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name) __attribute__((section("per_cpu"))) __typeof__(type) name

extern char __start_per_cpu[], __stop_per_cpu[]; /* the linker's */
extern uintptr_t per_cpu_offset[NCPU];

#define per_cpu_ptr(pointer, cpu)                                                                  \
	((__typeof__(pointer))((uintptr_t)(pointer) + per_cpu_offset[cpu]))
#define per_cpu(name, cpu) (*per_cpu_ptr(&(name), cpu))
#define this_cpu_ptr(pointer) per_cpu_ptr(pointer, cpuid())
#define this_cpu_read(name) (*this_cpu_ptr(&(name)))
#define this_cpu_write(name, value) ((void)(*this_cpu_ptr(&(name)) = (value)))
#define this_cpu_inc(name) ((void)++*this_cpu_ptr(&(name)))
#define this_cpu_dec(name) ((void)--*this_cpu_ptr(&(name)))

void setup_per_cpu_area(size_t cpu);

#endif
