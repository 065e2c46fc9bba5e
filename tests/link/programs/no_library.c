/* SPDX-License-Identifier: MIT */
/* Names nothing of the library, so that nothing is taken from the archive: .percpu is empty. */
void _start(void);

void _start(void)
{
}
