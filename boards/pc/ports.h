/* SPDX-License-Identifier: 0BSD */
/* I/O ports that boot.S, in assembly, and board.c both write to. */
#ifndef PORTS_H
#define PORTS_H

/* The first serial port, a 16550: its registers behind COM1, and what is written to set it up. */
#define COM1 0x3f8
#define COM1_INTERRUPTS 1
#define COM1_FIFO 2
#define COM1_LINE 3
#define COM1_STATUS 5
#define LINE_DIVISOR 0x80 /* the first two registers are the divisor of 115200 baud */
#define LINE_8N1 0x03
#define FIFO_ON_AND_EMPTY 0x07
#define STATUS_CAN_SEND 0x20

/* QEMU's isa-debug-exit: the exit status is value * 2 + 1. board.mk says where it is. */
#define DEBUG_EXIT 0xf4
#define EXIT_PASSED 0x10
#define EXIT_FAILED 0x11

#endif
