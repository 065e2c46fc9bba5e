/* SPDX-License-Identifier: 0BSD */
#include "counter.h"

#include <boards/common/devicetree.h>

uint64_t counter_frequency(void); /* wait.S */

static uint64_t rate;

/*
 * CNTFRQ_EL0 only says what firmware has written there, on each CPU, and 0 if none has. For that
 * case a device tree may have it (Linux, Documentation/devicetree/bindings/timer/
 * arm,arch_timer.yaml, "clock-frequency").
 */
const char *counter_init(const struct fdt *fdt)
{
	fdt_node timer = devicetree_compatible(fdt, "arm,armv8-timer");
	uint64_t start = counter_read();

	rate = counter_frequency();
	if (!rate)
		rate = fdt_number(fdt, timer, "clock-frequency", 1, 0);
	if (!rate)
		return "firmware has not said how fast the system counter counts (CNTFRQ_EL0 is "
		       "0), and the device tree's timer has no clock-frequency: no wait could end";
	for (size_t i = 0; i < 10000000; i++)
		if (counter_read() != start)
			return NULL;
	return "the system counter does not count: firmware must turn it on (CNTCR.EN)";
}

uint64_t counter_rate(void)
{
	return rate;
}
