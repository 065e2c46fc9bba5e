# SPDX-License-Identifier: MIT
# find_package(percpu): the target percpu::percpu of what make install, or cmake --install, has laid
# below the folder three above this file. Of the triples there it takes the compiler's; PERCPU_TRIPLE
# says which, where there are several for one architecture, or host, as PERCPU_ARCH=host does.
# What is set of the configuration must be what the library is built for.

cmake_policy(VERSION 3.16)
get_filename_component(percpu_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
include("${CMAKE_CURRENT_LIST_DIR}/percpu-compiler.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/percpu-configuration.cmake")

# Sets percpu_differs to what is set and is not so in CONFIG, a library's, and percpu_has to what is
# there.
function(percpu_compare config)
	percpu_take_configuration()
	percpu_macros_of("${config}" built)
	set(wanted "")
	if(percpu_config_file)
		percpu_macros_of("${percpu_config_file}" wanted)
	endif()
	set(differs "")
	set(has "")
	foreach(choice IN LISTS percpu_choices)
		set(value "${PERCPU_${choice}}")
		if(wanted MATCHES "#define PERCPU_${choice} ([^\n]*)")
			set(value "${CMAKE_MATCH_1}")
		endif()
		string(REGEX MATCH "#define PERCPU_${choice} ([^\n]*)" line "${built}")
		if(NOT value STREQUAL "" AND NOT value STREQUAL CMAKE_MATCH_1)
			string(APPEND differs " PERCPU_${choice}=${value}")
			string(APPEND has " PERCPU_${choice}=${CMAKE_MATCH_1}")
		endif()
	endforeach()
	set(percpu_differs "${differs}" PARENT_SCOPE)
	set(percpu_has "${has}" PARENT_SCOPE)
endfunction()

# What is set behind find_package, seen at the end of who calls that.
function(percpu_refuse_other config)
	percpu_refuse_unknown(${percpu_known} PERCPU_ROOT)
	percpu_compare("${config}")
	if(percpu_differs)
		message(FATAL_ERROR "libpercpu: behind find_package there is set${percpu_differs}, and the "
			"library that it found is built for${percpu_has}: set it before")
	endif()
endfunction()

percpu_refuse_unknown(${percpu_known} PERCPU_ROOT)
set(percpu_port "${percpu_arch}")
if(PERCPU_TRIPLE)
	set(percpu_triples "${PERCPU_TRIPLE}")
elseif("${PERCPU_ARCH}" STREQUAL "host")
	set(percpu_triples host)
else()
	file(GLOB percpu_triples RELATIVE "${percpu_prefix}/lib"
		"${percpu_prefix}/lib/${percpu_arch}-*/percpu.ld")
	list(TRANSFORM percpu_triples REPLACE "/percpu.ld$" "")
endif()
if(percpu_triples STREQUAL "host")
	set(percpu_port host)
	set(percpu_abi "")
endif()
list(LENGTH percpu_triples percpu_count)
set(percpu_lib "${percpu_prefix}/lib/${percpu_triples}")
set(percpu_differs "")
set(percpu_imported TRUE)
if(TARGET percpu::percpu)
	# Not that of add_subdirectory.
	get_target_property(percpu_imported percpu::percpu IMPORTED)
endif()
if(percpu_imported AND EXISTS "${percpu_lib}/include/percpu/config.h")
	percpu_compare("${percpu_lib}/include/percpu/config.h")
endif()

if(percpu_port STREQUAL "")
	set(percpu_FOUND FALSE)
	set(percpu_NOT_FOUND_MESSAGE "libpercpu: ${CMAKE_C_COMPILER} does not say that it makes code for \
x86_64, aarch64 or riscv64")
elseif(PERCPU_ARCH AND NOT PERCPU_ARCH STREQUAL percpu_port)
	set(percpu_FOUND FALSE)
	set(percpu_NOT_FOUND_MESSAGE "libpercpu: PERCPU_ARCH is ${PERCPU_ARCH}, and the compiler, \
${CMAKE_C_COMPILER}, makes code for \"${percpu_port}\"")
elseif(percpu_count GREATER 1)
	set(percpu_FOUND FALSE)
	set(percpu_NOT_FOUND_MESSAGE
		"libpercpu: for ${percpu_arch} there are ${percpu_triples}: set PERCPU_TRIPLE to one of them")
elseif(NOT EXISTS "${percpu_lib}/percpu.ld" OR
		NOT EXISTS "${percpu_lib}/${percpu_abi}/libpercpu.a")
	set(percpu_FOUND FALSE)
	string(STRIP "${percpu_port} ${percpu_abi}" percpu_wanted)
	set(percpu_NOT_FOUND_MESSAGE "libpercpu: below ${percpu_prefix} there is no libpercpu.a for \
${percpu_wanted}: make ARCH=${percpu_port} PREFIX=${percpu_prefix} install lays it")
elseif(percpu_differs)
	set(percpu_FOUND FALSE)
	set(percpu_NOT_FOUND_MESSAGE "libpercpu: what is set is${percpu_differs}, and the library in \
${percpu_lib} is built for${percpu_has}: make ARCH=${percpu_port} \
PREFIX=${percpu_prefix}${percpu_differs} install lays one that fits; or do not set it")
elseif(NOT TARGET percpu::percpu)
	add_library(percpu::percpu STATIC IMPORTED)
	set_target_properties(percpu::percpu PROPERTIES
		IMPORTED_LOCATION "${percpu_lib}/${percpu_abi}/libpercpu.a"
		INTERFACE_LINK_OPTIONS "-L${percpu_lib}"
		INTERFACE_INCLUDE_DIRECTORIES "${percpu_lib}/include")
	# Cross compilers do not search /usr/include, which has the host's headers; see percpu.pc.
	if(percpu_prefix STREQUAL "/usr")
		set_property(TARGET percpu::percpu PROPERTY INTERFACE_COMPILE_OPTIONS
			"SHELL:-idirafter /usr/include")
	else()
		set_property(TARGET percpu::percpu APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES
			"${percpu_prefix}/include")
	endif()
	# As percpu-host.pc.in has it.
	if(percpu_port STREQUAL "host")
		set_property(TARGET percpu::percpu APPEND PROPERTY INTERFACE_COMPILE_OPTIONS -pthread)
		set_property(TARGET percpu::percpu APPEND PROPERTY INTERFACE_LINK_OPTIONS
			"-Wl,-T,${percpu_lib}/host.ld" -Wl,-u,percpu_host_bound -pthread)
	endif()
	if(NOT CMAKE_VERSION VERSION_LESS 3.19)
		# By EVAL, for the path is wanted as it is now.
		cmake_language(EVAL CODE "cmake_language(DEFER CALL percpu_refuse_other \
[[${percpu_lib}/include/percpu/config.h]])")
	endif()
endif()
