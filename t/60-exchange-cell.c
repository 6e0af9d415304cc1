/* What people write in cells, and what is made of it. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/cell.h"
#include "exchange/mapping.h"
#include "profile/unify.h"

#include "tap.h"

static struct cell_how
how(const char *type)
{
	return (struct cell_how){.type = type,
		.name = strcmp(type, "gender") == 0 ? "gender" : "x",
		.country = "BY",
		.currency = "BYN",
		.zone = zone_find(text_of("Europe/Minsk")),
		.year = 2026};
}

static void
reads(struct arena *a, const char *type, const char *in, const char *want)
{
	struct val v;
	struct cell_how h = how(strcmp(type, "date-us") == 0 ? "date" : type);
	h.month_first = strcmp(type, "date-us") == 0;
	enum why why = cell_read(a, &h, text_of(in), &v);
	is_text(why == WHY_NONE ? text_z(a, json_text(a, &v)) : "", want, "%s \"%s\"", type,
		in);
}

static void
refuses(struct arena *a, const char *type, const char *in, enum why want)
{
	struct val v;
	struct cell_how h = how(type);
	ok(cell_read(a, &h, text_of(in), &v) == want, "%s \"%s\" is refused", type, in);
}

static void
dates(struct arena *a)
{
	reads(a, "date", "31.01.2024", "\"2024-01-31\"");
	reads(a, "date", " 2024-01-31 ", "\"2024-01-31\"");
	reads(a, "date", "31/01/24", "\"2024-01-31\"");
	reads(a, "date", "5-3-1991", "\"1991-03-05\"");
	reads(a, "date", "02.07.86", "\"1986-07-02\"");
	reads(a, "date", "02.07.26", "\"2026-07-02\"");
	reads(a, "date", "02.07.27", "\"1927-07-02\"");
	reads(a, "date", "29.02.2000 00:00:00", "\"2000-02-29\"");
	reads(a, "date-us", "01/31/2024", "\"2024-01-31\"");
	reads(a, "date", "2024-01-31T10:00:00", "\"2024-01-31\"");
	reads(a, "datetime", "31.01.2024 10:05", "\"2024-01-31T07:05:00.000Z\"");
	reads(a, "datetime", "31.01.2024, 9:05:01 PM", "\"2024-01-31T18:05:01.000Z\"");
	reads(a, "datetime", "2024-01-31T10:00:00Z", "\"2024-01-31T10:00:00.000Z\"");
	reads(a, "datetime", "2024-01-31T10:00:00+05:00", "\"2024-01-31T05:00:00.000Z\"");
	reads(a, "date", "", "null");
	refuses(a, "date", "31.02.2024", WHY_NO_DAY);
	refuses(a, "date", "29.02.1900", WHY_NO_DAY);
	refuses(a, "date", "01/31/2024", WHY_NO_DAY);
	refuses(a, "date", "31.01.12345", WHY_DATE);
	refuses(a, "date", "31.01-2024", WHY_DATE);
	refuses(a, "date", "yesterday", WHY_DATE);
	refuses(a, "datetime", "31.01.2024 25:00", WHY_DATE);
	ok(cell_date_order(text_of("31.01.2024")) == 1 &&
			cell_date_order(text_of("01/31/2024")) == 2 &&
			cell_date_order(text_of("02/03/2024")) == 3 &&
			cell_date_order(text_of("2024-01-31")) == 0,
		"the order of day and month is told where it can be");
}

static void
numbers(struct arena *a)
{
	reads(a, "number", "1 284,50", "1284.5");
	reads(a, "number",
		"1\xc2\xa0"
		"284,50",
		"1284.5");
	reads(a, "number", "1,284.50", "1284.5");
	reads(a, "number", "1.284,50", "1284.5");
	reads(a, "number", "2310.9", "2310.9");
	reads(a, "number", "1.000.000", "1000000");
	reads(a, "number", "-5", "-5");
	reads(a, "number", "5 %", "5");
	reads(a, "number", "007", "7");
	reads(a, "money", "100 000 руб.", "{\"amount\":10000000,\"currency\":\"BYN\"}");
	reads(a, "money", "$12.34", "{\"amount\":1234,\"currency\":\"BYN\"}");
	refuses(a, "number", "12a", WHY_NUMBER);
	refuses(a, "number", "nan", WHY_NUMBER);
	refuses(a, "number", "1e999", WHY_NUMBER);
	refuses(a, "money", "1e20", WHY_NUMBER);
}

static void
others(struct arena *a)
{
	reads(a, "phone", "8 029 555-01-42", "\"+375295550142\"");
	reads(a, "phone", "3,75295550142E+11", "\"+375295550142\"");
	refuses(a, "phone", "7,9E+10", WHY_PHONE_EXCEL);
	refuses(a, "phone", "12", WHY_PHONE);
	reads(a, "email", " Anna@Shop.Example ", "\"anna@shop.example\"");
	refuses(a, "email", "anna@@shop", WHY_EMAIL);
	reads(a, "bool", "Да", "true");
	reads(a, "bool", "НЕТ", "false");
	reads(a, "bool", "no", "false");
	refuses(a, "bool", "maybe", WHY_BOOL);
	reads(a, "gender", "М", "\"male\"");
	reads(a, "gender", "жен.", "\"female\"");
	reads(a, "gender", "other", "\"other\"");
	reads(a, "list", "a; b ;;c,d", "[\"a\",\"b\",\"c,d\"]");
	reads(a, "list", "a, b", "[\"a\",\"b\"]");
	reads(a, "geo", "53.9, 27.56", "{\"lat\":53.9,\"lon\":27.56}");
	refuses(a, "geo", "153.9, 27.56", WHY_GEO);
	reads(a, "text", " 007 ", "\"007\"");
	reads(a, "url", "https://x.example/a", "\"https://x.example/a\"");
	refuses(a, "url", "javascript:alert(1)", WHY_URL);
	char *longer = arena_alloc(a, 5001);
	memset(longer, 'x', 5000);
	refuses(a, "text", longer, WHY_LONG);
}

static void
mappings(struct arena *a)
{
	struct val in, columns, fields;
	struct mapping m;
	struct err e = {0};
	struct unify kinds = {.order_n = 0};
	for (int kind = IDENT_EXTERNAL; kind <= IDENT_CUSTOM_FIRST; kind++)
		if (kind < IDENT_BUILTIN_KINDS || kind == IDENT_CUSTOM_FIRST)
			kinds.order[kinds.order_n++] = (enum ident_kind)kind;
	kinds.idents[IDENT_CUSTOM_FIRST].name = "passport";
	must(json_parse(a, text_of("[\"A\",\"B\"]"), &columns, &e) == 0);
	must(json_parse(a,
		     text_of("[{\"name\":\"email\",\"type\":\"email\",\"state\":"
			     "\"default\"},"
			     "{\"name\":\"source\",\"type\":\"text\",\"state\":\"derived\"}"
			     "]"),
		     &fields, &e) == 0);
	static const struct {
		const char *in, *field;
	} bad[] = {{"{}", "mapping"}, {"{\"mapping\":{\"C\":\"email\"}}", "mapping"},
		{"{\"mapping\":{\"A\":\"source\"}}", "mapping"},
		{"{\"mapping\":{\"A\":\"email\",\"B\":\"email\"}}", "mapping"},
		{"{\"mapping\":{\"A\":null}}", "key"},
		{"{\"mapping\":{\"A\":\"email\"},\"key\":\"phone\"}", "key"},
		{"{\"mapping\":{\"A\":\"email\"},\"mode\":\"x\"}", "mode"},
		{"{\"mapping\":{\"A\":\"consent.fax\",\"B\":\"email\"}}", "mapping"},
		{"{\"mapping\":{\"A\":[1]}}", "mapping"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		must(json_parse(a, text_of(bad[i].in), &in, &e) == 0);
		ok(mapping_read(a, &in, &columns, &fields, &kinds, &m, &e) < 0 &&
				strcmp(e.field, bad[i].field) == 0,
			"a mapping %s is refused: %s", bad[i].in, e.text);
	}
	must(json_parse(a,
		     text_of("{\"mapping\":{\"A\":\"email\",\"B\":\"consent.email\"},"
			     "\"constants\":{\"consent.text\":\"x\"}}"),
		     &in, &e) == 0);
	ok(mapping_read(a, &in, &columns, &fields, &kinds, &m, &e) == 0 && m.n == 3 &&
			strcmp(m.key, "email") == 0,
		"one that is right is read, with the key it has");
	struct val shape = mapping_shape(a, &m);
	struct mapping again;
	ok(mapping_read(a, &shape, &columns, &fields, &kinds, &again, &e) == 0 &&
			again.n == 3,
		"and reads the same once it was kept");
	must(json_parse(a,
		     text_of("{\"mapping\":{\"A\":\"anonymous_id\",\"B\":\"passport\"}}"),
		     &in, &e) == 0);
	ok(mapping_read(a, &in, &columns, &fields, &kinds, &m, &e) == 0 &&
			m.columns[1].target == TO_OTHER_IDENT &&
			m.columns[1].kind == IDENT_CUSTOM_FIRST &&
			strcmp(m.key, "passport") == 0,
		"a kind of the company's own names a person, and before a device does");
	must(json_parse(a,
		     text_of("{\"mapping\":{\"A\":\"passport\",\"B\":\"email\"},"
			     "\"constants\":{"
			     "\"loyalty_card\":\"1\",\"telegram\":\"1\",\"viber\":\"1\","
			     "\"whatsapp\":\"1\",\"vk\":\"1\",\"anonymous_id\":\"1\"}}"),
		     &in, &e) == 0);
	ok(mapping_read(a, &in, &columns, &fields, &kinds, &m, &e) == 0 &&
			m.n == MAPPING_IDENTS_MAX,
		"eight columns may name a person");
	struct val phone = val_map(a);
	val_put(a, &phone, "name", val_text("phone"));
	val_put(a, &phone, "type", val_text("phone"));
	val_push(a, &fields, phone);
	struct val constants = *val_get(&in, "constants");
	val_put(a, &constants, "phone", val_text("1"));
	ok(mapping_read(a, &in, &columns, &fields, &kinds, &m, &e) < 0 &&
			strcmp(e.field, "mapping") == 0,
		"a ninth is refused, not lost: %s", e.text);
}

int
main(void)
{
	struct arena *a = arena_new();
	dates(a);
	numbers(a);
	others(a);
	mappings(a);
	arena_free(a);
	return tap_done();
}
