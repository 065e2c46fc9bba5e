# SPDX-License-Identifier: MIT
# Instructions per operation: an architecture a row, an operation a column.
set terminal svg noenhanced size 1000,760 font "sans-serif,12" background "white"
unset key
set border 1 lc rgb "#808080"
set boxwidth 0.75
set style fill solid noborder
set xtics rotate by 45 right nomirror scale 0 font ",11"
unset ytics
set yrange [0:*]
set offsets 0.5, 0.5, 1, 0
set lmargin 2
set bmargin 7
set multiplot layout words(archs),2 title \
	"Instructions per operation. Blue: libpercpu; dark: safe against interrupts and migration; light: not"
do for [arch in archs] {
	do for [operation in "read add"] {
		set title arch . ", " . operation font ",13"
		file = data . arch . "-" . operation . ".dat"
		plot file using 0:2:3:xtic(1) with boxes lc rgb variable, \
			"" using 0:2:2 with labels offset 0,0.6 font ",11"
	}
}
unset multiplot
