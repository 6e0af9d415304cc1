/* See erase.h. What the identifiers were is sealed in the job until it is over: dead letters are searched for them. */
#include "exchange/erase.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/dead.h"
#include "event/erase.h"
#include "hook/hook.h"
#include "message/message.h"
#include "profile/person.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/once.h"
#include "tenant/request_log.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EVENTS_SLICE = 5000, SHORT_VALUE = 5 };
#define SEAL "erase"

struct beginning {
	struct arena *arena;
	int64_t company_id, user_id, job_id;
	struct val args;
};

static int
add_job(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct beginning *b = obj;
	(void)applied;
	return job_add(b->arena, db, b->company_id, ERASE_JOB, &b->args, b->user_id,
		&b->job_id, e);
}

/* {person, nodes: [ids], sealed: identifiers} */
static struct val
args_of(struct arena *a, int64_t company_id, const struct val *card)
{
	struct val args = val_map(a), nodes = val_list(a), values = val_list(a);
	const struct val *merged = val_get(card, "merged"),
			 *ids = val_get(card, "identities");
	struct text person = val_as_text(val_get(card, "id"));
	val_push(a, &nodes, val_of(person));
	for (size_t i = 0; i < val_len(merged); i++)
		val_push(a, &nodes, merged->list->at[i]);
	for (size_t i = 0; i < val_len(ids); i++)
		val_push(a, &values, *val_get(&ids->list->at[i], "value"));
	val_put(a, &args, "person", val_of(person));
	val_put(a, &args, "nodes", nodes);
	val_put(a, &args, "sealed",
		val_text(sign_seal(a, company_id, SEAL, person, json_text(a, &values))));
	return args;
}

int
erase_begin(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t person_id, int64_t user_id, int64_t *job_id, struct err *e)
{
	struct beginning b = {.arena = a, .company_id = company_id, .user_id = user_id};
	struct val card;
	int64_t *nodes;
	size_t n;
	int found = person_card(a, db, company_id, person_id, &card, e);
	if (found < 1)
		return found;
	b.args = args_of(a, company_id, &card);
	found = event_erase(
		a, db, types, company_id, person_id, user_id, &nodes, &n, add_job, &b, e);
	*job_id = b.job_id;
	return found;
}

/* Rows about the person by its ids: messages without whom and what, memberships, runs, answers kept for repeats. */
static int
erase_rows(struct arena *a, struct db *db, const struct job *j, const int64_t *ids,
	size_t n, struct err *e)
{
	if (message_erase(a, db, j->company_id, ids, n, e) < 0 ||
		segment_erase(a, db, j->company_id, ids, n, e) < 0 ||
		scenario_erase(a, db, j->company_id, ids, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (once_erase(a, db, j->company_id, ids[i], e) < 0)
			return -1;
	return 0;
}

static int
open_values(struct arena *a, const struct job *j, struct val *values, struct err *e)
{
	struct text opened, person = val_as_text(val_get(&j->args, "person"));
	if (sign_open(a, j->company_id, SEAL, person,
		    val_as_text(val_get(&j->args, "sealed")), &opened) != 1)
		return err_set(e, ERR_BUG, "what was to be erased cannot be read any more");
	return json_parse(a, opened, values, e);
}

/* Letters and logged requests that hold one of the identifiers. Short ones ("17") would be found everywhere. */
static int
erase_letters(struct arena *a, struct db *db, const struct job *j, const struct val *values,
	struct err *e)
{
	for (size_t i = 0; i < val_len(values); i++) {
		struct text t = val_as_text(&values->list->at[i]);
		if (t.n >= SHORT_VALUE &&
			(dead_erase(a, db, j->company_id, t, e) < 0 ||
				hook_recent_erase(db, j->company_id, t, e) < 0 ||
				request_log_erase(db, j->company_id, t, e) < 0))
			return -1;
	}
	return 0;
}

/* --- files of imports and exports that hold one of the identifiers, or cannot be looked into --- */

static bool
holds(const char *path, const struct val *values)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool found = false;
	size_t n = fstat(fd, &st) == 0 ? (size_t)st.st_size : 0;
	char *at = n > 0 ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	if (at == MAP_FAILED)
		return n > 0;
	found = n > 3 && memcmp(at, "PK\3\4", 4) == 0; /* a workbook is packed */
	for (size_t i = 0; i < val_len(values) && !found; i++) {
		struct text t = val_as_text(&values->list->at[i]);
		found = t.n >= SHORT_VALUE && memmem(at, n, t.at, t.n) != NULL;
	}
	munmap(at, n);
	return found;
}

static int
erase_files(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	const struct val *values, struct err *e)
{
	static const char *const kinds[] = {"in", "err", "out"};
	struct val rows;
	if (db_rows(a, db, QUERY_FILE_KEPT,
		    DB_ARGS(val_int(company_id), val_int(company_id)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		int64_t id = row_int(&rows.list->at[i], 1);
		bool of_import = text_is(row_text(&rows.list->at[i], 0), "import"),
		     drop = false;
		for (size_t k = 0; k < 3; k++)
			drop = drop ||
			       holds(files_path(a, s, company_id, id, kinds[k]), values);
		if (!drop)
			continue;
		int rc = of_import ? db_exec(db, QUERY_IMPORT_FILE_GONE,
					     DB_ARGS(val_int(company_id), val_int(id)),
					     NULL, e)
				   : db_exec(db, QUERY_EXPORT_DROPPED,
					     DB_ARGS(val_int(time_now_us()),
						     val_int(company_id), val_int(id)),
					     NULL, e);
		if (rc < 0)
			return -1;
		for (size_t k = 0; k < 3; k++)
			files_drop(a, s, company_id, id, kinds[k]);
	}
	return 0;
}

static int
first_slice(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	const int64_t *ids, size_t n, int64_t lease_us, struct err *e)
{
	struct val values;
	if (open_values(a, j, &values, e) < 0 ||
		erase_files(a, db, s, j->company_id, &values, e) < 0)
		return -1;
	if (db_begin(db, e) < 0)
		return -1;
	val_put(a, &j->args, "rows", val_bool(true));
	j->total = (int64_t)n;
	if (erase_rows(a, db, j, ids, n, e) < 0 ||
		erase_letters(a, db, j, &values, e) < 0 ||
		job_progress(a, db, j, lease_us, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e) < 0 ? -1 : 1;
}

int
erase_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	const struct val *nodes = val_get(&j->args, "nodes");
	size_t n = val_len(nodes);
	int64_t *ids = arena_array(a, n + 1, sizeof *ids), gone;
	for (size_t i = 0; i < n; i++)
		ids[i] = val_as_int(&nodes->list->at[i], 0);
	if (val_get(&j->args, "rows") == NULL)
		return first_slice(a, db, s, j, ids, n, lease_us, e);
	if ((size_t)j->done < n) {
		if (event_erase_history(
			    db, j->company_id, ids[j->done], EVENTS_SLICE, &gone, e) < 0)
			return -1;
		if (gone < EVENTS_SLICE)
			j->done++;
		return job_progress(a, db, j, lease_us, e) < 0 ? -1 : 1;
	}
	j->args = val_map(a);
	return job_end(a, db, j, NULL, e);
}
