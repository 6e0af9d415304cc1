# sql/query/*.sql to query.h and query.c: one enum, one table. Usage: awk -v out=h|c -f queries.awk FILES
# A statement is named by "-- name: X"; "{...}" marks what is repeated, its separator is "," or, after "{OR", OR. A second "{...}"
# is a list repeated as often as the first.
function flush(    text, n, head, tail, group, sep, middle, also) {
	if (name == "")
		return
	text = body
	gsub(/[ \t\n]+/, " ", text)
	sub(/^ /, "", text)
	sub(/[ ;]+$/, "", text)
	if (text == "") {
		print FILENAME ": " name " has no text" > "/dev/stderr"
		exit 1
	}
	if (name in seen) {
		print FILENAME ": " name " is there twice" > "/dev/stderr"
		exit 1
	}
	seen[name] = 1
	count++
	names[count] = name
	head = text; group = ""; tail = ""; sep = ", "
	if (match(text, /\{[^}]*\}/)) {
		head = substr(text, 1, RSTART - 1)
		group = substr(text, RSTART + 1, RLENGTH - 2)
		tail = substr(text, RSTART + RLENGTH)
		if (substr(group, 1, 3) == "OR ") {
			group = substr(group, 4)
			sep = " OR "
		}
	}
	middle = ""; also = ""
	if (match(tail, /\{[^}]*\}/)) {
		middle = substr(tail, 1, RSTART - 1)
		also = substr(tail, RSTART + 1, RLENGTH - 2)
		tail = substr(tail, RSTART + RLENGTH)
	}
	gsub(/\\/, "\\\\", head); gsub(/"/, "\\\"", head)
	gsub(/\\/, "\\\\", group); gsub(/"/, "\\\"", group)
	gsub(/\\/, "\\\\", tail); gsub(/"/, "\\\"", tail)
	gsub(/\\/, "\\\\", middle); gsub(/"/, "\\\"", middle)
	file = FILENAME_of_name
	sub(/.*sql\/query\//, "sql/query/", file)
	rows[count] = sprintf("\t{\"%s\", \"%s\", \"%s\", \"%s\", \"%s\", \"%s\", \"%s\", %d, %d, %d, %d, \"%s:%d\"},", name, head, group, middle, also, tail, sep, marks(head), marks(group), marks(also), marks(tail), file, line)
	name = ""
	body = ""
}
function marks(s,    n) { n = gsub(/\?/, "?", s); return n }
FNR == 1 { flush() }
/^-- name: / { flush(); name = $3; line = FNR; FILENAME_of_name = FILENAME; next }
/^--/ { next }
name != "" { body = body $0 "\n" }
END {
	flush()
	print "/* Made from sql/query by src/store/queries.awk; do not edit. */"
	if (out == "h") {
		print "#ifndef STORE_QUERY_H\n#define STORE_QUERY_H\n\nenum query {"
		for (i = 1; i <= count; i++)
			print "\tQUERY_" names[i] ","
		print "\tQUERY_COUNT\n};\n\nstruct query_text {\n\tconst char *name, *head, *group, *middle, *also, *tail, *between;"
		print "\tint head_marks, group_marks, also_marks, tail_marks;\n\tconst char *where;\n};\n\nextern const struct query_text query_texts[];\n\n#endif"
	} else {
		print "#include \"store/query.h\"\n\nconst struct query_text query_texts[] = {"
		for (i = 1; i <= count; i++)
			print rows[i]
		print "};"
	}
}
