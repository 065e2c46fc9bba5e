# SPDX-License-Identifier: MIT
# What the project's compiler makes code for, by its own macros. Sets percpu_arch, as ports/ has it,
# and percpu_abi: lp64d, or nothing for the default one of lib/<triple>.

separate_arguments(percpu_flags UNIX_COMMAND "${CMAKE_C_COMPILER_ARG1} ${CMAKE_C_FLAGS}")
if(CMAKE_C_COMPILER_TARGET AND CMAKE_C_COMPILER_ID MATCHES "Clang")
	list(APPEND percpu_flags "--target=${CMAKE_C_COMPILER_TARGET}")
endif()

# Behind FILE, a header: "#define NAME VALUE" lines, or nothing if the compiler fails.
macro(percpu_macros_of file macros)
	execute_process(COMMAND "${CMAKE_C_COMPILER}" ${percpu_flags} -dM -E -x c "${file}"
		OUTPUT_VARIABLE ${macros} RESULT_VARIABLE percpu_failed)
	if(percpu_failed)
		set(${macros} "")
	endif()
endmacro()

set(percpu_arch "")
set(percpu_abi "")
percpu_macros_of(/dev/null percpu_macros)
if(percpu_macros MATCHES "#define __x86_64__ ")
	set(percpu_arch x86_64)
elseif(percpu_macros MATCHES "#define __aarch64__ ")
	set(percpu_arch aarch64)
elseif(percpu_macros MATCHES "#define __riscv_xlen 64")
	set(percpu_arch riscv64)
endif()
if(percpu_macros MATCHES "#define __riscv_float_abi_double ")
	set(percpu_abi lp64d)
endif()
