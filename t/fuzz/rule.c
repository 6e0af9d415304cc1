/* A segment's rule compiled and asked of a small base: all at once and one by one agree. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "column/bits.h"
#include "fuzz.h"
#include "segment/eval.h"
#include "segment/rule.h"

static const char *people =
	"[[1,{\"city\":\"Минск\",\"age\":30,\"email\":\"a@x.example\",\"vip\":true,"
	"\"birthday\":"
	"\"1990-03-05\",\"tags\":[\"a\",\"b\"]},[[\"purchase\",-86400,{\"total\":100.5,"
	"\"city\":\"Brest\"}],[\"purchase\",-9000000,{\"total\":2}],[\"visit\",-60,{}]]],"
	"[2,{\"city\":\"\",\"age\":17,\"created_at\":\"2026-01-01T00:00:00Z\"},[[\"visit\","
	"0,{"
	"\"page\":\"/a\"}]]],[3,{},[]]]";

static const char *
field_type(void *obj, struct text name)
{
	static const char *const types[][2] = {{"city", "text"}, {"email", "email"},
		{"age", "number"}, {"vip", "bool"}, {"birthday", "date"}, {"tags", "list"},
		{"created_at", "datetime"}};
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
		"city", "email", "age", "vip", "birthday", "tags", "created_at"};
	(void)a, (void)obj;
	*n = 7;
	return names;
}

static int
find(void *obj, struct text name, int64_t *id)
{
	(void)obj;
	*id = 77;
	return name.n < 4;
}

static struct column_base *
base_new(struct arena *a, int64_t now_us)
{
	struct val list;
	struct err e;
	struct column_base *base = column_base_new(1, zone_find(text_of("Europe/Minsk")));
	must(json_parse(a, text_of(people), &list, &e) == 0);
	for (size_t i = 0; i < 7; i++) {
		size_t n;
		const char *name = field_all(a, NULL, &n)[i];
		column_field_define(
			base, text_of(name), text_of(field_type(NULL, text_of(name))));
	}
	for (size_t i = 0; i < val_len(&list); i++) {
		const struct val *p = list.list->at[i].list->at, *events = &p[2];
		column_person_put(base, p[0].i, p[0].i != 3, &p[1], NULL);
		for (size_t k = 0; k < val_len(events); k++) {
			const struct val *one = events->list->at[k].list->at;
			column_event_add(base, p[0].i, one[0].text,
				now_us + one[1].i * SECOND_US, (int64_t)k, &one[2]);
		}
	}
	column_member_set(base, 77, 1, true);
	return base;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct settings settings;
	struct arena *a = arena_new();
	struct rule_names names = {.field_type = field_type,
		.field_all = field_all,
		.segment_find = find,
		.campaign_find = find,
		.scenario_find = find};
	struct rule *r;
	struct err e;
	int64_t now_us = INT64_C(1772742600000000);
	if (settings.lua_dir == NULL)
		must(settings_read(a, SOURCE_DIR "/t/fuzz/cxdp.conf", &settings, &e) == 0);
	settings.lua_dir = SOURCE_DIR "/lua";
	if (rule_compile((struct text){(const char *)bytes, n}, &settings, &names, &r,
		    &e) == 0) {
		struct column_base *base = base_new(a, now_us);
		struct segment_eval *v = segment_eval_new(r, base, &settings);
		struct bits all;
		int rc = segment_eval_all(a, v, now_us, 0, &all, NULL, &e);
		for (int64_t id = 1; rc == 0 && id <= 3; id++) {
			struct segment_answer one;
			size_t row = (size_t)column_row(base, id);
			if (segment_eval_one(a, v, row, now_us, &one, &e) == 0)
				must(one.is_member == bits_has(&all, row));
		}
		segment_eval_free(v);
		column_base_free(base);
		rule_free(r);
	}
	arena_free(a);
	return 0;
}
