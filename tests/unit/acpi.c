/* SPDX-License-Identifier: MIT */
/* boards/pc/acpi.c: where the root pointer comes from, which root it leads to, and what is
 * said where that ends. */
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

/* The table with this signature; NULL, with a sentence that has WHY in it. */
static const void *found(const unsigned char *rsdp, const char *signature, const char *why)
{
	const void *table;
	const char *error = acpi_find(rsdp, signature, &table);

	CHECK(!error == !!table && !error == !why && (!why || strstr(error, why)));
	return table;
}

static void by_a_bios(void)
{
	make_tables();
	found(NULL, "HPET", "no root pointer");
	fill_rsdp(memory(BIOS_RSDP), 0, RSDT, XSDT);
	CHECK(found(NULL, "HPET", NULL) == memory(TABLE + 0x1000));
	found(NULL, "APIC", "none of these is it");
	put32(0x40e, EBDA >> 4);
	fill_rsdp(memory(EBDA + 16), 2, RSDT, XSDT);
	CHECK(found(NULL, "APIC", NULL) == memory(TABLE));
	found(NULL, "HPET", "none of these is it");
}

static void by_a_loader(void)
{
	unsigned char rsdp[RSDP_SIZE];

	make_tables();
	fill_rsdp(memory(BIOS_RSDP), 0, RSDT, XSDT);
	fill_rsdp(rsdp, 2, RSDT, XSDT);
	CHECK(found(rsdp, "APIC", NULL) == memory(TABLE));
	found(rsdp, "HPET", "none of these is it");
	rsdp[8]++;
	found(rsdp, "APIC", "that the boot loader passes is none");
	found(rsdp, "HPET", "that the boot loader passes is none");
}

/* Zeros behind the old part, as when a loader passes on that part only. */
static void without_xsdt(void)
{
	unsigned char rsdp[RSDP_SIZE] = {0};

	make_tables();
	fill_rsdp(rsdp, 2, RSDT, 0);
	CHECK(found(rsdp, "HPET", NULL) == memory(TABLE + 0x1000));
}

/* From there on no table's header lies below 4 GiB as a whole. */
#define HIGH (PC_MAPPED - 35)

static void above_4_gib(void)
{
	unsigned char rsdp[RSDP_SIZE];

	make_tables();
	for (uint64_t high = HIGH; high; high = high == HIGH ? PC_MAPPED : high << 1) {
		fill_rsdp(rsdp, 2, 0, high);
		found(rsdp, "APIC", "the XSDT, lies above 4 GiB");
		/* The RSDT may do, but what it does not have may be in the other. */
		fill_rsdp(rsdp, 2, RSDT, high);
		CHECK(found(rsdp, "HPET", NULL) == memory(TABLE + 0x1000));
		found(rsdp, "APIC", "lie above 4 GiB");
		/* A table that cannot be seen does not hide one that can. */
		put64(XSDT + 36, high);
		put64(XSDT + 44, TABLE);
		put_table(XSDT, "XSDT", 52);
		fill_rsdp(rsdp, 2, RSDT, XSDT);
		CHECK(found(rsdp, "APIC", NULL) == memory(TABLE));
		found(rsdp, "HPET", "lie above 4 GiB");
	}
}

static void damaged(void)
{
	unsigned char rsdp[RSDP_SIZE];

	make_tables();
	fill_rsdp(rsdp, 2, RSDT, XSDT);
	memory(TABLE)[40]++;
	found(rsdp, "APIC", "its checksum is wrong");
	memory(XSDT)[9]++;
	CHECK(found(rsdp, "HPET", NULL) == memory(TABLE + 0x1000));
	memory(RSDT)[9]++;
	found(rsdp, "HPET", "XSDT or RSDT, is not where");
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"without a loader's root pointer, that of the EBDA and then of the BIOS counts",
		 by_a_bios},
		{"the loader's root pointer, if there is one, is the only one", by_a_loader},
		{"a new root pointer without an XSDT leads to the RSDT", without_xsdt},
		{"C58 what lies above 4 GiB is not missing, and is said to lie there", above_4_gib},
		{"what is found but damaged is said to be", damaged},
	};

	UNIT_RUN(tests);
}
