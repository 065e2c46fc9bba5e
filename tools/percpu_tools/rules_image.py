# SPDX-License-Identifier: MIT
"""What the image says: where the template is, segments, configurations. No instruction is looked
at."""

from percpu_tools.findings import ERROR, NOTE, WARNING
from percpu_tools.kernel import PF_W, PF_X

WINDOW = 2048
NEAR_LEFT = 128
# Symbols between which kernels clear memory at the start. For each start that there is, the first
# of these ends behind it counts.
CLEARED_FROM = ["__bss_start", "__bss_start__", "_bss_start", "bss_start", "__bss_begin",
                "_bss_begin", "bss_begin", "__bss", "_bss", "__sbss", "_sbss", "sbss",
                "__sbss_start", "__sbss_start__", "_sbss_start", "sbss_start", "__START_BSS"]
CLEARED_TO = ["__bss_end", "__bss_end__", "_bss_end", "bss_end", "__bss_stop", "_ebss", "ebss",
              "__ebss", "__END_BSS", "_end", "end", "__end", "_kernel_end", "kernel_end"]
# What is cleared where none of those starts is.
OLD_FROM, OLD_TO = ["edata", "_edata", "__edata"], ["end", "_end", "__end"]


def is_zero(kernel):
    """Whether it is of PERCPU_VMA zero."""
    return any(c.vma == "zero" for c in kernel.configurations)


def the_template_is_loaded(kernel, _code, findings, _options):
    """template-not-loaded"""
    template = kernel.template
    size = template.end - template.start
    segment = kernel.segment_at(template.start)
    why = "The initial values of per-CPU variables would not be in memory: every variable would " \
        "start as whatever is there."
    if size == 0:
        return
    if segment is None or template.end > segment.end:
        findings.add("template-not-loaded", ERROR,
                     f"the template, {template.start:#x} to {template.end:#x}, is in no PT_LOAD "
                     "segment", why, "Give the output sections of percpu.ld a segment, in PHDRS "
                     "that of .data, and let no strip or objcopy remove .percpu.", template.start)
        return
    loaded = segment.start + len(segment.contents)
    nobits = any(s["sh_type"] == "SHT_NOBITS" and s["sh_addr"] == template.start and s["sh_size"]
                 and s["sh_flags"] & 2 for s in kernel.elf.iter_sections())
    if template.end <= loaded and not nobits:
        return
    level = WARNING if is_zero(kernel) else ERROR
    findings.add("template-not-loaded", level,
                 f"the template, {template.start:#x} to {template.end:#x}, has no contents in the "
                 "file: .percpu is NOBITS", why, "Leave out the (NOLOAD) of .percpu, and put "
                 "INCLUDE percpu.ld before the sections without contents.", template.start)


def cleared(kernel, options):
    """(start symbol, its value, end symbol, its value) of what the kernel's symbols say that it
    clears."""
    for pair in options.clears or []:
        yield pair[0], kernel.value(pair[0]), pair[1], kernel.value(pair[1])
    starts = [(name, kernel.value(name)) for name in CLEARED_FROM if name in kernel.symbols]
    ends = CLEARED_TO
    if not starts:
        starts = [(name, kernel.value(name)) for name in OLD_FROM if name in kernel.symbols]
        ends = OLD_TO
    for name, start in starts:
        behind = [(kernel.value(e), e) for e in ends if e in kernel.symbols
                  and kernel.value(e) > start]
        if behind:
            yield name, start, min(behind)[1], min(behind)[0]


def the_template_is_not_cleared(kernel, _code, findings, options):
    """template-cleared"""
    first = kernel.template.start
    last = max(kernel.template.end, kernel.template.data_end)
    if is_zero(kernel):
        home = kernel.value("_percpu_start") or 0
        first, last = home, home + kernel.template.end - kernel.template.start
    for start_name, start, end_name, end in cleared(kernel, options):
        if start < last and first < end:
            findings.add("template-cleared", ERROR,
                         f"the template, {first:#x} to {last:#x}, lies between {start_name} "
                         f"({start:#x}) and {end_name} ({end:#x})",
                         "Between these symbols a kernel clears its memory at the start, and the "
                         "initial values would be gone.",
                         f"Put INCLUDE percpu.ld before {start_name} in the linker script.", first)


def the_near_window_has_room(kernel, _code, findings, options):
    """near-window"""
    if "_percpu_near_end" not in kernel.symbols or is_zero(kernel):
        return
    used = kernel.template.near_end - kernel.template.start
    left = WINDOW - used
    if left < options.near_left:
        largest = max((v for v in kernel.variables if v.kind in ("near", "line")),
                      key=lambda v: v.size, default=None)
        hint = f" The largest is {largest.name}, {largest.size} bytes." if largest else ""
        findings.add("near-window", WARNING if left >= 0 else ERROR,
                     f"near variables take {used} of {WINDOW} bytes: {left} are left",
                     "A near variable that does not fit any more is an error of the linker's, "
                     "at whoever adds the next one.",
                     "Define large ones with PERCPU_DEFINE_FAR." + hint +
                     " --near-left BYTES says how many are to be left.", kernel.template.start)


def no_segment_is_writable_code(kernel, _code, findings, _options):
    """writable-code"""
    for segment in kernel.segments:
        if segment.flags & PF_W and segment.flags & PF_X and segment.end > segment.start:
            findings.add("writable-code", ERROR, "the segment from "
                         f"{segment.start:#x} to {segment.end:#x} is both writable and executable",
                         "A stray write can become code, and loaders that protect memory refuse "
                         "the kernel.",
                         "Have .text end on a page boundary before .data, or give the script "
                         "PHDRS with a segment for each.", segment.start)


def no_segment_is_at_0(kernel, _code, findings, _options):
    """address-0"""
    if kernel.elf["e_type"] == "ET_DYN":
        return  # its addresses are relative to where it is loaded
    for segment in kernel.segments:
        if segment.start == 0 and segment.end > 0:
            zero = is_zero(kernel)
            findings.add("address-0", NOTE if zero else ERROR,
                         f"a segment of {segment.end:#x} bytes has address 0",
                         "Loaders that want a kernel in the higher half refuse it, and a null "
                         "pointer is an address of the kernel's.",
                         "Nothing, as long as the loader takes it: it is how PERCPU_VMA=zero is."
                         if zero else "Look in the linker script for a section with address 0, or "
                         "for one that it does not name.", 0)


def no_segments_overlap(kernel, _code, findings, _options):
    """segments-overlap"""
    for number, one in enumerate(kernel.segments):
        for other in kernel.segments[number + 1:]:
            size, other_size = one.end - one.start, other.end - other.start
            virtual = max(one.start, other.start) < min(one.end, other.end)
            physical = max(one.physical, other.physical) \
                < min(one.physical + size, other.physical + other_size)
            if not virtual and not physical:
                continue
            both = virtual and physical
            where = "" if both else " by virtual addresses" if virtual else " by physical addresses"
            findings.add("segments-overlap", ERROR if both else WARNING,
                         f"the segments of {size:#x} bytes at {one.start:#x} (physical "
                         f"{one.physical:#x}) and of {other_size:#x} at {other.start:#x} "
                         f"({other.physical:#x}) have the same memory" + where,
                         "A loader lays one over the other, or refuses both: code or initial "
                         "values are gone.", "Put INCLUDE percpu.ld behind the last section whose "
                         "contents are loaded, and give sections a segment of PHDRS, and AT, in "
                         "the order in which they are.", other.start)


def there_is_one_configuration(kernel, _code, findings, _options):
    """configurations-mixed"""
    if len(kernel.configurations) < 2:
        return
    for configuration in sorted(kernel.configurations):
        names = sorted(s.name.split("__")[0] for c, s in kernel.library_functions
                       if c == configuration)
        findings.add("configurations-mixed", ERROR,
                     f"there are functions of the library configured as {configuration}: "
                     f"{', '.join(names[:4])}" + (" and more" if len(names) > 4 else ""),
                     "Parts of the kernel that were compiled for different configurations do not "
                     "agree on the register, the layout or the protection.",
                     "Compile all of it with the same percpu/config.h and headers of one version, "
                     "and link one library.",
                     next(s.value for c, s in kernel.library_functions if c == configuration))


def there_is_one_library(kernel, _code, findings, _options):
    """two-libraries"""
    names = ["__percpu_near.percpu_delta", "_percpu_mark"]
    names += [s.name for c, s in kernel.library_functions if s.name.startswith("percpu_init__")]
    for name in dict.fromkeys(names):
        places = sorted({s.value for s in kernel.named(name)})
        if len(places) > 1:
            findings.add("two-libraries", ERROR,
                         f"{name} is there {len(places)} times, at "
                         f"{', '.join(f'{p:#x}' for p in places)}",
                         "Each library makes areas of its own and knows nothing of the other's: "
                         "variables of one are set up, those of the other are not.",
                         "Link the library once; where a module was made by ld -r with it, leave "
                         "it out there.", places[1])
            return


def the_panic_is_the_kernels(kernel, _code, findings, _options):
    """panic-without-words"""
    own = kernel.value("_percpu_own_panic")
    if own is not None and own == kernel.value("percpu_panic"):
        findings.add("panic-without-words", NOTE, "percpu_panic is the library's own, which stops "
                     "without a word", "The library's sentence, which says what is wrong, is lost.",
                     "Define one that prints: docs/model.md. If the kernel has one, in an archive, "
                     "put that before the library and give the linker -u percpu_panic.")
