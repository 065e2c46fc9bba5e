#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Judges make dist: the same bytes from two clones, all files of the commit, and a tree that works
without git. Called by make dist-test, through prove. It is about the last commit: what is not
committed has no part. TEST_OUT is where output goes, TEST_JOBS how many compilers there may be."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

from tap import Tap

OUT = os.path.abspath(os.environ["TEST_OUT"])
ARCHS = ("x86_64", "aarch64", "riscv64")
AUTHOR = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]


def run(command, where, umask=0o022, **variables):
    """Whether COMMAND succeeds, in the directory WHERE, and what it says."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(command, cwd=where, env={**kept, "LC_ALL": "C", **variables}, umask=umask,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode == 0, done.stdout


def read(path):
    """A file's bytes; none if it is not there."""
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def clone(name):
    """A clone of the last commit."""
    passed, text = run(["git", "-c", "safe.directory=*", "clone", "-q", os.getcwd(), f"{OUT}/{name}"],
                       OUT)
    if not passed:
        raise RuntimeError(text)
    return f"{OUT}/{name}"


def made(tree, **how):
    """Makes the archive; its path, or None, and what make said."""
    passed, text = run(["make", "dist"], tree, **how)
    names = [name for name in os.listdir(f"{tree}/build") if name.endswith(".tar.gz")] \
        if passed else []
    return f"{tree}/build/{names[0]}" if len(names) == 1 else None, text


def same_bytes(tap):
    """Two clones, of other times, users' settings, time zones and umasks; the first one's archive."""
    one, two = clone("one"), clone("two")
    with open(f"{two}/.git/config", "a", encoding="ascii") as file:
        file.write("[tar]\n\tumask = 0077\n[core]\n\tautocrlf = true\n")
    for path, _, names in os.walk(f"{two}/lib"):
        for name in names:
            os.utime(os.path.join(path, name), (1, 1))
    archive, text = made(one)
    other, _ = made(two, umask=0o077, TZ="Asia/Tokyo", LC_TIME="C", GZIP="")
    tap.ok(archive, "make dist makes an archive", text)
    tap.ok(archive and other and read(archive) == read(other),
           "two clones, with other settings, give the same bytes")
    return one, archive


def refuses(tap, tree):
    """What is not committed; another project's checkout around; no checkout; no changelog."""
    def refused(what, where, words):
        archive, text = made(where)
        tap.ok(archive is None and words in " ".join(text.split()), f"{what} is refused: {words}",
               text)

    with open(f"{tree}/new.c", "w", encoding="ascii"):
        pass
    refused("a file that git does not know", tree, "some is not: ?? new.c: commit it, or put")
    os.remove(f"{tree}/new.c")
    with open(f"{tree}/include/percpu.h", "a", encoding="utf-8") as file:
        file.write("/* more */\n")
    refused("a change", tree, "some is not: M include/percpu.h")
    header = read(f"{tree}/include/percpu.h").replace(b"#define PERCPU_VERSION ",
                                                      b"#define PERCPU_VERSION 9")
    with open(f"{tree}/include/percpu.h", "wb") as file:
        file.write(header)
    run(["git", *AUTHOR, "commit", "-qam", "another version"], tree)
    refused("a version that the changelog does not have", tree, "CHANGELOG.md has no section \"## ")


def unpacked(tap, tree, archive):
    """Unpacks ARCHIVE, of the commit that TREE is a clone of; the folder, outside of any checkout."""
    folder = tempfile.mkdtemp(prefix="percpu-dist-")
    with tarfile.open(archive) as tar:
        files = {member.name: member.mode for member in tar if member.isfile()}
        tar.extractall(folder)
    [top] = os.listdir(folder)
    _, text = run(["git", "ls-files", "--stage"], tree)
    wanted = {f"{top}/{line.split(chr(9))[1]}": 0o755 if line.startswith("100755") else 0o644
              for line in text.splitlines()}
    tap.ok(files == wanted, "it has the files of the commit, with their modes, and no more",
           sorted(set(files) ^ set(wanted)))
    return folder, f"{folder}/{top}"


def one_version(tap, tree):
    """All files that say the version say that of percpu.h; the changelog has when it was released."""
    number = int(re.search(rb"#define PERCPU_VERSION (\d+)", read(f"{tree}/include/percpu.h"))[1])
    version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    for name, pattern in (("CHANGELOG.md", r"(?m)^## (\S+), (?:\d{4}-\d\d-\d\d|unreleased)$"),
                          ("meson.build", r"(?m)^project\(.*\bversion: '(.*?)'"),
                          ("docs/building-in.md", r"\bGIT_TAG v([\d.]+)\)"),
                          ("packaging/debian/changelog", r"\Alibpercpu \((.*?)-\d+\) ")):
        found = re.search(pattern, read(f"{tree}/{name}").decode())
        tap.ok(found and found[1] == version, f"{name} is of version {version}", found)


def packaging(tap, tree):
    """packaging/debian has what a package needs, and its rules the Makefile's goals."""
    text = read(f"{tree}/packaging/debian/control").decode()
    source, package = ({name: " ".join(value.split()) for name, value in
                        re.findall(r"(?ms)^([\w-]+): (.*?)(?=^\S|\Z)", part)}
                       for part in text.split("\n\n"))
    wanted = ({"Source", "Section", "Priority", "Maintainer", "Build-Depends", "Standards-Version"},
              {"Package", "Architecture", "Depends", "Description"})
    tap.ok(wanted[0] <= source.keys() and wanted[1] <= package.keys(),
           "debian/control has the fields of a source and of a package", text)
    compilers = {"gcc-aarch64-linux-gnu", "gcc-riscv64-unknown-elf", "gcc-x86-64-linux-gnu"}
    tap.ok(compilers <= set(re.split("[ ,|]+", source["Build-Depends"])),
           "it builds with a compiler for each architecture", source)
    depends = set(re.split("[ ,]+", package["Depends"]))
    tap.ok({"python3", "python3-pyelftools"} <= depends,
           "it depends on what percpu-check needs", package)
    shutil.copytree(f"{tree}/packaging/debian", f"{tree}/debian")
    passed, text = run(["make", "-n", "-f", "debian/rules", "override_dh_auto_build",
                        "override_dh_auto_install"], tree)
    tap.ok(passed and f"{tree}/debian/libpercpu-dev/usr/lib" in text
           and os.access(f"{tree}/debian/rules", os.X_OK),
           "debian/rules installs below /usr of the package", text[-2000:])
    shutil.rmtree(f"{tree}/debian")


def works(tap, top, tree):
    """What is unpacked builds, runs, and is looked at, without git."""
    jobs = f"-j{os.environ['TEST_JOBS']}"
    for command in (*(["make", jobs, f"ARCH={arch}", "library"] for arch in ARCHS),
                    ["make", jobs, "UNIT_TESTS=build/host/memory build/host/early", "unit-test"],
                    ["make", jobs, "ARCH=riscv64", "KERNEL=hello", "SMP=1", "qemu-test"],
                    ["make", jobs, "ARCH=riscv64", "docs-test"],
                    ["make", "ARCH=riscv64", "INSTALL_TESTS=layout kernel-O2", "install-test"],
                    ["make", "-n", "ARCH=riscv64", "check-one"]):
        passed, text = run(command, top)
        tap.ok(passed, f"unpacked: {' '.join(command)}", "\n".join(text.splitlines()[-20:]))
    looked_at = [run(["make", "-n", "FORMAT=echo", "lint"], where)[1] for where in (tree, top)]
    files = [sorted(word for word in text.split() if word.endswith((".c", ".h")) and
                    not word.startswith("-")) for text in looked_at]
    tap.ok(len(files[0]) > 300 and files[0] == files[1], "unpacked: lint looks at the same files",
           sorted(set(files[0]) ^ set(files[1])))
    archive, text = made(top)
    words = "is no checkout: make it in one"
    tap.ok(archive is None and words in " ".join(text.split()), f"make dist is refused: {words}",
           text)


def main():
    """All of it."""
    tap = Tap()
    if not os.path.exists(".git"):
        tap.skip("the archive", "this is no checkout: make dist makes archives in one")
        return tap.done()
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    tree, archive = same_bytes(tap)
    if archive:
        folder, top = unpacked(tap, tree, archive)
        one_version(tap, top)
        packaging(tap, top)
        works(tap, top, tree)
        shutil.rmtree(folder)
        refuses(tap, tree)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
