/* SPDX-License-Identifier: MIT */
/*
 * Memory in which CPUs see each other's stores late and in another order. For models of what is
 * handed from CPU to CPU; who includes it defines CPUS, LOCATIONS, and TIMES, which is one more
 * than the stores to a location in a run.
 *
 * A location keeps all that was stored there. A load gives any of it that is not older than what
 * its CPU has seen there before: so two stores are seen in either order, two loads are done in
 * either order, and a load passes an earlier store of its CPU. A store with release brings what its
 * CPU has seen; who loads it with acquire has seen that too. Of two fences the later one has seen
 * all that the earlier had. A read-modify-write reads the newest.
 *
 * It is C11's memory but for two things: stores to a location are in the order in which they are
 * done, and a load never gives what is stored later (LB). A CPU is one thread here: its handlers
 * see what it has seen, in the order of the program.
 */
byte stored[LOCATIONS * TIMES];
byte last[LOCATIONS];			/* the time of the newest */
byte seen[CPUS * LOCATIONS];		/* by each CPU: what it can see no older of */
byte brings[LOCATIONS * TIMES * LOCATIONS];
byte fenced[LOCATIONS];
hidden byte other;

#define SEEN(at) seen[cpu * LOCATIONS + (at)]
#define BROUGHT(at) brings[((at) * TIMES + SEEN(at)) * LOCATIONS + other]

/* A load, in atomic: which of the stores it gives is any search's choice. */
inline load(to, at)
{
	do
	:: SEEN(at) < last[at] -> SEEN(at)++
	:: break
	od;
	to = stored[(at) * TIMES + SEEN(at)]
}

inline acquire(at)
{
	d_step {
		for (other : 0 .. LOCATIONS - 1) {
			if
			:: BROUGHT(at) > SEEN(other) -> SEEN(other) = BROUGHT(at)
			:: else
			fi
		}
		other = 0
	}
}

inline load_acquire(to, at)
{
	load(to, at);
	acquire(at)
}

/* The load of a read-modify-write, with acquire. */
inline load_newest(to, at)
{
	SEEN(at) = last[at];
	to = stored[(at) * TIMES + SEEN(at)];
	acquire(at)
}

inline store(at, value)
{
	assert(last[at] + 1 < TIMES);
	stored[(at) * TIMES + last[at] + 1] = value;
	last[at]++;
	SEEN(at) = last[at]
}

inline store_release(at, value)
{
	store(at, value);
	d_step {
		for (other : 0 .. LOCATIONS - 1) {
			BROUGHT(at) = SEEN(other)
		}
		other = 0
	}
}

inline fence()
{
	d_step {
		for (other : 0 .. LOCATIONS - 1) {
			if
			:: fenced[other] > SEEN(other) -> SEEN(other) = fenced[other]
			:: else -> fenced[other] = SEEN(other)
			fi
		}
		other = 0
	}
}
