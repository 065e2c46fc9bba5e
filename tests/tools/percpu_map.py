#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""percpu-map on a small kernel whose variables are known, and on files that are none. Called by
make map-test, through prove; the last argument names a group. The settings are those of
tests/link/toolchain.py; TEST_SMP is kernel smp, TEST_FACES that of tests/gdb/gdb.mk.

What the tool must say is computed here, from the symbol table.
"""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

from elftools.elf.elffile import ELFFile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path += [os.path.join(os.path.dirname(HERE), "link"), os.path.join(ROOT, "tools")]

# pylint: disable=wrong-import-position
from percpu_tools import layout_svg
from tap import Tap
from toolchain import PLAIN, Toolchain

TOOL = os.path.join(ROOT, "tools", "percpu-map")
SVG = "{http://www.w3.org/2000/svg}"
PAGE = os.path.join(ROOT, "docs", "percpu-map.md")


class Bench:
    """Builds kernels and has them drawn."""

    def __init__(self, name):
        self.tap = Tap()
        self.tools = Toolchain(name)
        self.tools.here = HERE

    def kernel(self, name, *flags):
        """programs/areas.c, linked."""
        built = self.tools.compile("programs/areas.c", "-O2", "-g", *flags)
        linked = self.tools.link([built.path], "scripts/user.ld", PLAIN, name=name,
                                 flags=[f"--defsym=LOAD_ADDRESS={self.tools.load:#x}"])
        if not linked.path:
            raise ValueError(linked.why())
        return linked.path

    def map(self, *arguments):
        """Exit status, output, errors."""
        done = subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout, done.stderr

    def line(self):
        """The configuration's."""
        with open(self.tools.config, encoding="ascii") as file:
            return int(re.search(r"PERCPU_CACHE_LINE (\d+)", file.read())[1])

    def says(self, said, pattern, text):
        return self.tap.ok(re.search(pattern, said, re.M), text, said)


def true_variables(path):
    """{name: (offset, size)}, from the symbol table."""
    with open(path, "rb") as file:
        symbols = list(ELFFile(file).get_section_by_name(".symtab").iter_symbols())
    start = next(s["st_value"] for s in symbols if s.name == "_percpu_load_start")
    return {s.name.split(".", 1)[1]: (s["st_value"] - start, s["st_size"]) for s in symbols
            if re.match(r"__percpu_(near|far)\.", s.name)}


def rows(said):
    """(offset, bytes, the rest) of each row of the table."""
    return [(int(row[1], 16), int(row[2]), row[3]) for row in re.finditer(
        r"^ *(0x[0-9a-f]+) +(\d+) +[-\d]+  (.*)$", said, re.M)]


def is_whole(found, size):
    """Whether the rows follow each other from 0 to the end."""
    ends = [0] + [offset + bytes_ for offset, bytes_, _ in found]
    return [offset for offset, _, _ in found] == ends[:-1] and ends[-1] == size


# ---- The groups ----

def table(bench):
    """The text and the JSON are what is in the file; folding loses nothing."""
    tap = bench.tap
    for name, flags in (("few", ()), ("many", ("-DMANY",))):
        path = bench.kernel(name, *flags)
        wanted = true_variables(path)
        status, said, _ = bench.map(path, "--all")
        found = rows(said)
        tap.ok(status == 0, f"{name}: exit status 0", status)
        named = {rest.split()[-1]: (at, size) for at, size, rest in found if "(hole)" not in rest}
        tap.ok(named == wanted, f"{name}: each variable, its offset and size", said)
        size = int(re.search(r"Template: (\d+) bytes", said)[1])
        tap.ok(is_whole(found, size), f"{name}: variables and holes fill the template", said)
        data = json.loads(bench.map(path, "--json")[1])
        tap.ok({v["name"]: (v["offset"], v["size"]) for v in data["variables"]} == wanted
               and data["template"] == size, f"{name}: the JSON says so too", data)
        status, short, _ = bench.map(path)
        tap.ok(is_whole(rows(short), size) and len(rows(short)) <= 45,
               f"{name}: folded it is whole, and not long", short)
    bench.says(short, "folded: --all shows each", "many: it says that it is folded")
    for kind, name in (("line", "lock"), ("near", "count"), ("far ", "queue"), ("page", "page")):
        bench.says(said, rf"  {kind} programs/areas.c +{name}$", f"{kind.strip()}: {name}")


def shared(bench):
    """What other CPUs write is to be alone on its line."""
    path = bench.kernel("few")
    status, said, _ = bench.map(path, "--remote", "lock")
    bench.tap.ok(status == 0 and "which other CPUs" not in said, "a variable that owns its lines",
                 said)
    status, said, _ = bench.map(path, "--remote", "lock,mailbox")
    bench.tap.ok(status == 1, "one that does not is a finding", status)
    bench.says(said.replace("\n", " "), r"mailbox \(programs/areas.c\), which other CPUs write or "
               r"poll, shares its cache line with [^:]*count.*PERCPU_DEFINE_CACHELINE",
               "and it says with what, and what to do")
    data = json.loads(bench.map(path, "--json", "--remote", "mailbox")[1])
    bench.tap.ok(len(data["findings"]) == 1, "the JSON has it", data["findings"])
    status, _, said = bench.map(path, "--remote", "mailbx")
    bench.tap.ok(status == 2 and "no per-CPU variable mailbx" in said, "a name that there is not",
                 said)


def against(bench):
    """What differs between two kernels."""
    old, new = bench.kernel("old"), bench.kernel("new", "-DGROWN")
    status, said, _ = bench.map(new, "--against", old)
    for what in ("grew: ring (programs/areas.c), from 80 to 240 bytes",
                 "appeared: appeared (programs/areas.c), 3 bytes",
                 "vanished: vanished (programs/areas.c), 5 bytes"):
        bench.tap.ok(status == 0 and f"  {what}\n" in said + "\n", what, said)
    bench.tap.ok(len(re.findall(r"^  (grew|shrank|appeared|vanished):", said, re.M)) == 3,
                 "and nothing else", said)
    bench.says(bench.map(old, "--against", new)[1], "shrank: ring", "the other way round")
    bench.says(bench.map(old, "--against", old)[1], "The variables are the same",
               "a kernel against itself")
    data = json.loads(bench.map(new, "--json", "--against", old)[1])
    bench.tap.ok(len(data["against"]["changes"]) == 3, "the JSON has it", data["against"])


def picture(bench):
    """The SVG names all, to scale, and can be seen by day and by night."""
    tap, path = bench.tap, bench.kernel("few")
    out = os.path.join(bench.tools.out, "area.svg")
    status, _, said = bench.map(path, "--svg", out, "--all", "--remote", "mailbox")
    tap.ok(status == 1, "it is drawn", said)
    root = xml.etree.ElementTree.parse(out).getroot()
    shown = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    wanted = true_variables(path)
    tap.none([name for name, (_, size) in wanted.items() if f"{name}:{size}" not in shown],
             "each variable is named, with its bytes")
    tap.ok("mailbox (programs/areas.c), which other CPUs" in " ".join(shown.split()),
           "and so is what shares a line", shown)
    widths = {rect.find(f"{SVG}title").text.split(":")[0]: float(rect.get("width"))
              for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None}
    tap.ok(abs(widths["count"] - 8 * layout_svg.ROOM / bench.line() + 1) < 0.2,
           "8 bytes of a line are as wide as that", widths)
    tap.none(layout_svg.weak_colours(), "the colours stand out from the page")
    status, _, said = bench.map(path, "--svg", "/nowhere/area.svg")
    tap.ok(status == 2 and "cannot be written" in said, "a place that is not there", said)


def bad(bench):
    """Files that are no such kernel: a sentence, exit status 2."""
    path, out = bench.kernel("few"), bench.tools.out
    with open(path, "rb") as file:
        contents = file.read()
    stripped = os.path.join(out, "stripped")
    subprocess.run([os.environ["TEST_OBJCOPY"], "--strip-all", path, stripped], check=True)
    built = bench.tools.compile("programs/areas.c", "-O2", "-g")
    for name, data, words in (
            ("text", b"no kernel\n", "no ELF file"), ("empty", b"", "no ELF file"),
            ("cut", contents[:len(contents) // 2], "cut off"), ("head", contents[:40], "cut off"),
            ("other", contents[:18] + b"\x28\0" + contents[20:], "is for EM_ARM")):
        with open(os.path.join(out, name), "wb") as file:
            file.write(data)
        refuses(bench, [os.path.join(out, name)], words, name)
    refuses(bench, [stripped], "stripped", "stripped")
    discarded = os.path.join(out, "discarded")
    subprocess.run([os.environ["TEST_OBJCOPY"], "--discard-all", path, discarded], check=True)
    refuses(bench, [discarded], "symbols have been", "without local symbols")
    refuses(bench, [path, "--remote", "a\nb"], "has no per-CPU variable a", "--remote of two lines")
    refuses(bench, [built.path], "not a linked kernel", "an object")
    refuses(bench, ["/nowhere/kernel.elf"], "cannot be read", "no file")
    refuses(bench, [out], "cannot be read", "a directory")
    refuses(bench, [path, "--against", stripped], "stripped", "the other one is stripped")
    refuses(bench, [], "usage", "no argument")
    damaged(bench, contents)


def refuses(bench, arguments, words, name):
    status, said, why = bench.map(*arguments)
    bench.tap.ok(status == 2 and words in why and "Traceback" not in why and not said,
                 f"{name}: {words}", f"{status}\n{said}\n{why}")


def damaged(bench, contents):
    """Bytes of its headers, one after the other, are something else: whatever comes of it, it is no
    traceback."""
    found, place = [], os.path.join(bench.tools.out, "damaged")
    for at in range(16, 64, 6):
        with open(place, "wb") as file:
            file.write(contents[:at] + b"\xff\xff" + contents[at + 2:])
        status, _, why = bench.map(place)
        if status not in (0, 1, 2) or "Traceback" in why:
            found.append(f"byte {at}: {why}")
    bench.tap.none(found, "a damaged header leads to no traceback")


def page(bench):
    """The table in docs/percpu-map.md is riscv64's kernel smp, but for the compiler's order."""
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    said = bench.map(os.environ["TEST_SMP"], "--all")[1]
    head = said.splitlines()[0].rpartition("/")[2]
    bench.tap.ok(f"\n{head}\n" in text, "its first line is in docs/percpu-map.md", head)
    written, found = rows(text), rows(said)
    written, found = (sorted((size, re.sub(r"\S+/", "", " ".join(rest.split())))
                             for _, size, rest in table_ if "(hole)" not in rest)
                      for table_ in (written, found))
    bench.tap.ok(written == found, "the variables in docs/percpu-map.md are those of kernel smp",
                 f"{found}")


def faces(bench):
    """Variables of percpu/linux.h and percpu.hpp have the names that their users gave them."""
    path = os.environ["TEST_FACES"]
    said = bench.map(path, "--all")[1]
    wanted = {"near": ["linux_count", "linux_queue"], "far ": ["linux_far"]}
    if "__percpu_near.cxx_count" in symbol_names(path):
        wanted = {"near": [*wanted["near"], "cxx_count", "cxx_flag", "scheduler::load"],
                  "far ": [*wanted["far "], "cxx_far"]}
    else:
        bench.tap.skip("variables of percpu.hpp", "no compiler of C++ is installed")
    for kind, names in wanted.items():
        for name in names:
            bench.says(said, rf"  {kind} gdb/faces\.cc? +{name}$", f"{kind.strip()}: {name}")
    for name in ("linux_count", "gdb/faces.c:linux_queue", "scheduler::load",
                 "faces.cc:kernel::scheduler::load")[:2 if len(wanted["near"]) == 2 else 4]:
        bench.says(bench.map(path, "--remote", name)[1].replace("\n", " "),
                   name.split(":")[-1] + r" \(gdb/faces.cc?\), which other CPUs",
                   f"--remote {name}")


def symbol_names(path):
    """Of all symbols."""
    with open(path, "rb") as file:
        return {s.name for s in ELFFile(file).get_section_by_name(".symtab").iter_symbols()}


GROUPS = {"table": table, "shared": shared, "against": against, "picture": picture, "bad": bad,
          "page": page, "faces": faces}


def main():
    bench = Bench("map-" + sys.argv[-1])
    GROUPS[sys.argv[-1]](bench)
    return bench.tap.done()


if __name__ == "__main__":
    sys.exit(main())
