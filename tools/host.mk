# SPDX-License-Identifier: MIT
# make ARCH=host: the port on Linux threads, for tests of users' own code. Included by the Makefile
# in place of an architecture's part. Below $(DESTDIR)$(PREFIX), beside the headers for all targets:
#
#	lib/host/libpercpu.a, percpu.ld, host.ld		host.ld is the linker script, by -T
#	lib/host/include/percpu_arch.h, percpu/config.h		as for a triple
#	lib/host/pkgconfig/percpu.pc
#
# The library is without sanitizers: what accesses a variable is in the user's objects. docs/
# testing-on-the-host.md says what each sanitizer finds.

HOST_GOALS := library install uninstall install-test
$(foreach goal,$(filter $(PER_ARCH) qemu-run kvm-test,$(or $(MAKECMDGOALS),all)),\
	$(if $(filter $(HOST_GOALS),$(goal)),,$(error ARCH=host has no $(goal): it is no machine but the \
	port on Linux threads, for tests of your own code (docs/testing-on-the-host.md). It has \
	$(HOST_GOALS))))
$(if $(filter-out image,$(PERCPU_VMA)),$(error ARCH=host is for PERCPU_VMA=image))

TRIPLE := host
B := $(O)/host-port
CONFIG := $(B)/include/percpu/config.h
LIBRARY := $(B)/libpercpu.a
$(call need,$(HOST_CC),gcc clang-1%)

# It calls nothing, not even memcpy, which a sanitizer would look into. DWARF 4: valgrind 3.19 ends
# at the 5 of Clang.
HOST_PORT_CFLAGS := -std=gnu11 -O2 -gdwarf-4 $(WARNINGS) -fPIE -fno-builtin -MMD -MP \
	$(if $(LLVM),,-fno-tree-loop-distribute-patterns) \
	-I$(B)/include -Iinclude -Iports/host -Ilib/$(PERCPU_VMA)
HOST_PORT_OBJECTS := $(patsubst %.c,$(B)/%.o,$(wildcard ports/host/*.c lib/*.c \
	lib/$(PERCPU_MODE)/*.c lib/$(PERCPU_VMA)/*.c))

$(HOST_PORT_OBJECTS): $(B)/%.o: %.c $(CONFIG) tools/host.mk
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOST_CC) $(HOST_PORT_CFLAGS) -c $< -o $@
$(LIBRARY): $(HOST_PORT_OBJECTS)
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $^
library: $(LIBRARY)
-include $(HOST_PORT_OBJECTS:.o=.d)

ARCH_ABIS :=
INSTALL_FURTHER := ldscripts/host.ld:lib/host/host.ld
INSTALL_PC := tools/percpu-host.pc.in
include tools/install.mk

# The tests' own, and no part of make -n.
HOST_TEST_MAKE := $(MAKE) -C $(CURDIR)
# A stranger's code on the host, by each sanitizer and valgrind: what is built by these is the
# user's part.
install-test: library
	$(call need,$(PKG_CONFIG),pkg-config)
	$(Q)rm -rf $(abspath $(B))/install
	$(Q)$(MAKE) ARCH=host DESTDIR=$(abspath $(B))/install/stage PREFIX=/opt/percpu install
	$(Q)TEST_CC='$(HOST_CC)' TEST_STAGE='$(abspath $(B))/install/stage' TEST_PREFIX=/opt/percpu \
		TEST_MAKE='$(HOST_TEST_MAKE)' TEST_OUT='$(abspath $(B))/install' \
		TEST_PKG_CONFIG='$(PKG_CONFIG)' \
		$(PROVE) --exec '$(PYTHON) tests/host/check.py' installed package plain address undefined \
			thread valgrind lld
