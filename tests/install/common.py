# SPDX-License-Identifier: MIT
"""The settings, which come in the environment, and what all groups use.

    TEST_ARCH, TEST_TRIPLE, TEST_ABIS                   what is tested; ABIs beside the default one
    TEST_CC, TEST_CXX, TEST_LD, TEST_OBJCOPY, TEST_OBJDUMP, TEST_PKG_CONFIG     the tools
    TEST_STAGE, TEST_PREFIX                             the DESTDIR and PREFIX of an installation
    TEST_CONFIG                                         the percpu/config.h of the build
    TEST_INSTALL                                        a make command that lacks a goal only
    TEST_OUT                                            where output goes
"""

import os
import shlex
import shutil
import signal
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

# Seconds after which a build or a machine is taken to hang, on however busy a host.
TIMEOUT = 600
ARCH, TRIPLE, PREFIX = (os.environ[f"TEST_{name}"] for name in ("ARCH", "TRIPLE", "PREFIX"))
STAGE, OUT = (os.path.abspath(os.environ[f"TEST_{name}"]) for name in ("STAGE", "OUT"))
ABIS = ["", *os.environ["TEST_ABIS"].split()]
CC, CXX, LD = (shlex.split(os.environ[f"TEST_{name}"]) for name in ("CC", "CXX", "LD"))
IS_CLANG = "clang" in os.path.basename(CC[0])


def strangers_environment(abi, sysroot=STAGE, prefix=PREFIX):
    """What a user who has never seen this project has set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    kept |= {"PKG_CONFIG_SYSROOT_DIR": sysroot} if sysroot else {}
    library = os.path.join(prefix, "lib", TRIPLE, abi).rstrip("/")
    return {**kept, "LC_ALL": "C", "PKG_CONFIG_LIBDIR": f"{sysroot}{library}/pkgconfig"}


def run(command, log, **options):
    """Runs COMMAND into the file LOG, at most TIMEOUT seconds; whether it succeeded, and what it
    said, with itself ahead."""
    with open(log, "wb") as output:
        output.write(f"{shlex.join(command)}\n".encode())
        output.flush()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                              start_new_session=True, **options) as process:
            try:
                status = process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
    with open(log, "r", encoding="latin-1") as output:
        text = output.read().replace("\r", "")
    if status is None:
        text += f"\nended by the time-out, after {TIMEOUT} s\n"
    return status == 0, text


def tail(text):
    """The first line, which is the command, and the last ones."""
    lines = text.splitlines()
    return "\n".join(lines if len(lines) < 40 else lines[:3] + ["..."] + lines[-30:])


def read(path):
    """The text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    """Makes a file, and its directory."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def fresh_directory(*names):
    """An empty directory below TEST_OUT."""
    path = os.path.join(OUT, *names)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def lacks_cplusplus():
    """Why this compiler compiles no C++; None if it does."""
    return None if shutil.which(CXX[0]) else f"there is no {CXX[0]}"
