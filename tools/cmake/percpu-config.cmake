# SPDX-License-Identifier: MIT
# find_package(percpu): the target percpu::percpu of what make install, or cmake --install, has laid
# below the folder three above this file. Of the triples there it takes the compiler's; PERCPU_TRIPLE
# says which, where there are several for one architecture.

get_filename_component(percpu_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
include("${CMAKE_CURRENT_LIST_DIR}/percpu-compiler.cmake")

if(PERCPU_TRIPLE)
	set(percpu_triples "${PERCPU_TRIPLE}")
else()
	file(GLOB percpu_triples RELATIVE "${percpu_prefix}/lib"
		"${percpu_prefix}/lib/${percpu_arch}-*/percpu.ld")
	list(TRANSFORM percpu_triples REPLACE "/percpu.ld$" "")
endif()
list(LENGTH percpu_triples percpu_count)
set(percpu_lib "${percpu_prefix}/lib/${percpu_triples}")

if(percpu_arch STREQUAL "")
	set(percpu_FOUND FALSE)
	set(percpu_NOT_FOUND_MESSAGE "libpercpu: ${CMAKE_C_COMPILER} does not say that it makes code for \
x86_64, aarch64 or riscv64")
elseif(percpu_count GREATER 1)
	set(percpu_FOUND FALSE)
	set(percpu_NOT_FOUND_MESSAGE
		"libpercpu: for ${percpu_arch} there are ${percpu_triples}: set PERCPU_TRIPLE to one of them")
elseif(NOT EXISTS "${percpu_lib}/percpu.ld" OR
		NOT EXISTS "${percpu_lib}/${percpu_abi}/libpercpu.a")
	set(percpu_FOUND FALSE)
	string(STRIP "${percpu_arch} ${percpu_abi}" percpu_wanted)
	set(percpu_NOT_FOUND_MESSAGE "libpercpu: below ${percpu_prefix} there is no libpercpu.a for \
${percpu_wanted}: make ARCH=${percpu_arch} PREFIX=${percpu_prefix} install lays it")
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
endif()
