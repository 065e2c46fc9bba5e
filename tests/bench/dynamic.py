# SPDX-License-Identifier: MIT
"""What dynamic variables cost, and what workloads leave of the room: tables, and plots' data."""

LEVELS = ("-O2", "-Os")
# What the calls are about: of which table, its first column, and the parts by their rows' names.
CALLS = (
    ("live variables of 4 bytes", (("small-alloc", "4 bytes, alloc"), ("small-free", "free"))),
    ("live variables of 1 KiB", (("large-alloc", "1 KiB, alloc"), ("large-free", "free"))),
    ("holes of 8 bytes", (("holes-alloc", "1 KiB behind them, alloc"), ("holes-free", "free"))),
    ("bytes that find no room", (("vain", "a search of all"),)),
)


def calls(found, table):
    """Nanoseconds of each call, by how many there are."""
    for heading, rows in CALLS:
        columns = list(found[LEVELS[0]][rows[0][0]])
        yield from table([heading, *columns],
                         [[f"{name}, {level}, ns", *(f"{found[level][part][n][0]:.0f}"
                                                     for n in columns)]
                          for level in LEVELS for part, name in rows])


def workloads(found, table):
    """What is left at each load, which is the same whatever the level, and what a call takes."""
    rows = []
    for load, (blocks, free, largest, refused, _, _) in found[LEVELS[0]]["load"].items():
        times = (f"{found[level]['load'][load][at]:.0f}" for at in (4, 5) for level in LEVELS)
        rows.append([f"{load} % full", f"{blocks:.0f}", f"{free:.0f}", f"{largest:.0f}",
                     f"{refused / 10:.1f} %", *times])
    calling = [f"{what} {level}, ns" for what in ("alloc", "free") for level in LEVELS]
    return table(["random calls", "variables", "bytes free", "of them in one piece", "refused",
                  *calling], rows)


def recorded(found):
    """The worst of the recorded calls, in a sentence."""
    points = found[LEVELS[0]]["trace"].values()
    used, extent = max(points, key=lambda point: point[1] - point[0])
    most = max(point[0] for point in points)
    return (f"The recorded calls have {most:.0f} bytes in variables at most; the largest free "
            f"piece is smaller by {extent - used:.0f} bytes at most than what is free.")


def section(found, table):
    """All of it; nothing where it was not measured."""
    if not found:
        return []
    return ["#### Dynamic variables", "", *calls(found, table), *workloads(found, table),
            recorded(found), ""]


def data(found):
    """The plot's files: a name and lines."""
    for level in LEVELS:
        for part in ("small-alloc", "small-free", "large-alloc", "large-free"):
            size = 8 if part.startswith("small") else 1024
            yield f"dynamic{level}-{part}.dat", ([n * size / 1024, times[0]]
                                                 for n, times in found[level][part].items())
    yield "dynamic-trace.dat", ([call, used / 1024, extent / 1024]
                                for call, (used, extent) in found[LEVELS[0]]["trace"].items())
