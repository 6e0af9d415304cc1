/* A person erased: at once nobody any more, and what comes of old files and late events does not bring them back. What else was kept of
 * them is removed by a job (engine/erase.h). */
#ifndef EVENT_ERASE_H
#define EVENT_ERASE_H

#include "event/apply.h"

/* Identifiers, values, consents and the person's row go; what the identifiers were stays as a keyed hash with the time, so that only
 * what is newer, and no file, makes somebody new of them. A suppression of an address that bounced or complained stays under that
 * hash. person_id: any id of theirs. *nodes: all ids they had, on a. also: in the same transaction (the job for the rest), applied
 * NULL. 1 erased, 0 nobody of that id, -1. */
int event_erase(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t person_id, int64_t user_id, int64_t **nodes,
	size_t *nodes_n, event_also *also, void *obj, struct err *e);

/* The events of a node that is nobody's, up to limit of them; those that say that it was erased stay. *n: how many went. */
int event_erase_history(struct db *db, int64_t company_id, int64_t node_id, size_t limit,
	int64_t *n, struct err *e);

#endif
