/* CSV as people send it: what is guessed, what is read, what is refused and why. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/table.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static const char *
file(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/t/data/%s", SOURCE_DIR, name);
}

/* Everything of a file as text: "columns|...", then "line: cell|cell (problem)". */
static const char *
all(struct arena *a, const char *path, const char **guess)
{
	struct table_shape shape;
	struct table *t;
	struct table_row row;
	struct err e = {0};
	struct str s = str_new(a);
	int rc;
	*guess = "";
	if (table_guess(a, path, &shape, &e) < 0)
		return arena_printf(a, "%s", e.text);
	*guess = arena_printf(a, "%s %c %c %s", shape.encoding,
		shape.delimiter == '\t' ? 'T' : shape.delimiter,
		shape.quote ? shape.quote : '-', shape.has_header ? "header" : "none");
	if (table_open(a, path, &shape, &t, &e) < 0)
		return arena_printf(a, "%s", e.text);
	for (size_t i = 0; i < val_len(table_columns(t)); i++) {
		str_addz(&s, i > 0 ? "|" : "");
		str_addt(&s, val_as_text(&table_columns(t)->list->at[i]));
	}
	while ((rc = table_next(t, a, &row, &e)) == 1) {
		str_addf(&s, "\n%lld: ", (long long)row.line);
		for (size_t i = 0; i < val_len(&row.cells); i++) {
			str_addz(&s, i > 0 ? "|" : "");
			if (val_is_null(&row.cells.list->at[i]))
				str_addz(&s, "-");
			else
				str_addt(&s, row.cells.list->at[i].text);
		}
		if (row.problem != NULL)
			str_addf(&s, " (%s)", row.problem);
	}
	if (rc < 0)
		str_addf(&s, "\n! %s", e.text);
	for (size_t i = 0; i < s.n; i++)
		s.at[i] = s.at[i] == '\0' ? '0' : s.at[i];
	return s.at;
}

static void
reads(struct arena *a, const char *name, const char *guess, const char *want)
{
	const char *said, *got = all(a, file(a, name), &said);
	is_text(said, guess, "%s is taken for what it is", name);
	is_text(got, want, "%s is read", name);
}

static const char russian[] =
	"Фамилия|Имя|E-mail|Моб. телефон|Дата рожд.|Город|Сумма покупок\n"
	"2: Коваленко|Ольга|O.Kovalenko@Example.by|80295550142|14.12.1991|г. Минск|1 "
	"284,50\n"
	"3: Зинчук|Павел|zinchuk.p@example.com|+375 (33) 555-01-17|02.07.86|МИНСК|2310.9\n"
	"4: Иванова|Анна|ivanova@@mail|80295550143|01.02.1990|Гродно|-\n"
	"5: Петров|Пётр|petrov@example.by|-|31.02.1987|Брест|12\n"
	"6: ООО \"Ромашка\"|-|office@romashka.example|8 (029) 555-01-44 |-|Минск; "
	"центр|100 000 руб.";

static void
encodings(struct arena *a)
{
	reads(a, "cp1251-semicolon.csv", "CP1251 ; \" header", russian);
	reads(a, "koi8r.csv", "KOI8-R ; \" header", russian);
	reads(a, "cp866.csv", "CP866 ; \" header", russian);
	reads(a, "utf8-bom.csv", "UTF-8 ; \" header", russian);
	reads(a, "utf16be-nobom.csv", "UTF-16BE ; \" header", russian);
	const char *said, *got = all(a, file(a, "utf16le.csv"), &said);
	is_text(said, "UTF-16LE T \" header", "UTF-16 with tabs, as Excel saves it");
	ok(strstr(got, "2: Коваленко|Ольга|") != NULL, "is read");
}

static void
mess(struct arena *a)
{
	reads(a, "quotes.csv", "UTF-8 , \" header",
		"name|email|note\n"
		"2: O'Brien, \"Pat\"|pat@q.example|two\nlines\n"
		"4: ООО \"Ромашка\"|rom@q.example|plain\n"
		"5: 5\" screen|five@q.example|inch\n"
		"6: -|none@q.example|-");
	reads(a, "open-quote.csv", "UTF-8 , \" header",
		"name|email\n2: Anna|anna@o.example\n"
		"3: \"Boris|boris@o.example (a quote is opened and never closed)\n"
		"4: Vera|vera@o.example");
	reads(a, "long-rows.csv", "UTF-8 ; \" header",
		"name|email\n2: Anna|anna@l.example\n"
		"3: Boris|boris@l.example (3 cells, and the file has 2 columns)\n4: "
		"Vera|-");
	reads(a, "empty-lines.csv", "UTF-8 , \" header",
		"email|name\n6: a@e.example|A\n9: b@e.example|B");
	reads(a, "headerless.csv", "UTF-8 ; \" none",
		"Column 1|Column 2|Column 3|Column 4\n"
		"1: anna@h.example|+375295550142|Anna|-\n"
		"2: boris@h.example|+375295550143|Boris|more");
	reads(a, "old-mac.csv", "UTF-8 , \" header",
		"email|name\n2: a@m.example|A\n3: b@m.example|B");
	reads(a, "sep-hint.csv", "UTF-8 | \" header", "email|name\n3: a@s.example|A;B,C");
	const char *said, *got = all(a, file(a, "nul-bytes.csv"), &said);
	ok(strstr(got, "(bytes in it are no text in UTF-8)\n3: b@n.example|B") != NULL,
		"a NUL is its row's problem");
	got = all(a, file(a, "bad-utf8.csv"), &said);
	is_text(said, "UTF-8 , \" header",
		"one bad byte does not make it another encoding");
	ok(strstr(got, "31: p29@b.example|Имя\n32: z@b.example|") != NULL &&
			strstr(got, "(bytes in it are no text in UTF-8)") != NULL,
		"and is its row's problem");
	got = all(a, file(a, "wide.csv"), &said);
	ok(strstr(got, "|Поле 199\n2: w0@w.example|v0.1|") != NULL, "200 columns are read");
}

/* head, then n lines of line with the number for each #. */
static void
write_file(const char *path, const char *head, const char *line, int n)
{
	FILE *f = fopen(path, "wb");
	must(f != NULL);
	fputs(head, f);
	for (int i = 0; i < n; i++)
		for (const char *p = line; *p != '\0'; p++)
			if (*p == '#')
				fprintf(f, "%d", i);
			else
				fputc(*p, f);
	fclose(f);
}

static void
large(struct arena *a)
{
	char path[] = "/tmp/csv-XXXXXX";
	close(mkstemp(path));
	struct table_shape shape;
	struct table *t;
	struct table_row row;
	struct err e = {0};
	int64_t n = 0, done = 0, total = 0;
	write_file(path, "email,note\n", "p#@x.example,\"line\n#\"\n", 100000);
	ok(table_guess(a, path, &shape, &e) == 0 &&
			table_open(a, path, &shape, &t, &e) == 0 &&
			table_skip(t, 50000, &e) == 0,
		"a large file is opened, half of it passed over");
	struct arena *turn = arena_new();
	while (table_next(t, turn, &row, &e) == 1) {
		n++;
		if (n == 1)
			ok(text_is(row.cells.list->at[0].text, "p50000@x.example"),
				"the next row is the next one");
		arena_reset(turn);
	}
	arena_free(turn);
	ok(n == 50000 && row.line == 0, "the rest is %lld rows", (long long)n);
	table_progress(t, &done, &total);
	ok(done == total && total > 1000000, "and then it is over");
	ok(arena_size_bytes(a) < 8 << 20, "memory stays flat: %zu bytes",
		arena_size_bytes(a));
	write_file(path, "email,note\n", "p#@x.example,\"#\n", 5000);
	const char *said, *got = all(a, path, &said);
	ok(strstr(got, "! line ") != NULL, "a file full of open quotes is given up");
	write_file(path, "", "no end", 300000);
	got = all(a, path, &said);
	ok(strstr(got, "longer than 1 MB") != NULL,
		"and so is one that is one long line: %.60s", got);
	write_file(path, "", "\1\2\3\4#", 3);
	ok(strstr(all(a, path, &said), "this one is no text") != NULL,
		"and what is no text");
	unlink(path);
}

int
main(void)
{
	struct arena *a = arena_new();
	encodings(a);
	mess(a);
	arena_reset(a);
	large(a);
	arena_free(a);
	return tap_done();
}
