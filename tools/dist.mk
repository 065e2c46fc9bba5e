# SPDX-License-Identifier: MIT
# make dist: the archive of a release, of what is committed; and make dist-test. Included by the
# Makefile. The same commit gives the same bytes wherever and whenever it is made: git writes the
# files in order, with the commit's time, and owners and modes of its own; no setting of the user's
# has a part.

# 200, in percpu.h, is 0.2.0.
DIST_VERSION = $(shell awk '/define PERCPU_VERSION / { v = $$3; \
	printf "%d.%d.%d", v / 10000, v / 100 % 100, v % 100 }' include/percpu.h)
DIST_NAME    = percpu-$(DIST_VERSION)
DIST_ARCHIVE = $(O)/$(DIST_NAME).tar.gz

# A checkout of this project, and not a folder in one of another.
DIST_TOP     = $(shell git rev-parse --show-toplevel 2>/dev/null)
DIST_CHANGED = $(shell git status --porcelain 2>/dev/null)

dist: ## an archive of what is committed: build/percpu-<version>.tar.gz
	$(if $(filter $(realpath $(DIST_TOP)),$(realpath $(CURDIR))),,\
		$(error make dist takes what git knows, and $(CURDIR) is no checkout: make it in one))
	$(if $(DIST_CHANGED),$(error make dist takes what is committed, and some is not: \
		$(DIST_CHANGED): commit it, or put it aside by git stash -u))
	$(if $(shell grep -x '## $(DIST_VERSION)\(,.*\)\?' CHANGELOG.md),,\
		$(error CHANGELOG.md has no section "## $(DIST_VERSION)", the PERCPU_VERSION of percpu.h))
	@mkdir -p $(O)
	$(call say,DIST,$(DIST_ARCHIVE))git -c tar.umask=0022 -c core.autocrlf=false -c core.eol=lf \
		archive --format=tar --prefix=$(DIST_NAME)/ HEAD >$(DIST_ARCHIVE).new
	$(Q)gzip -9 --no-name <$(DIST_ARCHIVE).new >$(DIST_ARCHIVE) && rm $(DIST_ARCHIVE).new

# Of the last commit, whatever else lies here. QEMU runs one kernel.
dist-test: ## that the archive is always the same, complete, and works where it is unpacked
	$(Q)MAKEFLAGS= MAKEOVERRIDES= TEST_OUT=$(O)/dist TEST_JOBS=$(JOBS) $(PROVE) \
		--exec '$(PYTHON) tests/dist/check.py' archive
.PHONY: dist dist-test
