/* SPDX-License-Identifier: 0BSD */
#include "psci.h"

#include <stddef.h>

#include "before_bss.h"

static enum { NO_PSCI, HVC, SMC } conduit BEFORE_BSS;

void psci_set_conduit(const char *method)
{
	if (!method)
		conduit = NO_PSCI;
	else
		conduit = method[0] == 'h' ? HVC : SMC;
}

bool psci_exists(void)
{
	return conduit != NO_PSCI;
}

/*
 * x0 is the function and then the result; x1 to x17 may come back changed (Arm DEN 0028, SMC
 * Calling Convention, before version 1.1). Volatile, and with "memory", because the firmware may
 * read and change anything.
 */
#define CALL(instruction)                                                                          \
	__asm__ volatile(instruction " #0"                                                         \
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)                                  \
			 :                                                                         \
			 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",  \
			   "x15", "x16", "x17", "memory")

int32_t psci_call(uint32_t function, uint64_t arg1, uint64_t arg2, uint64_t arg3)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = arg1;
	register uint64_t x2 __asm__("x2") = arg2;
	register uint64_t x3 __asm__("x3") = arg3;

	if (conduit == NO_PSCI)
		return -1;
	if (conduit == HVC)
		CALL("hvc");
	else
		CALL("smc");
	return (int32_t)x0;
}

const char *psci_error_name(int32_t error)
{
	switch (error) {
	case 0:
		return "SUCCESS";
	case -1:
		return "NOT_SUPPORTED: the firmware has no such call, or the device tree no PSCI";
	case -2:
		return "INVALID_PARAMETERS: the firmware knows no CPU with this MPIDR; compare it "
		       "with the device tree";
	case -3:
		return "DENIED: the firmware does not allow it";
	case -4:
		return "ALREADY_ON: the CPU runs already";
	case -5:
		return "ON_PENDING: a start of this CPU is under way";
	case -6:
		return "INTERNAL_FAILURE: the firmware does not say why";
	case -7:
		return "NOT_PRESENT: the CPU is not there";
	case -8:
		return "DISABLED: the firmware has taken the CPU out of use";
	case -9:
		return "INVALID_ADDRESS: the start address is not one that the CPU may execute";
	default:
		return "an error that the PSCI specification does not name";
	}
}
