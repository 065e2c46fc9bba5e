/* SPDX-License-Identifier: 0BSD */
/* What the files of this board share, and what arch/x86_64/smp.c asks of it. */
#ifndef PC_H
#define PC_H

#include <boards/board.h>

/* A free page below 640 KiB, for an AP to start from; 0 if there is none. */
uintptr_t pc_low_page(void);

/* Where the MADT says that the local APIC's registers are. */
uint64_t pc_lapic_address(void);

/* Where the MADT says that I/O APICs' registers are: at most MAX of them; how many there are. */
size_t pc_io_apics(uint64_t *addresses, size_t max);

/* Returns when so much time has passed by board_microseconds. */
void pc_delay(uint64_t microseconds);

/* ---- Memory, by physical address ---- */

/* boot.S maps the first 4 GiB, one to one. */
#define PC_MAPPED 0x100000000u

/* Where the machine's address 0 is: on the host, tests have memory of their own for it. */
#ifndef PC_MEMORY
#define PC_MEMORY 0
#endif

static inline const unsigned char *pc_at(uint64_t address)
{
	const unsigned char *p;

	/* Hidden from the compiler, which takes low addresses for NULL dereferences. */
	__asm__("" : "=r"(p) : "0"(PC_MEMORY + address));
	return p;
}

/* Whether all SIZE bytes at ADDRESS can be read. Nobody's tables are at address 0. */
static inline bool pc_readable(uint64_t address, uint64_t size)
{
	return address && address <= PC_MAPPED && size <= PC_MAPPED - address;
}

/* Tables are little-endian, and their fields not always aligned. */
static inline uint32_t le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t le64(const unsigned char *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

/* ---- What the boot loader tells (loader.c, multiboot.c, multiboot2.c) ---- */

enum { LOW_PAGES = 0xa0, RSDP_SIZE = 36 };

/* Characters. Linux takes as many from a boot loader. */
#define COMMAND_LINE_MAX 2047

/* The least that a table may claim which is no table but nonsense. */
#define LOADER_MAX_SIZE 0x100000u

/* So many entries of the memory map are kept. */
enum { LOADER_RANGES = 256 };

struct loader_range {
	uint64_t start, size;
	bool available;
};

/* Copied: the loader may have put its own anywhere, also where an AP's start page will be. */
struct loader {
	const char *protocol;
	char name[64];				 /* and its version; "" if it did not say */
	bool efi;				 /* it was started by UEFI firmware */
	char command_line[COMMAND_LINE_MAX + 1]; /* "" if there is none */
	bool command_line_cut;			 /* there is more of it */
	bool has_rsdp; /* the next is ACPI's root pointer, or zeros behind an old one */
	unsigned char rsdp[RSDP_SIZE];
	unsigned char low_pages[LOW_PAGES];	   /* each an enum low_page */
	uint64_t kernel, kernel_end;		   /* where this kernel is */
	bool kernel_reserved;			   /* the map has some of that for something else */
	struct loader_range ranges[LOADER_RANGES]; /* the memory map */
	size_t range_count;			   /* and how many it has */
};

/*
 * The loader left this number in %eax and ADDRESS in %ebx, and the kernel from KERNEL to
 * KERNEL_END. Returns NULL, or what is wrong.
 */
const char *loader_init(uint32_t magic, uintptr_t address, uint64_t kernel, uint64_t kernel_end);
const struct loader *loader(void);

/* What each protocol's file does with the information at ADDRESS, into a LOADER that is zero. */
const char *multiboot_read(struct loader *loader, uint64_t address);
const char *multiboot2_read(struct loader *loader, uint64_t address);

/*
 * For these: a string of at most SIZE bytes at FROM, false if there is no room for all of it; and
 * an entry of a memory map.
 */
bool loader_copy_string(char *to, size_t room, const unsigned char *from, uint64_t size);
void loader_add_memory(struct loader *loader, uint64_t base, uint64_t length, bool available);

/* The highest free page; 0 if there is none. */
uintptr_t loader_low_page(const struct loader *loader);

/* ---- ACPI (acpi.c, madt.c, fadt.c) ---- */

/* What acpi_find returns if there are tables, and none is it. */
extern const char acpi_has_none[];

/*
 * Finds the table with this signature, its checksum verified. Returns NULL, or a sentence that says
 * why there is no *TABLE. RSDP is the boot loader's copy of the root pointer; with NULL it is
 * looked for where a BIOS has it.
 */
const char *acpi_find(const unsigned char *rsdp, const char *signature, const void **table);

/* As board_find_cpus, from a MADT. */
size_t madt_cpus(const void *madt, uint64_t *apic_ids, size_t max);
uint64_t madt_lapic_address(const void *madt);

/* The same for I/O APICs: where their registers are, below 4 GiB. */
size_t madt_io_apics(const void *madt, uint64_t *addresses, size_t max);

/* The port of the ACPI timer; 0 if the FADT has none. */
uint16_t fadt_timer_port(const void *fadt);

/* ---- Nodes (srat.c, slit.c, nodes.c) ---- */

/* NULL, or a sentence that says what is wrong with the table. */
const char *srat_check(const void *srat);
const char *slit_check(const void *slit);

/* As board_node_of, from an SRAT that srat_check lets pass. */
bool srat_node_of(const void *srat, uint64_t apic_id, uint32_t *node);

/* The memory that it lists, each range with its node: as board_find_ram. */
size_t srat_memory(const void *srat, struct board_range *ranges, size_t max);

/* As board_distance, from a SLIT that slit_check lets pass. */
uint32_t slit_distance(const void *slit, uint32_t from, uint32_t to);

/* ---- The clock (clock.c, timers.c) ---- */

/* Something that counts up at a known rate, to measure the time stamp counter by. */
struct pc_counter {
	const char *name;
	uint64_t hz;
	uint32_t mask;		       /* the bits of it that count */
	bool (*start)(void);	       /* false: it is not there */
	bool (*read)(uint32_t *ticks); /* false: it has run out since START */
};

extern const struct pc_counter pit_counter, acpi_counter;
void acpi_counter_is_at(uint16_t port);

/* A time stamp counter of less than so many counts a millisecond is none. */
#define CLOCK_SLOWEST 1000u

/* How far TSC counts in a millisecond; 0 if it, or COUNTER, is not there or stands still. */
uint64_t clock_measure(const struct pc_counter *counter, uint64_t (*tsc)(void));

/* Right for all 64 bits of TSC. */
uint64_t clock_microseconds(uint64_t tsc, uint64_t per_millisecond);

#endif
