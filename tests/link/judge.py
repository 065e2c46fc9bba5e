# SPDX-License-Identifier: MIT
"""What must be true of every program that links."""

from image import SHF_ALLOC, Image

LINE = 64
PAGE = 4096
WINDOW = 2048

NEAR, FAR = "__percpu_near.", "__percpu_far."


def areas_are_as_reserved(image, areas):
    """The space for areas: as many as asked for, each of whole cache lines, aligned."""
    start, end = image.address("_percpu_start"), image.address("_percpu_end")
    used = image.address("_percpu_reserve_end") - image.address("_percpu_load_start")
    align = image.address("_percpu_align_end") - image.address("_percpu_load_start")
    strictest = max([LINE] + [2 ** i for i in range(6, 20) if align % 2 ** i == 0])
    stride, rest = divmod(end - start, areas)
    yield rest == 0 and stride > 0, f"{end - start:#x} bytes for {areas} areas"
    yield stride % LINE == 0, f"the stride {stride:#x} is no multiple of {LINE}"
    yield align == strictest and PAGE <= align <= PAGE * 16, f"areas are aligned to {align:#x}"
    yield stride % align == 0 and start % align == 0, f"{start:#x}, {stride:#x}: not of {align:#x}"
    yield used <= stride < used + align, f"stride {stride:#x}, template and reserve {used:#x}"
    told = image.address("_percpu_stride_end") - image.address("_percpu_load_start")
    yield stride == told, f"stride {stride:#x}, percpu.ld tells {told:#x}"


def areas_take_no_room_in_the_file(image):
    """They have no contents, and nothing after them has."""
    start = image.address("_percpu_start")
    areas = image.sections.get(".percpu_areas")
    yield areas and areas["sh_type"] == "SHT_NOBITS", ".percpu_areas is not NOBITS"
    for load in image.segments:
        end = load.p_vaddr + load.p_filesz
        yield not load.p_vaddr <= start < end, f"contents up to {end:#x}, areas at {start:#x}"
    holders = [load for load in image.segments
               if load.p_vaddr <= start
               and image.address("_percpu_end") <= load.p_vaddr + load.p_memsz]
    yield len(holders) == 1, "no PT_LOAD has room for the areas"


def the_template_is_in_the_file(image):
    """C4: PROGBITS, on a page, loaded from the file; C31: and all that is, up to
    _percpu_data_end."""
    start, end = image.address("_percpu_load_start"), image.address("_percpu_data_end")
    section = image.sections[".percpu"]
    yield section["sh_type"] == "SHT_PROGBITS", f".percpu is {section['sh_type']}"
    yield start % PAGE == 0, f"the template starts at {start:#x}"
    yield any(load.p_vaddr <= start and end <= load.p_vaddr + load.p_filesz
              for load in image.segments), "no PT_LOAD loads the template from the file"
    contents = [at + len(data) for name, (at, data) in image.contents.items()
                if name.startswith(".percpu")]
    yield max(contents) == end, f"_percpu_data_end is {end:#x}, that of contents {contents}"


def segments_are_where_they_should_be(image, load):
    """C5: nothing at address 0, nothing below the link address, and no overlap."""
    for segment in image.segments:
        yield segment.p_vaddr >= load > 0, f"a PT_LOAD at {segment.p_vaddr:#x}"
    used = sorted((s["sh_addr"], s["sh_addr"] + s["sh_size"], s.name)
                  for s in image.sections.values() if s["sh_flags"] & SHF_ALLOC)
    for (_, end, name), (start, _, other) in zip(used, used[1:]):
        yield end <= start, f"{name} overlaps {other}"


def no_segment_is_writable_code(image):
    """C34: none is both writable and executable."""
    for segment in image.segments:
        yield segment.p_flags & 3 != 3, f"the PT_LOAD at {segment.p_vaddr:#x} is both"


def nothing_is_relocated_at_run_time(image):
    """No R_*_RELATIVE, nor any other."""
    yield not image.relocations, "; ".join(image.relocations)


def variables_are_in_their_range(image):
    """Near ones in the window, far ones behind it, all inside the template."""
    start, near_end = image.address("_percpu_load_start"), image.address("_percpu_near_end")
    yield near_end - start <= WINDOW, f"the near variables take {near_end - start} bytes"
    for variable in image.variables():
        near = variable.name.startswith(NEAR)
        yield near or variable.name.startswith(FAR), f"{variable.name} is in the template"
        in_window = variable.address + variable.size <= near_end
        yield near == in_window and (near or variable.address >= near_end), \
            f"{variable.name} is at offset {variable.address - start:#x}"
        lined_up = variable.size not in (2, 4, 8) or variable.address % variable.size == 0
        yield lined_up, f"{variable.name} is at {variable.address:#x}, for {variable.size} bytes"


def faults(checks):
    """The complaints of the checks that failed; a symbol that is missing is one."""
    try:
        return "\n".join(complaint for passed, complaint in checks if not passed)
    except LookupError as missing:
        return str(missing)


def judge(tap, result, name, *, areas, load):
    """One result for each property; the image, or None if there is none."""
    if not tap.ok(result.path, f"{name}: links", result.why()):
        return None
    image = Image(result.path)
    for text, checks in (
            (f"the space is that of {areas} areas, in whole aligned lines",
             areas_are_as_reserved(image, areas)),
            ("the areas take no room in the file", areas_take_no_room_in_the_file(image)),
            ("the template is in the file, on a page", the_template_is_in_the_file(image)),
            ("near variables fill the window, far ones follow",
             variables_are_in_their_range(image)),
            ("no segment is at 0, no section overlaps another",
             segments_are_where_they_should_be(image, load)),
            ("C34 no segment is both writable and executable",
             no_segment_is_writable_code(image)),
            ("nothing is relocated at run time", nothing_is_relocated_at_run_time(image))):
        complaints = faults(checks)
        tap.ok(not complaints, f"{name}: {text}", f"{complaints}\n{result.command}")
    return image
