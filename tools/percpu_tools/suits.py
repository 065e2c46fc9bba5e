# SPDX-License-Identifier: MIT
"""Whether a kernel's file has what is looked at: else silence would be the answer."""

from percpu_tools.kernel import Kernel, Refused

PORTS = {"gs": "x86_64", "el1": "aarch64", "el2": "aarch64", "gp": "riscv64", "tp": "riscv64"}
# What linkers and assemblers fill code up with: zeros, and the bytes of each nop.
FILLING = {"x86_64": bytes.fromhex("00 0f 1f 2e 40 44 66 80 84 90 cc"),
           "aarch64": bytes.fromhex("00 1f 20 03 d5"), "riscv64": bytes.fromhex("00 01 13")}
UNNAMED = 16  # bytes of code without a name, of which some are in an alignment by chance


def open_kernel(path):
    """The kernel, read whole. Raises Refused."""
    kernel = Kernel(path)
    for configuration in kernel.configurations:
        port = PORTS.get(configuration.arch.split("_")[0], kernel.arch)
        if port != kernel.arch:
            raise Refused(f"{path} is marked as of {kernel.arch}, and the library in it is for "
                          f"{port}, {configuration}: give the kernel as the linker made it")
    if not kernel.has_locals and unnamed(kernel) > UNNAMED:
        raise Refused(f"{path} has functions without a name: its local symbols have been dropped "
                      "(ld -x, strip -x), those of static functions and variables; give the kernel "
                      "with them")
    return kernel


def unnamed(kernel):
    """How many bytes of code are in no function."""
    count = 0
    for section in kernel.code_sections:
        at, end = section
        inside = [f for f in kernel.functions if at <= f.value < end]
        for index, function in enumerate(inside):
            count += filled(kernel, at, function.value)
            behind = inside[index + 1].value if index + 1 < len(inside) else end
            at = max(at, function.end if function.size else behind)
        count += filled(kernel, at, end)
    return count


def filled(kernel, start, end):
    """Those of them that are no filling."""
    if start >= end:
        return 0
    return len(kernel.read(start, end - start).translate(None, FILLING[kernel.arch]))
