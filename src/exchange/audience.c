/* See audience.h. */
#include "exchange/audience.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/time.h"
#include "column/ask.h"
#include "segment/hand.h"
#include "segment/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { ASK_MS = 30000, MEMBERS = 1000 };
#define KIND "ids"

/* The next ids behind *after, which moves; *more there are others. */
static int
next_ids(struct arena *a, struct db *db, const struct settings *s, const struct audience *x,
	int64_t *after, int64_t **ids, size_t *n, bool *more, struct err *e)
{
	struct val q = val_map(a), answer;
	if (x->segment_id != 0) {
		if (*after == 0 &&
			segment_static_wait(a, db, s, x->company_id, ASK_MS, e) < 0)
			return -1;
		int rc = segment_member_ids(
			a, db, x->company_id, x->segment_id, *after, MEMBERS, ids, n, e);
		*more = *n == MEMBERS;
		*after = *n > 0 ? (*ids)[*n - 1] : *after;
		return rc;
	}
	val_put(a, &q, "what", val_text("ids"));
	val_put(a, &q, "rule", val_of(x->rule));
	val_put(a, &q, "search", val_of(x->search));
	val_put(a, &q, "after", val_int(*after));
	if (ask(a, db, s, x->company_id, &q, ASK_MS, &answer, e) < 0)
		return -1;
	/* a page may show what is a little behind, a job may leave out nobody */
	if (val_as_int(val_get(&answer, "seq"), 0) < val_as_int(val_get(&q, "seq"), 0))
		return err_set(e, ERR_BUSY, "the columns are behind");
	const struct val *list = val_get(&answer, "ids");
	*n = val_len(list);
	*ids = arena_array(a, *n + 1, sizeof **ids);
	for (size_t i = 0; i < *n; i++)
		(*ids)[i] = val_as_int(&list->list->at[i], 0);
	*more = val_as_bool(val_get(&answer, "more"), false);
	*after = val_as_int(val_get(&answer, "after"), INT64_MAX);
	return 0;
}

static int
write_found(struct db *db, const struct settings *s, const struct audience *x, int fd,
	int64_t *total, struct err *e)
{
	struct arena *a = arena_new();
	int64_t after = 0, *ids;
	size_t n;
	bool more = true;
	int rc = 0;
	for (*total = 0; more && rc == 0; arena_reset(a)) {
		rc = next_ids(a, db, s, x, &after, &ids, &n, &more, e);
		if (rc == 0)
			rc = files_write(fd, ids, n * sizeof *ids, e);
		*total += rc == 0 ? (int64_t)n : 0;
	}
	arena_free(a);
	return rc;
}

int
audience_freeze(struct arena *a, struct db *db, const struct settings *s,
	const struct audience *x, int64_t *n, struct err *e)
{
	int fd = files_begin(a, s, x->company_id, x->file_id, KIND, e);
	if (fd < 0)
		return -1;
	if (write_found(db, s, x, fd, n, e) < 0) {
		close(fd);
		return -1;
	}
	return files_end(a, s, x->company_id, x->file_id, KIND, fd, e);
}

int
audience_write(struct arena *a, const struct settings *s, const struct audience *x,
	const int64_t *ids, size_t n, struct err *e)
{
	int fd = files_begin(a, s, x->company_id, x->file_id, KIND, e);
	if (fd < 0)
		return -1;
	if (files_write(fd, ids, n * sizeof *ids, e) < 0) {
		close(fd);
		audience_drop(a, s, x);
		return -1;
	}
	return files_end(a, s, x->company_id, x->file_id, KIND, fd, e);
}

int
audience_read(struct arena *a, const struct settings *s, const struct audience *x,
	int64_t from, int64_t *ids, size_t *n, struct err *e)
{
	const char *path = files_path(a, s, x->company_id, x->file_id, KIND);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1
			     : pread(fd, ids, *n * sizeof *ids,
				       (off_t)(from * (int64_t)sizeof *ids));
	if (fd >= 0)
		close(fd);
	if (got < 0)
		return err_set(
			e, ERR_MISSING, "the list of people is gone: start it again");
	*n = (size_t)got / sizeof *ids;
	return 0;
}

void
audience_drop(struct arena *a, const struct settings *s, const struct audience *x)
{
	files_drop(a, s, x->company_id, x->file_id, KIND);
}

void
audience_tidy(struct arena *a, const struct settings *s)
{
	files_tidy(a, s, KIND, time_now_us() - AUDIENCE_KEPT_DAYS * DAY_US);
}
