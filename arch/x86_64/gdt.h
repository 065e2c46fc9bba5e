/* SPDX-License-Identifier: 0BSD */
/* The segments, for assembly and C: their selectors, without the ring of who uses them. */
#ifndef X86_64_GDT_H
#define X86_64_GDT_H

/* Those of gdt in boot.S, which every CPU starts with. */
#define GDT_CODE32 0x08
#define GDT_CODE64 0x10
#define GDT_DATA 0x18
#define GDT_SIZE 0x20

/*
 * And behind them, in the table that tss.c makes for a CPU, those that user mode needs. SYSCALL and
 * SYSRET add 8 and 16 to a selector of MSR STAR: the order is theirs.
 */
#define GDT_USER_DATA 0x20
#define GDT_USER_CODE 0x28
#define GDT_TSS 0x30 /* twice the size of a segment's */
#define GDT_USER_SIZE 0x40

#define RING_USER 3

#endif
