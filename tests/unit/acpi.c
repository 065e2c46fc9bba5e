/* SPDX-License-Identifier: MIT */
/* boards/pc/acpi.c: where the root pointer comes from, and which root it leads to. */
#include "common/machine.h"

#define BIOS_RSDP 0xf0010u
#define EBDA 0x9fc00u
#define RSDT 0x100000u
#define XSDT 0x110000u
#define TABLE 0x120000u

static void put_sum(unsigned char *at, size_t size, size_t sum)
{
	unsigned char total = 0;

	at[sum] = 0;
	for (size_t i = 0; i < size; i++)
		total = (unsigned char)(total + at[i]);
	at[sum] = (unsigned char)-total;
}

static void put_table(uint64_t address, const char *signature, uint32_t size)
{
	memcpy(memory(address), signature, 4);
	put32(address + 4, size);
	put_sum(memory(address), size, 9);
}

static void fill_rsdp(unsigned char *at, uint8_t revision, uint32_t rsdt, uint64_t xsdt)
{
	memcpy(at, "RSD PTR ", 8);
	at[15] = revision;
	memcpy(at + 16, &rsdt, sizeof(rsdt));
	memcpy(at + 24, &xsdt, sizeof(xsdt));
	put_sum(at, 20, 8);
}

/* An RSDT that lists a HPET only, and an XSDT that lists a MADT only. */
static void make_tables(void)
{
	make_memory();
	put_table(TABLE, "APIC", 44);
	put_table(TABLE + 0x1000, "HPET", 56);
	put32(RSDT + 36, TABLE + 0x1000);
	put_table(RSDT, "RSDT", 40);
	put64(XSDT + 36, TABLE);
	put_table(XSDT, "XSDT", 44);
}

static void by_a_bios(void)
{
	make_tables();
	CHECK(!acpi_table(NULL, "HPET"));
	fill_rsdp(memory(BIOS_RSDP), 0, RSDT, XSDT);
	CHECK(acpi_table(NULL, "HPET") == memory(TABLE + 0x1000) && !acpi_table(NULL, "APIC"));
	put32(0x40e, EBDA >> 4);
	fill_rsdp(memory(EBDA + 16), 2, RSDT, XSDT);
	CHECK(acpi_table(NULL, "APIC") == memory(TABLE) && !acpi_table(NULL, "HPET"));
}

static void by_a_loader(void)
{
	unsigned char rsdp[RSDP_SIZE];

	make_tables();
	fill_rsdp(memory(BIOS_RSDP), 0, RSDT, XSDT);
	fill_rsdp(rsdp, 2, RSDT, XSDT);
	CHECK(acpi_table(rsdp, "APIC") == memory(TABLE) && !acpi_table(rsdp, "HPET"));
	rsdp[8]++;
	CHECK(!acpi_table(rsdp, "APIC") && !acpi_table(rsdp, "HPET"));
}

/* Zeros behind the old part, as when a loader passes on that part only. */
static void without_xsdt(void)
{
	unsigned char rsdp[RSDP_SIZE] = {0};

	make_tables();
	fill_rsdp(rsdp, 2, RSDT, 0);
	CHECK(acpi_table(rsdp, "HPET") == memory(TABLE + 0x1000));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"without a loader's root pointer, that of the EBDA and then of the BIOS counts",
		 by_a_bios},
		{"the loader's root pointer, if there is one, is the only one", by_a_loader},
		{"a new root pointer without an XSDT leads to the RSDT", without_xsdt},
	};

	UNIT_RUN(tests);
}
