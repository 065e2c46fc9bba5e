# SPDX-License-Identifier: MIT
"""
The searches of what comes and goes: CPUs, dynamic variables, modules, and what is built on them.
What a macro does is said in the model.
"""

import dataclasses

from search import DEADLOCK, Search


def of(model, *searches):
    """SEARCHES of MODEL."""
    return [dataclasses.replace(search, model=model) for search in searches]


TWO_CPUS, TWO_STACKS = "!(two_in_one_area)", "!(two_on_one_stack)"
UNBUILT, SEEN_UP = "!(unbuilt)", "!(up_and_unbuilt)"
HOTPLUG = of(
    "hotplug",
    Search("a CPU comes and goes, and two want one number"),
    Search("three times", "-DROUNDS=7 -DALONE=0"),
    Search("an area that is made anew loses counts", "-DZERO_AT_UP", "!(sum_is_wrong)"),
    Search("dead without firmware's word", "-DNOT_ASKED -DALONE=0", TWO_STACKS),
    Search("dead by firmware's word of the time before", "-DASKED_BEFORE", "!(dead_and_running)"),
    Search("a CPU that failed to come up, and has not stopped", "-DFAILED_IS_STOPPED", TWO_STACKS),
    Search("a state that is looked at, then changed", "-DNO_LOCK", TWO_CPUS),
    Search("up before its constructors have run", "-DUP_FIRST", SEEN_UP),
    Search("up while its constructors are undone", "-DUP_WHILE_UNDONE", SEEN_UP),
    Search("a number let go before the area", "-DSTAYS_BOUND", TWO_CPUS),
    Search("interrupts while constructors run", "-DINTERRUPTS_IN_UP", UNBUILT),
    Search("interrupts while they are undone", "-DINTERRUPTS_IN_DOWN", UNBUILT),
    Search("a failure undoes what was not done", "-DUNDO_ALL", "!(undone_twice)"),
    Search("a failure undoes nothing", "-DFORGET_UNDO", "!(built_twice)"),
)

GARBAGE, FREED = "!(garbage)", "!(used_after_free)"
PUBLISH = of(
    "publish",
    Search("a variable is allocated, used, withdrawn, freed, and its place used again"),
    Search("its handle is stored without release", "-DPLAIN_PUBLISH", GARBAGE),
    Search("its handle is loaded without acquire", "-DPLAIN_READ", GARBAGE),
    Search("its handle is stored before its copies are 0", "-DZERO_LATE", GARBAGE),
    Search("it is freed while it is used", "-DFREE_AT_ONCE", FREED),
    Search("the CPU that uses it is asked without acquire", "-DPLAIN_ANSWER", FREED),
    Search("a handler answers for the thread that it has interrupted", "-DHANDLER_ANSWERS", FREED),
)

UNDER_LOCK = "!(lost)"
LOCK = of(
    "lock",
    Search("the allocator's lock, with an interrupt and an NMI"),
    Search("with two interrupts", "-DINTERRUPTS=2 -DNMIS=0"),
    Search("three CPUs", "-DCPUS=3 -DINTERRUPTS=0 -DNMIS=0"),
    Search("held with interrupts on, by who gives up", "-DINTERRUPTS_STAY_ON",
           "!(busy_and_no_nmi)"),
    Search("held with interrupts on", "-DINTERRUPTS_STAY_ON -DSPINS -DNMIS=0", DEADLOCK),
    Search("an NMI waits for what it has interrupted", "-DSPINS", DEADLOCK),
    Search("interrupts are off between tries", "-DOFF_BETWEEN", "!(off_while_waiting)"),
    Search("the holder says late who it is", "-DHOLDER_LATER", DEADLOCK),
    Search("seen free, then taken", "-DTWO_STEPS", UNDER_LOCK),
    Search("taken without acquire", "-DPLAIN_LOCK", UNDER_LOCK),
    Search("let go without release", "-DPLAIN_UNLOCK", UNDER_LOCK),
)

MODULE = of(
    "module",
    Search("a module comes, goes, and another comes in its place"),
    Search("with more traps", "-DUSES=4 -DINTERRUPTS=2 -DNMIS=2"),
    Search("its table is linked without release", "-DPLAIN_ADD", GARBAGE),
    Search("the list is walked without acquire", "-DPLAIN_WALK", GARBAGE),
    Search("unlinked while its code may run", "-DUNLINK_AT_ONCE", "!(no_match)"),
    Search("unlinked by the word of a handler that has interrupted it", "-DHANDLER_ANSWERS",
           "!(no_match)"),
    Search("memory used again while a trap walks the list", "-DREUSE_AT_ONCE", GARBAGE),
    Search("the same by the word of an NMI in trap entry", "-DNMI_ANSWERS", GARBAGE),
    Search("a table that stays when its code has gone", "-DSTAYS_LINKED", "!(false_match)"),
)

GROUPS = {
    "hotplug": HOTPLUG,
    "dynamic": PUBLISH + LOCK,
    "module": MODULE,
}
