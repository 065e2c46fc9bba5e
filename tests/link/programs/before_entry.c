/* SPDX-License-Identifier: MIT */
/* Code in the section of the entry. Linked before the kernel, it comes before _start. */
__attribute__((section(".text.entry"), used)) void before_entry(void);

void before_entry(void)
{
}
