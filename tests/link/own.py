# SPDX-License-Identifier: MIT
"""Restartable sequences of a user's own: programs/own.S and own.c, right and wrong."""

from compiler import refuse

# What own.S and own.c are made of: three registers, and the text of a load and of a store.
TEXTS = {"aarch64": ("x0 x1 x2", r"mrs %[base], tpidr_el1\n\tldr %[value], [%[base], :lo12:{}]\n\t",
                   r"str %[value], [%[base], :lo12:{}]\n\t"),
       "riscv64": ("a0 a1 a2", r"ld %[value], %%lo({})(gp)\n\t", r"sd %[value], %%lo({})(gp)\n\t"),
       "x86_64": ("%rax %rcx %rdx", r"movq %%gs:{}(%%rip), %[value]\n\t",
                  r"movq %[value], %%gs:{}(%%rip)\n\t")}


def in_assembly(tools, *flags, wrong=0):
    """own.S, or one of its wrong ways."""
    registers = [f"-D{name}={register}"
                 for name, register in zip("ABC", TEXTS[tools.arch][0].split())]
    return tools.compile("programs/own.S", *flags, *registers, f"-DWRONG={wrong}")


def in_c(tools, *flags, language="C", lto=False, wrong=0):
    """own.c, or one of its wrong ways; live_own_c, or in C++ live_own_cc."""
    suffix = "c" if language == "C" else "cc"
    texts = [f'-D{name}="{text.format("__percpu_near.counter")}"'
             for name, text in zip(("LOAD", "STORE"), TEXTS[tools.arch][1:])]
    return tools.compile("programs/own.c", *flags, *texts, f"-DFUNCTION_IS=live_own_{suffix}",
                         f"-DDEAD_IS=dead_own_{suffix}", f"-DWRONG={wrong}", language=language,
                         lto=lto)


# Ways to write a sequence of one's own wrongly, as own.S numbers them, and what assemblers say.
WRONG = {"an end without a begin": (1, r"no percpu_sequence_begin first|invalid offset expression"
                                       r"|unresolved relocation offset"),
         "a begin without an end": (2, r"can't resolve|does not evaluate to a constant|difference "
                                       r"across sections|Undefined temporary symbol"),
         "nothing between": (3, r"does not evaluate to a constant|must be absolute"),
         "one in another": (4, r"the one before has no percpu_sequence_end|is already defined"),
         "ends in two sections": (5, r"can't resolve|does not evaluate to a constant|difference "
                                     r"across sections|must be absolute"),
         "what publishes, by a wrong name": (6, "percpu_sequence_publishes fist: no "
                                                "percpu_sequence_begin fist comes before")}
IN_ASSEMBLY_ONLY = (6,)  # PERCPU_SEQUENCE_PUBLISHES has no name


def mistakes(tap, tools):
    """A user's mistakes at the ends of a sequence, in assembly and in C."""
    for language, make in (("assembly", in_assembly), ("C", in_c)):
        right = make(tools)
        tap.ok(right.path, f"a sequence in {language}: assembles", right.why())
        for name, (number, words) in WRONG.items():
            if number in IN_ASSEMBLY_ONLY and language != "assembly":
                continue
            # percpu_init refuses it then: tests/unit/sequences_made.c.
            if number == 3 and tools.is_clang and tools.arch != "riscv64":
                tap.skip(f"{name}, in {language}", "Clang's assembler does not look at it here")
                continue
            refuse(tap, make(tools, wrong=number), f"{name}, in {language}", words)
