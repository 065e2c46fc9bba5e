# SPDX-License-Identifier: MIT
# What cmake --install lays: as make install does (tools/install.mk), for one triple and ABI.

include(tools/cmake/percpu-compiler.cmake)
if(NOT percpu_arch STREQUAL PERCPU_ARCH)
	message(FATAL_ERROR "libpercpu: PERCPU_ARCH is ${PERCPU_ARCH}, and the compiler, "
		"${CMAKE_C_COMPILER}, makes code for \"${percpu_arch}\"")
endif()
set(triple_x86_64 x86_64-linux-gnu)
set(triple_aarch64 aarch64-linux-gnu)
set(triple_riscv64 riscv64-unknown-elf)
setting(PERCPU_TRIPLE STRING "${triple_${PERCPU_ARCH}}" "the folder of lib/ to install in")
set(percpu_lib lib/${PERCPU_TRIPLE})

# The configuration, which the library is built for: its users get it from a file.
set(config "${CMAKE_CURRENT_BINARY_DIR}/config.h")
if(PERCPU_CONFIG_FILE)
	configure_file("${percpu_config_file}" "${config}" COPYONLY)
else()
	file(READ include/percpu/defaults.h text)
	foreach(choice IN LISTS percpu_choices)
		if(NOT PERCPU_${choice} STREQUAL "")
			string(REGEX REPLACE "(#define PERCPU_${choice}) [a-z0-9]+" "\\1 ${PERCPU_${choice}}"
				text "${text}")
		endif()
	endforeach()
	string(REGEX MATCHALL "#define PERCPU_[A-Z_]+ [a-z0-9]+" lines "${text}")
	string(REPLACE ";" "\n" text "/* Made by CMake. */;${lines};")
	file(WRITE "${config}" "${text}")
endif()

# As tools/install.mk fills it in.
file(READ tools/percpu.pc.in text)
foreach(pair "@PREFIX@|${CMAKE_INSTALL_PREFIX}" "@TRIPLE@|${PERCPU_TRIPLE}" "@INCLUDE@|-I"
		"@VERSION@|${percpu_VERSION}")
	string(REGEX MATCH "^[^|]*" mark "${pair}")
	string(REGEX REPLACE "^[^|]*\\|" "" value "${pair}")
	string(REPLACE "${mark}" "${value}" text "${text}")
endforeach()
percpu_macros_of("${config}" macros)
foreach(choice IN LISTS percpu_choices)
	string(REGEX MATCH "#define PERCPU_${choice} ([^\n]*)" line "${macros}")
	string(REPLACE "@${choice}@" "${CMAKE_MATCH_1}" text "${text}")
endforeach()
if(percpu_abi)
	string(REPLACE "@/ABI@" "/${percpu_abi}" text "${text}")
	string(REPLACE "@ ABI@" " ${percpu_abi}" text "${text}")
else()
	string(REGEX REPLACE "@[/ ]ABI@" "" text "${text}")
endif()
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/percpu.pc" "${text}")

install(TARGETS percpu ARCHIVE DESTINATION ${percpu_lib}/${percpu_abi})
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/percpu.pc"
	DESTINATION ${percpu_lib}/${percpu_abi}/pkgconfig)
install(FILES include/percpu.h include/percpu.hpp DESTINATION include)
install(DIRECTORY include/percpu DESTINATION include FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ports/${PERCPU_ARCH}/ DESTINATION ${percpu_lib}/include FILES_MATCHING
	PATTERN "*.h")
install(FILES "${config}" DESTINATION ${percpu_lib}/include/percpu)
install(FILES ldscripts/percpu.ld DESTINATION ${percpu_lib})
install(FILES tools/cmake/percpu-config.cmake tools/cmake/percpu-config-version.cmake
	tools/cmake/percpu-compiler.cmake tools/cmake/percpu-configuration.cmake
	DESTINATION lib/cmake/percpu)
