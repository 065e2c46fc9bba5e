/* SPDX-License-Identifier: 0BSD */
/* What is kept of what the boot loader tells, whichever version of multiboot it follows. */
#include "pc.h"

/* What it left in %eax (both specifications, "Machine state"). */
#define MULTIBOOT_MAGIC 0x2badb002
#define MULTIBOOT2_MAGIC 0x36d76289

#define PAGE 0x1000u

#define TEXT_OF(number) #number
#define TEXT_OF_VALUE(macro) TEXT_OF(macro)
#define COMMAND_LINE_MAX_TEXT TEXT_OF_VALUE(COMMAND_LINE_MAX)

/* A page is taken as soon as one entry says so, whatever the others say. */
enum low_page { PAGE_UNKNOWN, PAGE_FREE, PAGE_TAKEN };

static struct loader this;

static const char *read_information(uint32_t magic, uintptr_t address)
{
	switch (magic) {
	case MULTIBOOT_MAGIC:
		return multiboot_read(&this, address);
	case MULTIBOOT2_MAGIC:
		return multiboot2_read(&this, address);
	default:
		return "the boot loader follows neither version of multiboot: %eax held another "
		       "number: start the kernel by GRUB or by QEMU's -kernel";
	}
}

const char *loader_init(uint32_t magic, uintptr_t address, uint64_t kernel, uint64_t kernel_end)
{
	static const struct loader empty; /* too large for a stack */
	const char *error;

	this = empty;
	this.kernel = kernel;
	this.kernel_end = kernel_end;
	error = read_information(magic, address);
	if (!error && this.kernel_reserved)
		error = "the kernel, or its .bss, lies where the loader's memory map has something "
			"else: link it to another address, BOARD_LOAD in board.mk";
	if (!error && this.command_line_cut)
		error = "the command line is longer than the " COMMAND_LINE_MAX_TEXT
			" characters that are kept of it: shorten it, or its last words are lost";
	return error;
}

const struct loader *loader(void)
{
	return &this;
}

uintptr_t pc_low_page(void)
{
	return loader_low_page(&this);
}

/* Printed as it is, so nothing in it may look like the end of a line; what parts words is a space.
 */
static char printable(unsigned char c)
{
	if (c >= '\t' && c <= '\r')
		return ' ';
	return c >= ' ' && c <= '~' ? (char)c : '?';
}

bool loader_copy_string(char *to, size_t room, const unsigned char *from, uint64_t size)
{
	size_t n = 0;

	for (; n < room - 1 && n < size && from[n]; n++)
		to[n] = printable(from[n]);
	to[n] = '\0';
	return n == size || !from[n];
}

static void keep_range(struct loader *loader, uint64_t base, uint64_t length, bool available)
{
	if (loader->range_count < LOADER_RANGES)
		loader->ranges[loader->range_count] =
			(struct loader_range){base, length, available};
	loader->range_count++;
}

/* Of what is available, whole pages; of all else, every page that it touches. */
void loader_add_memory(struct loader *loader, uint64_t base, uint64_t length, bool available)
{
	uint64_t low_end = (uint64_t)LOW_PAGES * PAGE;
	uint64_t end = base < low_end && length < low_end - base ? base + length : low_end;
	uint64_t page = base / PAGE + (available && base % PAGE);
	uint64_t pages_end = end / PAGE + (!available && end % PAGE);

	if (!length)
		return;
	keep_range(loader, base, length, available);
	if (!available && base < loader->kernel_end &&
	    (base >= loader->kernel || length > loader->kernel - base))
		loader->kernel_reserved = true;
	for (; page < pages_end; page++)
		if (loader->low_pages[page] != PAGE_TAKEN)
			loader->low_pages[page] = available ? PAGE_FREE : PAGE_TAKEN;
}

/* Never page 0: the BIOS keeps its data there. */
uintptr_t loader_low_page(const struct loader *loader)
{
	for (uintptr_t page = LOW_PAGES - 1; page; page--)
		if (loader->low_pages[page] == PAGE_FREE)
			return page * PAGE;
	return 0;
}
