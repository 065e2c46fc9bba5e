# SPDX-License-Identifier: MIT
"""What is in a page of Markdown: its fenced blocks, its links, its headings and its lines."""

import dataclasses
import re

ARCHS = ("x86_64", "aarch64", "riscv64")
COMPILED = ("c", "asm", "ld")
# Steps of a kernel's conversion, which tests/install applies, builds and boots; and files of a build,
# by which tests/intree builds and boots a kernel.
APPLIED = ("diff", "make", "cmake", "meson", "ini", "sh")
# Blocks that nothing checks must say that they are none of these.
UNCHECKED = ("text",)
# What an info string may say besides architectures: a register that PERCPU_RISCV_REG names, that
# the diff is for the kernel in Linux's shape, or the file that the block is, in the kernel that is
# converted or of the port that is made.
REGISTERS = ("gp", "tp")
LINUX = "linux"
FILE = "file="


@dataclasses.dataclass
class Block:
    """A fenced block. LINE is that of its first line of code, WORDS its whole info string."""
    language: str
    archs: tuple
    words: list
    line: int
    code: str

    @property
    def is_body(self):
        """Whether it is the inside of a function."""
        return "body" in self.words

    @property
    def is_quoted(self):
        """Whether it is what the library says, in the library's own words."""
        return "quoted" in self.words

    @property
    def file(self):
        """The file that it is; None if it is code of the page."""
        return next((word[len(FILE):] for word in self.words if word.startswith(FILE)), None)

    @property
    def is_linux(self):
        """Whether it is for the kernel in Linux's shape alone."""
        return LINUX in self.words

    @property
    def registers(self):
        """The values of PERCPU_RISCV_REG that it is for."""
        return [word for word in self.words if word in REGISTERS] or REGISTERS


@dataclasses.dataclass
class Page:
    """A page: PATH is how it is called in messages, WRONG what its fences say wrongly."""
    path: str
    lines: list
    blocks: list
    prose: list
    wrong: list

    def code(self, language, arch, is_body=False):
        """The blocks of LANGUAGE for ARCH."""
        return [block for block in self.blocks if block.language == language
                and arch in block.archs and block.is_body == is_body and not block.file]

    def links(self):
        """(line, target) of each link of the prose."""
        return [(number, target) for number, text in self.prose
                for target in re.findall(r"(?:\]\(|<img src=\")([^)\s\"]+)[)\"]", text)]

    def anchors(self):
        """What #... may name."""
        titles = [text.lstrip("#").strip() for _, text in self.prose if re.match(r"#+ ", text)]
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def block_of(info, line, wrong):
    """The block that a fence with the info string INFO opens."""
    words = info.split() or [""]
    language, rest = words[0], words[1:]
    if language not in COMPILED + APPLIED + UNCHECKED:
        wrong.append(f"line {line}: a block of `{language}`: use "
                     f"{', '.join(COMPILED + APPLIED)} or text")
    known = {"c": ("body",), "diff": (*REGISTERS, LINUX),
             "text": ("quoted",)}.get(language, ()) + ARCHS
    odd = [word for word in rest if word not in known and not word.startswith(FILE)]
    if odd:
        wrong.append(f"line {line}: `{' '.join(odd)}` in the info string is no architecture")
    archs = tuple(word for word in rest if word in ARCHS) or ARCHS
    return Block(language, archs, words, line + 1, "")


def read(path, text):
    """The page that TEXT is."""
    page = Page(path, text.splitlines(), [], [], [])
    block = None
    for number, line in enumerate(page.lines, 1):
        if block is None and line.lstrip().startswith("```"):
            block = block_of(line.lstrip()[3:], number, page.wrong)
            page.blocks.append(block)
        elif block is not None and line.strip() == "```":
            block = None
        elif block is not None:
            block.code += line + "\n"
        else:
            page.prose.append((number, line))
    if block is not None:
        page.wrong.append(f"line {block.line - 1}: the block is not closed")
    return page
