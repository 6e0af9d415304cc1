/* See command.h. A case says by what it gives what the text is: profile or events a rule, vars a template, else a script (params). */
#include "segment/command.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "profile/field.h"
#include "script/box.h"
#include "script/template.h"
#include "segment/cases.h"
#include "segment/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test {
	struct arena *a;
	const struct settings *settings;
	const char *path;
	struct text text;
	struct val cases, fields; /* fields: names the cases give, to their types */
	int number, status;
};

static int
slurp(struct arena *a, const char *path, size_t most, struct text *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_MISSING, "cannot read %s: %m", path);
	char *bytes = arena_alloc(a, most + 1);
	size_t n = fread(bytes, 1, most + 1, f);
	bool broken = ferror(f) != 0;
	fclose(f);
	*out = (struct text){bytes, n};
	if (broken)
		return err_set(e, ERR_INPUT, "%s is no file that can be read", path);
	return n > most ? err_set(e, ERR_SIZE, "%s has more than %zu bytes", path, most)
			: 0;
}

static void
say(struct test *t, bool pass, struct text name, const char *why)
{
	printf("%sok %d - %s: %.*s\n", pass ? "" : "not ", ++t->number, t->path,
		(int)name.n, name.at);
	if (!pass) {
		printf("#   %s\n", why);
		t->status = t->status == 2 ? 2 : 1;
	}
}

static const char *
field_type(void *obj, struct text name)
{
	struct test *t = obj;
	for (size_t i = 0; i < FIELD_DEFAULTS; i++)
		if (text_is(name, field_defaults[i].name))
			return field_defaults[i].type;
	for (size_t i = 0; i < sizeof field_derived / sizeof field_derived[0]; i++)
		if (text_is(name, field_derived[i].name))
			return field_derived[i].type;
	const struct val *type = val_get_key(&t->fields, name);
	return type != NULL ? val_as_z(t->a, type) : NULL;
}

static const char *const *
field_names(struct arena *a, void *obj, size_t *n)
{
	struct test *t = obj;
	const char **names = arena_array(
		a, FIELD_DEFAULTS + val_len(&t->fields) + 1, sizeof *names);
	*n = 0;
	for (size_t i = 0; i < FIELD_DEFAULTS; i++)
		names[(*n)++] = field_defaults[i].name;
	for (size_t i = 0; i < val_len(&t->fields); i++)
		names[(*n)++] = text_z(a, t->fields.map->at[i].key);
	return names;
}

/* Any name is one here: the number is its own. */
static int
find_name(void *obj, struct text name, int64_t *id)
{
	(void)obj;
	*id = 1;
	for (size_t i = 0; i < name.n; i++)
		*id = (*id * 31 + (unsigned char)name.at[i]) % INT64_C(1000000007) + 1;
	return 1;
}

static bool
event_known(void *obj, struct text type)
{
	(void)obj, (void)type;
	return true;
}

static const char *
guess(const struct val *v)
{
	if (v->kind == VAL_MAP)
		return val_get(v, "amount") != NULL ? "money"
		       : val_get(v, "lat") != NULL  ? "geo"
						    : "text";
	return field_guess(v);
}

static const char *
failed(struct test *t, const struct err *e)
{
	if (e->code == ERR_LIMIT)
		t->status = 2;
	return e->line > 0 ? arena_printf(t->a, "line %d: %s", e->line, e->text)
			   : arena_printf(t->a, "%s", e->text);
}

static void
test_rule(struct test *t)
{
	struct val checked, results;
	struct err e = {.code = ERR_NONE};
	t->fields = val_map(t->a);
	for (size_t i = 0; i < val_len(&t->cases); i++) {
		const struct val *p = val_get(&t->cases.list->at[i], "profile");
		for (size_t k = 0; p != NULL && p->kind == VAL_MAP && k < p->map->n; k++)
			if (val_get_key(&t->fields, p->map->at[k].key) == NULL)
				val_put_key(t->a, &t->fields, p->map->at[k].key,
					val_text(guess(&p->map->at[k].val)));
	}
	struct rule_names names = {.obj = t,
		.field_type = field_type,
		.field_all = field_names,
		.event_known = event_known,
		.segment_find = find_name,
		.campaign_find = find_name,
		.scenario_find = find_name};
	if (segment_cases_read(t->a, json_text(t->a, &t->cases), &checked, &e) < 0 ||
		segment_cases_run(t->a, t->settings, &names, t->text, &checked,
			time_now_us(), &results, &e) < 0) {
		say(t, false, text_of("compiles"), failed(t, &e));
		return;
	}
	for (size_t i = 0; i < val_len(&results); i++) {
		const struct val *r = &results.list->at[i], *error = val_get(r, "error");
		bool expect = val_as_bool(val_get(r, "expect"), false);
		say(t, val_as_bool(val_get(r, "pass"), false),
			val_as_text(val_get(r, "name")),
			error != NULL
				? val_as_z(t->a, error)
				: arena_printf(t->a,
					  "got %s, expected %s: the rule %s this person",
					  expect ? "false" : "true",
					  expect ? "true" : "false",
					  expect ? "does not mean" : "means"));
	}
}

static const char *
differs(struct test *t, const struct val *got, const struct val *expect)
{
	struct val null = val_null();
	return arena_printf(t->a, "got %s, expected %s", json_text(t->a, got).at,
		json_text(t->a, expect != NULL ? expect : &null).at);
}

static void
test_script(struct test *t, const struct val *one, struct text name)
{
	static const char *const uses[] = {"rule", "step", "adapter"};
	struct text word = val_as_text(val_get(one, "use"));
	int use = BOX_STEP;
	for (int i = 0; i < 3; i++)
		use = text_is(word, uses[i]) ? i : use;
	int64_t now_us = time_now_us();
	time_parse(val_as_text(val_get(one, "now")), &now_us);
	struct box *box = box_new((enum box_use)use, t->settings, now_us,
		(uint64_t)val_as_int(val_get(one, "seed"), 1));
	struct val got, null = val_null();
	struct err e;
	const struct val *expect = val_get(one, "expect");
	int rc = box_run(t->a, box, t->text, t->path, val_get(one, "params"), &got, &e);
	if (rc < 0)
		say(t, false, name, failed(t, &e));
	else
		say(t, val_same(&got, expect != NULL ? expect : &null), name,
			differs(t, &got, expect));
	box_free(box);
}

static void
test_template(struct test *t, const struct val *one, struct text name)
{
	struct template_set *set = template_set_letters(t->settings);
	size_t n = strlen(t->path);
	bool html = n > 5 && strcmp(t->path + n - 5, ".html") == 0;
	struct template_view view = {.language = val_as_z(t->a, val_get(one, "language")),
		.zone = zone_find(val_as_text(val_get(one, "timezone")))};
	struct template *made;
	struct str out = str_new(t->a);
	struct err e;
	time_parse(val_as_text(val_get(one, "now")), &view.now_us);
	int rc = template_compile(
		set, t->text, "template", html ? TEMPLATE_HTML : TEMPLATE_PLAIN, &made, &e);
	if (rc == 0)
		rc = template_render(made, val_get(one, "vars"), &view, &out, &e);
	struct val got = val_of(text_trim(str_text(&out)));
	const struct val *expect = val_get(one, "expect");
	struct val wanted = val_of(text_trim(val_as_text(expect)));
	if (rc < 0)
		say(t, false, name, failed(t, &e));
	else
		say(t, val_same(&got, &wanted), name, differs(t, &got, &wanted));
	template_set_free(set);
}

/* FILE.lua has FILE.cases.json beside it. */
static int
read_cases(struct test *t, struct err *e)
{
	const char *slash = strrchr(t->path, '/'), *dot = strrchr(t->path, '.');
	int stem = dot != NULL && (slash == NULL || dot > slash) ? (int)(dot - t->path)
								 : (int)strlen(t->path);
	const char *beside = arena_printf(t->a, "%.*s.cases.json", stem, t->path);
	struct text text;
	if (slurp(t->a, beside, CASES_BYTES_MAX * 4, &text, e) < 0)
		return -1;
	if (json_parse(t->a, text, &t->cases, e) < 0)
		return err_wrap(e, beside);
	if (t->cases.kind != VAL_LIST || val_len(&t->cases) == 0)
		return err_set(e, ERR_INPUT,
			"%s: a list of cases is expected, {\"name\": …, \"expect\": …}",
			beside);
	for (size_t i = 0; i < val_len(&t->cases); i++) {
		const struct val *one = &t->cases.list->at[i];
		const struct val *vars = val_get(one, "vars");
		if (one->kind != VAL_MAP || (vars != NULL && vars->kind != VAL_MAP))
			return err_set(e, ERR_INPUT,
				"%s: case %zu is a map; vars are a map", beside, i + 1);
	}
	return 0;
}

static void
test_file(struct test *t)
{
	struct err e = {.code = ERR_NONE};
	if (slurp(t->a, t->path, 1024 * 1024, &t->text, &e) < 0 || read_cases(t, &e) < 0) {
		say(t, false, text_of("is read"), e.text);
		return;
	}
	const struct val *first = &t->cases.list->at[0];
	if (val_get(first, "profile") != NULL || val_get(first, "events") != NULL) {
		test_rule(t);
		return;
	}
	for (size_t i = 0; i < val_len(&t->cases); i++) {
		const struct val *one = &t->cases.list->at[i];
		struct text name = val_as_text(val_get(one, "name"));
		if (name.n == 0)
			name = text_of(arena_printf(t->a, "%zu", i + 1));
		if (val_get(one, "vars") != NULL)
			test_template(t, one, name);
		else
			test_script(t, one, name);
	}
}

bool
script_test_main(struct arena *a, int argc, char **argv, int *status)
{
	int at = argc > 2 && strcmp(argv[1], "--config") == 0 ? 3 : 1;
	struct settings s = {0};
	struct err e;
	if (argc <= at + 1 || strcmp(argv[at], "script") != 0 ||
		strcmp(argv[at + 1], "test") != 0)
		return false;
	*status = 1;
	if (settings_read(a, at == 3 ? argv[2] : "/dev/null", &s, &e) < 0) {
		fprintf(stderr, "cxdp: %s\n", e.text);
		return true;
	}
	if (argc == at + 2) {
		fprintf(stderr, "usage: cxdp [--config FILE] script test FILE...\n");
		return true;
	}
	struct test t = {.a = a, .settings = &s};
	for (int i = at + 2; i < argc; i++) {
		t.path = argv[i];
		test_file(&t);
	}
	printf("1..%d\n", t.number);
	*status = t.status;
	return true;
}
