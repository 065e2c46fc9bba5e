# SPDX-License-Identifier: MIT
# Dynamic variables: what a call takes, by what is there; and what recorded calls make of the room.
set terminal svg noenhanced size 900,420 font "sans-serif,12" background "white"
set multiplot layout 1,2 title "Dynamic variables: 8 CPUs, a reserve of 64 KiB\n" . machine
set border 3 lc rgb "#808080"
set xtics nomirror
set ytics nomirror
set grid ytics lc rgb "#e6e6e6"
set yrange [0:*]
set key below reverse Left samplen 1.5 maxrows 3
set xlabel "KiB in variables of the same size, before the call"
set ylabel "ns"
plot data . "dynamic-O2-large-alloc.dat" with linespoints pt 7 ps 0.5 lc rgb "#1f6fb4" \
		title "alloc of 1 KiB", \
	data . "dynamic-Os-large-alloc.dat" with lines dt 2 lc rgb "#1f6fb4" title "-Os", \
	data . "dynamic-O2-small-alloc.dat" with linespoints pt 7 ps 0.5 lc rgb "#d9772b" \
		title "alloc of 4 bytes", \
	data . "dynamic-Os-small-alloc.dat" with lines dt 2 lc rgb "#d9772b" title "-Os", \
	data . "dynamic-O2-large-free.dat" with linespoints pt 7 ps 0.5 lc rgb "#707070" \
		title "free of either"
set xtics 200
set xlabel "recorded calls"
set ylabel "KiB"
plot data . "dynamic-trace.dat" using 1:3 with steps lc rgb "#d9772b" \
		title "all but the largest free piece", \
	data . "dynamic-trace.dat" using 1:2 with steps lc rgb "#1f6fb4" title "in variables"
unset multiplot
