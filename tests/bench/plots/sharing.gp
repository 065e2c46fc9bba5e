# SPDX-License-Identifier: MIT
# False sharing: two CPUs, each with a variable of its own.
set terminal svg noenhanced size 560,380 font "sans-serif,12" background "white"
set border 3 lc rgb "#808080"
set style data histogram
set style histogram clustered gap 1
set style fill solid noborder
set boxwidth 0.9
set xtics nomirror scale 0
set ytics nomirror scale 0.5
set grid ytics lc rgb "#e6e6e6"
set yrange [0:*]
set xlabel "bytes between the two variables"
set ylabel "time, to the best distance"
set title "Two CPUs incrementing variables of their own\n" . machine
plot data . "sharing-plain.dat" using 2:xtic(1) lc rgb "#1f6fb4" title "plain", \
	data . "sharing-atomic.dat" using 2 lc rgb "#d9772b" title "atomic"
