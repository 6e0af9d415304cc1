/* See bulk.h. A slice and the job's progress are one transaction: after a crash it goes on where it was. */
#include "exchange/bulk.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/upsert.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/company.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLICE = 500 };
#define KIND "bulk"

int
bulk_begin(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	const struct val *profiles, int64_t user_id, int64_t *job_id, struct err *e)
{
	struct val args = val_map(a);
	if (profiles == NULL || profiles->kind != VAL_LIST || val_len(profiles) == 0 ||
		val_len(profiles) > BULK_PROFILES_MAX)
		return err_field(e, "profiles", "profiles is a list of 1 to %d profiles",
			BULK_PROFILES_MAX);
	int64_t file_id = id_make();
	int fd = files_begin(a, s, company_id, file_id, KIND, e);
	if (fd < 0)
		return -1;
	struct text text = json_text(a, profiles);
	if (files_write(fd, text.at, text.n, e) < 0) {
		e->code = ERR_BUSY; /* a full disk is ours to mend: ask again */
		close(fd);
		files_drop(a, s, company_id, file_id, KIND);
		return -1;
	}
	val_put(a, &args, "file", val_id(a, file_id));
	val_put(a, &args, "total", val_int((int64_t)val_len(profiles)));
	val_put(a, &args, "result", val_map(a));
	if (files_end(a, s, company_id, file_id, KIND, fd, e) == 0 &&
		job_add(a, db, company_id, BULK_JOB, &args, user_id, job_id, e) == 0)
		return 0;
	files_drop(a, s, company_id, file_id, KIND);
	return -1;
}

static int
read_file(struct arena *a, const char *path, struct val *list, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		if (fd >= 0)
			close(fd);
		return err_set(e, ERR_MISSING, "what was sent is not there any more");
	}
	char *bytes = arena_alloc(a, (size_t)st.st_size + 1);
	size_t n = 0;
	for (ssize_t got = 1; got > 0 && n < (size_t)st.st_size;
		n += (size_t)(got > 0 ? got : 0))
		got = read(fd, bytes + n, (size_t)st.st_size - n);
	close(fd);
	return json_parse(a, (struct text){bytes, n}, list, e);
}

/* What the slice leaves behind. */
struct slice {
	struct arena *arena, *outer; /* outer outlives the transaction */
	struct job *job;
	int64_t lease_us;
	const size_t *index; /* of the arrivals, in the whole list */
	size_t n, upto;
	struct val refused; /* those that cannot even be read */
	struct job after;   /* the job as it is once this is committed */
};

static void
add_error(struct slice *s, struct val *errors, size_t index, const char *field,
	const char *message)
{
	struct val one = val_map(s->arena);
	val_put(s->arena, &one, "index", val_int((int64_t)index));
	val_put(s->arena, &one, "field", val_text(arena_printf(s->arena, "%s", field)));
	val_put(s->arena, &one, "message", val_text(arena_printf(s->arena, "%s", message)));
	val_push(s->arena, errors, one);
}

static void
count(struct arena *a, struct val *result, const char *name, int64_t more)
{
	val_put(a, result, name, val_int(val_as_int(val_get(result, name), 0) + more));
}

static int
also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct slice *s = obj;
	struct arena *a = s->arena;
	struct val result = val_copy(a, val_get(&s->job->args, "result"));
	const struct val *held = val_get(&result, "errors");
	struct val errors = held != NULL ? *held : val_list(a);
	struct val failed = val_copy(a, &s->refused);
	int64_t made = 0, changed = 0;
	for (size_t i = 0; i < s->n; i++) {
		if (applied[i].state == APPLIED_ERASED)
			add_error(s, &failed, s->index[i], "", "this person was erased");
		else if (applied[i].state == APPLIED_NOBODY)
			add_error(
				s, &failed, s->index[i], "", "its identifiers name nobody");
		else if (applied[i].made)
			made++;
		else
			changed++;
	}
	count(a, &result, "created", made);
	count(a, &result, "updated", changed);
	count(a, &result, "failed", (int64_t)val_len(&failed));
	for (size_t i = 0; i < val_len(&failed) && val_len(&errors) < BULK_ERRORS_MAX; i++)
		val_push(a, &errors, failed.list->at[i]);
	val_put(a, &result, "errors", errors);
	s->after = *s->job;
	s->after.args = val_copy(s->outer, &s->job->args);
	val_put(s->outer, &s->after.args, "result", val_copy(s->outer, &result));
	s->after.done = (int64_t)s->upto;
	return job_progress(a, db, &s->after, s->lease_us, e);
}

static int
apply_slice(struct arena *a, struct db *db, struct job *j, const struct company *c,
	const struct val *list, int64_t lease_us, struct arena *outer, struct err *e)
{
	size_t from = (size_t)j->done, n = 0;
	size_t upto = from + SLICE < val_len(list) ? from + SLICE : val_len(list);
	struct arrival *arrivals = arena_array(a, SLICE, sizeof *arrivals);
	struct applied *applied = arena_array(a, SLICE, sizeof *applied);
	size_t *index = arena_array(a, SLICE, sizeof *index);
	struct slice s = {.arena = a,
		.outer = outer,
		.job = j,
		.lease_us = lease_us,
		.index = index,
		.upto = upto,
		.refused = val_list(a)};
	struct upsert *u;
	if (upsert_new(a, db, c, &u, e) < 0)
		return -1;
	for (size_t i = from; i < upto; i++) {
		struct err why = {0};
		struct arrival *r = &arrivals[n];
		*r = (struct arrival){.company_id = c->id,
			.user_id = j->created_by,
			.type = text_of("identify"),
			.props = val_map(a),
			.at_us = val_as_int(val_get(&j->args, "at_us"), 0),
			.dedup = sign_hash64(text_of(
				arena_printf(a, "bulk %lld %zu", (long long)j->id, i))),
			.quiet = true,
			.batch_id = j->id};
		r->received_at_us = r->time_key = r->at_us;
		if (upsert_read(a, u, &list->list->at[i], r, &why) == 0)
			index[n++] = i;
		else
			add_error(&s, &s.refused, i, why.field, why.text);
	}
	s.n = n;
	struct event_types *types = event_types_new();
	int rc = event_apply(a, db, types, arrivals, n, applied, also, &s, e);
	event_types_free(types);
	if (rc == 0) {
		j->done = s.after.done;
		j->args = s.after.args;
	}
	return rc;
}

int
bulk_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	int64_t file_id = val_as_int(val_get(&j->args, "file"), 0);
	struct company c;
	struct val list;
	if (val_get(&j->args, "at_us") == NULL) {
		val_put(a, &j->args, "at_us", val_int(time_now_us()));
		j->total = val_as_int(val_get(&j->args, "total"), 0);
		return job_progress(a, db, j, lease_us, e) < 0 ? -1 : 1;
	}
	if (j->done >= j->total) {
		files_drop(a, s, j->company_id, file_id, KIND);
		return job_end(a, db, j, NULL, e);
	}
	int found = company_by_id(a, db, j->company_id, &c, e);
	if (found < 1)
		return found < 0 ? -1 : job_end(a, db, j, "its company is gone", e);
	if (read_file(a, files_path(a, s, j->company_id, file_id, KIND), &list, e) < 0)
		return -1;
	/* for a second, then the engine looks whether it is to stop */
	for (int64_t until_us = time_monotonic_us() + SECOND_US;
		j->done < j->total && time_monotonic_us() < until_us;) {
		struct arena *slice = arena_new();
		int rc = apply_slice(slice, db, j, &c, &list, lease_us, a, e);
		arena_free(slice);
		if (rc < 0)
			return -1;
	}
	return 1;
}
