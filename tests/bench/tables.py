# SPDX-License-Identifier: MIT
"""The results of make bench in Markdown."""

import dynamic
from results import LESS, ONE, OPERATIONS, PEERS, SAFE

WAYS = {
    "one": "all on one variable, each waiting for the one before",
    "eight": "on eight variables in turn",
}


def table(headings, rows):
    """Markdown; numbers to the right."""
    def line(cells):
        return "| " + " | ".join("-" if cell is None else str(cell) for cell in cells) + " |"
    return [line(headings), "|---" + "|--:" * (len(headings) - 1) + "|", *map(line, rows), ""]


def heading(peer):
    """A peer's; in italics if it gives less than ours give."""
    name, kind = PEERS[peer]
    return f"*{name}*" if kind == LESS else name


def instructions(results):
    """The one for README: operations and architectures by contestants."""
    names = [name for name, _ in results.columns(results.archs[0])]
    headings = ["", *names, *map(heading, results.peers)]
    rows = []
    for arch in results.archs:
        for operation in OPERATIONS:
            ours = [count(operation) for _, count in results.columns(arch)]
            rows.append([f"{arch} {operation}", *(n and f"**{n}**" for n in ours),
                         *(results.peer(arch, peer, operation) for peer in results.peers)])
    return table(headings, rows)


def kinds(results):
    """Ours alone: near, far, with a run-time index."""
    names = {"near": "near", "far": "far", "near-index": "near[i]", "far-index": "far[i]"}
    headings = ["", *(f"{mode}, {name}" for mode in results.modes for name in names.values())]
    rows = [[f"{arch} {operation}",
             *(results.ours(arch, mode, operation, kind) for mode in results.modes
               for kind in names)]
            for arch in results.archs for operation in OPERATIONS]
    return table(headings, rows)


def fewer(results, arch, operation):
    """The peers that need fewer instructions than ours, each with the kind of loss."""
    safest, mode = results.safest(arch, operation)
    none = results.ours(arch, "none", operation)
    for peer in results.peers:
        count = results.peer(arch, peer, operation)
        name, kind = PEERS[peer]
        if count is None:
            continue
        if kind != LESS and count < safest:
            yield kind, f"{name} {count}", f"{safest} ({mode})"
        elif count < none:
            yield kind, f"{name} {count}", f"{none} (none)"


LOSSES = {
    SAFE: "to what is as safe",
    LESS: "in mode none, to what is not safe against interrupts or migration",
    ONE: "to one variable for all CPUs, updated atomically",
}


def losing(results):
    """Where a peer has fewer instructions than we do."""
    found = {}
    for arch in results.archs:
        for operation in OPERATIONS:
            for kind, peer, ours in fewer(results, arch, operation):
                found.setdefault(kind, {}).setdefault(f"{arch} {operation} {ours}",
                                                      []).append(peer)
    lines = []
    for kind, text in LOSSES.items():
        rows = found.get(kind, {})
        lines += [f"We lose {text}:" if rows else f"We do not lose {text}.", "",
                  *(f"- {row}: {', '.join(peers)}" for row, peers in rows.items()),
                  *([""] if rows else [])]
    return lines


def growth(results):
    """What concerns all CPUs, by their number."""
    rows = []
    numbers = sorted(next(iter(results.tree["growth"].values())))
    for arch in results.archs:
        counted = results.tree["growth"][arch]
        for what, text in (("sum", "percpu_sum"), ("for_each", "percpu_for_each"),
                           ("init", "percpu_init")):
            rows.append([f"{arch} {text}", *(counted[n][what] for n in numbers)])
            if what == "init":
                rows.append([f"{arch} percpu_init, for each CPU",
                             *(counted[n][what] // n for n in numbers)])
    return table(["CPUs", *numbers], rows)


def forms(results):
    """How an instruction of x86_64 names a variable, and what that costs in a row."""
    names = {"relative": "**relative to the instruction pointer**", "absolute": "absolute",
             "register": "through a register"}
    found = results.tree["host"]["forms"]
    return table(["", "ns", "ratio"], [[names[form], f"{cost['ns']:.2f}", f"{cost['ratio']:.2f}"]
                                       for form, cost in found.items()])


def areas(results):
    """percpu_init and memcpy."""
    found = results.tree["host"]["areas"]
    fillers = sorted(next(iter(found.values())))
    return table(["areas", *(f"{(size + 256) // 1024} KiB" for size in fillers)],
                 [[f"{cpus}, {what}", *(f"{sizes[size][key]:.{digits}f}" for size in fillers)]
                  for cpus, sizes in found.items()
                  for what, key, digits in (("ns", "ns", 0), ("ratio to memcpy", "ratio", 2))])


def restart_time(results):
    """percpu_restart, by the size of its table."""
    found = results.tree["host"]["restart"]
    return table(["sequences", *found], [["ns", *(f"{time:.1f}" for time in found.values())]])


def host_operations(results, way):
    """Times as ratios to ours."""
    operations = results.tree["host"]["operations"][way]
    names = {"near": "**ours**", **{peer: heading(peer) for peer in PEERS}}
    rows = [[names.get(who, who), *(f"{times[what]['ratio']:.2f}" for what in OPERATIONS)]
            for who, times in operations.items()]
    rows.insert(0, ["ours, ns", *(f"{operations['near'][what]['ns']:.2f}"
                                  for what in OPERATIONS)])
    return table([WAYS[way], *OPERATIONS], rows)


def host_losing(results):
    """The rows of the tables above that are below 1."""
    lines = []
    for way, operations in results.tree["host"]["operations"].items():
        for what in OPERATIONS:
            faster = [f"{PEERS[who][0]} {times[what]['ratio']:.2f}"
                      for who, times in operations.items()
                      if who != "near" and times[what]["ratio"] < 0.95]
            if faster:
                lines.append(f"- {what}, {way}: {', '.join(faster)}")
    return ["Faster than ours by more than a twentieth (ratios):", "", *(lines or ["- none"]), ""]


def threads(results):
    """An increment by several CPUs at once."""
    names = {"near": "**ours**", **{peer: heading(peer) for peer in PEERS}}
    counted = results.tree["host"]["threads"]
    numbers = sorted(counted["near"])
    base = {n: counted["near"][1] for n in numbers}
    return table(["CPUs", *numbers],
                 [[names[who], *(f"{times[n] / base[n]:.2f}" for n in numbers)]
                  for who, times in counted.items()])


JOBS = {"counter-add": "counter, add", "record-write": "record, write two words",
        "record-read": "record, read", "ref-get-put": "reference, get and put",
        "rlock-read": "reader lock, lock and unlock"}
BLOCK_PEERS = {"ours": "**ours**", "linux": "Linux", "linux-preemptible": "Linux, preemptible",
               "openbsd": "OpenBSD", "shared": "one atomic"}


def blocks(results):
    """percpu/counter.h and its kin, beside others; and where those are faster."""
    found = results.tree["host"]["blocks"]
    rows, losses = [], []
    for job, times in found.items():
        for who, hows in times.items():
            rows.append([f"{JOBS[job]}: {BLOCK_PEERS[who]}", f"{hows['alone']['ns']:.2f}",
                         *(f"{hows[how]['ratio']:.2f}" if how in hows else None
                           for how in ("alone", "at-once"))])
            losses += [f"- {JOBS[job]}, {text}: {BLOCK_PEERS[who]} {hows[how]['ratio']:.2f}"
                       for how, text in (("alone", "alone"), ("at-once", "all at once"))
                       if how in hows and hows[how]["ratio"] < 0.95]
    return [*table(["", "alone, ns", "ratio", "all at once, ratio"], rows),
            "Faster than ours by more than a twentieth (ratios):", "", *(losses or ["- none"]), ""]


CACHES = {"ours": "**ours**", "unprotected": "*thread's own stack*",
          "cmpxchg": "list, CMPXCHG16B", "locked": "stack behind a lock"}
CACHE_WAYS = ("one", "eight")


def caches(results):
    """A get and a put of percpu/cache.h, beside others; and where those are faster."""
    found = results.tree["host"]["cache"]
    rows = [[CACHES[who], *(cell for way in CACHE_WAYS for cell in (
        f"{times[way]['ns']:.2f}", f"{times[way]['ratio']:.2f}"))] for who, times in found.items()]
    losses = [f"- {way}: {CACHES[who]} {times[way]['ratio']:.2f}"
              for who, times in found.items() for way in CACHE_WAYS
              if times[way]["ratio"] < 0.95]
    return [*table(["", "one, ns", "ratio", "eight, ns", "ratio"], rows),
            "Faster than ours by more than a twentieth (ratios):", "", *(losses or ["- none"]), ""]


def sharing(results):
    """Two CPUs that write near one another."""
    found = results.tree["host"]["sharing"]
    if not found:
        return ["Not measured: this machine has one CPU.", ""]
    distances = sorted(found["plain"])
    return table(["bytes apart", *distances],
                 [[f"{how} increment", *(f"{times[d] / min(times.values()):.2f}"
                                         for d in distances)] for how, times in found.items()])


def lookup(results):
    """percpu_restart, by the size of its table; on x86_64 the library lists no sequence."""
    rows = [(f"{arch}, pc {where}", counts) for arch in results.archs if arch != "x86_64"
            for where, counts in results.tree["lookup"][arch].items()]
    if not rows:
        return []
    return ["### percpu_restart", "",
            "Instructions of a call, which every trap from kernel code makes in mode restart, by "
            "how many sequences there are:", "",
            *table(["", *rows[0][1]], [[name, *counts.values()] for name, counts in rows])]


SIZES = {"text": "code and constants", "sentences": "of it percpu_strerror", "once": "RAM, once",
         "each": "RAM of each area", "whole": "code and constants of all"}


def sizes(results):
    """The library's bytes."""
    counted = results.tree["sizes"]
    rows = [[f"{arch}, {mode}", *(counted[arch][mode][what] for what in SIZES)]
            for arch in results.archs for mode in results.modes if mode in counted[arch]]
    return table(["", *SIZES.values()], rows)


def extent(least, most):
    """A count, or from which to which."""
    return str(least) if least == most else f"{least}-{most}"


def start(results):
    """Starting all CPUs."""
    rows, ratios = [], []
    for arch in results.archs:
        found = results.tree["start"][arch]
        ways = found["instructions"]
        before = ways["at once"]
        rows.append([f"{arch} before the first start",
                     *(extent(*counts["prepare"]) for counts in before.values())])
        for way, by_cpus in ways.items():
            rows.append([f"{arch} {way}",
                         *(extent(*counts["start"]) for counts in by_cpus.values())])
        ratios.append([arch, *(f"{ratio:.2f}" for ratio in found["ratio"].values())])
    sizes = [list(results.tree["start"][arch]["instructions"]["at once"]) for arch in results.archs]
    most = ", ".join(str(numbers[-1]) for numbers in sizes)
    timed = results.tree["start"][results.archs[0]]["ratio"]
    return [*table(["CPUs", *sizes[0][:-1], most], rows),
            "Time from entry to the last CPU online, one by one, as a ratio to at once:", "",
            *table(["CPUs", *timed], ratios)]


def versions(results):
    """What it was made with."""
    tree = results.tree
    return [f"Made by `make bench` on {tree['date']}, with:", "",
            *(f"- {arch}: {tree['compilers'][arch]}; {tree['qemu'][arch]}"
              for arch in results.archs), ""]


# into_docs.py keeps what is between these for every maker of processors but this machine's.
HOST_START, HOST_END = "<!-- host results: {} -->", "<!-- end of host results -->"


def host(results):
    """The host's part, or why there is none."""
    tree = results.tree
    if "skipped" in tree["host"] and not tree["host"]["operations"]:
        return [f"Not measured: {tree['host']['skipped']}.", ""]
    return [HOST_START.format(tree["maker"]), "", f"### Time on {tree['machine']}", "",
            f"Made by `make bench` on {tree['date']}, on {tree['cpus']} CPUs of this kind, "
            f"compiled by {tree['host']['compiler']}.", "",
            *host_operations(results, "one"), *host_operations(results, "eight"),
            *host_losing(results),
            "#### How an addition names its variable", "",
            "All on one variable, each waiting for the one before:", "", *forms(results),
            "#### Several CPUs", "", "An increment by each at once; time as a ratio to ours on "
            "one CPU:", "", *threads(results),
            "#### False sharing", "", "Two CPUs, each incrementing its own variable; time as a "
            "ratio to the best:", "", *sharing(results),
            "#### Making areas", "", "`percpu_init`, by the number of areas and the size of one:",
            "", *areas(results),
            "#### Object cache, in time", "", "A get and a put of one object, or of eight objects "
            "one after the other, for each object:", "", *caches(results),
            "#### percpu_restart, in time", "", "At an address in no sequence, among others in "
            "no order:", "", *restart_time(results),
            "#### Building blocks, in time", "", "On one CPU alone, and by all CPUs of this machine "
            "at once, each as a ratio to ours:", "", *blocks(results),
            *dynamic.section(tree["host"]["dynamic"], table), HOST_END, ""]


def markdown(results):
    """The page."""
    parts = [*versions(results), "### Instructions per operation", "", *instructions(results),
             *losing(results), "### Near, far, and with an index", "", *kinds(results),
             "### The number of CPUs", "", "Instructions, mode none:", "", *growth(results),
             *lookup(results),
             "### Start-up", "", "Instructions of all CPUs together:", "", *start(results),
             "### Size of the library", "", "Bytes of what each kernel has of `libpercpu.a`, and of all:",
             "", *sizes(results),
             *host(results)]
    return "\n".join(parts)
