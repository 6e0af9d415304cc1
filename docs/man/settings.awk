# The table of settings in docs/operating.md as the list of cxdp.conf(5): one truth, which t/00-docs.t compares with the source.
BEGIN { FS = "|" }
function plain(s) { gsub(/^ +| +$/, "", s); gsub(/`/, "", s); s = gensub_links(s); gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); return s }
function gensub_links(s,   from, text) {
	while (match(s, /\[[^]]*\]\([^)]*\)/)) {
		from = RSTART
		text = substr(s, from + 1, index(substr(s, from), "]") - 2)
		s = substr(s, 1, from - 1) text substr(s, from + RLENGTH)
	}
	return s
}
/^\| setting \|/ { inside = 1; next }
inside && !/^\|/ { inside = 0 }
inside && /^\| `/ {
	printf ".TP\n.B %s\n", plain($2)
	printf "%s.\n", plain($5)
	otherwise = plain($3)
	printf "Default: %s; %s.\n", otherwise == "" ? "empty" : otherwise, plain($4)
}
