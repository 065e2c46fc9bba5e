# SPDX-License-Identifier: MIT
"""What is in a page of Markdown: its fenced blocks, its links, its headings and its lines."""

import dataclasses
import re

ARCHS = ("x86_64", "aarch64", "riscv64")
COMPILED = ("c", "asm", "ld")
# Blocks that nothing checks must say that they are none of these.
UNCHECKED = ("text",)


@dataclasses.dataclass
class Block:
    """A fenced block. LINE is that of its first line of code."""
    language: str
    archs: tuple
    is_body: bool
    line: int
    code: str


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
                and arch in block.archs and block.is_body == is_body]

    def links(self):
        """(line, target) of each link of the prose."""
        return [(number, target) for number, text in self.prose
                for target in re.findall(r"\]\(([^)\s]+)\)", text)]

    def anchors(self):
        """What #... may name."""
        titles = [text.lstrip("#").strip() for _, text in self.prose if re.match(r"#+ ", text)]
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def block_of(info, line, wrong):
    """The block that a fence with the info string INFO opens."""
    words = info.split() or [""]
    language, rest = words[0], words[1:]
    if language not in COMPILED + UNCHECKED:
        wrong.append(f"line {line}: a block of `{language}`: use {', '.join(COMPILED)} or text")
    odd = [word for word in rest if word not in ARCHS and (word, language) != ("body", "c")]
    if odd:
        wrong.append(f"line {line}: `{' '.join(odd)}` in the info string is no architecture")
    archs = tuple(word for word in rest if word in ARCHS) or ARCHS
    return Block(language, archs, "body" in rest, line + 1, "")


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
