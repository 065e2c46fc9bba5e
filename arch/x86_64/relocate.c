/* SPDX-License-Identifier: 0BSD */
/* Relocations of the x86-64 psABI, "Relocation Types". */
#include <arch/relocate.h>

const unsigned arch_elf_machine = 62;

enum { R_NONE = 0, R_64 = 1, R_PC32 = 2, R_PLT32 = 4, R_32 = 10, R_32S = 11, R_PC64 = 24 };

static const struct relocation_kind kinds[] = {
	{.type = R_NONE, .name = "R_X86_64_NONE"},
	{.type = R_64, .name = "R_X86_64_64", .bytes = 8},
	{.type = R_PC32, .name = "R_X86_64_PC32", .bytes = 4, .relative = true},
	{.type = R_PLT32, .name = "R_X86_64_PLT32", .bytes = 4, .relative = true},
	{.type = R_32, .name = "R_X86_64_32", .bytes = 4},
	{.type = R_32S, .name = "R_X86_64_32S", .bytes = 4},
	{.type = R_PC64, .name = "R_X86_64_PC64", .bytes = 8, .relative = true},
};

const struct relocation_kind *arch_relocation_kind(unsigned type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

const char *arch_relocate(const struct relocation *r)
{
	uint64_t value = r->value - (r->kind->relative ? r->place : 0);
	bool fits = r->kind->bytes != 4 ||
		    (r->kind->type == R_32 ? value <= UINT32_MAX : relocation_fits(value, 32));

	if (!fits)
		return RELOCATION_OUT_OF_REACH;
	relocation_write(r->at, r->kind->bytes, value);
	return NULL;
}
