# SPDX-License-Identifier: MIT
"""Programs that must not link, and the words that say why."""

import glob
import os
import re

import judge
from compiler import refuse
from image import Image
from toolchain import COLLECTED, PLAIN, VARIANTS

KINDS = {"": "near", "_CACHELINE": "near", "_FAR": "far", "_PAGE": "far"}


def kinds(tap, tools):
    """A declaration that takes a far variable for a near one, or the reverse, does not link."""
    for variant in VARIANTS:
        for defined, its_range in KINDS.items():
            for declared, range_taken in KINDS.items():
                objects = [tools.compile("programs/define.c", f"-DDEFINE=PERCPU_DEFINE{defined}",
                                         lto=variant.lto),
                           tools.compile("programs/declare.c",
                                         f"-DDECLARE=PERCPU_DECLARE{declared}", lto=variant.lto)]
                name = f"DEFINE{defined} and DECLARE{declared}, {variant.name}"
                result = tools.link([o.path for o in objects], "scripts/user.ld", variant,
                                    name=f"define{defined}.declare{declared}",
                                    flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
                if its_range == range_taken:
                    tap.ok(result.path, f"{name}: links", result.why())
                else:
                    refuse(tap, result, name, rf"undefined.*__percpu_{range_taken}\.shared")


# Settings of config.h, values to try, and what the symbol of percpu_init then says. The first value
# that is not the library's own is taken.
SETTINGS = {"PERCPU_CACHE_LINE": [("128", "line128"), ("64", "line64")],
            "PERCPU_MODE": [("sp", "_sp_"), ("smp", "_smp_")],
            "PERCPU_PREEMPT": [("hooks", "_hooks_"), ("none", "_none_")],
            "PERCPU_VMA": [("zero", "_zero_"), ("image", "_image_")],
            "PERCPU_DEBUG": [("1", "debug1"), ("0", "debug0")]}
ARCH_SETTINGS = {"aarch64": {"PERCPU_ARM_EL": [("2", "el2"), ("1", "el1")]},
                 "riscv64": {"PERCPU_RISCV_REG": [("tp", "_tp_"), ("gp", "_gp_")],
                             "PERCPU_RISCV_LEVEL": [("m", r"_m_v"), ("s", r"_s_v")]},
                 "x86_64": {}}


def other_configs(tools):
    """Copies of the library's config.h, each with one setting changed: (path, setting, word)."""
    with open(tools.config, encoding="ascii") as file:
        text = file.read()
    for setting, values in {**SETTINGS, **ARCH_SETTINGS[tools.arch]}.items():
        line = re.compile(rf"^#define {setting} (.*)$", re.M)
        value, word = next(v for v in values if v[0] != line.search(text)[1])
        path = os.path.join(tools.out, f"{setting}.{value}.h")
        with open(path, "w", encoding="ascii") as file:
            file.write(line.sub(f"#define {setting} {value}", text))
        yield path, f"{setting} {value}", word


def configs_without(tools):
    """Copies of the library's config.h, each without one setting: (path, setting)."""
    with open(tools.config, encoding="ascii") as file:
        text = file.read()
    for setting in {**SETTINGS, **ARCH_SETTINGS[tools.arch]}:
        path = os.path.join(tools.out, f"without.{setting}.h")
        with open(path, "w", encoding="ascii") as file:
            file.write(re.sub(rf"^#define {setting} .*\n", "", text, flags=re.M))
        yield path, setting


def configurations(tap, tools):
    """A program of another configuration, or ABI, than the library's does not link; of one that
    the header does not know it does not compile."""
    def program(name, *flags, variant):
        compiled = tools.compile("programs/no_variables.c", *flags, lto=variant.lto)
        if not compiled.path:
            return compiled
        return tools.link([compiled.path], "scripts/user.ld", variant, name=name,
                          flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])

    for variant in VARIANTS:
        same = program("same", f'-DPERCPU_CONFIG_FILE="{tools.config}"', variant=variant)
        tap.ok(same.path, f"the library's own configuration, {variant.name}: links", same.why())
        for path, setting, word in other_configs(tools):
            result = program(setting.replace(" ", "."), f'-DPERCPU_CONFIG_FILE="{path}"',
                             variant=variant)
            refuse(tap, result, f"{setting}, {variant.name}",
                   rf"undefined.*percpu_init_\w*{word}|libpercpu: {setting.split()[0]} is")
    # A config.h of a user's, from before there was the setting: there is no default.
    for path, setting in configs_without(tools):
        result = program(f"without.{setting}", f'-DPERCPU_CONFIG_FILE="{path}"', variant=PLAIN)
        refuse(tap, result, f"no {setting}",
               rf"libpercpu: {setting} is|undefined.*percpu_init_\w*{setting}")
    # Under LTO the ABI is a matter of the link: it makes code for the library's.
    for variant in (PLAIN, COLLECTED) if tools.arch == "riscv64" else ():
        result = program("lp64d", "-march=rv64imafdc", "-mabi=lp64d", variant=variant)
        refuse(tap, result, f"lp64d, {variant.name}",
               "soft-float modules with double-float|different floating-point ABI")


LACKS = "libpercpu__linker_script_lacks__INCLUDE_percpu.ld"


def refuse_without_fragment(tap, result, name):
    """It is refused for one symbol alone."""
    refuse(tap, result, name, LACKS)
    undefined = re.findall(r"undefined (?:reference to|symbol:)\s+\W?([\w.$]+)", result.text)
    tap.ok(set(undefined) == {LACKS}, f"C42 {name}: nothing else is undefined", result.why())


def scripts(tap, tools):
    """A script that lacks the fragment, or has it in a wrong place, does not link."""
    wrong = [("without_fragment", refuse_without_fragment),
             # The grammar of both linkers refuses it before any ASSERT is looked at.
             ("inside_a_section", lambda *about: refuse(
                 *about, r"percpu\.ld:\d+: syntax error|unknown directive"))]
    inits = ["percpu_init(1)", "percpu_early_init()", "percpu_init_at(memory, 4, 1)",
             "percpu_set_local_thread_pointer(0)", "percpu_read_on(variable, 0)"]
    for variant in VARIANTS:
        for init in inits:
            compiled = tools.compile("programs/init.c", f"-DINIT={init}", lto=variant.lto)
            for script, judge_refusal in wrong:
                result = tools.link([compiled.path], f"scripts/{script}.ld", variant,
                                    name=f"{script}.{init.split('(')[0]}",
                                    flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
                judge_refusal(tap, result, f"{script}.ld, {init}, {variant.name}")


# What a percpu.ld may lose, and what its own ASSERT then says.
LOSSES = [(r"^\s*\. = ALIGN\(_percpu_page\);\n| ALIGN\(_percpu_page\)(?= \{)",
           "libpercpu: .*percpu must start on a page"),
          (r"^\s*\. = .*ALIGN\(_percpu_alignment\);\n", "libpercpu: the areas are not aligned")]


def fragment(tap, tools):
    """A percpu.ld whose template comes to lie off its page, or its areas askew, does not link."""
    with open(os.path.join(tools.scripts, "percpu.ld"), encoding="ascii") as file:
        whole = file.read()
    for number, (loss, words) in enumerate(LOSSES):
        place = os.path.join(tools.out, f"loss{number}")
        os.makedirs(place, exist_ok=True)
        text, count = re.subn(loss, "", whole, flags=re.M)
        tap.ok(count, f"percpu.ld has what matches {loss!r}")
        with open(os.path.join(place, "percpu.ld"), "w", encoding="ascii") as file:
            file.write(text)
        for variant in VARIANTS:
            compiled = tools.compile("programs/init.c", "-DINIT=percpu_init(1)", lto=variant.lto)
            result = tools.link([compiled.path], "scripts/user.ld", variant, fragment=place,
                                name=f"loss{number}",
                                flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
            refuse(tap, result, f"percpu.ld without it, {variant.name}", words)


def number(tap, tools):
    """A CPU_NUM that does not count is refused: behind the script, or behind the fragment."""
    behind = os.path.join(tools.out, "behind.ld")
    with open(os.path.join(tools.here, "scripts/simple.ld"), encoding="ascii") as file:
        text = file.read()
    with open(behind, "w", encoding="ascii") as file:
        file.write(text.replace("INCLUDE percpu.ld", "INCLUDE percpu.ld\n\tCPU_NUM = 3;"))
    compiled = tools.compile("programs/init.c", "-DINIT=percpu_init(1)")
    for variant in (PLAIN, COLLECTED):
        for where, script, late in (("the script", "scripts/simple.ld", ["--defsym=CPU_NUM=3"]),
                                    ("the fragment", behind, [])):
            result = tools.link([compiled.path, *late], script, variant, name="number",
                                flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
            refuse(tap, result, f"CPU_NUM behind {where}, {variant.name}",
                   "CPU_NUM is given too late to count")


def fill_window(tools, size, variant, *flags):
    """A program with one variable of SIZE bytes."""
    compiled = tools.compile("programs/window.c", f"-DBYTES={size}", *flags, lto=variant.lto)
    return tools.link([compiled.path], "scripts/user.ld", variant, name=f"window.{size}",
                      flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])


def window(tap, tools):
    """The near window holds 2 KiB and not a byte more, on every architecture alike."""
    words = "libpercpu: .*define the larger ones with PERCPU_DEFINE_FAR"
    for variant in VARIANTS:
        # What the library leaves is seen from where a large variable comes to lie.
        large = fill_window(tools, 1024, variant)
        if not tap.ok(large.path, f"1024 bytes more, {variant.name}: fit", large.why()):
            continue
        image = Image(large.path)
        room = judge.WINDOW - (image.address("__percpu_near.filler")
                               - image.address("_percpu_load_start"))
        tap.ok(room > 1900, f"the library leaves {room} bytes of the window, {variant.name}")
        full = fill_window(tools, room, variant)
        tap.ok(full.path, f"{room} bytes more, {variant.name}: fit", full.why())
        refuse(tap, fill_window(tools, room + 1, variant),
               f"{room + 1} bytes more, {variant.name}", words)
        far = fill_window(tools, 100000, variant, "-DDEFINE=PERCPU_DEFINE_FAR")
        tap.ok(far.path, f"100000 far bytes, {variant.name}: fit", far.why())


def kernel(tap, tools):
    """ldscripts/kernel.ld: no section goes where it pleases, and the entry is the first byte."""
    def link(name, variant, *objects):
        return tools.link([o.path for o in objects], "kernel.ld", variant, name=name,
                          flags=["--orphan-handling=error", "--defsym=CPU_NUM=8",
                                 f"--defsym=LOAD_ADDRESS={tools.load}"])

    for variant in VARIANTS:
        right = tools.compile("programs/kernel.c", lto=variant.lto)
        result = link("right", variant, right)
        judge.judge(tap, result, f"kernel.ld, {variant.name}", areas=8, load=tools.load)
        orphan = tools.compile("programs/kernel.c", "-DORPHAN", lto=variant.lto)
        refuse(tap, link("orphan", variant, orphan), f"an orphan section, {variant.name}",
               "orphan section.*lost|lost.*is being placed")
    # Not under LTO, which lays out functions in an order of its own.
    for variant in (PLAIN, COLLECTED):
        entry, before = tools.compile("programs/kernel.c"), tools.compile("programs/before_entry.c")
        result = link("entry_first", variant, entry, before)
        tap.ok(result.path, f"code behind the entry, {variant.name}: links", result.why())
        refuse(tap, link("entry_second", variant, before, entry),
               f"code before the entry, {variant.name}",
                     "must be the first byte of the image")


def zero(tap, tools):
    """C64: with PERCPU_VMA=zero a writable section that the script does not name is refused, where
    the script has the lines for it; without them the crate's lines link."""
    config = next(path for path, setting, _ in other_configs(tools) if setting.endswith(" zero"))
    lines = os.path.join(tools.scripts, "load")
    for variant in VARIANTS:
        def link(script, *flags, variant=variant):
            compiled = tools.compile("programs/zero.c", f'-DPERCPU_CONFIG_FILE="{config}"', *flags,
                                     lto=variant.lto)
            return tools.link([compiled.path], f"scripts/{script}.ld", variant, name=script,
                              fragment=lines, library=False,
                              flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])

        for script in ("zero_seed", "zero"):
            result = link(script)
            tap.ok(result.path, f"C64 {script}.ld, {variant.name}: links", result.why())
        for lost in ("somewhere", ".sdata.lost", ".sbss.lost"):
            refuse(tap, link("zero", f'-DLOST="{lost}"'), f"C64 zero.ld, {lost}, {variant.name}",
                   "a writable section has no place here: see .unnamed in -Map")
        if not tools.is_lld:
            result = link("zero_seed", '-DLOST="somewhere"')
            tap.ok(result.path, f"control: without the lines GNU ld takes it, {variant.name}",
                   result.why())


def configured_library(tools, setting, value):
    """The library with that setting: its objects, and the flag that a program needs."""
    path = os.path.join(tools.out, "config.h")
    with open(tools.config, encoding="ascii") as file:
        text = re.sub(rf"{setting} .*", f"{setting} {value}", file.read())
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    config = f'-DPERCPU_CONFIG_FILE="{path}"'
    mode = value if setting == "PERCPU_MODE" else "smp"
    flags = [config, "-fno-builtin"]
    flags += [] if tools.is_clang else ["-fno-tree-loop-distribute-patterns"]
    sources = [source for place in ("lib", f"lib/{mode}", "lib/image")
               for source in glob.glob(f"{place}/*.c")]
    return [tools.compile(os.path.abspath(source), *flags) for source in sources], config


def checked(tap, tools):
    """With PERCPU_DEBUG a CPU is told from the others, or the kernel does not link: C38, C62."""
    library, config = configured_library(tools, "PERCPU_DEBUG", "1")
    tap.ok(all(o.path for o in library), "the library is compiled",
           "\n".join(o.why() for o in library if not o.path))
    for variant in (PLAIN, COLLECTED):
        for name, *flags in (("lacking",), ("giving", "-DHARDWARE_ID")):
            program = tools.compile("programs/checked.c", config, *flags)
            result = tools.link([o.path for o in [program, *library]], "scripts/user.ld", variant,
                                name=name, flags=[f"--defsym=LOAD_ADDRESS={tools.load}"])
            text = f"{name} percpu_hardware_id, {variant.name}"
            if name == "lacking" and tools.arch == "riscv64":
                refuse(tap, result, f"C38 {text}", "undefined.*percpu_hardware_id")
            else:
                tap.ok(result.path, f"C38 {text}: links", result.why())
            if result.path and tools.arch == "x86_64":
                # mov $0xb, %eax
                tap.ok(b"\xb8\x0b\0\0\0" in Image(result.path).contents[".text"][1],
                       f"C62 {text}: CPUID is asked for leaf 0BH, which has all of the APIC id")


GROUPS = {"kinds": kinds, "checked": checked, "zero": zero, "configurations": configurations,
          "scripts": scripts, "fragment": fragment, "number": number, "window": window,
          "kernel": kernel}
