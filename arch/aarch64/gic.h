/* SPDX-License-Identifier: 0BSD */
/* The interrupt controller, as far as a CPU's own interrupts (PPIs) need it. */
#ifndef GIC_H
#define GIC_H

#include <boards/common/fdt.h>

/*
 * At EL3, with the MMU off: gives the GIC of the device tree one security state instead of two, so
 * that Non-secure kernels reach all of it. Does nothing if there is no GICv3.
 */
void gic_disable_security(const struct fdt *fdt);

/*
 * Finds a GICv3 in the device tree and turns its distributor on. Once, on CPU 0. Returns NULL, or
 * a sentence that says what is wrong.
 */
const char *gic_init(const struct fdt *fdt);

/* The id of entry INDEX of the "interrupts" of NODE, which must be a PPI; 0 if it is not. */
uint32_t gic_ppi(const struct fdt *fdt, fdt_node node, size_t index);

/*
 * Readies the calling CPU for its interrupt ID, a PPI, and no other. Returns NULL, or a sentence
 * that says what is wrong.
 */
const char *gic_init_cpu(uint32_t id);

/* Takes the interrupt that is pending, if there is one, and is done with it. */
void gic_acknowledge(void);

#endif
