/* See csv.h: where cells and rows end. RFC 4180, and what people's programs write instead. */
#include "base/arena.h"
#include "base/str.h"
#include "markup/csv.h"
#include "markup/table.h"

#include <string.h>

struct split {
	const struct csv_signs *signs;
	const char *p, *end;
	bool whole;
	struct str text; /* of all cells, one behind the other */
	struct csv_row *row;
	struct {
		size_t at, n;
	} * cells;
	size_t n, cap;
};

static bool
ends_cell(const struct split *s, const char *p)
{
	return p == s->end || *p == s->signs->delimiter || *p == '\n' || *p == '\r';
}

/* Up to the cell's end. */
static void
take_plain(struct split *s)
{
	const char *p = s->p;
	while (!ends_cell(s, p))
		p++;
	str_add(&s->text, s->p, (size_t)(p - s->p));
	s->p = p;
}

/* The inside of a quoted cell, and what stands between its end and the delimiter. */
static enum csv_found
take_quoted(struct split *s)
{
	const char quote = s->signs->quote, *begun = s->p;
	bool sloppy = false; /* a quote inside was not doubled */
	for (s->p++;; s->p++) {
		const char *p = s->p;
		while (p < s->end && *p != quote && *p != '\n' && *p != '\r')
			p++;
		str_add(&s->text, s->p, (size_t)(p - s->p));
		s->p = p;
		if (p - begun > TABLE_CELL_MAX)
			return CSV_OPEN;
		if (p == s->end)
			return s->whole ? CSV_OPEN : CSV_MORE;
		if (p + 1 == s->end && !s->whole)
			return CSV_MORE;
		if (*p != quote) { /* \r\n is one line's end */
			if (*p == '\n' || p + 1 == s->end || p[1] != '\n')
				s->row->lines++;
			if (*p == '\n' || p + 1 == s->end || p[1] != '\n')
				str_addc(&s->text, '\n');
			continue;
		}
		if (ends_cell(s, p + 1)) {
			s->p++;
			return CSV_ROW;
		}
		bool doubled = p[1] == quote;
		if (doubled && p + 2 == s->end && !s->whole)
			return CSV_MORE;
		str_addc(&s->text, quote);
		s->p += doubled;
		if (doubled && sloppy && ends_cell(s, p + 2)) {
			s->p++;
			return CSV_ROW;
		}
		sloppy = sloppy || !doubled;
	}
}

static void
add_cell(struct arena *a, struct split *s, size_t at)
{
	s->cells = arena_room(a, s->cells, s->n, &s->cap, sizeof *s->cells);
	s->cells[s->n].at = at;
	s->cells[s->n++].n = s->text.n - at;
	s->row->is_wide = s->row->is_wide || s->text.n - at > TABLE_CELL_MAX;
}

static void
finish(struct arena *a, struct split *s)
{
	struct csv_row *row = s->row;
	struct text all = str_text(&s->text);
	row->cells = val_list(a);
	row->is_empty = true;
	for (size_t i = 0; i < s->n; i++) {
		struct text t = {all.at + s->cells[i].at, s->cells[i].n};
		bool blank = t.n == 0 || text_trim(t).n == 0;
		val_push(a, &row->cells, blank ? val_null() : val_of(t));
		row->is_empty = row->is_empty && blank;
	}
	row->is_damaged = memmem(all.at, all.n, "\xef\xbf\xbd", 3) != NULL ||
			  memchr(all.at, '\0', all.n) != NULL;
}

enum csv_found
csv_split(struct arena *a, const struct csv_signs *signs, struct text t, bool whole,
	struct csv_row *out)
{
	struct split s = {.signs = signs,
		.p = t.at,
		.end = t.at + t.n,
		.whole = whole,
		.text = str_new(a),
		.row = out};
	*out = (struct csv_row){.lines = 1};
	str_add(&s.text, "", 0);
	for (;;) {
		size_t at = s.text.n;
		bool quoted = s.p < s.end && signs->quote != 0 && *s.p == signs->quote;
		enum csv_found found = quoted ? take_quoted(&s) : CSV_ROW;
		if (found != CSV_ROW)
			return found;
		if (!quoted)
			take_plain(&s);
		add_cell(a, &s, at);
		if (s.p == s.end && !whole)
			return CSV_MORE;
		if (s.p == s.end)
			break;
		if (*s.p++ == signs->delimiter)
			continue;
		if (s.p[-1] == '\r' && s.p == s.end && !whole)
			return CSV_MORE;
		if (s.p[-1] == '\r' && s.p < s.end && *s.p == '\n')
			s.p++;
		break;
	}
	out->used = (size_t)(s.p - t.at);
	finish(a, &s);
	return CSV_ROW;
}
