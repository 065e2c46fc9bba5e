/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include <percpu.h>

#include <lib/internal.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static char *areas_then, *template_then;

void watch_init(size_t ncpu, size_t cpu)
{
	int error = percpu_init(ncpu);

	if (!error)
		error = percpu_set_local_thread_pointer(cpu);
	if (error)
		tap_bail_out("percpu_init(%zu): %s", ncpu, percpu_strerror(error));
}

static size_t areas_size(void)
{
	return percpu_areas_size(percpu_area_num());
}

void watch_start(void)
{
	if (!areas_then) {
		areas_then = malloc(areas_size());
		template_then = malloc(_percpu_template_size());
	}
	memcpy(areas_then, percpu_area_base(0), areas_size());
	memcpy(template_then, _percpu_load_start, _percpu_template_size());
}

bool watch_unchanged(void)
{
	return !memcmp(areas_then, percpu_area_base(0), areas_size()) &&
	       !memcmp(template_then, _percpu_load_start, _percpu_template_size());
}

bool watch_found(size_t offset, const void *expected, size_t size)
{
	size_t area =
		(size_t)((char *)percpu_get_local_thread_pointer() - (char *)percpu_area_base(0));

	/* As if those bytes alone had been written: then nothing else may differ. */
	memcpy(areas_then + area + offset, expected, size);
	return watch_unchanged();
}
