/* SPDX-License-Identifier: MIT */
/* The x86_64 port's sequences in a Linux program, as they are: nothing starts over here. */
#include <ports/x86_64/percpu_arch_cache.h>
