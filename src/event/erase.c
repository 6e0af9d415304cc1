/* See erase.h. */
#include "event/erase.h"
#include "base/arena.h"
#include "base/err.h"
#include "event/apply_parts.h"
#include "profile/person.h"
#include "store/db.h"

#include <string.h>

struct erasing {
	int64_t person_id, user_id;
	event_also *also;
	void *obj;
};

static int
erase_work(struct batch *b, void *obj, struct err *e)
{
	const struct erasing *g = obj;
	struct val props = val_map(b->arena);
	batch_stand_for(b, g->person_id, g->user_id);
	if (batch_resolve(b, e) < 0)
		return -1;
	if (b->answers[0]->state != APPLIED_NEW)
		return 0;
	if (crowd_bury(b->crowd, b->db, b->nodes[0], b->arrivals[0]->at_us, e) < 0)
		return -1;
	crowd_remove(b->crowd, b->nodes[0]);
	if (batch_derive(b, 0, "profile_erased", &props, EVENT_GONE, e) < 0 ||
		batch_save(b, e) < 0)
		return -1;
	return g->also != NULL && g->also(b->db, g->obj, NULL, e) < 0 ? -1 : 1;
}

int
event_erase(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t person_id, int64_t user_id, int64_t **nodes, size_t *nodes_n,
	event_also *also, void *obj, struct err *e)
{
	struct erasing g = {.user_id = user_id, .also = also, .obj = obj};
	int found = person_root(a, db, company_id, person_id, &g.person_id, e);
	if (found < 1 ||
		person_nodes(a, db, company_id, g.person_id, nodes, nodes_n, e) < 0)
		return found < 1 ? found : -1;
	return batch_run(a, db, types, company_id, 1, erase_work, &g, e);
}

int
event_erase_history(struct db *db, int64_t company_id, int64_t node_id, size_t limit,
	int64_t *n, struct err *e)
{
	return db_exec(db, QUERY_EVENT_ERASE,
		DB_ARGS(val_int(company_id), val_int(node_id), val_int(EVENT_GONE),
			val_int((int64_t)limit)),
		n, e);
}
