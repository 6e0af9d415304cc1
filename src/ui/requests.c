/* See requests.h. */
#include "ui/requests.h"
#include "base/arena.h"
#include "base/str.h"
#include "tenant/key.h"
#include "tenant/request_log.h"
#include "ui/frame.h"

/* Keys as the filter shows them, {id, name, on}; each row gets its key's name. */
static int
put_keys(struct web *w, struct val *vars, struct val *rows, struct text chosen,
	struct err *e)
{
	struct val keys;
	if (api_key_all(w->arena, w->db, w->company.id, &keys, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&keys); i++) {
		struct val *k = &keys.list->at[i];
		struct text id = val_as_text(val_get(k, "id"));
		val_put(w->arena, k, "on", val_bool(text_same(id, chosen)));
		for (size_t j = 0; j < val_len(rows); j++)
			if (text_same(val_as_text(val_get(&rows->list->at[j], "key")), id))
				val_put(w->arena, &rows->list->at[j], "key_name",
					*val_get(k, "name"));
	}
	val_put(w->arena, vars, "keys", keys);
	return 0;
}

int
ui_requests(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), rows, before = val_of(web_query(w, "before")),
		   class = val_of(web_query(w, "status"));
	struct request_query q = {.company_id = w->company.id,
		.before = val_as_int(&before, INT64_MAX),
		.key = web_query(w, "key"),
		.class = (int)val_as_int(&class, 0),
		.path = web_query(w, "path")};
	if (q.class != 2 && q.class != 4 && q.class != 5)
		q.class = 0;
	if (request_log_page(w->arena, w->db, &q, &rows, e) < 0 ||
		put_keys(w, &vars, &rows, q.key, e) < 0)
		return -1;
	val_put(w->arena, &vars, "rows", rows);
	val_put(w->arena, &vars, "path_asked", val_of(q.path));
	val_put(w->arena, &vars, "class", val_int(q.class));
	val_put(w->arena, &vars, "filtered",
		val_bool(q.key.n > 0 || q.path.n > 0 || q.class != 0));
	if (val_len(&rows) == REQUEST_LOG_ROWS) {
		struct str next = str_new(w->arena);
		str_addz(&next, "/company/requests?before=");
		str_addt(&next,
			val_as_text(val_get(&rows.list->at[REQUEST_LOG_ROWS - 1], "id")));
		str_addf(&next, "&status=%d&key=", q.class);
		str_add_url(&next, q.key);
		str_addz(&next, "&path=");
		str_add_url(&next, q.path);
		val_put(w->arena, &vars, "older", val_of(str_text(&next)));
	}
	return ui_page(w, 200, "requests", &vars, e);
}
