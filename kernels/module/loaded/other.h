/* SPDX-License-Identifier: 0BSD */
/* The kernel's configuration, but for how operations are protected from preemption. */
#include <percpu/config.h>

#define RESTARTS_none 0
#define RESTARTS_hooks 0
#define RESTARTS_restart 1
#define RESTARTS_(word) RESTARTS_##word
#define RESTARTS(word) RESTARTS_(word)

#if RESTARTS(PERCPU_PREEMPT)
#undef PERCPU_PREEMPT
#define PERCPU_PREEMPT none
#else
#undef PERCPU_PREEMPT
#define PERCPU_PREEMPT restart
#endif
