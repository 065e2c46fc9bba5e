# SPDX-License-Identifier: MIT
"""What tools/percpu-check and its kin share: they read a linked kernel's per-CPU part."""
