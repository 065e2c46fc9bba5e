# SPDX-License-Identifier: MIT
# Of the names in GIVEN, which make was told on its command line: each that is a slip in one that can
# be set, and that one. These are in KNOWN, and have a value in config.mk, which is what is read.

BEGIN {
	for (n = split(known, names); n > 0; n--)
		settable[names[n]] = 1
}

/^[A-Z][A-Z_]* *=/ {
	sub(/ *=.*/, "")
	settable[$0] = 1
}

END {
	for (n = split(given, names); n > 0; n--)
		for (name in settable)
			if (!(names[n] in settable) && near(toupper(names[n]), name))
				print names[n] " (is it " name "?)"
}

# Whether it is NAME but for a letter too few, too many or another one, or two that changed places.
# In short names, all of this makes names of others.
function near(given, name,   a, b) {
	if (given == name || "PERCPU_" given == name)
		return 1
	for (a = 1; a <= length(name) && substr(given, a, 1) == substr(name, a, 1); a++)
		;
	given = substr(given, a)
	b = substr(name, a)
	while (given != "" && b != "" && substr(given, length(given)) == substr(b, length(b))) {
		given = substr(given, 1, length(given) - 1)
		b = substr(b, 1, length(b) - 1)
	}
	if (length(name) < 3)
		return 0
	if (length(given) == 2 && length(b) == 2)
		return given == substr(b, 2) substr(b, 1, 1)
	return length(given) + length(b) == 1 ||
		length(name) > 3 && length(given) == 1 && length(b) == 1
}
