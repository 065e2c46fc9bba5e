# SPDX-License-Identifier: MIT
"""What the header, config.mk and the Makefile define, and what pages name that nobody does."""

import glob
import re

COLUMNS = 100


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
        header = without_comments(contents("include/percpu.h"))
        macros = re.findall(r"^#define (\w+)", header, re.M)
        functions = re.findall(r"\b(percpu_\w+)\(", re.sub(r"^#.*(\\\n.*)*$", "", header,
                                                          flags=re.M))
        self.header = set(macros) | set(functions)
        self.errors = {name for name in macros if re.fullmatch(r"PERCPU_E[A-Z]+", name)}
        self.variables = set(re.findall(r"^(PERCPU_\w+) *=", contents("config.mk"), re.M))
        self.values = {name: values.split() for name, values in re.findall(
            r"^\$\(call one-of,(PERCPU_\w+),([^)]*)\)", contents("Makefile"), re.M)}
        self.assembly = set(re.findall(r"^#define (PERCPU_\w+)",
                                       contents("include/percpu/configuration.h"), re.M))
        self.files = {path.rsplit("/", 1)[1] for path in glob.glob("include/**/*.h", recursive=True)
                      + glob.glob("arch/*/*.h") + glob.glob("ldscripts/*.ld")}

    def knows(self, name):
        """Whether NAME is a function, a macro or a variable of the configuration."""
        return name in self.header | self.variables | self.assembly

    def unknown(self, page):
        """Each name of PAGE that does not exist, with its line."""
        found = []
        for number, line in enumerate(page.lines, 1):
            for name, rest in re.findall(r"(?<![\w.])((?:percpu|PERCPU)_\w+)((?:\.(?:h|ld))?)",
                                         line):
                is_group = name.endswith("_") and any(n.startswith(name) for n in self.header)
                if not (name + rest in self.files if rest else self.knows(name) or is_group):
                    found.append(f"line {number}: there is no {name}{rest}")
            for name, value in re.findall(r"\b(PERCPU_\w+) ?= ?(\w+)", line):
                if value not in self.values.get(name, [value]):
                    found.append(f"line {number}: {name} cannot be {value}")
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


def long_lines(page):
    """Each line of PAGE that is too long."""
    return [f"line {number}: {len(line.expandtabs(8))} columns" for number, line
            in enumerate(page.lines, 1) if len(line.expandtabs(8)) > COLUMNS]
