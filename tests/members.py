# SPDX-License-Identifier: MIT
"""The members of libpercpu.a: which a kernel may have that calls for nothing else, and which come
with dynamic variables and with CPUs that go. Those of what is built on these, as cache.o, are in
neither."""

STATIC = {"areas.o", "collected.o", "debug.o", "error.o", "memory.o", "panic.o",
          "remote.o", "script.o", "sequences.o"}
DYNAMIC = {"dynamic.o", "set.o", "lock.o", "hotplug.o", "error_dynamic.o"}
# With percpu_grow, and with percpu_init_each.
SELDOM = {"grow.o", "each.o"}
