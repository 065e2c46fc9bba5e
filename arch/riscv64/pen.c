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

/* Whoever changes it to SLOT_STARTS is alone with the slot. */
static bool take(struct pen_slot *slot)
{
	uint64_t waits = SLOT_WAITS;

	return __atomic_compare_exchange_n(&slot->hart, &waits, SLOT_STARTS, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
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
	__atomic_store_n(&pen_slots[clint_place(hwid)].hart, SLOT_RUNS, __ATOMIC_RELAXED);
}

__attribute__((noreturn)) void pen_enter_again(struct pen_slot *slot); /* pen.S */

/* First the interrupt that it was let go by, for the next must not be taken back with it. */
void pen_go_back(void)
{
	size_t place = clint_place(this_hwid());

	clint_take_back(place);
	pen_enter_again(&pen_slots[place]);
}

long pen_status(uint64_t hwid)
{
	size_t place = clint_place(hwid);
	uint64_t hart;

	if (place == SIZE_MAX)
		return SBI_ERR_INVALID_PARAM;
	/* The acquire pairs with the fence in pen_enter_again. */
	hart = __atomic_load_n(&pen_slots[place].hart, __ATOMIC_ACQUIRE);
	if (hart == SLOT_WAITS)
		return SBI_HSM_STOPPED;
	return hart == SLOT_RUNS ? SBI_HSM_STARTED : SBI_HSM_START_PENDING;
}
