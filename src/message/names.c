/* See message.h: what events about a message say of it. */
#include "base/arena.h"
#include "base/err.h"
#include "message/message.h"
#include "store/db.h"

static int
template_names(struct arena *a, struct db *db, int64_t company_id, const struct message *m,
	size_t n, struct message_names *out, struct err *e)
{
	int64_t *ids = arena_array(a, n, sizeof *ids);
	struct val rows;
	for (size_t i = 0; i < n; i++)
		ids[i] = m[i].template_id;
	if (db_rows_of(a, db, QUERY_TEMPLATE_NAMES, company_id, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		out[i].template = "";
		for (size_t k = 0; k < rows.list->n; k++)
			if (row_int(&rows.list->at[k], 0) == m[i].template_id)
				out[i].template = row_z(a, &rows.list->at[k], 1);
	}
	return 0;
}

int
message_names(struct arena *a, struct db *db, int64_t company_id, const struct message *m,
	size_t n, struct message_names *out, struct err *e)
{
	struct origin *origins = arena_array(a, n + 1, sizeof *origins);
	int64_t *ids = arena_array(a, n + 1, sizeof *ids);
	for (size_t i = 0; i < n; i++)
		ids[i] = m[i].origin_id;
	if (origin_of(a, db, company_id, ids, n, origins, e) < 0 ||
		template_names(a, db, company_id, m, n, out, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		out[i].kind = origins[i].kind;
		out[i].name = origins[i].name;
	}
	return 0;
}

struct val
message_props(struct arena *a, const struct message *m, const struct message_names *names)
{
	struct val props = val_map(a);
	if (m->origin_id != 0) {
		val_put(a, &props, names->kind, val_id(a, m->origin_id));
		val_put(a, &props, "name", val_text(names->name));
	}
	val_put(a, &props, "template", val_text(names->template));
	val_put(a, &props, "message", val_id(a, m->id));
	val_put(a, &props, "subject", val_of(m->subject));
	return props;
}
