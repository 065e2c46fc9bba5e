/* SPDX-License-Identifier: 0BSD */
#include "pen.h"

#include <stdbool.h>

#include "clint.h"
#include "sbi.h"

struct pen_slot {
	uint64_t hart;
	uint64_t address, argument;
};
_Static_assert(offsetof(struct pen_slot, hart) == SLOT_HART, "SLOT_HART is where hart is");
_Static_assert(offsetof(struct pen_slot, address) == SLOT_ADDRESS, "SLOT_ADDRESS is right");
_Static_assert(offsetof(struct pen_slot, argument) == SLOT_ARGUMENT, "SLOT_ARGUMENT is right");
_Static_assert(sizeof(struct pen_slot) == SLOT_SIZE, "SLOT_SIZE is the size of a slot");

/*
 * Slot N is for the hart that has place N in the CLINT. In .data: the image brings the zeros, while
 * .bss is cleared only when harts look here already.
 */
struct pen_slot pen_slots[MAX_CPUS] __attribute__((section(".data.pen_slots")));

enum { EMPTY = 0, TAKEN = 1 };

/* Whoever changes it from EMPTY is alone with the slot. */
static bool take(struct pen_slot *slot)
{
	uint64_t empty = EMPTY;

	return __atomic_compare_exchange_n(&slot->hart, &empty, TAKEN, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

long pen_release(uint64_t hwid, uintptr_t address, uint64_t argument)
{
	size_t place = clint_place(hwid);
	struct pen_slot *slot;

	if (place == SIZE_MAX)
		return SBI_ERR_INVALID_PARAM;
	slot = &pen_slots[place];
	if (!take(slot))
		return SBI_ERR_ALREADY_AVAILABLE;
	slot->address = address;
	slot->argument = argument;
	/* The release pairs with the fence in pen: a slot that is open is whole. */
	__atomic_store_n(&slot->hart, hwid | UINT64_C(1) << PEN_OPEN_BIT, __ATOMIC_RELEASE);
	clint_interrupt(place);
	return 0;
}

void pen_keep_out(uint64_t hwid)
{
	(void)take(&pen_slots[clint_place(hwid)]);
}
