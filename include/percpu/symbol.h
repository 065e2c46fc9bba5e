/* SPDX-License-Identifier: MIT */
/*
 * The symbols of the library's functions. They carry the configuration, so that a program and a
 * library of different configurations do not link: percpu_init is the symbol
 * percpu_init__smp_none_image_line64_debug0_gp, or the like. For C and for assembly.
 */
#ifndef PERCPU_SYMBOL_H
#define PERCPU_SYMBOL_H

#define PERCPU_SYMBOL(function)                                                                    \
	PERCPU__PASTE(function, PERCPU_MODE, PERCPU_PREEMPT, PERCPU_VMA, PERCPU_CACHE_LINE,        \
		      PERCPU_DEBUG, PERCPU_ARCH_CONFIG)
#define PERCPU__PASTE(...) PERCPU__PASTE_(__VA_ARGS__)
#define PERCPU__PASTE_(function, mode, preempt, vma, line, debug, arch)                            \
	function##__##mode##_##preempt##_##vma##_line##line##_debug##debug##_##arch

#define PERCPU__STRING_(...) #__VA_ARGS__
#define PERCPU__STRING(...) PERCPU__STRING_(__VA_ARGS__)

#endif
