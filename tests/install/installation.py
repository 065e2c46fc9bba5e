# SPDX-License-Identifier: MIT
"""What make install lays and uninstall takes, what pkg-config says of it, and the headers alone."""

import fcntl
import glob
import os
import re
import shlex
import shutil
import subprocess

from common import (ABIS, ARCH, CC, CXX, IS_CLANG, OUT, PREFIX, SOURCE, STAGE, TRIPLE,
                    fresh_directory, lacks_cplusplus, run, strangers_environment, tail)


def found_files(root):
    """What is below ROOT, files and empty directories, by their paths."""
    found = set()
    for path, directories, files in os.walk(root):
        found |= {os.path.relpath(os.path.join(path, name), root) for name in files}
        if not directories and not files and path != root:
            found.add(os.path.relpath(path, root) + "/")
    return found


def read(*path):
    """A file's bytes."""
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def compares(tap, found, wanted, text):
    """Ok if two sets are equal."""
    tap.ok(found == wanted, text, "\n".join([*(f"missing: {name}" for name in wanted - found),
                                             *(f"too much: {name}" for name in found - wanted)]))


# ---- layout ----

def tools():
    """The programs for users' kernels."""
    return [path for path in glob.glob(f"{SOURCE}/tools/percpu-*") if os.access(path, os.X_OK)]


def wanted_files():
    """What install lays below PREFIX, and what it is a copy of; None for what it makes."""
    library = f"lib/{TRIPLE}"
    headers = [os.path.relpath(path, SOURCE) for path
               in glob.glob(f"{SOURCE}/include/*.h*") + glob.glob(f"{SOURCE}/include/percpu/*.h")]
    wanted = {name: os.path.join(SOURCE, name) for name in headers}
    wanted |= {f"bin/{os.path.basename(path)}": path for path in tools()}
    wanted |= {f"share/percpu/percpu_tools/{os.path.basename(path)}": path
               for path in glob.glob(f"{SOURCE}/tools/percpu_tools/*.py")}
    wanted |= {f"share/doc/percpu/{os.path.basename(path)}": path
               for path in glob.glob(f"{SOURCE}/docs/*.md") + glob.glob(f"{SOURCE}/docs/*.svg")}
    wanted["share/percpu/gdb-percpu.py"] = f"{SOURCE}/tools/gdb-percpu.py"
    wanted |= {f"lib/cmake/percpu/{os.path.basename(path)}": path
               for path in glob.glob(f"{SOURCE}/tools/cmake/percpu-*.cmake")}
    wanted[f"{library}/percpu.ld"] = f"{SOURCE}/ldscripts/percpu.ld"
    for path in glob.glob(f"{SOURCE}/ports/{ARCH}/*.h"):
        wanted[f"{library}/include/{os.path.basename(path)}"] = path
    wanted[f"{library}/include/percpu/config.h"] = os.environ["TEST_CONFIG"]
    for abi in ABIS:
        place = f"{library}/{abi}".rstrip("/")
        wanted |= {f"{place}/libpercpu.a": None, f"{place}/pkgconfig/percpu.pc": None}
    return wanted


def make_install(goal, directory, **variables):
    """Runs the project's make; whether it succeeded, and its words. One group at a time does: two
    makes in one build directory get in each other's way."""
    settings = [f"{name}={value}" for name, value in variables.items()]
    command = shlex.split(os.environ["TEST_INSTALL"]) + settings + [goal]
    with open(os.path.join(OUT, "lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return run(command, os.path.join(directory, f"{goal}.log"), umask=0o077)


def runs(tap, place):
    """The tools find their own parts, and leave nothing behind."""
    for path in tools():
        name = os.path.basename(path)
        done = subprocess.run([f"{place}/{name}", "--help"], capture_output=True, text=True,
                              check=False, cwd="/")
        tap.ok(done.returncode == 0 and "usage" in done.stdout, f"{name} --help, installed",
               done.stdout + done.stderr)


def put(path):
    """A file of somebody else."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb"):
        pass


def layout(tap):
    """What install lays, and that uninstall takes no more and no less."""
    out = fresh_directory("layout")
    root = f"{out}/root"
    place = f"{root}/usr/local"
    wanted = wanted_files()
    passed, text = make_install("install", out, DESTDIR=root, PREFIX="/usr/local")
    tap.ok(passed, "install", tail(text))
    compares(tap, found_files(place), set(wanted), "install lays what it should, and no more")
    for name in sorted(name for name, source in wanted.items() if source):
        tap.ok(os.path.exists(f"{place}/{name}") and read(place, name) == read(wanted[name]),
               f"{name} is that of the source or of the build")
    named = {name for path in glob.glob(f"{place}/*/**", recursive=True) if os.path.isfile(path)
             for name in re.findall(rb"\bdocs/([\w-]+\.md)", read(path))}
    missing = [name for name in named
               if not os.path.exists(f"{place}/share/doc/percpu/{name.decode()}")]
    tap.ok(named and not missing, "the pages that installed files name are there", missing)
    for abi in ABIS[1:]:
        # Floating-point state is the threads', whatever may be passed in its registers.
        code = subprocess.run([os.environ["TEST_OBJDUMP"], "-d", "--no-show-raw-insn",
                               f"{place}/lib/{TRIPLE}/{abi}/libpercpu.a"],
                              capture_output=True, text=True, check=True).stdout
        found = re.findall(r"^ *[0-9a-f]+:\s+f(?!ence)[a-z].*", code, re.M)
        tap.ok(not found and "percpu_init" in code, f"the library for {abi} uses general registers "
               "only", "\n".join(found))
    modes = {(path.startswith(f"{place}/bin/"), oct(os.stat(path).st_mode & 0o777))
             for path in glob.glob(f"{place}/*/**", recursive=True) if os.path.isfile(path)}
    tap.ok(modes == {(False, "0o644"), (True, "0o755")},
           "everyone may read the files, and run the tools, whatever the umask", f"modes {modes}")
    runs(tap, f"{place}/bin")

    others = {f"usr/local/lib/{TRIPLE}/other.a", "usr/local/include/percpu/other.h",
              "usr/local/lib/other-triple/include/percpu_arch.h"}
    for name in others:
        put(os.path.join(root, name))
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    shared = {f"usr/local/{name}" for name in wanted
              if name.startswith(("include/", "lib/cmake/", "bin/", "share/"))}
    tap.ok(passed, "uninstall, with another target still installed", tail(text))
    compares(tap, found_files(root), others | shared,
             "the headers and tools that it shares are left to it")
    shutil.rmtree(f"{place}/lib/other-triple")
    others = {name for name in others if "other-triple" not in name}
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    compares(tap, found_files(root), others, "files of others, in our directories too, are left")
    for name in others & found_files(root):
        os.remove(os.path.join(root, name))
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    tap.ok(passed and not os.listdir(root), "after it, nothing is left in DESTDIR",
           f"{tail(text)}\n{found_files(root)}")
    passed, text = make_install("uninstall", out, DESTDIR=root, PREFIX="/usr/local")
    tap.ok(passed, "where nothing is installed, uninstall has nothing to do", tail(text))
    passed, text = make_install("install", out, DESTDIR=root, PREFIX="relative")
    tap.ok(not passed and "no absolute path" in text, "a relative PREFIX is refused", tail(text))


# ---- pkg-config ----

def ask(environment, *options):
    """What pkg-config says."""
    done = subprocess.run([os.environ["TEST_PKG_CONFIG"], *options, "percpu"], env=environment,
                          capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else [done.stderr]


def version():
    """PERCPU_VERSION, as pkg-config has versions."""
    number = int(re.search(r"#define PERCPU_VERSION (\d+)", read(SOURCE, "include/percpu.h")
                           .decode())[1])
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def searched(words, letter):
    """The directories of -I or -L, in order."""
    return [word[2:] for word in words if word.startswith(f"-{letter}")]


def first(directories, name):
    """The file that a search of DIRECTORIES finds."""
    return next((path for directory in directories
                 if os.path.exists(path := os.path.join(directory, name))), None)


def finds(tap, environment, root, abi, text):
    """That each file is found, and is the one of this ABI, below ROOT, a PREFIX."""
    words = ask(environment, "--cflags", "--libs")
    library = os.path.join(root, "lib", TRIPLE)
    wanted = {"percpu.h": ("I", f"{root}/include"),
              "percpu/asm.h": ("I", f"{root}/include"),
              "percpu/sequence.h": ("I", f"{root}/include"),
              "percpu/config.h": ("I", f"{library}/include"),
              "percpu_arch.h": ("I", f"{library}/include"),
              "libpercpu.a": ("L", os.path.join(library, abi).rstrip("/")),
              "percpu.ld": ("L", library)}
    wrong = [f"{name}: {found}" for name, (letter, directory) in wanted.items()
             if (found := first(searched(words, letter), name)) != os.path.join(directory, name)]
    tap.ok(not wrong and words[-1] == "-lpercpu", text, "\n".join([" ".join(words), *wrong]))
    odd = [word for word in words if word[:2] not in ("-I", "-L") and word != "-lpercpu"]
    tap.ok(not odd, f"{text}: nothing but -I, -L and -l", " ".join(odd))


def pkg_config(tap):
    """What pkg-config says of the staged installation, and of one in its place."""
    out = fresh_directory("pkg-config")
    prefix = f"{out}/prefix"
    passed, text = make_install("install", out, DESTDIR="", PREFIX=prefix)
    tap.ok(passed, "install without DESTDIR", tail(text))
    for abi in ABIS:
        name = abi or "the default ABI"
        staged = strangers_environment(abi)
        finds(tap, staged, f"{STAGE}{PREFIX}", abi, f"{name}, with PKG_CONFIG_SYSROOT_DIR")
        plain = strangers_environment(abi, sysroot="", prefix=prefix)
        finds(tap, plain, prefix, abi, f"{name}, without")
        words = ask({**staged, "PKG_CONFIG_SYSROOT_DIR": ""}, "--cflags", "--libs")
        paths = [word[2:] for word in words if word[:2] in ("-I", "-L")]
        tap.ok(paths and all(path.startswith(f"{PREFIX}/") for path in paths),
               f"{name}: DESTDIR is not in percpu.pc", " ".join(words))
        built = re.findall(r"#define PERCPU_(\w+) (\w+)", read(os.environ["TEST_CONFIG"]).decode())
        compares(tap, {(key, *ask(staged, f"--variable={key.lower()}")) for key, _ in built},
                 set(built), f"{name}: its variables say what it is built for")
        tap.ok(ask(staged, "--modversion") == [version()], f"{name}: version {version()}")
    make_install("uninstall", out, DESTDIR="", PREFIX=prefix)
    tap.ok(found_files(prefix) == {"bin/", "include/", "lib/", "share/"},
           "uninstall without DESTDIR leaves PREFIX's own directories",
           "\n".join(found_files(prefix)))
    for use, flag in (("/usr", "-idirafter ${includedir} "), ("/usr/local", "-I${includedir} ")):
        make_install("install", out, DESTDIR=f"{out}/root", PREFIX=use)
        text = read(f"{out}/root{use}/lib/{TRIPLE}/pkgconfig/percpu.pc").decode()
        tap.ok(f"Cflags: {flag}" in text, f"PREFIX={use}: {flag}", text)


# ---- headers ----

ALONE = {"C11": (CC, ["-x", "c", "-std=c11"], "percpu.h"),
         "C++17": (CXX, ["-x", "c++", "-std=c++17"], "percpu.h"),
         "assembly": (CC, ["-x", "assembler-with-cpp"], "percpu/asm.h")}
EVERYTHING = {"C11": ALONE["C11"], "C++17": ALONE["C++17"],
              "C17": (CC, ["-x", "c", "-std=c17"], "percpu.h"),
              "C23": (CC, ["-x", "c", "-std=c2x"], "percpu.h"),
              "C++20": (CXX, ["-x", "c++", "-std=c++20"], "percpu.h")}
# The headers that are compiled alone, where there are more than the one.
BLOCKS = [f"percpu/{name}.h" for name in ("counter", "record", "ref", "rlock", "cache")]
ALONE_TOO = {"C11": ["percpu.h", "percpu/linux.h", *BLOCKS],
             "C++17": ["percpu.h", "percpu/linux.h", "percpu.hpp", *BLOCKS]}
# The program of each header, what it is for, and what of it is a program's own: GCC warns of every
# template and namespace.
PROGRAMS = {"everything.c": ("percpu.h", list(EVERYTHING),
                             ["-Wno-redundant-tags", "-Wno-templates", "-Wno-aggregate-return"]),
            "everything_linux.c": ("percpu/linux.h", ["C11", "C++17"], []),
            "everything_blocks.c": ("percpu/counter.h and its kin", ["C11", "C++17"],
                                    ["-Wno-redundant-tags"]),
            "everything_cache.c": ("percpu/cache.h", ["C11", "C++17"], ["-Wno-redundant-tags"]),
            "everything_hpp.cc": ("percpu.hpp", ["C++17"], ["-Wno-templates", "-Wno-namespaces"])}
# Warnings that ask for another language than the header is in, or for those of every header.
OTHER = {"-Wsystem-headers", "-Wtraditional", "-Wtraditional-conversion", "-Wc90-c99-compat",
         "-Wpre-c11-compat", "-Wpre-c23-compat", "-Wc++98-compat", "-Wc++98-compat-pedantic"}
# Clang's, of every index: this program's.
OWN = {"-Wunsafe-buffer-usage"}
# What is about a place, and not about an option that is for another language.
LOCATED = re.compile(r"^\S+?:\d+(:\d+)?: (warning|error|fatal error): .*", re.M | re.I)


def every_warning(compiler, language):
    """All that the compiler has, but for the above."""
    if IS_CLANG:
        return ["-Weverything", "-pedantic",
                *(f"-Wno-{name[2:]}" for name in OTHER | OWN if "compat" in name or name in OWN),
                "-Wno-unknown-warning-option"]
    listed = subprocess.run([*compiler, "--help=warnings"], capture_output=True, text=True,
                            check=True).stdout
    found = set(re.findall(r"^  (-W[\w+-]*\w)\s", listed, re.M)) - OTHER
    # To the preprocessor of assembly, which has no standard, these are news.
    news = ["-Wno-variadic-macros"] if language == "assembly" else []
    return ["-Wall", "-Wextra", "-pedantic", *sorted(found), *news]


def compiles(tap, text, command, out, warnings=True):
    """Ok if COMMAND succeeds, and says nothing about a place; without WARNINGS, if it does."""
    passed, words = run([*command, "-o", f"{out}.o"], f"{out}.log")
    found = [match[0] for match in LOCATED.finditer(words)]
    tap.ok(passed and bool(found) != warnings, text, "\n".join([*found[:10], tail(words)]))


def headers(tap):
    """That each public header compiles with no other, twice included, and that nothing in them
    is ever warned of, but for a user's own fault."""
    out = fresh_directory("headers")
    flags = ask(strangers_environment(""), "--cflags")
    ways = {"-I": flags, "-isystem": [f"-isystem{flag[2:]}" if flag.startswith("-I") else flag
                                      for flag in flags]}
    for language, (compiler, options, header) in {**ALONE, **EVERYTHING}.items():
        if compiler is CXX and lacks_cplusplus():
            tap.skip(f"{header} in {language}", lacks_cplusplus())
            continue
        strict = [*compiler, *options, *every_warning(compiler, language), "-O2", "-ffreestanding"]
        for way, found in ways.items():
            what = f"in {language}, by {way}"
            for name in ALONE_TOO.get(language, [header]) if language in ALONE else []:
                path = f"{out}/{language}{way}.{name.replace('/', '.')}"
                with open(path, "w", encoding="ascii") as file:
                    file.write(f"#include <{name}>\n" * 2)
                compiles(tap, f"{name} alone, {what}", [*strict, *found, "-c", path], path)
            for program, (name, languages, own) in PROGRAMS.items():
                if language not in languages:
                    continue
                path = f"{out}/{language}{way}.{program}"
                source = os.path.join(os.path.dirname(__file__), program)
                compiles(tap, f"C40 no warning of what {name} has is ours, {what}",
                         [*strict, *own, *found, "-c", source], path)
                if way == "-I":
                    compiles(tap, f"C40 a user's value that does not fit {name} is warned of, "
                             f"{what}", [*compiler, *options, "-Wconversion", "-ffreestanding",
                                         "-DNARROW", *found, "-c", source], f"{path}.narrow",
                             warnings=False)


GROUPS = {"layout": layout, "pkg-config": pkg_config, "headers": headers}
