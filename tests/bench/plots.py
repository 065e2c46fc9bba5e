# SPDX-License-Identifier: MIT
"""The plots of make bench, by gnuplot: data from here, everything else from plots/*.gp."""

import os
import re
import subprocess

import dynamic
from results import LESS, ONE, PEERS, SAFE

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plots")
OURS = "0x1f6fb4"
COLOURS = {SAFE: "0x707070", ONE: "0x707070", LESS: "0xc4c4c4"}


def write(directory, name, lines):
    """A data file."""
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.writelines(" ".join(map(str, line)) + "\n" for line in lines)


def quoted(text):
    """As gnuplot reads a word."""
    return f'"{text}"'


def bars(results, arch, operation):
    """A name, a height and a colour for each contestant."""
    for name, count in results.columns(arch):
        if count(operation) is not None:
            yield quoted(f"ours, {name}"), count(operation), OURS
    for peer in results.peers:
        count = results.peer(arch, peer, operation)
        if count is not None:
            name, kind = PEERS[peer]
            yield quoted(name), count, COLOURS[kind]


def write_all(results, directory):
    """The data of all plots; those that can be drawn."""
    for arch in results.archs:
        for operation in ("read", "add"):
            write(directory, f"{arch}-{operation}.dat", bars(results, arch, operation))
        growth = results.tree["growth"][arch]
        write(directory, f"growth-{arch}.dat",
              ([n, counts["sum"], counts["init"] / n, results.ours(arch, "none", "add")]
               for n, counts in growth.items()))
        for way, by_cpus in results.tree["start"][arch]["instructions"].items():
            write(directory, f"start-{arch}-{way.replace(' ', '-')}.dat",
                  ([n, counts["start"][1]] for n, counts in by_cpus.items() if n > 1))
        write(directory, f"start-{arch}-ratio.dat",
              results.tree["start"][arch]["ratio"].items())
    host = results.tree["host"]
    if not host["threads"]:
        return ["instructions", "start"]
    base = host["threads"]["near"][1]
    for who, times in host["threads"].items():
        write(directory, f"threads-{who}.dat", ([n, ns / base] for n, ns in times.items()))
    for name, lines in dynamic.data(host["dynamic"]):
        write(directory, name, lines)
    if not host["sharing"]:
        return ["instructions", "start", "growth", "dynamic"]
    for how, times in host["sharing"].items():
        write(directory, f"sharing-{how}.dat",
              ([quoted(distance), ns / min(times.values())] for distance, ns in times.items()))
    return ["instructions", "start", "growth", "dynamic", "sharing"]


def shrink(path):
    """gnuplot says at every label and line what holds for all of them."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = text.replace(' stroke-linecap="butt" stroke-linejoin="miter"', "")
    text = re.sub(r'<tspan font-family="sans-serif" >(.*?)</tspan>', r"\1", text)
    text = text.replace(' font-family="sans-serif"', "")
    text = text.replace("<svg ", '<svg font-family="sans-serif"', 1)
    text = re.sub(r"<g [^>]*>\s*</g>\n", "", text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def draw(results, directory, out):
    """Returns the names of the files."""
    os.makedirs(directory, exist_ok=True)
    names = []
    for plot in write_all(results, directory):
        names.append(f"bench-{plot}.svg")
        settings = (f"data='{directory}/'; archs='{' '.join(results.archs)}'; "
                    f"machine='{results.tree['machine']}'")
        path = os.path.join(out, names[-1])
        subprocess.run(["gnuplot", "-e", settings, "-e", f"set output '{path}'",
                        os.path.join(HERE, f"{plot}.gp")], check=True)
        shrink(path)
    return names
