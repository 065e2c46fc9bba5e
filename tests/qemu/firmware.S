# SPDX-License-Identifier: MIT
#
# What firmware may leave, done by firmware's own means: outside.py has CPU 0 run this in 64-bit
# mode, interrupts off, before the kernel sets interrupts up.

	.set	LAPIC, 0xfee00000
	.set	IO_APIC, 0xfec00000
	.set	SELF_IPI, 0x44000		# to itself, fixed, level assert

	.macro	lapic register, value
	movl	$\value, \register(%rbx)
	.endm
	.macro	io_apic register, value
	movl	$\register, (%rcx)
	movl	$\value, 0x10(%rcx)
	.endm

	.text
	mov	$LAPIC, %ebx
	mov	$IO_APIC, %ecx
	lapic	0xf0, 0x1ff			# on by software
	lapic	0x80, 0				# every priority
	lapic	0x350, 0x10000			# the BIOS's own timer would come at #DF's vector
	mov	$0xff, %al
	out	%al, $0x21

	# One that no handler has ended: by a table of gates of this file's own.
	sidt	saved(%rip)
	lea	gates(%rip), %rax
	mov	%rax, table + 2(%rip)
	lea	handler(%rip), %rdx
	lea	gates + 0xd1 * 16(%rip), %rax
	mov	%dx, (%rax)
	movw	$0x10, 2(%rax)
	movw	$0x8e00, 4(%rax)
	shr	$16, %rdx
	mov	%dx, 6(%rax)
	shr	$16, %rdx
	mov	%edx, 8(%rax)
	lidt	table(%rip)
	lapic	0x300, SELF_IPI + 0xd1
	sti
	mov	$1000000, %eax
1:	pause
	cmpb	$0, taken(%rip)
	jne	2f
	dec	%eax
	jnz	1b
2:	cli
	lidt	saved(%rip)

	# Three that wait: by a vector of an exception, and with a higher and a lower priority.
	lapic	0x300, SELF_IPI + 0x11
	lapic	0x300, SELF_IPI + 0x61
	lapic	0x300, SELF_IPI + 0xe1

	# The interval timer, at some 8 kHz, by both kinds of controllers: by an I/O APIC's entry for each
	# of its two lines, and by an 8259A at #DF's vector, through LINT0.
	io_apic	0x10, 0x71
	io_apic	0x14, 0x72
	lapic	0x350, 0x700
	mov	$0x11, %al
	out	%al, $0x20
	mov	$8, %al
	out	%al, $0x21
	mov	$4, %al
	out	%al, $0x21
	mov	$1, %al
	out	%al, $0x21
	xor	%eax, %eax
	out	%al, $0x21
	mov	$0x34, %al
	out	%al, $0x43
	mov	$150, %al
	out	%al, $0x40
	xor	%eax, %eax
	out	%al, $0x40

	# Nothing below the highest class comes.
	lapic	0x80, 0xe0
	.globl	done
done:	jmp	done

handler:
	movb	$1, taken(%rip)
	iretq

	.balign	16
gates:	.skip	256 * 16
table:	.word	256 * 16 - 1
	.quad	0
saved:	.skip	10
taken:	.byte	0
