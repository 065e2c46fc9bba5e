/* SPDX-License-Identifier: 0BSD */
/* Power State Coordination Interface (Arm DEN 0022). */
#ifndef PSCI_H
#define PSCI_H

#include <stdbool.h>
#include <stdint.h>

#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0xc4000003u
#define PSCI_AFFINITY_INFO 0xc4000004u

/* What AFFINITY_INFO says of a CPU, if that is no error. */
enum { PSCI_IS_ON = 0, PSCI_IS_OFF = 1, PSCI_IS_COMING = 2 };

/* How the firmware is called: what the device tree says, "hvc" or "smc"; NULL for no PSCI. */
void psci_set_conduit(const char *method);
bool psci_exists(void);

/*
 * Calls FUNCTION; returns its result, an error below 0. Without PSCI returns NOT_SUPPORTED, -1. The
 * results of these functions have 32 bits, in the CPU_ON and AFFINITY_INFO of 64 bits too (DEN
 * 0022, "Return error codes"): what firmware leaves above them in x0 says nothing.
 */
int32_t psci_call(uint32_t function, uint64_t x1, uint64_t x2, uint64_t x3);

/* The name of an error, as the specification gives it, and what it means. */
const char *psci_error_name(int32_t error);

#endif
