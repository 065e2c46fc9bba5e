# SPDX-License-Identifier: MIT
# What grows with the number of CPUs: instructions under QEMU, time on the host.
set terminal svg noenhanced size 1080,480 font "sans-serif,12" background "white"
set border 3 lc rgb "#808080"
set xtics nomirror scale 0.5
set ytics nomirror scale 0.5
set grid ytics lc rgb "#e6e6e6"
set xlabel "CPUs"
set key below vertical maxrows 3 reverse Left samplen 2 font ",11"
set bmargin 8
set logscale x 2
set logscale y
set style data linespoints
colour(i) = word("#1f6fb4 #d9772b #4c9a52", i)
set multiplot layout 1,2
set title "Instructions of percpu_sum, of percpu_init for each CPU, and of percpu_add"
set yrange [0.8:10000]
plot for [i=1:words(archs)] data . "growth-" . word(archs, i) . ".dat" using 1:2 \
		lc rgb colour(i) pt 7 ps 0.6 title word(archs, i) . ": sum", \
	for [i=1:words(archs)] data . "growth-" . word(archs, i) . ".dat" using 1:3 \
		lc rgb colour(i) dt 2 pt 6 ps 0.6 title word(archs, i) . ": init / CPUs", \
	for [i=1:words(archs)] data . "growth-" . word(archs, i) . ".dat" using 1:4 \
		lc rgb colour(i) dt 3 pt 1 ps 0.6 title word(archs, i) . ": add"
set title "Time of an increment, to ours on one CPU\n" . machine
set yrange [0.5:*]
set xrange [0.9:*]
plot data . "threads-near.dat" lc rgb "#1f6fb4" pt 7 title "ours", \
	data . "threads-array.dat" lc rgb "#4c9a52" pt 6 title "array, padded", \
	data . "threads-array-unpadded.dat" lc rgb "#808080" pt 4 title "array, unpadded", \
	data . "threads-tls.dat" lc rgb "#a05fb0" pt 2 title "thread-local", \
	data . "threads-shared.dat" lc rgb "#d9772b" pt 5 title "one atomic for all"
unset multiplot
