# SPDX-License-Identifier: MIT
"""The names that percpu/linux.h and percpu.hpp leave."""

import re
import subprocess

from common import CC, CXX, lacks_cplusplus, strangers_environment
from installation import BLOCKS, ask, compares

LINUX = """
    DEFINE_PER_CPU DEFINE_PER_CPU_READ_MOSTLY DEFINE_PER_CPU_ALIGNED DEFINE_PER_CPU_SHARED_ALIGNED
    DEFINE_PER_CPU_PAGE_ALIGNED DEFINE_PER_CPU_FAR DECLARE_PER_CPU DECLARE_PER_CPU_READ_MOSTLY
    DECLARE_PER_CPU_ALIGNED DECLARE_PER_CPU_SHARED_ALIGNED DECLARE_PER_CPU_PAGE_ALIGNED
    DECLARE_PER_CPU_FAR __percpu
    this_cpu_read this_cpu_write this_cpu_add this_cpu_sub this_cpu_inc this_cpu_dec this_cpu_and
    this_cpu_or this_cpu_add_return this_cpu_sub_return this_cpu_inc_return this_cpu_dec_return
    this_cpu_xchg this_cpu_cmpxchg this_cpu_try_cmpxchg
    __this_cpu_read __this_cpu_write __this_cpu_add __this_cpu_sub __this_cpu_inc __this_cpu_dec
    __this_cpu_and __this_cpu_or __this_cpu_add_return __this_cpu_sub_return __this_cpu_inc_return
    __this_cpu_dec_return __this_cpu_xchg __this_cpu_cmpxchg __this_cpu_try_cmpxchg
    raw_cpu_read raw_cpu_write raw_cpu_add raw_cpu_sub raw_cpu_inc raw_cpu_dec
    this_cpu_ptr raw_cpu_ptr get_cpu_var put_cpu_var get_cpu_ptr put_cpu_ptr
    smp_processor_id raw_smp_processor_id get_cpu put_cpu
    per_cpu per_cpu_ptr for_each_possible_cpu num_possible_cpus cpu_possible
    alloc_percpu __alloc_percpu""".split()
# And, a function, so that its address can be taken.
LINUX_FUNCTIONS = {"free_percpu"}
CPLUSPLUS = """
    PERCPU_VARIABLE PERCPU_VARIABLE_FAR PERCPU_VARIABLE_CACHELINE PERCPU_VARIABLE_PAGE
    PERCPU_VARIABLE_DECLARE PERCPU_VARIABLE_DECLARE_FAR PERCPU_MEMBER PERCPU_MEMBER_FAR
    PERCPU_MEMBER_DEFINE PERCPU_MEMBER_DEFINE_FAR""".split()


def preprocessed(compiler, flags, header, *options):
    """What the preprocessor makes of HEADER."""
    return subprocess.run([*compiler, *flags, "-ffreestanding", "-E", *options, "-"],
                          input=f"#include <{header}>\n", capture_output=True, text=True,
                          check=True).stdout


def names(compiler, flags, header):
    """The macros that HEADER leaves defined."""
    return set(re.findall(r"^#define (\w+)", preprocessed(compiler, flags, header, "-dM"), re.M))


def declarations(compiler, flags, header):
    """What HEADER declares, without pragmas."""
    text = preprocessed(compiler, flags, header, "-P")
    return re.sub(r"^ *#pragma.*$|\s+", " ", text, flags=re.M).split()


def faces(tap):
    """That percpu/linux.h and percpu.hpp leave no names but theirs."""
    flags = ask(strangers_environment(""), "--cflags")
    c = ([*CC, "-x", "c", "-std=gnu11"], flags)
    new = {name for name in names(*c, "percpu/linux.h") - names(*c, "percpu.h")
           if not name.startswith("PERCPU_")} - {"this_cpu_cmpxchg128"}
    compares(tap, new, set(LINUX), "percpu/linux.h defines the names that it says, and no more")
    words = set(declarations(*c, "percpu/linux.h")) - set(declarations(*c, "percpu.h"))
    foreign = {name for name in functions(words) if not re.match("_?percpu_", name)}
    tap.ok(foreign == LINUX_FUNCTIONS, "percpu/linux.h declares free_percpu, and no more",
           " ".join(foreign ^ LINUX_FUNCTIONS))
    for header in BLOCKS:
        words = set(declarations(*c, header)) - set(declarations(*c, "percpu.h"))
        macros = names(*c, header) - names(*c, "percpu.h")
        foreign = {name for name in macros if not re.match("PERCPU_|percpu_", name)}
        foreign |= {name for name in functions(words) if not re.match("_?percpu_", name)}
        tap.ok(macros and not foreign, f"{header} has no names but percpu_ and PERCPU_",
               " ".join(foreign))
    if lacks_cplusplus():
        tap.skip("percpu.hpp", lacks_cplusplus())
        return
    cplusplus = ([*CXX, "-x", "c++", "-std=c++17"], flags)
    new = {name for name in names(*cplusplus, "percpu.hpp") - names(*cplusplus, "percpu.h")
           if not name.startswith("PERCPU__")} - {"PERCPU_HPP"}
    compares(tap, new, set(CPLUSPLUS), "percpu.hpp defines the names that it says, and no more")
    inner = declarations(*cplusplus, "percpu.h")
    found = declarations(*cplusplus, "percpu.hpp")
    tap.ok(found[:len(inner)] == inner and found[len(inner):len(inner) + 3]
           == ["namespace", "percpu", "{"] and ends_with(found[len(inner) + 2:]),
           "percpu.hpp declares namespace percpu, and nothing outside of it")


def functions(words):
    """Of what stands between white space, the names that a parenthesis is behind; no keywords."""
    found = {match[1] for word in words for match in [re.match(r"\*?([A-Za-z_]\w*)\(", word)] if match}
    return {name for name in found
            if not re.match("__|_Static_assert$|if$|while$|for$|return$|sizeof$|volatile$", name)}


def ends_with(tokens):
    """Whether the brace that TOKENS begin with closes at their end."""
    text = " ".join(tokens)
    depths = [text[:at].count("{") - text[:at].count("}") for at in range(1, len(text) + 1)]
    return depths[-1] == 0 and 0 not in depths[:-1]


GROUPS = {"faces": faces}
