# SPDX-License-Identifier: MIT
"""Parts of the library that only work if another is there: constructors, dynamic variables."""

from percpu_tools.findings import ERROR, WARNING


def linked(kernel, function):
    """Whether that function of the library's is."""
    return any(name.startswith(function + "__") for name in kernel.symbols)


def has(kernel, function):
    """The same, and whether link-time optimisation has put it into its caller, which takes time to
    find out."""
    return linked(kernel, function) or kernel.lines.has_inlined(function, kernel.is_code)


def is_empty(kernel, what):
    """Whether nothing is between these symbols of percpu.ld's, or they are not there."""
    start, end = (kernel.value(f"_percpu_{what}_{side}") for side in ("start", "end"))
    return start is None or start == end


def constructors_are_run(kernel, _code, findings, _options):
    """constructors-not-run"""
    if is_empty(kernel, "constructors") or has(kernel, "percpu_cpu_up"):
        return
    findings.add("constructors-not-run", ERROR,
                 "there are constructors of PERCPU_CONSTRUCT, and no percpu_cpu_up in this kernel",
                 "percpu_cpu_up is what runs them: no CPU does, and what they were to set up is as "
                 "the initial values have it.",
                 "Have each CPU call percpu_cpu_up in place of percpu_set_local_thread_pointer.",
                 kernel.value("_percpu_constructors_start"))


def there_is_memory_to_give(kernel, _code, findings, _options):
    """nothing-to-allocate"""
    if not is_empty(kernel, "reserve") or not linked(kernel, "_percpu_alloc") or \
            has(kernel, "percpu_grow"):
        return
    findings.add("nothing-to-allocate", WARNING,
                 "percpu_alloc is in this kernel, and there is nothing for it to give: "
                 "PERCPU_DYNAMIC is 0, and nothing calls percpu_grow",
                 "Each percpu_alloc returns PERCPU_ENOMEM, and so do percpu_counter_init and its "
                 "like.",
                 "Define PERCPU_DYNAMIC = BYTES; before INCLUDE percpu.ld, or call percpu_grow.")
