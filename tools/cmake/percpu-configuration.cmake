# SPDX-License-Identifier: MIT
# What can be set of PERCPU_*, and what is refused: for CMakeLists.txt, which builds by it, and for the
# installed package, which holds it against what the library is built for.

cmake_policy(VERSION 3.16)

# $(name), and its values; not set, it is that of include/percpu/defaults.h.
set(percpu_choices MODE PREEMPT VMA ARM_EL RISCV_REG RISCV_LEVEL DEBUG CACHE_LINE)
set(percpu_values_MODE smp sp)
set(percpu_values_PREEMPT none hooks restart)
set(percpu_values_VMA image zero)
set(percpu_values_ARM_EL 1 2)
set(percpu_values_RISCV_REG gp tp)
set(percpu_values_RISCV_LEVEL s m)
set(percpu_values_DEBUG 0 1)
set(percpu_values_CACHE_LINE 64 128)
set(percpu_known ${percpu_choices} ARCH CONFIG_FILE INSTALL TRIPLE)
list(TRANSFORM percpu_known PREPEND PERCPU_)

# A name with a slip in it would change nothing.
function(percpu_refuse_unknown)
	get_cmake_property(variables VARIABLES)
	foreach(name IN LISTS variables)
		if(name MATCHES "^PERCPU_" AND NOT name IN_LIST ARGN)
			string(REPLACE ";" ", " known "${ARGN}")
			message(FATAL_ERROR "libpercpu: it knows no ${name}: what can be set is ${known}; "
				"name a variable of your own otherwise")
		endif()
	endforeach()
endfunction()

# Sets percpu_definitions, NAME=VALUE for each value that is set, and percpu_config_file, the path of
# PERCPU_CONFIG_FILE.
function(percpu_take_configuration)
	set(definitions "")
	set(file "")
	foreach(choice IN LISTS percpu_choices)
		set(value "${PERCPU_${choice}}")
		if(value STREQUAL "")
			continue()
		endif()
		if(NOT value IN_LIST percpu_values_${choice})
			string(REPLACE ";" ", " values "${percpu_values_${choice}}")
			message(FATAL_ERROR "libpercpu: there is no PERCPU_${choice} \"${value}\": take "
				"one of ${values}")
		endif()
		list(APPEND definitions PERCPU_${choice}=${value})
	endforeach()
	if(PERCPU_CONFIG_FILE)
		get_filename_component(file "${PERCPU_CONFIG_FILE}" ABSOLUTE
			BASE_DIR "${CMAKE_SOURCE_DIR}")
		if(definitions)
			message(FATAL_ERROR "libpercpu: the configuration is in PERCPU_CONFIG_FILE and in "
				"${definitions} too: leave out one of them")
		endif()
		if(NOT EXISTS "${file}")
			message(FATAL_ERROR "libpercpu: there is no PERCPU_CONFIG_FILE \"${file}\"")
		endif()
	endif()
	if("${PERCPU_MODE}" STREQUAL "sp" AND "${PERCPU_VMA}" STREQUAL "zero")
		message(FATAL_ERROR "libpercpu: PERCPU_VMA zero is for PERCPU_MODE smp")
	endif()
	set(percpu_definitions "${definitions}" PARENT_SCOPE)
	set(percpu_config_file "${file}" PARENT_SCOPE)
endfunction()
