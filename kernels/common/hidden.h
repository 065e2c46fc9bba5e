/* SPDX-License-Identifier: 0BSD */
/*
 * Included before all else, by -include, where code is position-independent: whatever other files
 * define is in the same image. Without this some compilers look its address up in a table, the GOT,
 * which nobody would correct when the kernel moves.
 */
#pragma GCC visibility push(hidden)
