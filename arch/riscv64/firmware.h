/* SPDX-License-Identifier: 0BSD */
/* The firmware that the kernel brings along: see firmware.S. */
#ifndef RISCV64_FIRMWARE_H
#define RISCV64_FIRMWARE_H

/* Of each hart, in M-mode. */
#define FIRMWARE_STACK_SIZE 2048

#endif
