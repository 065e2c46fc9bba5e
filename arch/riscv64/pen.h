/* SPDX-License-Identifier: 0BSD */
/* Where harts wait that no firmware holds back: see pen.S. */
#ifndef RISCV64_PEN_H
#define RISCV64_PEN_H

/* A slot of the pen is the id of the hart that may go, and this bit, which no hart id has. */
#define PEN_OPEN_BIT 63

#define CAUSE_SOFTWARE 3 /* the number of M-mode's software interrupt in mie and mip */

#endif
