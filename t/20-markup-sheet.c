/* Sheets and XML records of strangers: what Excel writes comes out as table.h says; what is an attack ends, with little memory gone. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "markup/sheet.h"
#include "markup/table.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

static char path[] = "/tmp/cxdp-sheet-XXXXXX";

/* --- workbooks by hand --- */

struct part {
	const char *name, *text;
	size_t n; /* 0: of the text */
};

static const char content_types[] = "<Types/>";
static const char root_rels[] =
	"<Relationships xmlns='r'><Relationship Id='r1' Type='x/officeDocument' "
	"Target='xl/workbook.xml'/></Relationships>";
static const char book_rels[] =
	"<Relationships><Relationship Id='a' Type='x/worksheet' "
	"Target='worksheets/one.xml'/><Relationship Id='b' Type='x/worksheet' "
	"Target='/xl/worksheets/two.xml'/><Relationship Id='s' Type='x/sharedStrings' "
	"Target='sharedStrings.xml'/><Relationship Id='t' Type='x/styles' "
	"Target='styles.xml'/></Relationships>";
static const char book_1900[] =
	"<workbook xmlns:r='r'><sheets><sheet name='Hidden' sheetId='1' state='hidden' "
	"r:id='a'/><sheet name='Clients' sheetId='2' r:id='b'/></sheets></workbook>";
static const char book_1904[] =
	"<workbook xmlns:r='r'><workbookPr date1904='1'/><sheets><sheet name='Clients' "
	"sheetId='2' r:id='b'/></sheets></workbook>";
static const char strings[] =
	"<sst><si><t>name</t></si><si><r><t>Ivan</t></r><r><rPr><b/></rPr><t "
	"xml:space='preserve'> </t></r><r><t>Petrov</t></r><rPh><t>no</t></rPh></si>"
	"<si><t>a_x000A_b</t></si><si/></sst>";
static const char styles[] =
	"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd\\.mm\\.yyyy'/><numFmt "
	"numFmtId='165' formatCode='[$-419]d\\ mmm\\ yyyy\\ h:mm;@'/><numFmt "
	"numFmtId='166' formatCode='0.00\" days\"'/><numFmt numFmtId='167' "
	"formatCode='[h]:mm'/></numFmts><cellStyleXfs><xf "
	"numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf "
	"numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='166'/><xf "
	"numFmtId='167'/></cellXfs></styleSheet>";

static void
write_zip(const struct part *parts, size_t n)
{
	int why;
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &why);
	for (size_t i = 0; i < n && z != NULL; i++) {
		zip_source_t *s = zip_source_buffer(z, parts[i].text,
			parts[i].n > 0 ? parts[i].n : strlen(parts[i].text), 0);
		zip_file_add(z, parts[i].name, s, ZIP_FL_ENC_UTF_8);
	}
	if (z == NULL || zip_close(z) < 0)
		printf("Bail out! the archive could not be written\n");
}

static void
write_book(const char *book, const char *one, const char *two)
{
	const struct part parts[] = {{"[Content_Types].xml", content_types, 0},
		{"_rels/.rels", root_rels, 0}, {"xl/workbook.xml", book, 0},
		{"xl/_rels/workbook.xml.rels", book_rels, 0},
		{"xl/sharedStrings.xml", strings, 0}, {"xl/styles.xml", styles, 0},
		{"xl/worksheets/one.xml", one, 0}, {"xl/worksheets/two.xml", two, 0}};
	write_zip(parts, sizeof parts / sizeof *parts);
}

static void
write_text(const char *text)
{
	FILE *f = fopen(path, "wb");
	fwrite(text, 1, strlen(text), f);
	fclose(f);
}

/* All of a file: "columns|line cells problem|...", the error instead. */
static const char *
read_all(struct arena *a, const struct table_shape *shape)
{
	struct str s = str_new(a);
	struct table *t;
	struct table_row row;
	struct err e = {0};
	if (table_open(a, path, shape, &t, &e) < 0)
		return arena_printf(a, "error: %s", e.text);
	struct val columns = *table_columns(t);
	str_addt(&s, json_text(a, &columns));
	int rc;
	while ((rc = table_next(t, a, &row, &e)) == 1) {
		str_addf(&s, "|%lld ", (long long)row.line);
		str_addt(&s, json_text(a, &row.cells));
		if (row.problem != NULL)
			str_addf(&s, " %s", row.problem);
		if (val_len(&row.cells) != val_len(&columns))
			str_addz(&s, " WIDTH");
	}
	return rc < 0 ? arena_printf(a, "error: %s", e.text) : s.at;
}

static const struct table_shape sheet = {.kind = TABLE_XLSX, .has_header = true};

#define ROWS(x)                                                                            \
	"<worksheet><dimension ref='A1:XFD1048576'/><sheetData>" x                         \
	"</sheetData></worksheet>"
#define HEAD                                                                               \
	"<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' "                                \
	"t='inlineStr'><is><t>b</t></is></c></row>"

static void
test_kinds(struct arena *a)
{
	const struct {
		const char *cell, *comes, *title;
	} list[] = {
		{"<c t='s'><v>1</v></c>", "\"Ivan Petrov\"", "a rich text is one text"},
		{"<c t='s'><v>2</v></c>", "\"a\\nb\"", "an escape is a character"},
		{"<c t='s'><v>3</v></c><c><v>1</v></c>", "null",
			"an empty text is nothing"},
		{"<c t='inlineStr'><is><r><t>a</t></r><r><t> b</t></r></is></c>", "\"a b\"",
			"a text of its own"},
		{"<c t='str'><f>A1</f><v>x</v></c>", "\"x\"",
			"a formula is what it came to"},
		{"<c t='b'><v>1</v></c>", "\"true\"", "yes"},
		{"<c t='b'><v>0</v></c>", "\"false\"", "no"},
		{"<c><v>79000000000</v></c>", "\"79000000000\"", "a phone"},
		{"<c><v>7.9E+10</v></c>", "\"79000000000\"", "a phone the scientific way"},
		{"<c><v>0.1</v></c>", "\"0.1\"", "a tenth"},
		{"<c><v>0.30000000000000004</v></c>", "\"0.30000000000000004\"",
			"no digit is lost"},
		{"<c><v>1E-3</v></c>", "\"0.001\"", "a small one"},
		{"<c><v>-12.50</v></c>", "\"-12.5\"", "a negative one"},
		{"<c s='1'><v>45322</v></c>", "\"2024-01-31\"", "a day by its format"},
		{"<c s='2'><v>45322</v></c>", "\"2024-01-31\"", "a day by our own format"},
		{"<c s='3'><v>45322.4166666667</v></c>", "\"2024-01-31T10:00:00\"",
			"an instant"},
		{"<c s='4'><v>45322</v></c>", "\"45322\"",
			"what is quoted in a format is no day"},
		{"<c s='5'><v>0.5</v></c>", "\"12:00:00\"", "a time"},
		{"<c s='1'><v>1</v></c>", "\"1900-01-01\"", "the first day"},
		{"<c s='1'><v>59</v></c>", "\"1900-02-28\"", "before the leap bug"},
		{"<c s='1'><v>60</v></c>", "\"60\"", "the day that never was"},
		{"<c s='1'><v>61</v></c>", "\"1900-03-01\"", "behind the leap bug"},
		{"<c s='1'><v>2958465</v></c>", "\"9999-12-31\"", "the last day"},
		{"<c s='1'><v>2958466</v></c>", "\"2958466\"", "no day any more"},
		{"<c t='d'><v>2024-01-31T00:00:00</v></c>", "\"2024-01-31\"",
			"a day as text"},
		{"<c s='99'><v>5</v></c>", "\"5\"", "a style that is not there"},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		const char *two = arena_printf(
			a, ROWS(HEAD "<row>%s<c r='B2'><v>1</v></c></row>"), list[i].cell);
		write_book(book_1900, ROWS(""), two);
		is_text(read_all(a, &sheet),
			arena_printf(a, "[\"name\",\"b\"]|2 [%s,\"1\"]", list[i].comes),
			"%s", list[i].title);
	}
	write_book(book_1904, ROWS(""),
		ROWS(HEAD "<row><c s='1'><v>0</v></c><c s='1'><v>43860</v></c></row>"));
	is_text(read_all(a, &sheet), "[\"name\",\"b\"]|2 [\"1904-01-01\",\"2024-01-31\"]",
		"the other calendar");
	write_book(book_1900, ROWS(""),
		ROWS(HEAD "<row><c t='e'><v>#N/A</v></c><c><v>1</v></c></row>"));
	is_text(read_all(a, &sheet),
		"[\"name\",\"b\"]|2 [null,\"1\"] A2: a formula of it went wrong",
		"an error is nothing, with words");
	write_book(book_1900, ROWS(""),
		ROWS(HEAD "<row><c t='s'><v>77</v></c><c><v>1</v></c></row>"));
	is_text(read_all(a, &sheet),
		"[\"name\",\"b\"]|2 [null,\"1\"] A2: the text of this cell is not in the "
		"file",
		"a text that is not there");
}

static void
test_shapes(struct arena *a)
{
	struct table_shape shape = sheet;
	write_book(book_1900, ROWS("<row><c><v>7</v></c></row>"),
		ROWS("<row r='3'/><row r='4'><c r='B4' "
		     "t='inlineStr'><is><t>mail</t></is></c></row>"
		     "<row r='9'><c r='A9'><v>1</v></c><c r='C9'><v>3</v></c></row><row "
		     "r='10'><c r='B10' s='1'/></row><row><c><v>4</v></c></row>"));
	is_text(read_all(a, &shape),
		"[\"Column 1\",\"mail\",\"Column 3\"]|9 [\"1\",null,\"3\"]|11 "
		"[\"4\",null,null]",
		"empty rows are passed over, columns without a name get one");
	shape.sheet = "Hidden";
	shape.has_header = false;
	is_text(read_all(a, &shape), "[\"Column 1\"]|1 [\"7\"]",
		"a sheet by its name, a hidden one too, without a head");
	shape.sheet = "Nobody";
	is_text(read_all(a, &shape), "error: there is no sheet \"Nobody\" in this file",
		"a sheet that is not there");
	shape = sheet;
	struct table *t;
	struct err e;
	ok(table_open(a, path, &shape, &t, &e) == 0, "it opens");
	struct val choices = *table_choices(t);
	is_text(text_z(a, json_text(a, &choices)), "[\"Clients\",\"Hidden\"]",
		"sheets, the hidden ones last");
	write_book(book_1900, ROWS("<row><c><v>7</v></c></row>"), ROWS(""));
	is_text(read_all(a, &shape), "[\"7\"]", "the first with rows");
	write_book(book_1900, ROWS(""), ROWS(""));
	is_text(read_all(a, &shape), "error: no sheet of it has rows", "none has rows");
	struct table_shape guess;
	write_book(book_1900, ROWS(""), ROWS(HEAD));
	ok(table_guess(a, path, &guess, &e) == 0 && guess.kind == TABLE_XLSX,
		"what it is, it says itself");
}

/* --- hostile ones --- */

/* What the directory says of the first entry's size, inflated. source: APPNOTE 4.3.12 */
static void
claim_size(uint32_t bytes)
{
	static char all[64 * 1024];
	FILE *f = fopen(path, "r+b");
	size_t n = fread(all, 1, sizeof all, f);
	const char *entry = memmem(all, n, "PK\1\2", 4);
	fseek(f, (long)(entry - all) + 24, SEEK_SET);
	for (int i = 0; i < 4; i++)
		fputc((int)(bytes >> 8 * i & 0xFF), f);
	fclose(f);
}

static void
test_hostile(struct arena *a)
{
	size_t big = 20 * 1024 * 1024;
	char *zeros = malloc(big);
	memset(zeros, ' ', big);
	struct part bomb[] = {{"_rels/.rels", root_rels, 0},
		{"xl/workbook.xml", book_1900, 0},
		{"xl/_rels/workbook.xml.rels", book_rels, 0},
		{"xl/worksheets/two.xml", zeros, big}};
	write_zip(bomb, 4);
	ok(strstr(read_all(a, &sheet), "unpacks to more than 100 times its size") != NULL,
		"a bomb is seen before it goes off");
	free(zeros);
	const char *names[] = {"../evil", "/etc/passwd", "a/../../b", "c:\\x"};
	for (size_t i = 0; i < 4; i++) {
		bomb[3] = (struct part){names[i], "x", 0};
		write_zip(bomb, 4);
		ok(strstr(read_all(a, &sheet), "leads elsewhere") != NULL,
			"a name that leads elsewhere: %s", names[i]);
	}
	struct part many[1100];
	for (size_t i = 0; i < 1100; i++)
		many[i] = (struct part){arena_printf(a, "x%zu", i), "x", 0};
	write_zip(many, 1100);
	ok(strstr(read_all(a, &sheet), "1100 entries") != NULL, "too many entries");
	write_book(book_1900, ROWS(""), ROWS(HEAD));
	claim_size(200 * 1024 * 1024 + 1);
	ok(strstr(read_all(a, &sheet), "larger than 200 MB: save it as CSV") != NULL,
		"more than 200 MB in all");
	write_zip(many, 3);
	ok(strstr(read_all(a, &sheet), "this archive has none") != NULL,
		"an archive that is no workbook");
	write_text("PK\3\4 and nothing more");
	ok(strstr(read_all(a, &sheet), "no whole ZIP") != NULL, "half an archive");
	write_book(book_1900, ROWS(""), "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>");
	ok(strstr(read_all(a, &sheet), "DOCTYPE") != NULL, "a DOCTYPE");
	write_book(book_1900, ROWS(""), ROWS(HEAD "<row><c><v>1</v></c>"));
	ok(strstr(read_all(a, &sheet), "error: ") != NULL, "a sheet that is cut off");
	struct str s = str_new(a);
	str_addz(&s, "<worksheet><sheetData>" HEAD "<row>");
	for (int i = 0; i < 20000; i++)
		str_addz(&s, "<c r='A2'><v>1</v></c>");
	str_addz(&s, "</row></sheetData></worksheet>");
	write_book(book_1900, ROWS(""), s.at);
	ok(strstr(read_all(a, &sheet), "more than 16384 cells") != NULL,
		"a row without end");
	s = str_new(a);
	str_addz(&s, "<worksheet><sheetData>" HEAD "<row><c t='inlineStr'><is><t>");
	for (int i = 0; i < 40000; i++)
		str_addc(&s, "xy"[i % 2]);
	str_addz(&s, "</t></is></c></row></sheetData></worksheet>");
	write_book(book_1900, ROWS(""), s.at);
	ok(strstr(read_all(a, &sheet), "A2: a cell holds at most 32 KB") != NULL,
		"a long cell is its row's problem");
}

static void
test_locked(struct arena *a)
{
	int why;
	write_book(book_1900, ROWS(""), ROWS(HEAD));
	zip_t *z = zip_open(path, 0, &why);
	zip_file_set_encryption(z, 0, ZIP_EM_AES_256, "secret");
	if (zip_close(z) < 0) {
		zip_discard(z);
		ok(true, "# SKIP this libzip does not encrypt");
		return;
	}
	ok(strstr(read_all(a, &sheet), "locked with a password") != NULL, "a locked one");
}

/* --- written by a library, read back, many --- */

static long
resident_kb(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void
write_many(int rows, bool flat)
{
	lxw_workbook_options o = {.constant_memory = flat};
	lxw_workbook *b = workbook_new_opt(path, &o);
	lxw_worksheet *s = workbook_add_worksheet(b, "People");
	lxw_format *day = workbook_add_format(b);
	format_set_num_format(day, "dd.mm.yyyy");
	worksheet_write_string(s, 0, 0, "mail", NULL);
	worksheet_write_string(s, 0, 1, "n", NULL);
	worksheet_write_string(s, 0, 2, "born", NULL);
	worksheet_write_string(s, 0, 3, "yes", NULL);
	for (int i = 0; i < rows; i++) {
		char mail[64];
		snprintf(mail, sizeof mail, "person%d@shop.example", i);
		lxw_datetime d = {1980 + i % 30, 1 + i % 12, 1 + i % 28, 0, 0, 0};
		worksheet_write_string(s, (lxw_row_t)(i + 1), 0, mail, NULL);
		worksheet_write_number(s, (lxw_row_t)(i + 1), 1, i / 4.0, NULL);
		worksheet_write_datetime(s, (lxw_row_t)(i + 1), 2, &d, day);
		worksheet_write_boolean(s, (lxw_row_t)(i + 1), 3, i % 2, NULL);
	}
	workbook_close(b);
}

static void
test_many(int rows)
{
	struct arena *a = arena_new(), *own = arena_new();
	struct table *t;
	struct table_row row;
	struct err e = {0};
	write_many(rows, true);
	long before_kb = resident_kb();
	int64_t from_us = time_monotonic_us(), n = 0, done, total;
	bool same = true;
	int rc = table_open(own, path, &sheet, &t, &e);
	while (rc == 0 && table_next(t, a, &row, &e) == 1) {
		same &= text_is(val_as_text(&row.cells.list->at[0]),
			arena_printf(a, "person%lld@shop.example", (long long)n));
		same &= row.problem == NULL && row.line == n + 2;
		n++;
		arena_reset(a);
	}
	double s = (double)(time_monotonic_us() - from_us) / 1e6;
	table_progress(t, &done, &total);
	ok(rc == 0 && n == rows && same, "%d rows come back as they were written", rows);
	ok(done == total && total > 0, "and the bar is full");
#ifndef TAP_SANITIZED
	ok(resident_kb() - before_kb < 16 * 1024, "memory stays flat: %ld KB more",
		resident_kb() - before_kb);
#endif
	printf("# %d rows read in %.2f s: %.0f rows/s\n", rows, s, rows / s);
	arena_free(own);
	arena_free(a);
}

static void
test_library(struct arena *a)
{
	write_many(2, false);
	is_text(read_all(a, &sheet),
		"[\"mail\",\"n\",\"born\",\"yes\"]|2 "
		"[\"person0@shop.example\",\"0\",\"1980-01-01\",\"false\"]|3 "
		"[\"person1@shop.example\",\"0.25\",\"1981-02-02\",\"true\"]",
		"a workbook with shared texts");
}

/* --- our own writer --- */

static void
test_writer(struct arena *a)
{
	struct arena *own = arena_new();
	struct sheet_writer *w;
	struct table_shape shape = sheet;
	struct err e = {0};
	struct val head = val_list(a), row = val_list(a);
	val_push(a, &head, val_text("formula"));
	val_push(a, &head, val_text("n"));
	ok(sheet_begin(own, path, "/tmp", &head, 4, &w, &e) == 0, "a workbook begins");
	for (int i = 0; i < 7; i++) {
		row = val_list(a);
		val_push(a, &row, val_text("=1+1"));
		val_push(a, &row, val_int(i));
		ok(sheet_row(w, a, &row, &e) == 0, "a row");
	}
	ok(sheet_end(w, &e) == 0, "it ends");
	is_text(read_all(a, &shape),
		"[\"formula\",\"n\"]|2 [\"=1+1\",\"0\"]|3 [\"=1+1\",\"1\"]|4 "
		"[\"=1+1\",\"2\"]",
		"texts stay texts");
	shape.sheet = "Sheet3";
	is_text(read_all(a, &shape), "[\"formula\",\"n\"]|2 [\"=1+1\",\"6\"]",
		"what does not fit goes on in further sheets");
	ok(sheet_begin(own, path, "/tmp", &head, 0, &w, &e) == 0, "one that is given up");
	arena_free(own);
	ok(access(path, F_OK) < 0, "leaves nothing");
}

/* --- XML --- */

static void
test_xml(struct arena *a)
{
	struct table_shape shape = {.kind = TABLE_XML};
	write_text(
		"<?xml version='1.0'?><clients><made>today</made><client id='1'><name>Ivan"
		"</name><address kind='home'><city>Minsk</city></address></client><client "
		"id='2'><name> Olga "
		"</name><phone>1</phone><phone>2</phone></client><client/>"
		"</clients>");
	is_text(read_all(a, &shape),
		"[\"id\",\"name\",\"address.kind\",\"address.city\",\"phone\"]|1 "
		"[\"1\",\"Ivan\",\"home\",\"Minsk\",null]|2 "
		"[\"2\",\"Olga\",null,null,\"1; 2\"]",
		"records by the element repeated most, ways as columns");
	shape.record = "address";
	is_text(read_all(a, &shape), "[\"kind\",\"city\"]|1 [\"home\",\"Minsk\"]",
		"another element, if somebody says so");
	shape.record = "nobody";
	ok(strstr(read_all(a, &shape), "no element \"nobody\"") != NULL,
		"an element that is not there");
	shape.record = NULL;
	write_text("<a><b x='1'>text</b></a>");
	is_text(read_all(a, &shape), "[\"x\",\"b\"]|1 [\"1\",\"text\"]",
		"one record, with a text of its own");
	write_text("<a><b><c>1</c></b><b><c>2</c></b>");
	ok(strstr(read_all(a, &shape), "error: ") != NULL, "a file that is cut off");
	write_text("<!DOCTYPE a [<!ENTITY x 'y'>]><a><b>&x;</b></a>");
	ok(strstr(read_all(a, &shape), "DOCTYPE") != NULL, "a DOCTYPE");
	struct table *t;
	struct err e;
	write_text("<s><groups><g/><g/></groups><items><i n='1'/><i n='2'/><i "
		   "n='3'/></items></s>");
	ok(table_open(a, path, &shape, &t, &e) == 0, "it opens");
	struct val choices = *table_choices(t);
	is_text(text_z(a, json_text(a, &choices)), "[\"g\",\"i\"]", "what may be records");
}

static void
test_xml_many(int rows)
{
	struct arena *a = arena_new(), *own = arena_new();
	struct table_shape shape = {.kind = TABLE_XML};
	struct table *t;
	struct table_row row;
	struct err e = {0};
	FILE *f = fopen(path, "wb");
	fputs("<people>", f);
	for (int i = 0; i < rows; i++)
		fprintf(f,
			"<person id='%d'><name>Some Body %d</name><a><b>x</b></a></person>",
			i, i);
	fputs("</people>", f);
	fclose(f);
	long before_kb = resident_kb();
	int n = 0;
	int rc = table_open(own, path, &shape, &t, &e);
	while (rc == 0 && table_next(t, a, &row, &e) == 1) {
		n += row.problem == NULL && val_as_int(&row.cells.list->at[0], -1) == n;
		arena_reset(a);
	}
	ok(rc == 0 && n == rows, "%d records in their order", rows);
#ifndef TAP_SANITIZED
	ok(resident_kb() - before_kb < 16 * 1024, "memory stays flat: %ld KB more",
		resident_kb() - before_kb);
#else
	(void)before_kb;
#endif
	arena_free(own);
	arena_free(a);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	close(mkstemp(path));
	if (argc > 1) { /* a bench: so many rows, and no more */
		test_many(atoi(argv[1]));
		unlink(path);
		return tap_done();
	}
	test_many(20000);
	test_xml_many(50000);
	test_kinds(a);
	test_shapes(a);
	test_library(a);
	test_writer(a);
	test_locked(a);
	test_hostile(a);
	test_xml(a);
	unlink(path);
	arena_free(a);
	return tap_done();
}
