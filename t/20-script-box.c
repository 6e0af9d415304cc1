/* The box bounds every attack of t/box by the limit written in it, shares nothing, and can reach only what is on the list. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "script/box.h"
#include "tap.h"

#include <dirent.h>
#include <locale.h>
#include <stdlib.h>

static const char *
folder(struct arena *a, const char *below)
{
	const char *top = getenv("top_srcdir");
	return arena_printf(a, "%s/t/box%s%s", top != NULL ? top : SOURCE_DIR,
		*below ? "/" : "", below);
}

static struct text
slurp(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "re");
	must(f != NULL);
	char *bytes = arena_alloc(a, 100000);
	size_t n = fread(bytes, 1, 99999, f);
	fclose(f);
	return (struct text){bytes, n};
}

/* The line "-- WORD: …" of an attack, NULL when it has none. */
static const char *
said(struct arena *a, struct text t, const char *word)
{
	const char *key = arena_printf(a, "-- %s: ", word);
	const char *at = strstr(text_z(a, t), key);
	return at != NULL ? arena_text(a, at + strlen(key), strcspn(at + strlen(key), "\n"))
			  : NULL;
}

/* An attack names the limits of which one must stop it, "error", or "nothing": then it does no harm, and what it answers may stand in
 * a second line. */
static void
attack(struct arena *a, const char *file)
{
	struct text t = slurp(a, folder(a, file));
	const char *wanted = said(a, t, "limit"), *value = said(a, t, "value");
	must(wanted != NULL);
	struct val v;
	struct err e = {.code = ERR_NONE};
	struct box *box = box_new(BOX_RULE, NULL, 0, 1);
	int64_t began_us = time_monotonic_us();
	int rc = box_run(a, box, t, file, NULL, &v, &e);
	int64_t us = time_monotonic_us() - began_us;
	struct box_usage u = box_usage(box);
	const char *ended = rc == 0			? "nothing"
			    : u.limit != BOX_LIMIT_NONE ? box_limit_word(u.limit)
							: "error";
	const char *got = rc == 0 ? json_text(a, &v).at : "";
	bool good = strstr(wanted, ended) != NULL && us < 1000000 &&
		    u.memory_bytes < 16 << 20 &&
		    (value == NULL || rc < 0 || strcmp(value, got) == 0);
	ok(good, "%s is ended by %s (wanted %s)", file, ended, wanted);
	if (!good)
		printf("#   %s%s (%lld us, gas %lld, %zu bytes)\n", rc < 0 ? e.text : "",
			got, (long long)us, (long long)u.gas, u.memory_bytes);
	box_free(box);
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void
attacks(struct arena *a)
{
	const char *names[512];
	size_t n = 0;
	DIR *d = opendir(folder(a, ""));
	must(d != NULL);
	for (struct dirent *f; (f = readdir(d)) != NULL && n < 512;)
		if (strstr(f->d_name, ".lua") != NULL)
			names[n++] = arena_text(a, f->d_name, strlen(f->d_name));
	closedir(d);
	qsort(names, n, sizeof names[0], by_name);
	ok(n >= 120, "there are %zu attacks", n);
	for (size_t i = 0; i < n; i++)
		attack(a, names[i]);
}

static const char *
run(struct arena *a, struct box *box, const char *chunk, const char *params)
{
	struct val v, p;
	struct err e = {.code = ERR_NONE};
	if (params != NULL)
		must(json_parse(a, text_of(params), &p, &e) == 0);
	if (box_run(a, box, text_of(chunk), "s", params != NULL ? &p : NULL, &v, &e) < 0)
		return arena_printf(a, "%d: %s", e.line, e.text);
	return json_text(a, &v).at;
}

static void
library(struct arena *a)
{
	static const struct {
		const char *chunk, *want;
	} cases[] = {
		{"return 1 + 1", "2"},
		{"return 7 / 2", "3.5"},
		{"return nil", "null"},
		{"return {1, 2, {a = 'б'}}", "[1,2,{\"a\":\"б\"}]"},
		{"return {b = 1, a = 2, [3] = 4}", "{\"3\":4,\"a\":2,\"b\":1}"},
		{"return text.upper('привет, straße')", "\"ПРИВЕТ, STRASSE\""},
		{"return ('Минск'):lower():len()", "5"},
		{"return text.sub('Минск', 2, -2)", "\"инс\""},
		{"return text.split('a,b,,c', ',')", "[\"a\",\"b\",\"\",\"c\"]"},
		{"return text.replace('a-b-c', '-', '+')", "\"a+b+c\""},
		{"return text.trim('  x ')", "\"x\""},
		{"return {text.match('2024-05-06', '(\\\\d+)-(\\\\d+)')}",
			"[\"2024\",\"05\"]"},
		{"return text.match('abc', 'b.')", "\"bc\""},
		{"return text.matches('МИНСК', '(?i)^минск$')", "true"},
		{"return text.format('%5.2f|%-6s|%03d|%%', 3.14159, 'да', 7)",
			"\" 3.14|да    |007|%\""},
		{"return list.map({1, 2}, function (x) return x * 10 end)", "[10,20]"},
		{"return list.filter({1, 2, 3, 4}, function (x) return x % 2 == 0 end)",
			"[2,4]"},
		{"return list.sort({3, 1, 2, 5, 4})", "[1,2,3,4,5]"},
		{"return list.sort({'b', 'c', 'a'}, function (x, y) return x > y end)",
			"[\"c\",\"b\",\"a\"]"},
		{"return list.join({'a', 1, 2.5}, '; ')", "\"a; 1; 2.5\""},
		{"return list.contains({1, 'x'}, 'x')", "true"},
		{"return {math.floor(2.7), math.ceil(2.1), math.round(2.675, 2), "
		 "math.max(1, 9, 3)}",
			"[2,3,2.68,9]"},
		{"return date.format('2026-03-05T20:30:00Z', 'd MMMM yyyy, HH:mm', "
		 "'Europe/Minsk', 'ru')",
			"\"5 марта 2026, 23:30\""},
		{"return date.days('2026-02-27', '2026-03-01')", "2"},
		{"return date.add('1970-01-01', '2d')", "172800"},
		{"return json.encode({a = {1, true}})", "\"{\\\"a\\\":[1,true]}\""},
		{"return json.decode('{\"x\":[1,2]}').x[2]", "2"},
		{"return tostring(1e15) .. tostring(2.0) .. tostring(nil)",
			"\"1e+152.0nil\""},
		{"return tonumber('0x10') + tonumber('z', 36)", "51"},
		{"local t = {} for k in pairs({z = 1, a = 1, m = 1, 5, 6}) do t[#t + 1] = "
		 "k end return t",
			"[1,2,\"a\",\"m\",\"z\"]"},
		{"return {pcall(error, 'x')}", "[false,\"x\"]"},
		{"local ok, why = pcall(function () error('bad') end) return why",
			"\"s:1: bad\""},
		{"local t = {} table.insert(t, 'b') table.insert(t, 1, 'a') return t",
			"[\"a\",\"b\"]"},
		{"return params and params.x", "null"},
		{"\n\nerror('oops')", "3: oops"},
		{"\nreturn x.y.z", "2: attempt to index a nil value (global 'x')"},
		{"return 1 +", "1: unexpected symbol near <eof>"},
		{"return now, date.now, math.random", "null"},
		{"\nlocal x = {}\nx()", "3: attempt to call a table value (local 'x')"},
	};
	struct box *box = box_new(BOX_RULE, NULL, 0, 1);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		is_text(run(a, box, cases[i].chunk, NULL), cases[i].want, "%s",
			cases[i].chunk[0] == '\n' ? cases[i].want : cases[i].chunk);
	is_text(run(a, box, "return params.x[1] + params.y", "{\"x\":[4],\"y\":5}"), "9",
		"parameters come in");
	is_text(run(a, box, "leak = 1; text2 = 2; return leak", NULL), "1",
		"a global is set");
	is_text(run(a, box, "return leak", NULL), "null", "and is gone in the next run");
	box_free(box);
}

static int
give_add(struct box *box, struct arena *a, void *obj, const struct val *args, size_t n,
	struct val *result, struct err *e)
{
	(void)a;
	box_charge(box, 10);
	if (n != 2)
		return err_set(e, ERR_INPUT, "add takes two numbers");
	*result = val_int(val_as_int(&args[0], 0) + val_as_int(&args[1], 0) + *(int *)obj);
	return 0;
}

static int
get_field(struct arena *a, void *obj, struct text key, struct val *out)
{
	(void)a;
	if (text_is(key, "missing"))
		return 1;
	*out = val_int(*(int *)obj);
	return text_is(key, "bonus");
}

static void
host(struct arena *a)
{
	int extra = 100, bonus = 7;
	struct err e;
	struct val v, arg;
	struct box_ref f;
	struct box *box = box_new(BOX_STEP, NULL, 1700000000 * SECOND_US, 42);
	box_give(box, "add", give_add, &extra);
	box_give_object(box, "profile", get_field, &bonus);
	is_text(run(a, box, "return add(1, 2)", NULL), "103", "a host function answers");
	is_text(run(a, box, "return add(1)", NULL), "1: add takes two numbers",
		"its error has a line");
	is_text(run(a, box, "return {profile.bonus, profile.missing == nil}", NULL),
		"[7,true]", "an object's fields are read");
	is_text(run(a, box, "profile.bonus = 1", NULL),
		"1: this cannot be changed by a script", "and not written");
	is_text(run(a, box, "return date.now()", NULL), "1700000000",
		"now is what the host gave");
	const char *first = run(a, box, "return math.random(1000000)", NULL);
	is_text(run(a, box, "return math.random(1000000)", NULL), first,
		"chance repeats with the seed");
	must(box_load(box, text_of("n = (n or 0) + 1; return n * params.k"), "f", &f, &e) ==
		0);
	must(json_parse(a, text_of("{\"k\": 3}"), &arg, &e) == 0);
	for (int i = 0; i < 2; i++) {
		must(box_call(a, box, f, &arg, 1, &v, &e) == 0);
		ok(v.kind == VAL_INT && v.i == 3, "call %d of a loaded text starts afresh",
			i + 1);
	}
	must(box_load_expression(box, text_of("bonus / 2 > 3 and math.floor(bonus) == 7"),
		     "x", &f, &e) == 0);
	ok(box_test(box, f, get_field, &bonus, &e) == 1,
		"an expression sees the object's fields");
	bonus = 6;
	ok(box_test(box, f, get_field, &bonus, &e) == 0, "and answers anew");
	ok(box_load_expression(box, text_of("1) + (2"), "x", &f, &e) < 0,
		"half an expression is refused");
	ok(box_load_expression(box, text_of("1; x = 2"), "x", &f, &e) < 0,
		"a statement is refused");
	is_text(run(a, box, "while true do end", NULL), "0: the script used up its gas",
		"a limit ends it");
	ok(box_is_spent(box), "the box is spent then");
	ok(box_run(a, box, text_of("return 1"), "s", NULL, &v, &e) < 0 &&
			e.code == ERR_LIMIT,
		"and runs nothing more");
	box_free(box);
}

enum { GAS_TEXTS = 40 };

/* The texts of t/box/gas in one box or each in its own: "name gas" lines, in the order of their names. */
static const char *
gas_of_all(struct arena *a, char *const *names, size_t n, bool one_box, bool backwards)
{
	int64_t gas[GAS_TEXTS] = {0};
	struct str out = str_new(a);
	struct box *box = NULL;
	for (size_t k = 0; k < n; k++) {
		size_t i = backwards ? n - 1 - k : k;
		if (box == NULL)
			box = box_new(BOX_RULE, NULL, 0, 1);
		struct val v;
		struct err e;
		struct text chunk = slurp(
			a, folder(a, arena_printf(a, "gas/%s", names[i])));
		box_run(a, box, chunk, "s", NULL, &v, &e);
		gas[i] = box_usage(box).gas;
		if (!one_box || box_is_spent(box)) {
			box_free(box);
			box = NULL;
		}
	}
	box_free(box);
	for (size_t i = 0; i < n; i++)
		str_addf(&out, "%s %lld\n", names[i], (long long)gas[i]);
	return str_text(&out).at;
}

static void
gas(struct arena *a)
{
	char *names[GAS_TEXTS];
	size_t n = 0;
	DIR *d = opendir(folder(a, "gas"));
	must(d != NULL);
	for (struct dirent *f; (f = readdir(d)) != NULL && n < GAS_TEXTS;)
		if (strstr(f->d_name, ".lua") != NULL)
			names[n++] = arena_text(a, f->d_name, strlen(f->d_name));
	closedir(d);
	qsort(names, n, sizeof names[0], by_name);
	const char *golden = folder(a, "gas/golden.txt");
	const char *first = gas_of_all(a, names, n, false, false);
	if (getenv("BOX_REACH_WRITE") != NULL) {
		FILE *f = fopen(golden, "we");
		fputs(first, f);
		fclose(f);
	}
	is_text(first, text_z(a, slurp(a, golden)),
		"gas is what t/box/gas/golden.txt says (this process: other addresses, "
		"another hash seed)");
	is_text(gas_of_all(a, names, n, false, true), first, "in another order, too");
	is_text(gas_of_all(a, names, n, true, false), first,
		"and in one box after another");
	is_text(gas_of_all(a, names, n, true, true), first, "in either order");
	setenv("TZ", "Asia/Tokyo", 1);
	setlocale(LC_ALL, "C.UTF-8");
	is_text(gas_of_all(a, names, n, false, false), first,
		"whatever the process's zone and locale");
	setlocale(LC_ALL, "C");
}

/* What the run of one company leaves, the next run looks for everywhere it reaches. */
static void
canaries(struct arena *a)
{
	static const char *const leave =
		"local c = 'canary ' .. 'of company A, longer than forty letters are'\n"
		"secret = c; _G = c; params = c\n"
		"for _, lib in pairs({text, list, math, number, date, hash, json, table}) "
		"do "
		"pcall(function () lib.secret = c end) pcall(table.insert, lib, c) end\n"
		"pcall(function () local s = '' s.secret = c end)\n"
		"pcall(error, c); pcall(error, {c}); pcall(text.match, c, '(canary)(.*)')\n"
		"pcall(text.match, c, c); pcall(date.format, 0, c); pcall(date.format, 0, "
		"'HH', c)\n"
		"pcall(json.decode, c); pcall(text.format, '%d', c)\n"
		"local t = {[c] = c} for k in pairs(t) do next(t, k) end\n"
		"pcall(list.map, {c}, function (v) error(v) end)\n"
		"function helper() return c end\n"
		"if math.random then math.random() math.random() end\n"
		"return c";
	static const char *const look =
		"local found, seen = {}, {}\n"
		"local function walk(path, v, depth)\n"
		"  if type(v) == 'string' and text.contains(v, 'canary') then found[#found "
		"+ 1] "
		"= path end\n"
		"  if depth > 4 or type(v) ~= 'table' or seen[v] then return end\n"
		"  seen[v] = true\n"
		"  for k, w in pairs(v) do walk(path .. '.' .. tostring(k), k, depth + 1) "
		"walk(path .. '.' .. tostring(k), w, depth + 1) end\n"
		"end\n"
		"walk('secret', secret, 0) walk('_G', _G, 0) walk('params', params, 0)\n"
		"walk('helper', helper and helper() or nil, 0)\n"
		"for name, lib in pairs({text = text, list = list, math = math, number = "
		"number, "
		"date = date, hash = hash, json = json, table = table}) do walk(name, "
		"lib.secret, "
		"0) walk(name, lib[1], 0) end\n"
		"local s = '' walk('string', s.secret, 0)\n"
		"for _, f in pairs({text.match, json.decode, error, date.format}) do "
		"walk('error', "
		"select(2, pcall(f)), 0) walk('error', select(2, pcall(f, nil, nil)), 0) "
		"end\n"
		"walk('next', next({}), 0)\n"
		"walk('args', select('#', ...) > 0 and ... or nil, 0)\n"
		"return list.join(found, ' ')";
	for (int use = BOX_RULE; use <= BOX_STEP; use++) {
		struct box *box = box_new((enum box_use)use, NULL, 0, 7);
		const char *chance = "return math.random and math.random(1000000000)";
		const char *first = run(a, box, chance, NULL);
		ok(strstr(run(a, box, leave, NULL), "canary") != NULL,
			"a run of use %d leaves canaries", use);
		is_text(run(a, box, look, NULL), "\"\"", "the next run finds none");
		is_text(run(a, box, chance, NULL), first, "and chance begins anew");
		must(run(a, box, leave, NULL) != NULL);
		struct box_usage used = box_usage(box);
		box_free(box);
		box = box_new((enum box_use)use, NULL, 0, 7);
		is_text(run(a, box, look, NULL), "\"\"", "nor does another box");
		run(a, box, leave, NULL);
		ok(box_usage(box).gas == used.gas,
			"and a run costs the same there (%lld), so its cost tells nothing",
			(long long)used.gas);
		box_free(box);
	}
}

static void
reach(struct arena *a)
{
	static const char *const names[] = {"reach-rule.txt", "reach-step.txt"};
	for (int use = BOX_RULE; use <= BOX_STEP; use++) {
		struct box *box = box_new((enum box_use)use, NULL, 0, 1);
		struct text got = box_reach(a, box);
		const char *path = folder(a, names[use]);
		if (getenv("BOX_REACH_WRITE") != NULL) {
			FILE *f = fopen(path, "we");
			fwrite(got.at, 1, got.n, f);
			fclose(f);
		}
		is_text(text_z(a, got), text_z(a, slurp(a, path)),
			"a script reaches what %s lists", names[use]);
		box_free(box);
	}
}

int
main(void)
{
	struct arena *a = arena_new();
	library(a);
	host(a);
	attacks(a);
	gas(a);
	canaries(a);
	reach(a);
	arena_free(a);
	return tap_done();
}
