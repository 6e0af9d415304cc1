/* The words of rules mean what API.md says, and what would silently mean something else is refused with line and advice. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "segment/estimate.h"
#include "segment/rule.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* Now is 2026-03-05 12:00 UTC, 15:00 in Minsk. */
static const char *now_text = "2026-03-05T12:00:00Z";
static int64_t now_us;
static struct settings settings;

static const char *people =
	"["
	"{\"id\":1,\"known\":true,\"fields\":{\"city\":\"Минск\",\"age\":30,\"email\":\"a@"
	"x.example\",\"vip\":true,"
	"  "
	"\"birthday\":\"1990-03-05\",\"tags\":[\"Gold\",\"новый\"],\"balance\":0.1,"
	"\"created_at\":\"2026-03-01T00:00:00Z\","
	"  "
	"\"first_name\":\"Straße\",\"spent\":{\"amount\":1050,\"currency\":\"BYN\"},"
	"\"home\":{\"lat\":53.9,\"lon\":27.56}},"
	" \"changed\":{\"city\":\"2026-03-04T00:00:00Z\"},\"consent\":[\"email\"],"
	" \"events\":[[\"purchase\",\"2026-03-01T10:00:00Z\",{\"total\":100.10,\"city\":"
	"\"Brest\",\"items\":[{\"sku\":\"A1\"},{\"sku\":\"B2\"}]}],"
	"  "
	"[\"purchase\",\"2026-02-20T10:00:00Z\",{\"total\":0.2,\"city\":\"Minsk\"}],["
	"\"purchase\",\"2026-02-25T10:00:00Z\",{\"total\":0.1,\"city\":\"minsk\"}],"
	"  "
	"[\"email_open\",\"2026-03-05T11:59:59Z\",{}],[\"visit\",\"2026-03-01T09:00:00Z\",{"
	"}]]},"
	"{\"id\":2,\"known\":true,\"fields\":{\"city\":\"МИНСК\",\"age\":17,\"email\":\"b@"
	"x.example\",\"vip\":false,"
	"  "
	"\"birthday\":\"1992-02-29\",\"tags\":[],\"balance\":-5,\"big\":1234567890123457,"
	"\"created_at\":\"2026-01-"
	"01T00:00:00Z\",\"timezone\":\"Pacific/Kiritimati\"},"
	" \"consent\":[\"email\"],\"suppress\":[\"b@x.example\"],"
	" \"events\":[[\"purchase\",\"2025-12-01T10:00:00Z\",{\"total\":50,\"city\":"
	"\"Гродно\"}],[\"visit\",\"2025-12-01T08:59:59Z\",{}]]},"
	"{\"id\":3,\"known\":true,\"fields\":{\"city\":\"\",\"age\":65,\"email\":\"c@gmail."
	"example\",\"birthday\":\"2000-03-08\"},\"events\":[]},"
	"{\"id\":4,\"known\":false,\"fields\":{},\"events\":[[\"visit\",\"2026-03-05T12:00:"
	"00Z\",{\"page\":\"/a\"}],[\"visit\",\"2026-02-26T12:00:00Z\",{\"page\":\"/b\"}]]}"
	"]";

static const char *
field_type(void *obj, struct text name)
{
	static const char *const types[][2] = {{"city", "text"}, {"first_name", "text"},
		{"email", "email"}, {"age", "number"}, {"vip", "bool"},
		{"birthday", "date"}, {"tags", "list"}, {"balance", "number"},
		{"created_at", "datetime"}, {"spent", "money"}, {"home", "geo"},
		{"имя", "text"}, {"big", "number"}, {"select", "text"}};
	(void)obj;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (text_is(name, types[i][0]))
			return types[i][1];
	return NULL;
}

static const char *const *
field_all(struct arena *a, void *obj, size_t *n)
{
	static const char *const names[] = {
		"city", "first_name", "email", "age", "vip", "birthday"};
	(void)a, (void)obj;
	*n = 6;
	return names;
}

static bool
event_known(void *obj, struct text type)
{
	(void)obj;
	return text_is(type, "purchase") || text_is(type, "email_open") ||
	       text_is(type, "visit");
}

static int
find_named(void *obj, struct text name, int64_t *id)
{
	(void)obj;
	*id = text_is(name, "vip") || text_is(name, "77") ? 77 : 78;
	return text_is(name, "vip") || text_is(name, "77") || text_is(name, "circle");
}

static bool
segment_uses(void *obj, int64_t from, int64_t to)
{
	(void)obj;
	return from == 78 && to == 99;
}

static const struct rule_names names = {.field_type = field_type,
	.field_all = field_all,
	.event_known = event_known,
	.segment_find = find_named,
	.campaign_find = find_named,
	.segment_uses = segment_uses,
	.self_segment = 99};

static int64_t
time_of(const char *z)
{
	int64_t us = 0;
	must(time_parse(text_of(z), &us) == 1);
	return us;
}

static void
put_person(struct arena *a, struct column_base *base, const struct val *p)
{
	int64_t id = val_as_int(val_get(p, "id"), 0);
	const struct val *list = val_get(p, "events"), *changed = val_get(p, "changed");
	struct val times = val_map(a);
	for (size_t i = 0; i < val_len(changed); i++)
		val_put_key(a, &times, changed->map->at[i].key,
			val_int(time_of(val_as_z(a, &changed->map->at[i].val))));
	column_person_put(base, id, val_as_bool(val_get(p, "known"), false),
		val_get(p, "fields"), &times);
	for (size_t i = 0; i < val_len(list); i++) {
		const struct val *e = list->list->at[i].list->at;
		column_event_add(base, id, e[0].text, time_of(val_as_z(a, &e[1])),
			(int64_t)i, &e[2]);
	}
	list = val_get(p, "consent");
	for (size_t i = 0; i < val_len(list); i++)
		column_consent_set(base, id, list->list->at[i].text, true);
	list = val_get(p, "suppress");
	for (size_t i = 0; i < val_len(list); i++)
		column_suppress(base, text_of("email"), list->list->at[i].text, true);
}

static struct column_base *
base_new(struct arena *a)
{
	struct val list;
	struct err e;
	struct column_base *base = column_base_new(1, zone_find(text_of("Europe/Minsk")));
	static const char *const typed[][2] = {{"age", "number"}, {"vip", "bool"},
		{"birthday", "date"}, {"tags", "list"}, {"balance", "number"},
		{"created_at", "datetime"}, {"spent", "money"}, {"home", "geo"}};
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
		column_field_define(base, text_of(typed[i][0]), text_of(typed[i][1]));
	if (json_parse(a, text_of(people), &list, &e) < 0)
		printf("# %s\n", e.text);
	for (size_t i = 0; i < val_len(&list); i++)
		put_person(a, base, &list.list->at[i]);
	column_member_set(base, 77, 1, true);
	column_member_set(base, 77, 3, true);
	return base;
}

/* Who is in it: "1 2", by the whole base and by each row alone, which must agree. */
static const char *
who(struct arena *a, struct column_base *base, const char *source)
{
	struct rule *r;
	struct err e = {.code = ERR_NONE};
	struct bits all;
	struct str out = str_new(a);
	str_addz(&out, "");
	if (rule_compile(text_of(source), &settings, &names, &r, &e) < 0)
		return arena_printf(a, "line %d: %s", e.line, e.text);
	struct segment_eval *v = segment_eval_new(r, base, &settings);
	int rc = segment_eval_all(a, v, now_us, 0, &all, NULL, &e);
	for (int64_t id = 1; rc == 0 && id <= 4; id++) {
		struct segment_answer one;
		size_t row = (size_t)column_row(base, id);
		rc = segment_eval_one(a, v, row, now_us, &one, &e);
		if (one.is_member != bits_has(&all, row))
			str_addf(&out, "[%d differs]", (int)id);
		if (one.is_member)
			str_addf(&out, "%s%d", out.n > 0 ? " " : "", (int)id);
	}
	segment_eval_free(v);
	rule_free(r);
	return rc < 0 ? arena_printf(a, "failed: %s", e.text) : out.n > 0 ? out.at : "";
}

static const struct {
	const char *rule, *want;
} means[] = {
	/* text: NFC, case folding */
	{"return field.city:is 'минск'", "1 2"},
	{"return field.first_name:is 'STRASSE'", "1"},
	{"return field.city:is_not 'Минск'", "3 4"},
	{"return ~field.city:is 'Минск'", "3 4"},
	{"return field.city:is ''", ""},
	{"return field.city:empty()", "3 4"},
	{"return field.email:contains '@X.'", "1 2"},
	{"return field.email:starts 'C@'", "3"},
	{"return field.email:matches '@gmail\\\\.'", "3"},
	{"return field.city:one_of {'минск', 'Брест'}", "1 2"},
	/* numbers: a missing one is neither more nor less */
	{"return field.age:more(17)", "1 3"},
	{"return field.age:at_least(17)", "1 2 3"},
	{"return field.age:less(30)", "2"},
	{"return field.age:at_most(30)", "1 2"},
	{"return ~field.age:less(30)", "1 3 4"},
	{"return field.age:between(17, 30)", "1 2"},
	{"return field.age:is(30)", "1"},
	{"return field.age:one_of{30, 65}", "1 3"},
	{"return field.balance:is(0.1)", "1"},
	{"return field.balance:less(0)", "2"},
	{"return field.spent:is(10.5)", "1"},
	{"return field.vip:is(true)", "1"},
	{"return field.vip:is_not(true)", "2 3 4"},
	{"return field.vip:is(false)", "2"},
	/* lists: is means contains */
	{"return field.tags:is 'gold'", "1"},
	{"return field.tags:contains 'ново'", ""},
	{"return field.tags:contains 'нов'", "1"},
	{"return field.tags:empty()", "2 3 4"},
	/* days, in the person's zone: it is 6 March in Kiritimati */
	{"return field.birthday:anniversary '1d'", "1"},
	{"return field.birthday:anniversary '3d'", "1"},
	{"return field.birthday:anniversary '4d'", "1 3"},
	{"return field.birthday:before '1992-02-29'", "1"},
	{"return field.birthday:after '1992-02-29'", "3"},
	{"return field.birthday:between('1990-03-05', '1992-02-29')", "1 2"},
	{"return field.birthday:is '1992-02-29'", "2"},
	{"return field.created_at:within_last '5d'", "1"},
	{"return field.created_at:within_last '4d'", ""},
	{"return field.created_at:before '2026-01-01T00:00:00Z'", ""},
	{"return field.created_at:is '2026-03-01'", "1"},
	{"return field.city:changed '2d'", "1"},
	{"return field.city:changed '1d'", ""},
	/* events */
	{"return event.purchase", "1 2"},
	{"return ~event.purchase", "3 4"},
	{"return event['Order Completed']", "1 2"},
	{"return event.purchase:within '90d'", "1"},
	{"return event.purchase:within '95d'", "1 2"},
	{"return event.visit:within '7d'", "1 4"},
	{"return event.visit:within '7d':count():at_least(2)", ""},
	{"return event.visit:within '169h':count():at_least(2)", "4"},
	{"return event.purchase:count():at_least(2)", "1"},
	{"return event.purchase:count():is(0)", "3 4"},
	{"return event.purchase:count():less(2)", "2 3 4"},
	{"return event.purchase:count():between(1, 2)", "2"},
	{"return event.purchase:where{total = more(50)}", "1"},
	{"return event.purchase:where{total = at_least(50)}", "1 2"},
	{"return event.purchase:where{city = 'MINSK'}:count():is(2)", "1"},
	{"return event.purchase:where{city = one_of{'brest', 'гродно'}}", "1 2"},
	{"return event.purchase:where{city = 'minsk', total = less(0.15)}", "1"},
	{"return event.purchase:where{coupon = is_not 'x'}", "1 2"},
	{"return event.purchase:where{coupon = empty()}", "1 2"},
	{"return event.purchase:where{['items.sku'] = 'b2'}", "1"},
	{"return event.purchase:sum 'total':is(100.4)", "1"},
	{"return event.purchase:within '20d':sum 'total':is(100.4)", "1"},
	{"return event.purchase:where{city = 'minsk'}:sum 'total':is(0.3)", "1"},
	{"return event.purchase:sum 'total':is(0)", "3 4"},
	{"return event.purchase:avg 'total':less(34)", "1"},
	{"return event.purchase:avg 'total':at_least(0)", "1 2"},
	{"return event.purchase:min 'total':is(0.1)", "1"},
	{"return event.purchase:max 'total':more(100)", "1"},
	{"return event.purchase:max 'total':empty()", "3 4"},
	{"return ~event.purchase:max 'total':more(100)", "2 3 4"},
	{"return event.purchase:most 'city':is 'minsk'", "1"},
	{"return event.purchase:last():within_last '5d'", "1"},
	{"return event.purchase:first():before '2026-01-01'", "2"},
	{"return event.purchase:first():where{total = more(10)}:after '2026-01-01'", "1"},
	{"return event.purchase:last 'city':is 'brest'", "1"},
	{"return event.purchase:last().city:is 'brest'", "1"},
	{"return event.purchase:first('city'):is_not 'minsk'", "2 3 4"},
	{"return event.purchase:between('2026-02-20', '2026-02-25'):count():is(2)", "1"},
	{"return event.purchase:count():at_least(2):within '10d'", "1"},
	{"return event.purchase:count():at_least(3):within '10d'", ""},
	{"return event.visit:then_(event.purchase, '1h')", "1"},
	{"return event.visit:then_(event.purchase, '2h')", "1 2"},
	{"return event.visit:then_(event.purchase)", "1 2"},
	{"return event.purchase:then_(event.purchase, '5d')", "1"},
	{"return event.purchase:then_(event.purchase, '5d'):then_(event.email_open, '5d')",
		"1"},
	/* the rest */
	{"return known()", "1 2 3"},
	{"return everyone()", "1 2 3 4"},
	{"return reachable 'email'", "1"},
	{"return segment 'vip'", "1 3"},
	{"return segment '77' & known() & ~field.age:more(60)", "1"},
	{"return near(53.9, 27.6, 5)", "1"},
	{"return near(52.1, 23.7, 5)", ""},
	{"return share(100)", "1 2 3 4"},
	{"return share(0, 'x')", ""},
	{"return where(function (p) return p.age / 2 > 20 end)", "3"},
	{"return where [[ age > 20 and city == 'Минск' ]]", "1"},
	{"local least = 20\nreturn where(function (p) return (p.age or 0) > least end)",
		"1 3"},
	{"return where(function (p) return math.floor(p['age'] / 10) == 3 end) | "
	 "field.city:is 'x'",
		"1"},
	{"return where(function (p) return text.contains(p.email, 'gmail') end)", "3"},
	{"return where [[ #tags == 2 ]]", "1"},
	{"return where [[ select == nil and type(age) == 'number' ]]", "1 2 3"},
	{"return field.big:is(1234567890123457)", "2"},
	{"return field.big:is(1234567890123456)", ""},
	{"return field['имя']:empty()", "1 2 3 4"},
	/* joining */
	{"return field.city:is 'Минск' & field.age:more(18) | ~known()", "1 4"},
	{"return ~(field.city:is 'Минск' | field.age:more(60))", "4"},
	{"local c = field.city\nreturn c:is 'Минск' | c:is 'Брест'", "1 2"},
	{"local n = nil\nlocal m = n or 20\nreturn field.age:more(m)", "1 3"},
	{"local f = function (p) return (p.age or p.balance or 0) > 20 end\nreturn "
	 "where(f)",
		"1 3"},
	{"local list = {'Минск', 'Брест'}\nreturn field.city:one_of(list)", "1 2"},
};

static const struct {
	const char *rule, *want;
} refused[] = {
	{"return field.citi:is 'x'",
		"line 1: there is no field \"citi\", did you mean \"city\"?"},
	{"return everyone() &\n  field.qqqqqq:is 'x'",
		"line 2: there is no field \"qqqqqq\""},
	{"return field.age:at_least '5'",
		"line 1: at_least expects a number, got text \"5\""},
	{"return event.purchase:count():at_least '5'",
		"line 1: at_least expects a number, got text \"5\""},
	{"return field.city:more(5)", "line 1: more does not go with field city, which is "
				      "of type text; make it a number "
				      "field to compare it"},
	{"return field.age:contains 'x'", "line 1: contains does not go with field age, "
					  "which is of type number; numbers take is, "
					  "more, less, at_least, at_most, between, one_of"},
	{"return field.age:is '5'", "line 1: is of field age expects a number, got a text"},
	{"return field.city:is(5)",
		"line 1: is of field city expects a text in quotes, got a number"},
	{"return field.birthday:is 'soon'", "line 1: is of field birthday expects a date "
					    "such as \"2026-01-31\", got a text"},
	{"return field.birthday:before 'soon'",
		"line 1: before expects a date such as \"2026-01-31\" or a time such as "
		"\"2026-01-31T10:00:00Z\", got \"soon\""},
	{"return event.purchase:within '90 days'",
		"line 1: within expects a duration such as \"15m\", \"1h\" or \"90d\", got "
		"\"90 days\""},
	{"return event.purchase:within(90)", "line 1: within expects a duration such as "
					     "\"15m\", \"1h\" or \"90d\", got number 90"},
	{"return field.email:matches '('", "line 1: matches: the pattern is wrong at "
					   "character 2: missing closing parenthesis"},
	{"return event.purchase:whithin '90d'",
		"line 1: a event has no word whithin, did you mean within?"},
	{"return field.city:star 'M'",
		"line 1: a field has no word star, did you mean starts?"},
	{"return event.purchase:count():atleast(2)",
		"line 1: a number has no word atleast, did you mean at_least?"},
	{"return event.visit:last():witin_last '1d'",
		"line 1: a instant has no word witin_last, did you mean within_last?"},
	{"return reachabel 'email'", "line 1: there is no word reachabel, did you mean "
				     "reachable? Fields are field.reachabel, texts stand "
				     "in quotes"},
	{"return field.city:zzz 'M'", "line 1: a field has no word zzz"},
	{"return field.city.is('Минск')", "line 1: write :is(…) with a colon, not .is"},
	{"return event.purchase.count()",
		"line 1: write :count(…) with a colon, not .count"},
	{"return field.city:is 'a' and field.age:is(1)",
		"line 1: this condition is built and not used: join conditions with & | ~ "
		"(not and, or, not), and return what you "
		"built"},
	{"return known()\n or everyone()",
		"line 2: conditions are joined with |, not with or: what stands behind or "
		"would never be asked"},
	{"local function f()\n return known() or field.city:is 'x' end\nreturn f()",
		"line 2: conditions are joined with |, not with or: what stands behind or "
		"would never be asked"},
	{"local a, b = known(), everyone()\nreturn a or b",
		"line 1: this condition is built and not used: join conditions with & | ~ "
		"(not and, or, not), and return what you "
		"built"},
	{"return not field.city:is 'a'",
		"line 1: a rule gives back a condition, this one gives false: join "
		"conditions with & | ~, not with and, or, not, =="},
	{"return field.city == 'Минск'",
		"line 1: a rule gives back a condition, this one gives false: join "
		"conditions with & | ~, not with and, or, not, =="},
	{"return field.city:is 'a' == field.city:is 'b'",
		"line 1: conditions are not compared: write :is(v), :is_not(v), :more(n), "
		":less(n) …"},
	{"return field.age ~= field.city", "line 1: conditions are not compared: write "
					   ":is(v), :is_not(v), :more(n), :less(n) …"},
	{"return field.age > 5", "line 1: conditions are not compared: write :is(v), "
				 ":is_not(v), :more(n), :less(n) …"},
	{"return field.age + 5", "line 1: conditions are not calculated with: join them "
				 "with & and |, turn them round with ~"},
	{"return -known()", "line 1: conditions are not calculated with: join them with & "
			    "and |, turn them round with ~"},
	{"return known() .. everyone()",
		"line 1: conditions are not put together with ..: join them with & and |"},
	{"return known() ~ everyone()", "line 1: ~ between two conditions has no meaning "
					"here: write & ~ for \"and not\""},
	{"return known()\n  (everyone() | known())",
		"line 1: a condition cannot be called: is there an & missing in front of "
		"the parenthesis, or a second value?"},
	{"return field.city:is 'a' 'b'", "line 1: a condition cannot be called: is there "
					 "an & missing in front of the "
					 "parenthesis, or a second value?"},
	{"return known()\n  field.city:is 'a'", "line 2: <eof> expected near 'field': is "
						"there an & or | missing in front of it?"},
	{"return known & everyone()",
		"line 1: left of &: a word without its parentheses, write known() or "
		"event.x:count():at_least(1)"},
	{"return everyone() & field.city", "line 1: a field alone is no condition: add a "
					   "word, as in field.city:is \"…\""},
	{"return event.purchase:count()", "line 1: a number alone is no condition: add "
					  ":at_least(n), :more(n), :is(n) …"},
	{"return field.city:one_of{'a', nil, 'b'}",
		"line 1: one_of: the list has a hole or a name in it; only values, one "
		"after another"},
	{"return field.city:one_of{}", "line 1: one_of: the list is empty"},
	{"return field.city:one_of{'a', 5}",
		"line 1: one_of: the values of a list are of one kind"},
	{"return field.city:one_of 'a'",
		"line 1: one_of expects a list such as {\"a\", \"b\"}, got text \"a\""},
	{"return event.purchase:where{total = {1, 2}}",
		"line 1: where{total = {…}}: write one_of{…} for one of several values"},
	{"return event.purchase:where{'total'}",
		"line 1: where{…} takes name = value; for a hole or a value without a name "
		"there is no meaning"},
	{"return event.purchase:where{total = field.age}",
		"line 1: where{total = …} takes a value, more(n), one_of{…} and the like, "
		"not a field"},
	{"return event.purchase:where{total = more(1) and less(5)}",
		"line 1: this matcher is built and not used: join conditions with & | ~ "
		"(not and, or, not), and return what you built"},
	{"local a = known()\nreturn everyone()",
		"line 1: this condition is built and not used: join conditions with & | ~ "
		"(not and, or, not), and return what you "
		"built"},
	{"if known() then return everyone() end\nreturn everyone()",
		"line 1: this condition is built and not used: join conditions with & | ~ "
		"(not and, or, not), and return what you "
		"built"},
	{"known()", "line 1: a rule gives back its condition: begin it with return"},
	{"return 5", "line 1: a rule gives back a condition, this one gives number 5"},
	{"return known(), everyone()",
		"line 1: a rule gives back one condition: join several with & or |"},
	{"return segment 'nobody'", "line 1: there is no segment \"nobody\""},
	{"return segment 'circle'", "line 1: segment \"circle\" asks for this one: "
				    "segments cannot go in a circle"},
	{"return reachable 'pigeon'",
		"line 1: reachable expects \"email\", \"sms\", \"viber\", \"push\" or "
		"\"chatbot\", got text \"pigeon\""},
	{"return where [[ age > ]]", "line 1: where [[…]]: unexpected symbol near <eof>"},
	{"return where [[ agee > 5 ]]",
		"line 1: there is no field \"agee\", did you mean \"age\"?"},
	{"return where(function (p)\n return p.agee > 5 end)",
		"line 1: there is no field \"agee\", did you mean \"age\"?"},
	{"local t = {}\nreturn where(function (p) return t[p.age] end)",
		"line 2: where: the function uses \"t\" from outside, which is no constant "
		"(a number, text or boolean)"},
	{"return Минск", "line 1: unexpected symbol near '<\\208>'"},
	{"return field.city:is(Minsk)", "line 1: there is no word Minsk: fields are "
					"field.Minsk, texts stand in quotes"},
	{"return field.city:is()", "line 1: is expects a value, got nothing"},
	{"return field.city:is('a', 'b')", "line 1: is got too many arguments: text \"b\""},
	{"return field.age:is(0/0)", "line 1: is expects a value, got number nan"},
	{"field.x = 1", "line 1: a condition cannot be changed"},
	{"while true do end", "line 0: the script used up its gas"},
	{"local t = {} for i = 1, 2000 do t[i] = known() end",
		"line 1: a rule of more than 1000 parts"},
};

static void
reasons(struct arena *a, struct column_base *base)
{
	struct rule *r;
	struct err e;
	struct segment_answer one;
	must(rule_compile(text_of("return field.city:is 'Минск'\n  & event.purchase:within "
				  "'30d':count():at_least(2)"),
		     &settings, &names, &r, &e) == 0);
	struct segment_eval *v = segment_eval_new(r, base, &settings);
	must(segment_eval_one(a, v, (size_t)column_row(base, 1), now_us, &one, &e) == 0);
	is_text(text_z(a, json_text(a, &one.reason)),
		"[{\"line\":1,\"condition\":\"field.city:is "
		"'Минск'\",\"value\":\"Минск\",\"holds\":true},"
		"{\"line\":2,\"condition\":\"event.purchase:within "
		"'30d':count():at_least(2)\",\"value\":3,\"holds\":true}]",
		"an answer says why");
	ok(one.until_us == time_of("2026-02-25T10:00:00Z") + 30 * DAY_US,
		"and until when: the second of the two has left");
	must(segment_eval_one(a, v, (size_t)column_row(base, 2), now_us, &one, &e) == 0);
	is_text(text_z(a, json_text(a, &one.reason)),
		"[{\"line\":2,\"condition\":\"event.purchase:within "
		"'30d':count():at_least(2)\",\"value\":0,\"holds\":false}]",
		"what decided against it is the reason");
	ok(one.until_us == SEGMENT_NEVER, "time alone will not bring them in");
	is_text(text_z(a, json_text(a, rule_uses(r))),
		"{\"fields\":[\"city\"],\"events\":[\"purchase\"],\"segments\":[],"
		"\"campaigns\":[],\"scenarios\":[]}",
		"a rule knows what it depends on");
	ok(rule_on_field(r, text_of("city")) && !rule_on_field(r, text_of("age")) &&
			rule_on_event(r, text_of("purchase")) &&
			rule_depends(r) == RULE_ON_TIME,
		"and says so");
	segment_eval_free(v);
	rule_free(r);
	must(rule_compile(text_of("return event.never_seen | where(function (p) return "
				  "p.age .. p.city == '' end)"),
		     &settings, &names, &r, &e) == 0);
	is_text(text_z(a, json_text(a, rule_warnings(r))),
		"[{\"line\":1,\"text\":\"no event \\\"never_seen\\\" has come yet\"}]",
		"an unknown event is a warning");
	is_text(text_z(a, json_text(a, val_get(rule_uses(r), "fields"))),
		"[\"age\",\"city\"]", "what where() reads is a dependency");
	rule_free(r);
	must(rule_compile(text_of("return where(function (p) return p.age > 1 end)"),
		     &settings, &names, &r, &e) == 0);
	v = segment_eval_new(r, base, &settings);
	const char *last;
	must(segment_eval_one(a, v, (size_t)column_row(base, 4), now_us, &one, &e) == 0);
	ok(!one.is_member && segment_eval_errors(v, &last) == 1,
		"an error in where() means no and is counted");
	is_text(last, "line 1: attempt to compare number with nil", "and shown");
	segment_eval_free(v);
	rule_free(r);
}

/* What can be seen without looking at anybody: the last warning, "" when there is none. */
static const char *const seen[][2] = {
	{"return field.city:is 'a' & field.city:is 'b'", "nobody, whatever"},
	{"return field.city:is 'a' & field.city:is 'A'", ""},
	{"return field.city:is 'a' & field.city:one_of {'b', 'c'}", "nobody, whatever"},
	{"return field.city:one_of {'a', 'b'} & field.city:is 'b'", ""},
	{"return field.city:is 'a' & field.city:is_not 'a'", "nobody, whatever"},
	{"return field.city:is 'a' & field.city:is_not 'b'", ""},
	{"return field.city:empty() & field.city:starts 'a'", "nobody, whatever"},
	{"return field.city:empty() & field.city:is_not 'a'", ""},
	{"return field.city:empty() & field.city:changed '1d'", ""},
	{"return field.city:is ''", "nobody, whatever"},
	{"return field.tags:is 'a' & field.tags:is 'b'", ""},
	{"return field.age:more(20) & field.age:at_most(20)", "nobody, whatever"},
	{"return field.age:at_least(20) & field.age:at_most(20)", ""},
	{"return field.age:between(20, 10)", "nobody, whatever"},
	{"return field.birthday:before '2020-01-01' & field.birthday:after '2019-12-31'",
		"nobody, whatever"},
	{"return field.birthday:before '2020-01-01' & field.birthday:after '2019-12-30'",
		""},
	{"return known() & event.visit\n & ~known()", "nobody, whatever"},
	{"return event.visit & ~event.visit:within '1d'", ""},
	{"return event.visit:where { page = 'a' } & ~event.visit:where { page = 'A' }",
		"nobody, whatever"},
	{"return event.visit:count():less(0)", "nobody, whatever"},
	{"return event.visit:count():less(1)", ""},
	{"return event.visit:count():at_least(0)", "always holds"},
	{"return event.visit:between('2026-02-01', '2026-01-01')", "nobody, whatever"},
	{"return known()\n | ~known()", "lines 1 and 2 together mean everybody"},
	{"return known() | (field.city:is 'a' &\n field.city:is 'b')",
		"lines 1 and 2 exclude each other"},
	{"return ~(known() | ~known())", "nobody, whatever"},
	{"return share(0, 'x') | share(0, 'y')", "nobody, whatever"},
	{"return everyone() & known()", ""},
	{"return where [[ age > 1 ]] & ~where [[ age > 1 ]]", ""},
};

static void
foresight(void)
{
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
		struct rule *r;
		struct err e;
		must(rule_compile(text_of(seen[i][0]), &settings, &names, &r, &e) == 0);
		const struct val *said = rule_warnings(r);
		size_t n = val_len(said);
		struct text last = n > 0 ? val_as_text(
						   val_get(&said->list->at[n - 1], "text"))
					 : text_of("");
		ok(*seen[i][1] == '\0' ? n == 0
				       : memmem(last.at, last.n, seen[i][1],
						 strlen(seen[i][1])) != NULL,
			"%s: %s", seen[i][0], n > 0 ? "warned of" : "no warning");
		rule_free(r);
	}
}

/* Of many people: near what counting them says, the same each time, and exactly when they are few. */
static void
estimates(struct arena *a)
{
	enum { PEOPLE = 60000 };
	struct column_base *base = column_base_new(1, NULL);
	for (int64_t id = 1; id <= PEOPLE; id++) {
		struct val fields = val_map(a);
		val_put(a, &fields, "city", val_text(id % 10 < 3 ? "Минск" : "Брест"));
		val_put(a, &fields, "age", val_int(id % 100));
		column_person_put(base, id, true, &fields, NULL);
	}
	static const struct {
		const char *rule;
		double share;
	} tried[] = {{"return field.city:is 'Минск'", 0.3},
		{"return field.age:less(1)", 0.01}, {"return field.age:at_least(0)", 1},
		{"return field.age:more(100)", 0}, {"return where [[ age >= 50 ]]", 0.5}};
	struct bits all = column_all(a, base, true), few = bits_new(a, all.n);
	bits_set(&few, (size_t)column_row(base, 1));
	bits_set(&few, (size_t)column_row(base, 5));
	for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
		struct rule *r;
		struct err e = {0};
		double share = -1, again = -2, of_few = -1;
		size_t n = 0, n_few = 0;
		must(rule_compile(text_of(tried[i].rule), &settings, &names, &r, &e) == 0);
		struct segment_eval *v = segment_eval_new(r, base, &settings);
		must(segment_estimate(a, v, &all, now_us, 0, &n, &share, &e) == 0);
		must(segment_estimate(a, v, &all, now_us, 0, &n, &again, &e) == 0);
		ok(n > SEGMENT_SAMPLE * 9 / 10 && n < SEGMENT_SAMPLE * 11 / 10 &&
				share > tried[i].share - 0.03 &&
				share < tried[i].share + 0.03 && share == again,
			"%s is estimated: %.3f of %zu", tried[i].rule, share, n);
		must(segment_estimate(a, v, &few, now_us, 0, &n_few, &of_few, &e) == 0);
		struct bits in;
		must(segment_eval_among(a, v, &few, now_us, 0, &in, &e) == 0);
		ok(n_few == 2 && of_few == (double)bits_count(&in) / 2,
			"few are all tried");
		segment_eval_free(v);
		rule_free(r);
	}
	column_base_free(base);
}

int
main(void)
{
	struct arena *a = arena_new();
	settings = (struct settings){.lua_dir = SOURCE_DIR "/lua",
		.rule_gas = 200000,
		.rule_memory_kb = 2048,
		.rule_wall_ms = 200,
		.step_gas = 1000000,
		.step_memory_kb = 4096,
		.step_wall_ms = 500,
		.adapter_gas = 5000000,
		.adapter_memory_kb = 8192,
		.adapter_wall_ms = 500};
	now_us = time_of(now_text);
	struct column_base *base = base_new(a);
	for (size_t i = 0; i < sizeof means / sizeof means[0]; i++)
		is_text(who(a, base, means[i].rule), means[i].want, "%.*s",
			(int)strcspn(means[i].rule + 7, "\n"), means[i].rule + 7);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		is_text(who(a, base, refused[i].rule), refused[i].want, "refused %zu", i);
	reasons(a, base);
	foresight();
	estimates(a);
	column_base_free(base);
	arena_free(a);
	return tap_done();
}
