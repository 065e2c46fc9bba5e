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
TWO_LOCKS = "-DTWO_LOCKS -DINTERRUPTS=0 -DNMIS=2"
LOCK = of(
    "lock",
    Search("the allocator's lock, with an interrupt and an NMI"),
    Search("with two interrupts", "-DINTERRUPTS=2 -DNMIS=0"),
    Search("three CPUs", "-DCPUS=3 -DINTERRUPTS=0 -DNMIS=0"),
    Search("two locks, one of which is given up", TWO_LOCKS),
    Search("two locks without a bound", f"{TWO_LOCKS} -DDEPOT_SPINS", DEADLOCK),
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

BOTH = "!(both_within)"
RLOCK = of(
    "rlock",
    Search("readers that are moved, and a writer"),
    Search("a writer that comes twice", "-DWRITES=2 -DMOVES=0"),
    Search("one count, which goes up and down", "-DONE_COUNT -DONLY_BOTH -DMOVES=1", BOTH),
    Search("who has entered is summed first", "-DENTERED_FIRST -DONLY_BOTH -DMOVES=0", BOTH),
    Search("a reader without its fence", "-DNO_READER_FENCE -DONLY_BOTH -DMOVES=0", BOTH),
    Search("a writer without its fence", "-DNO_WRITER_FENCE -DONLY_BOTH -DMOVES=0", BOTH),
    Search("a reader leaves without release", "-DPLAIN_LEAVE -DMOVES=0", "!(not_seen)"),
    Search("no acquire between the sums", "-DPLAIN_SUM -DMOVES=0", "!(not_seen)"),
    Search("a reader looks without acquire", "-DPLAIN_CHECK -DMOVES=0", "!(stale)"),
    Search("a writer goes without release", "-DPLAIN_CLEAR -DMOVES=0", "!(stale)"),
)

EARLY, NEVER = "!(freed_early)", "!(never_freed)"
REF = of(
    "ref",
    Search("references that are taken while their object is killed", "-DMORE=1 -DMOVES=0"),
    Search("by threads that are moved", "-DMOVES=2"),
    Search("no grace period between the two calls", "-DNO_GRACE -DMORE=1 -DMOVES=0", EARLY),
    Search("no bias", "-DNO_BIAS -DMOVES=0", EARLY),
    Search("a handler answers within a call", "-DANSWERS_IN_CALL -DMOVES=0", EARLY),
    Search("an answer without release", "-DPLAIN_ANSWER -DMOVES=0", EARLY),
    Search("a put without release", "-DPLAIN_PUT -DMOVES=0", "!(not_seen)"),
    Search("CPUs answer unasked, with a full fence", "-DUNASKED -DMOVES=0"),
    Search("they do so without", "-DUNASKED -DNO_FENCE -DMOVES=0", NEVER),
    Search("a handler comes before the fence", "-DUNASKED -DFENCE_LATE -DMOVES=0", EARLY),
    Search("the killer has no fence", "-DUNASKED -DNO_KILL_FENCE -DMOVES=0", NEVER),
)

COUNTER = of(
    "counter",
    Search("a counter's total while it is added to", "-DADDS=3"),
    Search("with more adds", "-DADDS=4 -DMOVES=0"),
    Search("the sum while it is added to", "-DSUM -DADDS=3 -DMOVES=1"),
    Search("what is owed is looked at, then written", "-DTWO_STEPS -DADDS=3", "!(total_is_wrong)"),
    Search("the count before an add is read before it", "-DLATE_BEFORE -DADDS=3",
           "!(total_is_wrong)"),
    Search("a CPU that owes more", "-DKEEPS_MORE -DADDS=5", "!(too_far)"),
    Search("counts that are moved to the total", "-DFLUSH -DSUM -DADDS=3", "!(sum_is_wrong)"),
)

MIXED = "!(mixed)"
RECORD = of(
    "record",
    Search("a record is read while it is written, and written by handlers"),
    Search("a write is under way while the state is odd", "-DODD_OR_EVEN", MIXED),
    Search("a write begins without release", "-DPLAIN_BEGIN", MIXED),
    Search("a write ends without release", "-DPLAIN_END", MIXED),
    Search("the state is loaded without acquire", "-DPLAIN_LOAD", MIXED),
    Search("no acquire before the second look", "-DPLAIN_AGAIN", MIXED),
)

GROUPS = {
    "hotplug": HOTPLUG,
    "dynamic": PUBLISH + LOCK,
    "module": MODULE,
    "blocks": RLOCK + REF + COUNTER + RECORD,
}
