/* SPDX-License-Identifier: 0BSD */
/*
 * Control registers and MSRs, for assembly and C (Intel SDM volume 3, "Control Registers" and
 * "Extended Feature Enable Register"; volume 4, "Model-Specific Registers").
 */
#ifndef X86_64_REGISTERS_H
#define X86_64_REGISTERS_H

/*
 * PG WP NE ET MP PE, and nothing else: written whole, so that CD and NW, which power-up sets and
 * INIT leaves as they were, are clear and caching is on.
 */
#define CR0_PAGED 0x80010033

#define CR4_PAE 0x20
#define CR4_MCE 0x40
#define CR4_FSGSBASE 0x10000

#define MSR_EFER 0xc0000080
#define EFER_SCE 0x1
#define EFER_LME 0x100

#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_FMASK 0xc0000084
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#endif
