/* SPDX-License-Identifier: 0BSD */
#include "sbi.h"

#include <arch/boot.h>

/*
 * a7 is the extension, a6 the function; a0 and a1 return the error and the value, all other
 * registers are kept (SBI specification, "Binary Encoding"). Volatile, and with "memory", because
 * the firmware may read and change anything.
 */
static struct sbi_result ecall(long extension, long function, unsigned long arg0,
			       unsigned long arg1, unsigned long arg2)
{
	register unsigned long a0 __asm__("a0") = arg0;
	register unsigned long a1 __asm__("a1") = arg1;
	register unsigned long a2 __asm__("a2") = arg2;
	register long a6 __asm__("a6") = function;
	register long a7 __asm__("a7") = extension;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
	return (struct sbi_result){(long)a0, (long)a1};
}

long sbi_call(long extension, long function, unsigned long a0, unsigned long a1, unsigned long a2)
{
	return ecall(extension, function, a0, a1, a2).error;
}

long sbi_hart_status(uint64_t hart)
{
	struct sbi_result result = ecall(SBI_HSM, SBI_HSM_HART_GET_STATUS, hart, 0, 0);

	return result.error ? result.error : result.value;
}

long sbi_base(long function)
{
	return ecall(SBI_BASE, function, 0, 0, 0).value;
}

bool sbi_has(long extension)
{
	struct sbi_result result =
		ecall(SBI_BASE, SBI_BASE_PROBE_EXTENSION, (unsigned long)extension, 0, 0);

	return result.error == 0 && result.value != 0;
}

const char *sbi_error_name(long error)
{
	switch (error) {
	case 0:
		return "SBI_SUCCESS";
	case -1:
		return "SBI_ERR_FAILED: the firmware does not say why";
	case -2:
		return "SBI_ERR_NOT_SUPPORTED: the firmware cannot do this";
	case -3:
		return "SBI_ERR_INVALID_PARAM: the firmware knows no such hart, or it cannot run "
		       "S-mode; compare the hart id with the device tree";
	case -4:
		return "SBI_ERR_DENIED: the firmware does not allow it";
	case -5:
		return "SBI_ERR_INVALID_ADDRESS: the start address is not one that S-mode may "
		       "execute";
	case -6:
		return "SBI_ERR_ALREADY_AVAILABLE: the hart runs already";
	case -7:
		return "SBI_ERR_ALREADY_STARTED: the hart is started already";
	case -8:
		return "SBI_ERR_ALREADY_STOPPED: the hart is stopped already";
	default:
		return "an error that the SBI specification does not have for harts";
	}
}

void sbi_stop(uintptr_t boot_data, const char *text)
{
	(void)boot_data;
	while (*text)
		sbi_call(SBI_LEGACY_PUTCHAR, 0, (unsigned char)*text++, 0, 0);
	sbi_call(SBI_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_SHUTDOWN, SBI_SRST_SYSTEM_FAILURE, 0);
	arch_halt();
}
