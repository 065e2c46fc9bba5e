# SPDX-License-Identifier: MIT
BOARD_ARCH      := x86_64
BOARD_LOAD      := 0x100000
BOARD_MAX_CPUS  := 256
BOARD_SOURCES   := board.c multiboot.c acpi.c madt.c
BOARD_IMAGE     := elf
BOARD_QEMU      := qemu-system-x86_64
BOARD_QEMU_ARGS := -machine q35 -m 256 -device isa-debug-exit,iobase=0xf4,iosize=4
QEMU_PACKAGE    := qemu-system-x86
BOARD_SCENARIOS := C14-sparse-apic-ids C15-silent-cpu apic-id-needs-x2apic grub-iso full-size \
	highhalf-old-address
