# SPDX-License-Identifier: MIT
BOARD_ARCH      := x86_64
# 16 MiB. UEFI firmware may need pieces of what is below (OVMF does, from 8 MiB on), and a BIOS may
# leave a hole at 15 MiB. With PERCPU_VMA=zero, link addresses from 0 on are the areas'.
BOARD_LOAD      := 0x1000000
BOARD_MAX_CPUS  := 512
BOARD_SOURCES   := board.c loader.c multiboot.c multiboot2.c acpi.c madt.c fadt.c \
	srat.c slit.c nodes.c clock.c timers.c
# The multiboot header loads the file by address: (NOLOAD) areas would be a gap in an ELF file.
BOARD_IMAGE     := $(if $(filter 1,$(NOLOAD)),bin,elf)
BOARD_QEMU      := qemu-system-x86_64
BOARD_QEMU_ARGS := -machine q35 -m 256 -device isa-debug-exit,iobase=0xf4,iosize=4
QEMU_PACKAGE    := qemu-system-x86
BOARD_SCENARIOS := C14-sparse-apic-ids C15-silent-cpu C51-cpu-not-in-the-list \
	C54-as-firmware-left-it C54-unexpected-interrupt C54-unexpected-interrupt-own-table \
	apic-id-needs-x2apic x2apic-not-there x2apic-288-cpus x2apic-id-300-missing \
	x2apic-interrupts x2apic-swapgs full-size highhalf-old-address madt-repeated-cpus madt-disabled-cpus madt-entry-of-length-0 \
	madt-entry-of-length-1 madt-cut-off madt-huge madt-no-cpus madt-boot-cpu-missing \
	madt-wrong-sum C58-xsdt-above-4-gib C55-no-speaker-port C55-no-interval-timer C55-no-clock \
	C56-long-line C56-line-cut C56-no-number C57-too-small C57-no-long-mode C57-no-serial-port
BOARD_LOADERS   := qemu grub-multiboot grub-multiboot2 grub-multiboot2-uefi grub-multiboot-uefi
