/* SPDX-License-Identifier: 0BSD */
/* The Fixed ACPI Description Table (ACPI specification 6.4, 5.2.9): where the ACPI timer is. */
#include "pc.h"

enum {
	TABLE_LENGTH = 4,
	TIMER_PORT = 76,
	TIMER_LENGTH = 91,
	FLAGS = 112,
	FLAGS_END = 116,
	TIMER = 208, /* the same as a generic address (5.2.3.2), which has precedence */
	TIMER_END = 220
};
enum { GENERIC_SPACE = 0, GENERIC_ADDRESS = 4, SPACE_IO = 1 };

#define FLAG_HARDWARE_REDUCED (1u << 20) /* there is none, whatever the fields say */

uint16_t fadt_timer_port(const void *table)
{
	const unsigned char *fadt = table;
	uint32_t length = le32(fadt + TABLE_LENGTH);
	uint64_t port;

	if (length < FLAGS_END || le32(fadt + FLAGS) & FLAG_HARDWARE_REDUCED ||
	    fadt[TIMER_LENGTH] != 4)
		return 0;
	port = le32(fadt + TIMER_PORT);
	if (length >= TIMER_END && le64(fadt + TIMER + GENERIC_ADDRESS)) {
		/* Only ports are looked at: no PC has it in memory. */
		if (fadt[TIMER + GENERIC_SPACE] != SPACE_IO)
			return 0;
		port = le64(fadt + TIMER + GENERIC_ADDRESS);
	}
	return port <= UINT16_MAX - 3 ? (uint16_t)port : 0;
}
