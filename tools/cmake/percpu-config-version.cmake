# SPDX-License-Identifier: MIT
# The version that is installed, as its header has it. Before 1.0 each minor version is one of its own.

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../../../include/percpu.h" percpu_line
	REGEX "#define PERCPU_VERSION ")
string(REGEX REPLACE ".* ([0-9]+)$" "\\1" percpu_number "${percpu_line}")
math(EXPR percpu_major "${percpu_number} / 10000")
math(EXPR percpu_minor "${percpu_number} / 100 % 100")
math(EXPR percpu_patch "${percpu_number} % 100")
set(PACKAGE_VERSION ${percpu_major}.${percpu_minor}.${percpu_patch})

if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
	set(PACKAGE_VERSION_EXACT TRUE)
endif()
if(NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION AND
		percpu_major EQUAL PACKAGE_FIND_VERSION_MAJOR AND
		(percpu_major GREATER 0 OR percpu_minor EQUAL PACKAGE_FIND_VERSION_MINOR))
	set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
