/* See hooked.h. */
#include "engine/hooked.h"
#include "base/arena.h"
#include "base/err.h"
#include "event/call.h"
#include "hook/hook.h"
#include "hook/mapping.h"
#include "script/budget.h"

static int
make_mapper(struct arena *a, struct db *db, const struct settings *s,
	struct hooked_mapper *m, struct err *e)
{
	struct hook hook;
	struct text script = {"", 0};
	m->broken = arena_alloc(a, sizeof *m->broken);
	int found = hook_of_source(a, db, m->company_id, m->source_id, &hook, e);
	if (found == 1)
		found = hook_script(
			a, db, m->company_id, m->source_id, hook.version, &script, e);
	if (found < 0)
		return -1;
	if (found == 0) {
		err_field(m->broken, "mapping", "this source has no mapping yet");
		return 0;
	}
	if (mapper_new(a, s, script, &m->mapper, m->broken) < 0)
		m->mapper = NULL;
	return 0;
}

static int
mapper_of(struct arena *a, struct db *db, const struct settings *s, struct hooked *h,
	const struct envelope *env, const struct hooked_mapper **out, struct err *e)
{
	struct hooked_mapper one = {
		.company_id = env->company_id, .source_id = env->source_id};
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].company_id == one.company_id &&
			h->at[i].source_id == one.source_id) {
			*out = &h->at[i];
			return 0;
		}
	if (make_mapper(a, db, s, &one, e) < 0)
		return -1;
	h->at = arena_room(a, h->at, h->n, &h->cap, sizeof one);
	h->at[h->n] = one;
	*out = &h->at[h->n++];
	return 0;
}

/* With the line, as it is read by whoever mends the mapping. */
static void
say_line(struct arena *a, struct err *why)
{
	int line = why->line;
	const char *text = arena_printf(a, "%s", why->text);
	if (line > 0)
		err_field(why, "mapping", "line %d: %.400s", line, text);
}

int
hooked_calls(struct arena *a, struct db *db, const struct settings *s, struct hooked *h,
	const struct val *record, const struct envelope *env, struct val *calls,
	struct err *why, struct err *e)
{
	const struct hooked_mapper *m;
	int rc = 0;
	*why = (struct err){0};
	/* a share that is used up sets the request aside and holds up nobody else's */
	budget_enter(budget_of(env->company_id, s), true);
	if (mapper_of(a, db, s, h, env, &m, e) < 0)
		rc = -1;
	else if (m->mapper == NULL)
		*why = *m->broken;
	else if (mapper_run(a, m->mapper, val_get(record, "hook"), env, calls, NULL, why) ==
		 0)
		rc = 1;
	budget_enter(NULL, false);
	if (rc == 0)
		say_line(a, why);
	if (rc >= 0) {
		h->kept = arena_room(a, h->kept, h->kept_n, &h->kept_cap, sizeof *h->kept);
		h->kept[h->kept_n++] = *record;
	}
	return rc;
}

int
hooked_keep(struct arena *a, struct db *db, const struct hooked *h, struct err *e)
{
	for (size_t i = 0; i < h->kept_n; i++) {
		const struct val *r = &h->kept[i];
		int64_t company_id = val_as_int(val_get(r, "company"), 0),
			source_id = val_as_int(val_get(r, "source"), 0);
		size_t newer = 0;
		for (size_t k = i + 1; k < h->kept_n && newer < HOOK_RECENT_MAX; k++)
			newer += val_as_int(val_get(&h->kept[k], "source"), 0) == source_id;
		if (newer < HOOK_RECENT_MAX &&
			hook_recent_add(a, db, company_id, source_id,
				val_as_int(val_get(r, "received"), 0), val_get(r, "hook"),
				e) < 0)
			return -1;
	}
	return 0;
}
