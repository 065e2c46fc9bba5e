# SPDX-License-Identifier: MIT
"""Accesses that miss this CPU's copy: around the register, or by a register that means something
else."""

import struct

from percpu_tools import code as ops, names
from percpu_tools.findings import ERROR, WARNING
from percpu_tools.rules_image import is_zero

NO_GLOBAL_POINTER = 0x7ffffffffffff000  # the library's own: it is near nothing
# For what link-time optimisation has put into one unit: that has no other names of sources.
LIBRARY_FILES = {"areas.c", "debug.c", "memory.c", "sequences.c", "remote.c", "error.c",
                 "collected.c", "script.c", "percpu_arch.h", "loadstore.h"}
RESERVED = ("_percpu_", "percpu_arch_")
STACK_PROTECTOR = 40
RELATIVE = {"x86_64": 8, "aarch64": 1027, "riscv64": 3}


def is_library(kernel, address):
    """Whether the function at ADDRESS is the library's."""
    function = kernel.function_at(address)
    if function is None:
        return False
    # Of a function's name a part may follow: .cold, .constprop.0.
    if function.name.startswith(RESERVED) or names.FUNCTION.match(function.name):
        return True
    unit = kernel.lines.unit_at(address)
    return is_librarys_line(kernel, function.value) or \
        unit is not None and unit.cu_offset in library_units(kernel)


def library_units(kernel):
    """The compilation units that the library's functions are of."""
    if not hasattr(kernel, "_library_units"):
        units = [kernel.lines.unit_at(s.value) for _, s in kernel.library_functions]
        kernel._library_units = {u.cu_offset for u in units if u and not kernel.lines.is_of_all(u)}
    return kernel._library_units


def variable_at(kernel, address):
    """variable, or variable+8, or an address."""
    for variable in kernel.variables:
        offset = address - kernel.template.start - variable.offset
        if 0 <= offset < max(variable.size, 1):
            return f"{variable.name}+{offset}" if offset else variable.name
    return f"the template at {address:#x}"


# ---- gp ----

def gp_is_the_registers_only(kernel, code, findings, _options):
    """gp-relative"""
    if kernel.arch != "riscv64" or not any(c.arch.startswith("gp") and c.mode == "smp"
                                           for c in kernel.configurations):
        return
    why = "gp holds the address of this CPU's area: such an access reads or writes per-CPU " \
        "memory, or what lies around it, in place of the global."
    pointer = kernel.value("__global_pointer$")
    if pointer is not None and pointer != NO_GLOBAL_POINTER:
        findings.add("gp-relative", ERROR, f"__global_pointer$ is defined, as {pointer:#x}, and gp "
                     "is the per-CPU register", "GNU ld turns accesses of globals near it into "
                     "accesses relative to gp. " + why,
                     "Remove __global_pointer$ from the linker script, or configure "
                     "PERCPU_RISCV_REG=tp.", pointer)
    template = kernel.template
    window = (template.end if is_zero(kernel) else template.near_end) - template.start
    for function in code.functions:
        for i in function.instructions:
            if i.base == 3 and i.op in (*ops.ACCESSES, ops.GET_REGISTER) and i.index is None \
                    and not 0 <= i.imm < max(window, 1):
                findings.add("gp-relative", ERROR, f"an instruction uses gp with offset {i.imm}, "
                             f"and the near variables are at 0 to {window}", why,
                             "Remove __global_pointer$ from the linker script, and lui or auipc "
                             "gp-relaxation with it; compile user programs apart from the kernel.",
                             i.address)


# ---- x86_64 and aarch64: by the register, to what is no variable ----

def the_register_is_for_variables(kernel, code, findings, _options):
    """register-relative"""
    finder = {"x86_64": gs_accesses, "aarch64": tpidr_accesses}.get(kernel.arch)
    if finder is None or all(c.mode == "sp" for c in kernel.configurations):
        return
    for function in code.functions:
        if is_library(kernel, function.start):
            continue
        for i, place in finder(kernel, code, function):
            findings.add("register-relative", ERROR, f"an access by the per-CPU register is to "
                         f"{place}, where no per-CPU variable is",
                         "It reads or writes memory that is somebody else's: that of the area and "
                         "what lies around it, not the global.",
                         "Use the global itself, or define it with PERCPU_DEFINE or "
                         "DEFINE_PER_CPU: an accessor of percpu/linux.h takes any variable.",
                         i.address)


def gs_accesses(kernel, code, function):
    """(instruction, words) for each of %gs: with an address that is known, and no variable's."""
    reserve = [kernel.value(f"_percpu_reserve_{end}") or 0 for end in ("start", "end")]
    for i, known in code.constants(function):
        if i.op not in ops.ACCESSES or i.segment != "gs" or i.index is not None or \
                (i.base is not None and i.base not in known):
            continue
        address = known.get(i.base, 0) + i.imm & (1 << 64) - 1
        if not kernel.template.start <= address < kernel.template.end and \
                not reserve[0] <= address < reserve[1] and address != STACK_PROTECTOR:
            yield i, f"%gs:{address:#x}"


def tpidr_accesses(kernel, _code, function):
    """The same for an offset from the register behind the window of near variables."""
    template = kernel.template
    window = (template.end if is_zero(kernel) else template.near_end) - template.start
    bases = set()
    for i in function.instructions:
        if i.address in function.targets or i.op in ops.ENDS or i.op == ops.CALL:
            bases = set()
        if i.base in bases and i.index is None and i.op in (*ops.ACCESSES, ops.ADD_IMM) \
                and not 0 <= i.imm < window:
            yield i, f"offset {i.imm}"
        bases -= set(i.writes)
        if i.op == ops.GET_REGISTER:
            bases |= set(i.writes)


# ---- the stack protector ----

def the_stack_protector_is_elsewhere(kernel, code, findings, _options):
    """stack-protector"""
    if kernel.arch != "x86_64" or all(c.mode == "sp" for c in kernel.configurations):
        return
    fail = kernel.value("__stack_chk_fail")
    for function in code.functions:
        for i in function.instructions:
            if i.segment == "gs" and i.base is None and i.index is None \
                    and i.imm == STACK_PROTECTOR and (not is_zero(kernel) or (
                        fail is not None and fail in code.edges[function.start][0])):
                findings.add("stack-protector", ERROR,
                             "the stack protector's canary is read at %gs:40",
                             "GS_BASE is the library's, and what lies at %gs:40 is no canary: it "
                             "is memory before the areas, or a per-CPU variable that changes.",
                             "Compile with -fno-stack-protector, or with "
                             "-mstack-protector-guard=global, or with "
                             "-mstack-protector-guard-reg=fs.", i.address)
                break


# ---- around the register ----

def direct_accesses(kernel, code):
    """(instruction, address) of each access to the template itself: by a constant address that the
    straight piece of code before it has formed."""
    start, end = kernel.template.start, kernel.template.end
    for function in code.functions:
        for i, known in code.constants(function):
            if i.op not in ops.ACCESSES or i.segment in ("gs", "fs"):
                continue
            if i.base is None:
                address = i.imm
            elif i.base in known and (i.index is None or i.index in known):
                address = known[i.base] + i.imm + known.get(i.index, 0)
            else:
                continue
            if start <= address & (1 << 64) - 1 < end:
                yield i, address


def initialisers(kernel, code):
    """The addresses of functions that run before main, and of what these call."""
    found = []
    for section in kernel.elf.iter_sections():
        if section.name.startswith((".init_array", ".ctors", ".preinit_array")) \
                and section["sh_type"] != "SHT_NOBITS" and section["sh_addr"]:
            data = kernel.read(section["sh_addr"], section["sh_size"] & ~7)
            found += [word for word, in struct.iter_unpack("<Q", data)]
    for first, last in (("__init_array_start", "__init_array_end"), ("init_array_start",
                        "init_array_end"), ("__ctors_start", "__ctors_end")):
        start, end = kernel.value(first), kernel.value(last)
        if start is not None and end is not None and start < end and kernel.segment_at(start):
            found += [w for w, in struct.iter_unpack("<Q", kernel.read(start, end - start & ~7))]
    found += [f.start for f in code.functions if f.name.startswith(("_GLOBAL__sub_I_",
                                                                     "__cxx_global_var_init"))]
    return code.reached({f for f in found if f in code.edges})[0]


def no_access_bypasses_the_register(kernel, code, findings, _options):
    """direct-access and initialiser"""
    if is_zero(kernel) or all(c.mode == "sp" for c in kernel.configurations):
        return
    early = None
    for i, address in direct_accesses(kernel, code):
        if is_library(kernel, i.address) or i.op == ops.LOAD and \
                is_librarys_line(kernel, i.address):
            continue
        early = initialisers(kernel, code) if early is None else early
        name = variable_at(kernel, address)
        stores = i.op != ops.LOAD
        function = code.at(i.address)
        if stores and function and function.start in early:
            findings.add("initialiser", ERROR, f"an initialiser writes {name} in the template",
                         "What it writes depends on whether it runs before the areas are made, and "
                         "a value that is computed then is no initial value.",
                         "Give the variable a constant initial value, and write the computed one "
                         "on each CPU, behind percpu_set_local_thread_pointer.", i.address)
            continue
        findings.add("direct-access", ERROR,
                     f"an instruction {'writes' if stores else 'reads'} {name} in the template, "
                     "not by the per-CPU register",
                     "The template is no CPU's copy. A read gives the initial value, and a write "
                     "changes what later areas start with.",
                     "Use percpu_read, percpu_write and the like, in assembly the macros of "
                     "percpu/asm.h; on x86_64 the operand needs %gs:.", i.address)


def is_librarys_line(kernel, address):
    """Whether the code there is the library's, as far as lines tell, in what link-time optimisation
    has made one unit of."""
    unit = kernel.lines.unit_at(address)
    return unit is not None and kernel.lines.is_of_all(unit) and \
        kernel.lines.at(address).split(":")[0] in LIBRARY_FILES


def no_data_points_into_the_template(kernel, _code, findings, _options):
    """address-in-data"""
    if is_zero(kernel) or all(c.mode == "sp" for c in kernel.configurations):
        return
    for address, value in words(kernel):
        name = variable_at(kernel, value)
        inside = kernel.template.start <= address < kernel.template.end
        place = f"the initial value of {variable_at(kernel, address)}" if inside else "data"
        if not name.startswith("the template"):
            findings.add("address-in-data", WARNING,
                         f"{place} at {address:#x} is the address of {name} in the template",
                         "A pointer to the template is one to no CPU's copy, and every CPU would "
                         "use the same.",
                         "Keep percpu_offset(name), or set the pointer on each CPU to "
                         "percpu_ptr(name). If it is another number by chance, or a table of "
                         "symbols: --allow address-in-data.", address)


def words(kernel):
    """(address, value) of each word of data that is an address in the template. In a program that
    is relocated at run time, relocations say which are addresses."""
    start, end = kernel.template.start, kernel.template.end
    if kernel.elf["e_type"] == "ET_DYN":
        yield from ((a, v) for a, v in relative_relocations(kernel) if start < v < end)
        return
    for section in kernel.elf.iter_sections():
        flags = section["sh_flags"]
        if not flags & 2 or flags & 4 or section["sh_type"] != "SHT_PROGBITS":
            continue
        base = section["sh_addr"]
        data = section.data()[-base % 8:]
        base += -base % 8
        for index, (value,) in enumerate(struct.iter_unpack("<Q", data[:len(data) & ~7])):
            if start < value < end and value % 4 == 0:
                yield base + 8 * index, value


def relative_relocations(kernel):
    """(address, value) of what is relocated by the load address only."""
    for section in kernel.elf.iter_sections():
        if section["sh_type"] == "SHT_RELA" and section["sh_flags"] & 2:
            for place, info, addend in struct.iter_unpack("<QQq", section.data()):
                if info & 0xffffffff == RELATIVE[kernel.arch]:
                    yield place, addend
