# SPDX-License-Identifier: MIT
# Starting all CPUs, at once and one by one.
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
set title "Instructions from the first start to the last CPU online"
plot for [i=1:words(archs)] data . "start-" . word(archs, i) . "-at-once.dat" \
		lc rgb colour(i) pt 7 ps 0.6 title word(archs, i) . ": at once", \
	for [i=1:words(archs)] data . "start-" . word(archs, i) . "-one-by-one.dat" \
		lc rgb colour(i) dt 2 pt 6 ps 0.6 title word(archs, i) . ": one by one"
set title "Time from entry to the last CPU online: one by one, to at once"
set yrange [0.5:*]
plot for [i=1:words(archs)] data . "start-" . word(archs, i) . "-ratio.dat" \
		lc rgb colour(i) pt 7 ps 0.6 title word(archs, i)
unset multiplot
