# SPDX-License-Identifier: MIT
# make install, uninstall and install-test, for one architecture and compiler. Included by the
# Makefile. Below $(DESTDIR)$(PREFIX), with lib/<triple> for each target:
#
#	include/percpu.h, percpu.hpp, percpu/*.h		for all targets
#	lib/<triple>/libpercpu.a, percpu.ld
#	lib/<triple>/include/*.h, percpu/config.h		the port, and how the library was built
#	lib/<triple>/pkgconfig/percpu.pc
#	lib/cmake/percpu/*.cmake				for all targets, for find_package
#	lib/<triple>/<abi>/libpercpu.a, pkgconfig/percpu.pc	for each of ARCH_ABIS (arch.mk)
#	bin/percpu-check, percpu-map, share/percpu/	for all targets
#	share/percpu/gdb-percpu.py			GDB's commands
#	share/doc/percpu/*.md, *.svg			docs/, which headers and tools name

PREFIX     ?= /usr/local
DESTDIR    ?=
PKG_CONFIG ?= pkg-config

ifneq ($(filter install uninstall,$(MAKECMDGOALS)),)
ifeq ($(filter /%,$(PREFIX)),)
$(error PREFIX=$(PREFIX) is no absolute path: it is where the files are when they are used)
endif
endif

# ---- The library for the other ABIs of the architecture, each in a build directory of its own ----

abi-library = $(B)/$(1)/$(TRIPLE)/libpercpu.a
ABI_LIBRARIES := $(foreach abi,$(ARCH_ABIS),$(call abi-library,$(abi)))

$(ABI_LIBRARIES): $(call abi-library,%): FORCE
	$(Q)$(MAKE) ARCH=$(ARCH) BOARD=$(BOARD) O=$(B)/$* ARCH_CFLAGS='$(ARCH_CFLAGS_$*)' library

# ---- What is laid where, as SOURCE:DESTINATION ----

INSTALL_ROOT := $(DESTDIR)$(PREFIX)
INSTALL_LIB  := lib/$(TRIPLE)

INSTALL_SHARED := $(foreach header,include/percpu.h include/percpu.hpp \
	$(wildcard include/percpu/*.h),\
	$(header):$(header)) \
	$(foreach file,$(wildcard tools/cmake/percpu-*.cmake),$(file):lib/cmake/percpu/$(notdir $(file)))
# Tools for kernels, and the package that they are made of, for all targets.
INSTALL_PROGRAMS := $(foreach tool,$(filter-out %.in,$(wildcard tools/percpu-*)),\
	$(tool):bin/$(notdir $(tool)))
INSTALL_SHARED += tools/gdb-percpu.py:share/percpu/gdb-percpu.py \
	$(foreach page,$(wildcard docs/*.md docs/*.svg),$(page):share/doc/percpu/$(notdir $(page))) \
	$(foreach module,$(wildcard tools/percpu_tools/*.py),\
	$(module):share/percpu/percpu_tools/$(notdir $(module)))
INSTALL_OWN := $(LIBRARY):$(INSTALL_LIB)/libpercpu.a ldscripts/percpu.ld:$(INSTALL_LIB)/percpu.ld \
	$(foreach header,$(wildcard ports/$(ARCH)/*.h),\
		$(header):$(INSTALL_LIB)/include/$(notdir $(header))) \
	$(CONFIG):$(INSTALL_LIB)/include/percpu/config.h \
	$(foreach abi,$(ARCH_ABIS),$(call abi-library,$(abi)):$(INSTALL_LIB)/$(abi)/libpercpu.a) \
	$(INSTALL_FURTHER)
INSTALL_PCS := $(addsuffix /pkgconfig/percpu.pc,$(INSTALL_LIB) $(ARCH_ABIS:%=$(INSTALL_LIB)/%))

# Ours alone, the innermost first.
INSTALL_LIB_DIRECTORIES := $(patsubst %/percpu.pc,%,$(INSTALL_PCS)) \
	$(ARCH_ABIS:%=$(INSTALL_LIB)/%) \
	$(addprefix $(INSTALL_LIB)/,include/percpu include) $(INSTALL_LIB)

# pkg-config leaves out -I/usr/include, which cross compilers do not search; and before their own
# directories it would give them the host's headers.
INSTALL_INCLUDE := $(if $(filter /usr,$(PREFIX)),-idirafter ,-I)

# $(1) an ABI of ARCH_ABIS, or nothing
fill-in-pc = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@TRIPLE@|$(TRIPLE)|' \
	-e 's|@/ABI@|$(1:%=/%)|' -e 's|@ ABI@|$(1:%= %)|' -e 's|@INCLUDE@|$(INSTALL_INCLUDE)|' \
	$(foreach choice,MODE PREEMPT VMA ARM_EL RISCV_REG RISCV_LEVEL DEBUG CACHE_LINE, \
		-e 's|@$(choice)@|$(PERCPU_$(choice))|') \
	-e 's|@VERSION@|$(DIST_VERSION)|' $(or $(INSTALL_PC),tools/percpu.pc.in)

install: library $(ABI_LIBRARIES) ## lay header, library and percpu.ld below DESTDIR and PREFIX
	$(call say,INSTALL,$(INSTALL_ROOT)/$(INSTALL_LIB))set -e; for file in $(INSTALL_SHARED) \
			$(INSTALL_OWN); do \
		install -D -m 644 "$${file%%:*}" "$(INSTALL_ROOT)/$${file#*:}"; \
	done; \
	for file in $(INSTALL_PROGRAMS); do \
		install -D -m 755 "$${file%%:*}" "$(INSTALL_ROOT)/$${file#*:}"; \
	done; \
	for file in $(INSTALL_PCS); do \
		install -D -m 644 /dev/null "$(INSTALL_ROOT)/$$file"; \
	done; \
	$(call fill-in-pc,) > "$(INSTALL_ROOT)/$(firstword $(INSTALL_PCS))" \
	$(foreach abi,$(ARCH_ABIS),; $(call fill-in-pc,$(abi)) > \
		"$(INSTALL_ROOT)/$(INSTALL_LIB)/$(abi)/pkgconfig/percpu.pc")

# The headers and tools for all targets go with the last target. In DESTDIR the directories of PREFIX
# go too.
uninstall: ## remove what install laid
	$(call say,REMOVE,$(INSTALL_ROOT)/$(INSTALL_LIB))( cd "$(INSTALL_ROOT)" 2>/dev/null || exit 0; \
		rm -f $(foreach file,$(INSTALL_OWN),$(lastword $(subst :, ,$(file)))) $(INSTALL_PCS); \
		rmdir $(INSTALL_LIB_DIRECTORIES) 2>/dev/null; \
		for port in lib/*/include/percpu_arch.h; do [ ! -e "$$port" ] || exit 0; done; \
		rm -f $(foreach file,$(INSTALL_SHARED) $(INSTALL_PROGRAMS),$(lastword $(subst :, ,$(file)))); \
		rm -rf share/percpu/percpu_tools/__pycache__; \
		rmdir include/percpu lib/cmake/percpu lib/cmake share/percpu/percpu_tools share/percpu \
			share/doc/percpu share/doc 2>/dev/null; \
		$(if $(DESTDIR),rmdir include lib bin share 2>/dev/null;) true )
	$(if $(DESTDIR),$(Q)cd "$(DESTDIR)" 2>/dev/null && rmdir -p ".$(PREFIX)" 2>/dev/null; true)

# The host has tests of its own: tools/host.mk.
ifneq ($(ARCH),host)

# ---- Tests: kernels of strangers, who have what was installed and nothing else ----
# The logs are in build/<triple>/install/<test>.

I := $(abspath $(B))/install
# Makes the tests' own installations. They are no part of this make's run, nor of make -n.
INSTALL_MAKE := $(MAKE) -C $(CURDIR) ARCH=$(ARCH) BOARD=$(BOARD) LLVM=$(LLVM) O=$(O)

# Each ABI at each level, with link-time optimisation, in C++, and linked without the compiler; the
# other faces, percpu/linux.h and percpu.hpp, in one.
INSTALL_KERNELS := O0 O2 Os lto c++ ld
INSTALL_FACES := linux hpp hppO0
INSTALL_TESTS := layout pkg-config headers faces readme cleared header cut $(INSTALL_KERNELS:%=kernel-%) \
	$(INSTALL_FACES:%=kernel-%) \
	$(foreach abi,$(ARCH_ABIS),$(INSTALL_KERNELS:%=kernel-$(abi)-%)) \
	$(if $(and $(LLVM),$(ARCH_PIE_CFLAGS)),kernel-pie)

# The kernel that docs/converting.md converts, for libraries of several configurations. Each says its
# own: once is enough, when make check asks again for another.
INSTALL_TESTS += $(if $(filter restart,$(PERCPU_PREEMPT)),,$(ARCH_CONVERTED:%=converted-%))

install-test: library $(ABI_LIBRARIES) ## build and boot kernels that know what install laid only
	$(if $(filter-out smp 1 s,$(PERCPU_MODE) $(PERCPU_ARM_EL) $(PERCPU_RISCV_LEVEL)),\
		$(error install-test has kernels for PERCPU_MODE=smp, PERCPU_ARM_EL=1 and \
		PERCPU_RISCV_LEVEL=s only))
	$(call need,$(PKG_CONFIG),pkg-config)
	$(call need,$(BOARD_QEMU),$(QEMU_PACKAGE))
	$(Q)rm -rf $(I)
	$(Q)$(MAKE) ARCH=$(ARCH) BOARD=$(BOARD) DESTDIR=$(I)/stage PREFIX=/opt/percpu install
	$(Q)TEST_ARCH='$(ARCH)' TEST_TRIPLE='$(TRIPLE)' TEST_ABIS='$(ARCH_ABIS)' TEST_CC='$(CC)' \
		TEST_CXX='$(CXX)' TEST_LD='$(LD)' TEST_OBJCOPY='$(OBJCOPY)' TEST_OBJDUMP='$(OBJDUMP)' \
		TEST_PKG_CONFIG='$(PKG_CONFIG)' TEST_STAGE='$(I)/stage' TEST_PREFIX=/opt/percpu \
		TEST_CONFIG='$(CONFIG)' TEST_OUT='$(I)' TEST_INSTALL='$(INSTALL_MAKE)' \
		$(PROVE) --exec '$(PYTHON) tests/install/check.py' $(INSTALL_TESTS)

endif
