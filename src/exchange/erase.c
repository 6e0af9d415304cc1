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
#include "profile/note.h"
#include "profile/person.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/once.h"
#include "tenant/request_log.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EVENTS_SLICE = 5000, SHORT_VALUE = 5, GAP_MAX = 4, DIGITS_MAX = 9 };
#define SEAL "erase"

struct beginning {
	struct arena *arena;
	int64_t company_id, user_id, job_id;
	struct val args;
	event_also *also; /* NULL: it is erased alone */
	void *obj;
};

static int
add_job(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct beginning *b = obj;
	if (job_add(b->arena, db, b->company_id,
		    b->also == NULL ? ERASE_JOB : ERASE_AMONG_JOB, &b->args, b->user_id,
		    &b->job_id, e) < 0)
		return -1;
	return b->also == NULL ? 0 : b->also(db, b->obj, applied, e);
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
erase_begin_among(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t person_id, int64_t user_id, event_also *also, void *obj,
	int64_t *job_id, struct err *e)
{
	struct beginning b = {.arena = a,
		.company_id = company_id,
		.user_id = user_id,
		.also = also,
		.obj = obj};
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

int
erase_begin(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t person_id, int64_t user_id, int64_t *job_id, struct err *e)
{
	return erase_begin_among(
		a, db, types, company_id, person_id, user_id, NULL, NULL, job_id, e);
}

/* Rows about the person by its ids: messages without whom and what, memberships, runs, answers kept for repeats. */
static int
erase_rows(struct arena *a, struct db *db, const struct job *j, const int64_t *ids,
	size_t n, struct err *e)
{
	if (message_erase(a, db, j->company_id, ids, n, e) < 0 ||
		segment_erase(a, db, j->company_id, ids, n, e) < 0 ||
		note_erase(a, db, j->company_id, ids, n, e) < 0 ||
		scenario_erase(a, db, j->company_id, ids, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (once_erase(a, db, j->company_id, ids[i], e) < 0)
			return -1;
	return 0;
}

/* --- an identifier as others may have written it --- */

struct spelled {
	struct text t;
	bool of_digits; /* a phone: up to GAP_MAX other bytes stand between its digits; else letters of any case */
};

/* Of a phone the end, as it is dialled at home; of a domain that has another spelling, what is before it. Short ones ("17") would be found
 * everywhere: false. */
static bool
spell(struct text value, struct spelled *out)
{
	const char *host = value.n > 0 ? memchr(value.at, '@', value.n) : NULL;
	*out = (struct spelled){value, value.n > SHORT_VALUE && value.at[0] == '+'};
	for (size_t i = 1; i < value.n; i++)
		out->of_digits = out->of_digits && value.at[i] >= '0' && value.at[i] <= '9';
	if (out->of_digits) {
		size_t n = value.n - 1 < DIGITS_MAX ? value.n - 1 : DIGITS_MAX;
		out->t = (struct text){value.at + value.n - n, n};
	} else if (host != NULL &&
		   memmem(host, (size_t)(value.at + value.n - host), "xn--", 4) != NULL)
		out->t.n = (size_t)(host - value.at) + 1;
	return out->t.n >= SHORT_VALUE;
}

/* What a letter or a kept request says of it, in words of the store's REGEXP. */
static struct text
pattern_of(struct arena *a, const struct spelled *w)
{
	struct str s = str_new(a);
	str_addz(&s, w->of_digits ? "" : "(?i)");
	for (size_t i = 0; i < w->t.n; i++) {
		char c = w->t.at[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			     (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
		if (w->of_digits && i > 0)
			str_addf(&s, "(?:%%2[089]|[^0-9]){0,%d}", GAP_MAX);
		if (c == '@')
			str_addz(&s, "(?:@|%40)");
		else if (plain)
			str_addc(&s, c);
		else if (c == '\\' || c == '"' || c == '/') /* as JSON has it */
			str_addf(&s, "\\\\*\\%c", c);
		else
			str_addf(&s, "\\%c", c);
	}
	return str_text(&s);
}

static bool
begins_with(const char *at, size_t n, const struct spelled *w)
{
	size_t i = 0, gap = 0;
	if (!w->of_digits)
		return n >= w->t.n && strncasecmp(at, w->t.at, w->t.n) == 0;
	for (size_t k = 0; k < w->t.n; i++)
		if (i == n)
			return false;
		else if (at[i] == w->t.at[k]) {
			k++;
			gap = 0;
		} else if ((at[i] >= '0' && at[i] <= '9') || ++gap > GAP_MAX)
			return false;
	return true;
}

static bool
stands_in(const char *at, size_t n, const struct spelled *w)
{
	for (size_t i = 0; i < n; i++)
		if ((at[i] | 0x20) == (w->t.at[0] | 0x20) && begins_with(at + i, n - i, w))
			return true;
	return false;
}

/* What was sealed: a list of struct spelled. */
static int
open_values(struct arena *a, const struct job *j, struct spelled **out, size_t *n,
	struct err *e)
{
	struct text opened, person = val_as_text(val_get(&j->args, "person"));
	struct val values;
	if (sign_open(a, j->company_id, SEAL, person,
		    val_as_text(val_get(&j->args, "sealed")), &opened) != 1)
		return err_set(e, ERR_BUG, "what was to be erased cannot be read any more");
	if (json_parse(a, opened, &values, e) < 0)
		return -1;
	*out = arena_array(a, val_len(&values) + 1, sizeof **out);
	*n = 0;
	for (size_t i = 0; i < val_len(&values); i++)
		*n += spell(val_as_text(&values.list->at[i]), &(*out)[*n]);
	return 0;
}

/* Letters and logged requests that hold one of the identifiers. */
static int
erase_letters(struct arena *a, struct db *db, int64_t company_id,
	const struct spelled *words, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct text pattern = pattern_of(a, &words[i]);
		if (dead_erase(db, company_id, pattern, e) < 0 ||
			hook_recent_erase(db, company_id, pattern, e) < 0 ||
			request_log_erase(db, company_id, pattern, e) < 0)
			return -1;
	}
	return 0;
}

/* --- files of imports and exports that hold one of the identifiers, or cannot be looked into --- */

static bool
holds(const char *path, const struct spelled *words, size_t words_n)
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
	/* a workbook is packed, UTF-16 has two bytes for each of ours */
	found = (n > 3 && memcmp(at, "PK\3\4", 4) == 0) || memchr(at, 0, n) != NULL;
	for (size_t i = 0; i < words_n && !found; i++)
		found = stands_in(at, n, &words[i]);
	munmap(at, n);
	return found;
}

static int
erase_files(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	const struct spelled *words, size_t words_n, struct err *e)
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
			drop = drop || holds(files_path(a, s, company_id, id, kinds[k]),
					       words, words_n);
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
	struct spelled *words;
	size_t words_n;
	if (open_values(a, j, &words, &words_n, e) < 0 ||
		erase_files(a, db, s, j->company_id, words, words_n, e) < 0)
		return -1;
	if (db_begin(db, e) < 0)
		return -1;
	val_put(a, &j->args, "rows", val_bool(true));
	j->total = (int64_t)n;
	if (erase_rows(a, db, j, ids, n, e) < 0 ||
		erase_letters(a, db, j->company_id, words, words_n, e) < 0 ||
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
