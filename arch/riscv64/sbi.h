/* SPDX-License-Identifier: 0BSD */
/* Calls of the supervisor binary interface (RISC-V SBI specification). */
#ifndef SBI_H
#define SBI_H

#include <stdbool.h>
#include <stdint.h>

/* Extension ids: four letters, or a number for the legacy ones. */
enum {
	SBI_LEGACY_PUTCHAR = 0x01,
	SBI_BASE = 0x10,
	SBI_HSM = 0x48534d,
	SBI_TIME = 0x54494d45,
	SBI_SRST = 0x53525354
};
enum { SBI_BASE_GET_IMPLEMENTATION = 1, SBI_BASE_GET_VERSION = 2, SBI_BASE_PROBE_EXTENSION = 3 };
/* Of the implementations; its version is major << 16 | minor, others count as they please. */
enum { SBI_OPENSBI = 1, SBI_OURS = 0x70657263 };
enum { SBI_ERR_NOT_SUPPORTED = -2, SBI_ERR_INVALID_PARAM = -3, SBI_ERR_ALREADY_AVAILABLE = -6 };
enum { SBI_HSM_HART_START = 0, SBI_HSM_HART_STOP = 1, SBI_HSM_HART_GET_STATUS = 2 };
/* What hart_get_status says of a hart. */
enum { SBI_HSM_STARTED = 0, SBI_HSM_STOPPED = 1, SBI_HSM_START_PENDING = 2 };
enum { SBI_TIME_SET_TIMER = 0 };
enum {
	SBI_SRST_SYSTEM_RESET = 0,
	SBI_SRST_SHUTDOWN = 0,
	SBI_SRST_COLD_REBOOT = 1,
	SBI_SRST_NO_REASON = 0,
	SBI_SRST_SYSTEM_FAILURE = 1
};

/* What a call returns, in a0 and a1. */
struct sbi_result {
	long error;
	long value;
};

/* Calls FUNCTION of EXTENSION; returns the error, 0 for success. Orders memory for the compiler. */
long sbi_call(long extension, long function, unsigned long a0, unsigned long a1, unsigned long a2);

/* The state of a hart, SBI_HSM_, or the error, which is negative. As sbi_call. */
long sbi_hart_status(uint64_t hart);

/* What the firmware answers to a question of the base extension that cannot fail. */
long sbi_base(long function);

/* Whether the firmware has this extension. */
bool sbi_has(long extension);

/* The name of an error, as the specification gives it, and what it means. */
const char *sbi_error_name(long error);

/*
 * Says TEXT by the firmware and ends the machine: before anything else is known, for code in S-mode
 * that cannot go on. As devices_stop.
 */
__attribute__((noreturn)) void sbi_stop(uintptr_t boot_data, const char *text);

#endif
