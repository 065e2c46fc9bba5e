# SPDX-License-Identifier: MIT
"""What the programs on kernels have in common: how they answer."""

import os
import sys

from percpu_tools.kernel import Refused


def answer(program, path, run):
    """The exit status. RUN() gives the text for standard output, and the status; what it raises
    becomes a sentence and 2."""
    try:
        text, status = run()
    except Refused as refused:
        return refuse(program, refused)
    except Exception as error:  # pylint: disable=broad-except
        # Whatever a damaged file leads to: pyelftools and this have no list of it.
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        return refuse(program, f"{path} is damaged, or a fault of this program was met, in "
                      f"{place.tb_frame.f_code.co_name} ({type(error).__name__}: {error}); link it "
                      "again, and if that does not help, report it")
    return show(program, text, status)


def show(program, text, status):
    """Prints it. Whoever closes a pipe has seen enough; what a terminal's encoding lacks is
    escaped."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except OSError as error:
        # What Python has not written yet does not matter any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            return refuse(program, f"standard output cannot be written: {error.strerror}")
    return status


def refuse(program, sentence):
    """Says why there is no answer."""
    print(f"{program}: {sentence}", file=sys.stderr)
    return 2
