#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs libFuzzer on one parser of firmware's tables, for a number of inputs and from one seed; or on
the library's dynamic variables and CPUs that come and go, where an input is a row of calls.

Fails if an input crashes the parser, makes it leak or never ends (fuzz.h), if all inputs together
reach no more of it than the seeds do and than no seeds do, and if a control, the same parser with a
check left out, gets through as well. An input that does harm is left in TEST_OUT, in
<parser>.found/; to run it alone: <TEST_OUT>/<parser> FILE.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from tap import Tap

OUT = pathlib.Path(os.environ["TEST_OUT"]).resolve()
RUNS = os.environ["TEST_RUNS"]
SEEDS = pathlib.Path(__file__).resolve().parent / "seeds"
# What fuzz.h says of an input that never ends: in controls called so, and in no other.
ENDLESS = "the input ends"
# libFuzzer learns from the addresses that are compared too: the same addresses, the same inputs.
# Where that may not be asked for, runs differ a little.
FIXED = ["setarch", "-R"]
if subprocess.run(FIXED + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
    FIXED = []
# What libFuzzer and the sanitizers say of an input that did harm.
HARM = re.compile(r"ERROR: (AddressSanitizer: [\w-]+|libFuzzer: [\w-]+|LeakSanitizer: [^\n]*)"
                  r"|(runtime error: [^\n]*)|(does not hold: [^\n]*)")


def fuzz(program, runs, *seeds):
    """The exit status and output of a run, which begins with no inputs but the seeds."""
    work = OUT / f"{program}.found"
    shutil.rmtree(work, ignore_errors=True)
    (work / "corpus").mkdir(parents=True)
    done = subprocess.run(
        [*FIXED, OUT / program, f"-runs={runs}", "-seed=1", "-reload=0", "-max_len=8192",
         "-timeout=0", "-rss_limit_mb=1024", f"-artifact_prefix={work}/",
         work / "corpus", *seeds], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode("utf-8", "replace")


def coverage(output, of=r"\w+"):
    """Executions, cov: and ft: in libFuzzer's last line, or its last OF that kind."""
    lines = re.findall(rf"^#(\d+)\s+{of}\s+cov: (\d+) ft: (\d+)", output, re.MULTILINE)
    return tuple(map(int, lines[-1])) if lines else (0, 0, 0)


def end(output):
    """The part of the output that says what went wrong."""
    found = HARM.search(output)
    return output[found.start():][:2000] if found else output[-2000:]


def check_parser(tap, parser, seeds):
    """No input does harm, and the inputs are of use."""
    nothing = coverage(fuzz(parser, 1)[1])
    status, output = fuzz(parser, RUNS, seeds)
    runs, cov, features = coverage(output, "DONE")
    tap.ok(status == 0 and runs >= int(RUNS),
           f"{parser}: {runs} inputs do no harm, cov: {cov} ft: {features}", end(output))
    known = coverage(output, "INITED")
    print(f"# {parser}: {runs} executions, cov: {cov} ft: {features}; of the seeds alone, "
          f"cov: {known[1]} ft: {known[2]}")
    tap.ok(cov > nothing[1] and features > known[2] > 0,
           f"{parser}: they reach more than the seeds alone, cov: {known[1]} ft: {known[2]}, "
           f"and than no seeds, cov: {nothing[1]} ft: {nothing[2]}", output[-2000:])


def check_control(tap, control, seeds):
    """A check that is left out is missed: what never ends by that, all else by other harm."""
    status, output = fuzz(control, RUNS, seeds)
    harm = HARM.search(output)
    expected = harm and (ENDLESS in harm[0]) == control.endswith("-endless")
    tap.ok(status != 0 and expected,
           f"control {control} is found: {harm[0] if harm else 'no harm done'}", end(output))
    print(f"# {control}: {harm[0] if harm else 'no harm done'}")


def main():
    """Fuzzes the parser, and then its controls."""
    tap, parser = Tap(), sys.argv[1]
    seeds = SEEDS / parser
    check_parser(tap, parser, seeds)
    for control in os.environ["TEST_CONTROLS"].split():
        if control.startswith(parser + "-"):
            check_control(tap, control, seeds)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
