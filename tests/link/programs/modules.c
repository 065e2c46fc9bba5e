/* SPDX-License-Identifier: MIT */
/* A kernel whose trap entry asks percpu_restart; with MODULES it has a module's table too. */
#include <percpu.h>

PERCPU_DEFINE(uint64_t, counter);

uintptr_t trap(uintptr_t pc);
void _start(void);

__attribute__((used)) uintptr_t trap(uintptr_t pc)
{
	uintptr_t start, end;

	return percpu_in_sequence(pc, &start, &end) ? percpu_restart(pc) : pc;
}

#ifdef MODULES
static struct percpu_sequences sequences;
extern char table[], table_end[], code[], code_end[];

__asm__(".pushsection .data.table, \"aw\"\n.globl table, table_end, code, code_end\n"
	"table:\ntable_end:\ncode:\n.4byte 0\ncode_end:\n.popsection");
#endif

__attribute__((used)) void _start(void)
{
	if (percpu_init(1) || percpu_set_local_thread_pointer(0))
		return;
	percpu_add(counter, trap(0));
#ifdef MODULES
	if (percpu_sequences_add(&sequences, table, table_end, code, code_end))
		percpu_inc(counter);
#endif
}
