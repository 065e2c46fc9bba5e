/* SPDX-License-Identifier: 0BSD */
/*
 * Where the boot CPU enters the kernel.
 *
 * A multiboot loader (GRUB; QEMU's -kernel) loads the image where the header says and jumps to
 * _start: 32-bit protected mode, flat segments, paging off, interrupts off, %eax 0x2badb002, %ebx
 * the address of the multiboot information (Multiboot Specification 0.6.96, "Machine state"). No
 * stack is given, and the segments stay usable only until a register is reloaded. All that is the
 * same by multiboot 2, under a BIOS or UEFI, but for %eax, which is 0x36d76289, and for the format of
 * the information (Multiboot2 Specification 2.0, "I386 machine state").
 *
 * This code goes to 64-bit mode with the first 4 GiB mapped one to one, and calls kernel_entry.
 */
#include <arch/boot.h>
#include <boards/pc/ports.h>

#include "asm.h"

	.section .text.entry, "ax"
	.code32
	.globl	_start
_start:
	jmp	boot_start32

/*
 * The header, which must come within the first 8 KiB of the file. Flag 16 says that it has the load
 * addresses: QEMU needs them to take an ELF64 file; GRUB takes it either way.
 */
#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 0x00010002	/* 1: memory information, 16: addresses below */
	.balign	4
multiboot_header:
	.long	MULTIBOOT_MAGIC
	.long	MULTIBOOT_FLAGS
	.long	-(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)
	.long	multiboot_header
	.long	kernel_start		/* load from here, */
	.long	image_end		/* from the file up to here, */
	.long	kernel_end		/* and zeros up to here */
	.long	_start

/*
 * The same for multiboot 2, within the first 32 KiB: tags, each on 8 bytes, of type, flags and size.
 * Without one that wants UEFI's boot services, the loader ends these before it comes here.
 */
#define MULTIBOOT2_MAGIC 0xe85250d6
#define MULTIBOOT2_SIZE (multiboot2_header_end - multiboot2_header)
	.balign	8
multiboot2_header:
	.long	MULTIBOOT2_MAGIC
	.long	0			/* architecture: x86 in 32-bit protected mode */
	.long	MULTIBOOT2_SIZE
	.long	-(MULTIBOOT2_MAGIC + MULTIBOOT2_SIZE)

	.word	1, 0			/* information that the kernel cannot do without: */
	.long	12
	.long	6			/* the memory map */
	.balign	8
	.word	2, 0			/* the addresses, as above */
	.long	24
	.long	multiboot2_header
	.long	kernel_start
	.long	image_end
	.long	kernel_end
	.word	3, 0			/* the entry */
	.long	12
	.long	_start
	.balign	8
	.word	0, 0			/* no more tags */
	.long	8
multiboot2_header_end:

boot_start32:
	cld
	mov	%eax, %ebp		/* %ebp and %ebx keep what the loader said */

	/*
	 * Not every loader asks if there is RAM for what it loads, or for the areas and .bss behind
	 * it: see if each page of these keeps its own address. What is not RAM may read as anything,
	 * or repeat what is RAM. The firmware has made it uncached, or this would read the cache.
	 */
	mov	$image_end + 4095, %edi
	and	$-4096, %edi
	mov	%edi, %esi
1:	mov	%edi, (%edi)
	add	$4096, %edi
	cmp	$kernel_end, %edi
	jb	1b
2:	cmp	%esi, (%esi)
	jne	no_ram
	add	$4096, %esi
	cmp	$kernel_end, %esi
	jb	2b

	mov	$bss_start, %edi	/* the page tables below are in .bss */
	mov	$bss_end, %ecx
	sub	%edi, %ecx
	shr	$2, %ecx
	xor	%eax, %eax
	rep stosl

	mov	%ebx, %esi		/* CPUID writes %ebx */
	mov	$0x80000000, %eax
	cpuid
	cmp	$0x80000001, %eax
	jb	no_long_mode
	mov	$0x80000001, %eax
	cpuid
	test	$1 << 29, %edx		/* LM */
	jz	no_long_mode

	/* Level 4: one entry. Level 3: four, a GiB each. Level 2: 2048 pages of 2 MiB. */
#define LARGE_PAGE 0x80
	movl	$page_level3 + PRESENT_WRITABLE, page_level4
	mov	$page_level2 + PRESENT_WRITABLE, %eax
	mov	$page_level3, %edi
1:	mov	%eax, (%edi)
	add	$0x1000, %eax
	add	$8, %edi
	cmp	$page_level3 + 4 * 8, %edi
	jb	1b
	mov	$PRESENT_WRITABLE + LARGE_PAGE, %eax
	mov	$page_level2, %edi
2:	mov	%eax, (%edi)
	add	$0x200000, %eax
	add	$8, %edi
	cmp	$page_level2 + 2048 * 8, %edi
	jb	2b

	enter_long_mode
	lgdt	gdt_pointer
	ljmp	$GDT_CODE64, $boot_start64

no_ram:
	mov	$no_ram_text, %esi
	jmp	stop
no_long_mode:
	mov	$no_long_mode_text, %esi

/*
 * Says what is at %esi on the first serial port and ends the machine, or halts where that is not
 * QEMU's. As serial_init and board_putc of boards/pc/board.c, without a stack.
 */
stop:
	mov	$serial_setup, %edi
1:	mov	(%edi), %dx
	mov	2(%edi), %al
	outb	%al, %dx
	add	$3, %edi
	cmp	$serial_setup_end, %edi
	jb	1b
2:	mov	$COM1 + COM1_STATUS, %edx
	mov	$1000000, %ecx		/* a read takes a microsecond: a bound of a second each */
3:	inb	%dx, %al
	test	$STATUS_CAN_SEND, %al
	loopz	3b
	lodsb
	test	%al, %al
	jz	4f
	mov	$COM1, %edx
	outb	%al, %dx
	jmp	2b
4:	mov	$DEBUG_EXIT, %edx
	mov	$EXIT_FAILED, %eax
	outl	%eax, %dx
5:	hlt
	jmp	5b

	.section .rodata
	.macro serial_set register, value
	.word	COM1 + \register
	.byte	\value
	.endm
serial_setup:
	serial_set COM1_INTERRUPTS, 0
	serial_set COM1_LINE, LINE_DIVISOR
	serial_set 0, 1
	serial_set COM1_INTERRUPTS, 0
	serial_set COM1_LINE, LINE_8N1
	serial_set COM1_FIFO, FIFO_ON_AND_EMPTY
serial_setup_end:
no_ram_text:
	.ascii	"Bail out! cpu 0: there is no RAM for all of the kernel: what is written to its areas "
	.ascii	"and .bss is not read back: give the machine more (QEMU: -m), or lower BOARD_MAX_CPUS "
	.asciz	"in board.mk\n"
no_long_mode_text:
	.asciz	"Bail out! cpu 0: CPUID reports no 64-bit mode: run this kernel on an x86_64 CPU\n"

	.code64
	.text

/* %ebp the multiboot magic, %esi the multiboot information. Does not return. */
func boot_start64
	load_data_segments
	mov	$boot_stacks + BOOT_STACK_SIZE, %esp
	mov	%ebp, multiboot_magic
	mov	%esi, %r12d
	call	trap_init
	call	trap_load
	get_apic_id
	mov	%edx, %edi
	mov	%r12d, %esi
	call	kernel_entry		/* (APIC id, multiboot information) */
endfunc boot_start64

	.section .rodata
	.balign	8
	.globl	gdt
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* GDT_CODE32: flat, 32-bit */
	.quad	0x00af9b000000ffff	/* GDT_CODE64 */
	.quad	0x00cf93000000ffff	/* GDT_DATA */
	.if	. - gdt != GDT_SIZE
	.error	"GDT_SIZE in gdt.h is not the size of gdt"
	.endif

gdt_pointer:
	.word	GDT_SIZE - 1
	.long	gdt

	.bss
	.balign	4096
	.globl	page_level4
page_level4:
	.skip	4096
	.globl	page_level3
page_level3:
	.skip	4096
	.globl	page_level2
page_level2:
	.skip	4 * 4096

	.globl	multiboot_magic
multiboot_magic:
	.skip	4
