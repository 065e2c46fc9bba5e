/* SPDX-License-Identifier: MIT */
/*
 * For assembly: the symbol of a function of the library, which carries the configuration.
 *
 *	call	PERCPU_SYMBOL(percpu_set_local_thread_pointer)
 */
#ifndef PERCPU_ASM_H
#define PERCPU_ASM_H

#ifdef PERCPU_CONFIG_FILE
#include PERCPU_CONFIG_FILE
#else
#include <percpu/config.h>
#endif

#include <percpu/configuration.h>

#include <percpu_arch.h>

#endif
