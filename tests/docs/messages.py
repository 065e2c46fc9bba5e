# SPDX-License-Identifier: MIT
"""What the library says, in its own sources: pages that quote it are held to that."""

import glob
import re

from names import contents

# Where the compiler, the linker and the running kernel get their sentences.
SOURCES = ("lib/*.c", "lib/*/*.c", "include/percpu.h", "include/percpu/*.h",
           "ports/*/*.h", "ldscripts/percpu.ld", "tools/percpu-*", "tools/percpu_tools/*.py")
# What is no symptom.
SILENT = ("no error", "not an error of libpercpu")


def joined(text):
    """TEXT with string literals that stand beside each other made one, and white space a space."""
    return re.sub(r"\s+", " ", re.sub(r'"[\s\\]*"', "", text)).replace('\\"', '"')


def literals(text):
    """The string literals of C, or of a linker script."""
    return re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r'"[\s\\]*"', "", text))


class Messages:
    """All that the tree says, and the sentences that a page on symptoms must have."""

    def __init__(self):
        paths = sorted({path for pattern in SOURCES for path in glob.glob(pattern)})
        self.text = " ".join(joined(contents(path)) for path in paths)
        said = [sentence for path in paths if path.endswith((".c", ".h", ".ld"))
                for sentence in literals(contents(path))
                if re.match(r"(lib)?percpu: \S", sentence)]
        said += [sentence for path in ("lib/error.c", "lib/error_dynamic.c")
                 for sentence in literals(contents(path))
                 if " " in sentence and sentence not in SILENT]
        self.sentences = sorted(set(re.sub(r"\s+", " ", sentence) for sentence in said))

    def unknown(self, page):
        """Each paragraph of PAGE's quotations that nothing here says."""
        return [f"{page.path}:{block.line}: nothing says: {quoted}"
                for block in page.blocks if block.is_quoted
                for quoted in quotations(block) if quoted not in self.text]

    def missing(self, page):
        """Each sentence that PAGE does not quote, whole."""
        quoted = "\n".join(text for block in page.blocks if block.is_quoted
                           for text in quotations(block))
        return [sentence for sentence in self.sentences if sentence not in quoted]

def quotations(block):
    """The paragraphs of a block, each as one line."""
    return [re.sub(r"\s+", " ", text).strip() for text in re.split(r"\n\s*\n", block.code)
            if text.strip()]


def rules_apart(page, manual):
    """What is in one only of percpu-check's MANUAL, a list, and PAGE's table with the column rule."""
    listed = set(re.findall(r"^- `([a-z0-9-]+)`", manual, re.M))
    table = re.search(r"^\| rule \|.*\n((?:\|.*\n?)*)", "\n".join(page.lines), re.M)
    named = {rule for row in table[1].splitlines()
             for rule in re.findall(r"`([a-z0-9-]+)`", row.split("|")[1])}
    return sorted(listed ^ named)
