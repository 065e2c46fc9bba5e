# SPDX-License-Identifier: MIT
"""Judges kernels/numa: whether each area is in its CPU's node, or in the nearest with RAM.

Which node CPUs and RAM are in, and how far nodes are from each other, is taken from QEMU's command
line, not from the tables that QEMU made of it.
"""

import re

LINE = re.compile(r"^ok \d+ - cpu \d+ \(\w+ (\d+)\) of node (\d+) has its area at 0x([0-9a-f]+), "
                  r"in node (\d+), distance (\d+)$", re.M)
UNITS = {"": 1 << 20, "M": 1 << 20, "G": 1 << 30}
# Where RAM begins.
BASES = {"pc": 0, "raspi3b": 0, "virt-aarch64": 0x40000000, "virt-riscv64": 0x80000000,
         "sifive_u": 0x80000000}
WITHOUT_M = 1 << 30  # bytes of RAM: raspi3b
FOUR_GIB = 1 << 32
LOCAL = 10
FIRST_MIB = {"pc": 1 << 20}  # RAM from there on, of node 0, that no area can have


def size_of(text):
    number, unit = re.fullmatch(r"(\d+)([MG]?)", text).groups()
    return int(number) * UNITS[unit]


class Machine:
    """What QEMU was asked for."""

    def __init__(self, command, board, moved):
        self.nodes = {}  # of a CPU, by its place in the list
        self.sizes = {}  # of a node's RAM
        self.distances = {}
        # Boards without firmware have it, and the kernel's level, behind their name.
        self.taken = {0: FIRST_MIB.get(board, 0)}
        self.base, self.hole = BASES[re.sub("-[sm]$", "", board)], None
        self.all = WITHOUT_M
        memory = {}
        for option, value in zip(command, command[1:]):
            words = dict(word.partition("=")[::2] for word in value.split(","))
            if option == "-m":
                self.all = size_of(value)
            elif option == "-machine" and "max-ram-below-4g" in words:
                self.hole = size_of(words["max-ram-below-4g"])
            elif option == "-object":
                memory[words["id"]] = size_of(words["size"])
            elif option == "-numa":
                self.read(words, memory)
        self.nodes.update(moved)
        self.sizes = self.sizes or {0: self.all}

    def read(self, words, memory):
        """One -numa, of either kind that kernel.mk has."""
        if "node" in words:
            self.sizes[int(words["nodeid"])] = memory.get(words.get("memdev"), 0)
        elif "cpu" in words:
            self.nodes[int(words["core-id"])] = int(words["node-id"])
        elif "dist" in words:
            pair, far = (int(words["src"]), int(words["dst"])), int(words["val"])
            self.distances[pair] = self.distances[pair[::-1]] = far

    def distance(self, here, there):
        return LOCAL if here == there else self.distances[here, there]

    def nearest(self, node):
        """The node with free RAM that is nearest to this one, and how far it is."""
        return min((self.distance(node, there), there)
                   for there, size in self.sizes.items()
                   if size > self.taken.get(there, 0))[::-1]

    def node_at(self, address):
        """The node whose RAM has this address: one behind the other, from the base on."""
        if self.hole and address >= FOUR_GIB:
            address -= FOUR_GIB - self.hole
        elif self.hole and address >= self.hole:
            return None
        start = self.base
        for node, size in sorted(self.sizes.items()):
            if start <= address < start + size:
                return node
            start += size
        return None


def judge(tap, lines, command, board, scenario):
    """LINES are the kernel's, COMMAND is QEMU's."""
    asked = Machine(command, board, scenario.moved)
    found = [(int(h), int(n), int(a, 16), int(p), int(d))
             for h, n, a, p, d in LINE.findall("\n".join(lines))]
    tap.ok(sorted(hwid for hwid, *_ in found) == sorted(scenario.hardware_ids),
           "each CPU has an area", f"{found}")
    for hwid, node, address, place, distance in found:
        cpu = scenario.hardware_ids.index(hwid)
        wanted = asked.nodes.get(cpu, 0)
        nearest = asked.nearest(wanted)
        tap.ok(node == wanted and (place, distance) == nearest and asked.node_at(address) == place,
               f"hardware id {hwid} is in node {wanted}, and its area in node {nearest[0]}",
               f"it has node {node}, and an area at {address:#x}, in node {place}, distance "
               f"{distance}; QEMU has node {asked.node_at(address)} there")
    tap.ok(len({address for _, _, address, *_ in found}) == len(found), "no two have the same one")
