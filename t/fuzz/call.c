/* An SDK's call: one that is taken reads the same again out of the journal, and stays within what is kept. */
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "fuzz.h"

static void
check(const struct arrival *r, const struct envelope *env)
{
	must(r->who.n > 0 && r->who.n <= CROWD_IDENTS_MAX);
	for (size_t i = 0; i < r->who.n; i++)
		must(r->who.idents[i].value.n > 0 &&
			r->who.idents[i].value.n <= IDENT_VALUE_MAX);
	must(r->type.n > 0 && r->type.n <= EVENT_NAME_MAX);
	must(r->at_us <= env->received_at_us + 5 * MINUTE_US);
	must(r->props.kind == VAL_MAP);
}

static void
call(struct arena *a, const struct val *item, const struct envelope *env)
{
	struct arrival one, two;
	struct val again;
	struct err e = {0};
	if (event_call_check(a, item, env, &e) < 0) {
		must(e.text[0] != '\0');
		return;
	}
	must(event_call_read(a, item, env, &one, &e) == 0);
	check(&one, env);
	must(json_parse(a, json_text(a, item), &again, &e) == 0);
	must(event_call_read(a, &again, env, &two, &e) == 0);
	must(one.dedup == two.dedup && one.at_us == two.at_us &&
		one.time_key == two.time_key && one.who.n == two.who.n);
	must(text_same(one.type, two.type) && val_same(&one.props, &two.props));
	must(val_same(&one.fields, &two.fields));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct envelope env = {.company_id = 1,
		.source_id = 2,
		.country = "BY",
		.received_at_us = INT64_C(1772742600000000),
		.late_us = 3600 * SECOND_US};
	struct val body;
	struct err e;
	env.trusted = fuzz_choice(&t, 2) == 1;
	if (json_parse(a, t, &body, &e) == 0) {
		const struct val *batch = val_get(&body, "batch");
		if (val_get(&body, "sentAt") != NULL)
			env.sent_at = *val_get(&body, "sentAt");
		call(a, &body, &env);
		for (size_t i = 0; i < val_len(batch) && batch->kind == VAL_LIST; i++)
			call(a, &batch->list->at[i], &env);
	}
	arena_free(a);
	return 0;
}
