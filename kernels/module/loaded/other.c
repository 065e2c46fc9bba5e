/* SPDX-License-Identifier: 0BSD */
/*
 * A module that must be refused: it is loaded/counter.c of another configuration. Without the
 * function whose symbol names the configuration (loaded.h) all of it would be found in the kernel,
 * and its updates be lost without a word.
 */
#define PERCPU_CONFIG_FILE <kernels/module/loaded/other.h>

#include "counter.c"
