# SPDX-License-Identifier: MIT
"""What the header, config.mk and the Makefile define, and what pages name that nobody does."""

import glob
import os
import re

COLUMNS = 100
PORTING = "docs/porting.md"
# What users call; the others in include/percpu/ are behind them.
HEADERS = ("include/percpu.h", *(f"include/percpu/{name}.h" for name in (
    "sequence", "dynamic", "hotplug", "module", "counter", "record", "ref", "rlock",
    "cache")))


def contents(path):
    """The text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def without_comments(text):
    """C without its comments, which may name what is not there."""
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


class Names:
    """The names that pages may use."""

    def __init__(self):
        header = without_comments("".join(map(contents, HEADERS)))
        macros = re.findall(r"^#define (\w+)", header, re.M)
        functions = re.findall(r"\b(percpu_\w+)\(", re.sub(r"^#.*(\\\n.*)*$", "", header,
                                                          flags=re.M))
        structures = re.findall(r"^struct (percpu_\w+) {$", header, re.M)
        self.header = set(macros) | set(functions) | set(structures)
        # Symbols that a linker script gives.
        self.header |= set(re.findall(r"DEFINED\((PERCPU_\w+)\)", contents("ldscripts/percpu.ld")))
        # The values of an enum.
        self.header |= set(re.findall(r"^\t(PERCPU_[A-Z]\w+),$", header, re.M))
        self.errors = {name for name in macros if re.fullmatch(r"PERCPU_E[A-Z]+", name)}
        self.variables = set(re.findall(r"^(PERCPU_\w+) *=", contents("config.mk"), re.M))
        self.values = {name: values.split() for name, values in re.findall(
            r"^\$\(call one-of,(PERCPU_\w+),([^)]*)\)", contents("Makefile"), re.M)}
        self.assembly = {name for path in glob.glob("include/percpu/*.h") + glob.glob("ports/*/*.h")
                         for name in re.findall(r"^#define (PERCPU_[A-Z]\w+)", contents(path), re.M)}
        self.assembly |= set.intersection(*(
            set(re.findall(r"^\.macro (percpu_[a-z]\w+)", contents(port), re.M))
            for port in glob.glob("ports/*/percpu_arch_asm.h")))
        self.assembly |= set(re.findall(r"^(?:\.macro|#define) (percpu_[a-z]\w+)",
                                        contents("include/percpu/asm.h"), re.M))
        # What a port gives and is made of, which one page is about.
        text = "\n".join(without_comments(contents(path)) for path in
                         glob.glob("include/percpu/*.h") + glob.glob("ports/*/*.h"))
        self.port = set(re.findall(r"\b(?:percpu_arch|PERCPU__[A-Z])\w*", text))
        # The reserved variables: assembly reads them by name.
        self.assembly |= set(re.findall(r"^PERCPU__EXTERN\(\w+, (percpu_\w+), near\);",
                                        contents("include/percpu/remote.h"), re.M))
        # Types of C.
        self.header |= {name for path in glob.glob("include/percpu/*.h") for name in
                        re.findall(r"\btypedef [^;]*\b(percpu_\w+);", contents(path), re.M)}
        self.header |= set(re.findall(r"^struct (percpu_\w+) {", header, re.M))
        # Names for accessors, as percpu_at; what a linker script may set, and sections in it.
        self.header |= set(re.findall(r"^#define percpu__(percpu_\w+)\(", header, re.M))
        self.header |= set(re.findall(r"\b(PERCPU_DYNAMIC\w*|(?<=\()percpu_\w+)\b",
                                      contents("ldscripts/percpu.ld")))
        self.assembly |= set(re.findall(r"^extern __thread \w+ (percpu_\w+);",
                                        contents("ports/host/percpu_arch.h"), re.M))
        # What the builds of docs/building-in.md know.
        self.builds = set(re.findall(r"^(PERCPU_[A-Z]\w+) *:?=", contents("percpu.mk"), re.M))
        self.builds |= set(re.findall(r"^option\('(PERCPU_\w+)'", contents("meson_options.txt"), re.M))
        self.builds |= set(re.findall(r"^(percpu_\w+) = ", contents("meson.build"), re.M))
        self.builds |= set(re.findall(r"^ *setting\((PERCPU_\w+)",
                                      contents("tools/cmake/install.cmake"), re.M))
        self.files = {path.rsplit("/", 1)[1] for path in glob.glob("include/**/*.h", recursive=True)
                      + glob.glob("arch/*/*.h") + glob.glob("ports/*/*.h") + glob.glob("ldscripts/*.ld")}

    def knows(self, name):
        """Whether NAME is a function, a macro or a variable of the configuration."""
        return name in self.header | self.variables | self.assembly | self.builds

    def unknown(self, page):
        """Each name of PAGE that does not exist, with its line. Quotations: messages.py."""
        found, quoted = [], {block.line + offset for block in page.blocks if block.is_quoted
                             for offset in range(block.code.count("\n"))}
        for number, line in enumerate(page.lines, 1):
            if number in quoted:
                continue
            for name, rest in re.findall(r"(?<![\w.])((?:percpu|PERCPU)_\w+)((?:\.(?:h|ld))?)",
                                         line):
                # A symbol, as linkers name it.
                name = re.sub(r"__smp_\w+_v\d+$", "", name)
                known = self.header | self.assembly | (self.port if page.path == PORTING else set())
                is_group = name.endswith("_") and any(n.startswith(name) for n in known)
                if not (name + rest in self.files if rest else
                        self.knows(name) or name in known or is_group):
                    found.append(f"line {number}: there is no {name}{rest}")
            for name, value in re.findall(r"\b(PERCPU_\w+) ?= ?(\w+)", line):
                if value not in self.values.get(name, [value]):
                    found.append(f"line {number}: {name} cannot be {value}")
        return found


SOURCES = ("include", "lib", "ports", "arch", "boards", "kernels")


class Places:
    """The files and functions of the tree, and the goals of make."""

    def __init__(self):
        self.files = [path for top in SOURCES for ending in "chS"
                      for path in glob.glob(f"{top}/**/*.{ending}", recursive=True)]
        makefiles = "\n".join(contents(path) for path in
                              ["Makefile", *glob.glob("t*/**/*.mk", recursive=True)])
        self.goals = {goal for line in re.findall(r"^([a-z][-a-z ]*):", makefiles, re.M)
                      for goal in line.split()} | {
            goal for line in re.findall(r"^PER_ARCH := (.*(?:\\\n.*)*)", makefiles, re.M)
            for goal in line.replace("\\", " ").split()}

    def defined(self, function, paths):
        """Whether one of the files at PATHS has FUNCTION, or a macro or label of that name."""
        pattern = re.compile(rf"^(func {function}$|{function}:|\.macro {function}\b"
                             rf"|#define {function}\b|\w.*\b{function}\([^;]*$)", re.M)
        return any(pattern.search(contents(path)) for path in paths)

    def unknown(self, page, at):
        """Each `path`, `function()` and `make goal` of PAGE that does not exist, with its line.

        A function must be in a file that the same line links to, if it links to any; AT makes a
        path from the top of the tree of one from the page."""
        found = []
        for number, text in page.prose:
            linked = [os.path.normpath(at(target)) for target in
                      re.findall(r"\]\(([^)\s#]+\.[chS])\)", text)]
            linked = [path for path in linked if os.path.exists(path)]
            for span in re.findall(r"`([^`]+)`", text):
                if re.match(rf"({'|'.join(SOURCES)}|tests|tools|ldscripts|docs)/\S*$", span) \
                        and not glob.glob(re.sub(r"<\w+>", "*", span)):
                    found.append(f"line {number}: there is no {span}")
                function = re.fullmatch(r"(\w+)\(\)", span)
                if function and not self.defined(function[1], linked or self.files):
                    found.append(f"line {number}: {span} is not in {linked or SOURCES}")
                goals = [word for word in span.split()[1:] if re.fullmatch(r"[a-z][-a-z]*", word)]
                if span.startswith("make ") and not self.goals.issuperset(goals):
                    found.append(f"line {number}: make has no such goal: {span}")
        return found


def dead_links(page, exists, anchors_of):
    """Each relative link of PAGE whose file or heading does not exist."""
    found = []
    for number, target in page.links():
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        if path and not exists(path):
            found.append(f"line {number}: there is no {path}")
        elif anchor and anchor not in anchors_of(path):
            found.append(f"line {number}: {path or 'this page'} has no heading #{anchor}")
    return found


def long_lines(page, except_tables=False):
    """Each line of PAGE that is too long."""
    return [f"line {number}: {len(line.expandtabs(8))} columns" for number, line
            in enumerate(page.lines, 1) if len(line.expandtabs(8)) > COLUMNS
            and not (except_tables and line.startswith("|"))]
