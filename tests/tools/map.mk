# SPDX-License-Identifier: MIT
# make map-test: percpu-map. Included by the Makefile for one architecture, behind gdb.mk.

# page is the table of docs/percpu-map.md, which is riscv64's; bad, files that are none, once.
MAP_TESTS := table shared against picture faces $(if $(filter riscv64,$(ARCH)),bad page)
map-test: library $(K)/smp.elf $(K)/faces.elf ## percpu-map on a small kernel, and on files that are none
	$(Q)TEST_ARCH='$(ARCH)' TEST_CC='$(CC)' TEST_LD='$(LD)' TEST_LDFLAGS='$(ARCH_LDFLAGS)' \
		TEST_CFLAGS='$(OPT) $(ARCH_CFLAGS) -I$(B)/include -Iinclude -Iports/$(ARCH)' \
		TEST_LIBRARY='$(LIBRARY)' TEST_CONFIG='$(CONFIG)' TEST_SCRIPTS=ldscripts \
		TEST_LOAD='$(BOARD_LOAD)' TEST_OUT='$(B)/tools' TEST_OBJCOPY='$(OBJCOPY)' \
		TEST_SMP='$(K)/smp.elf' TEST_FACES='$(K)/faces.elf' \
		$(PROVE) --exec '$(PYTHON) tests/tools/percpu_map.py' $(MAP_TESTS)
