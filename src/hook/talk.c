/* See talk.h. */
#include "hook/talk.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "hook/commerce.h"
#include "hook/commerce_job.h"
#include "hook/hook.h"
#include "store/db.h"
#include "store/job.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 190, COOKIE_HOURS = 12, SAME_FROM = 64, KEEP_DAYS = 30 };

/* --- who it is --- */

bool
talk_may(struct arena *a, const struct hook *h, struct text user, struct text password)
{
	struct text id = text_of(arena_printf(a, "%lld", (long long)h->source_id));
	return text_same(user, id) && h->password.n > 0 && password.n == h->password.n &&
	       sign_same(password, h->password);
}

static const char *
mac(struct arena *a, const struct hook *h, int64_t hour)
{
	return sign_mac(a, h->company_id, "1c",
		text_of(arena_printf(a, "%lld %lld %s", (long long)h->source_id,
			(long long)hour, sign_hash(a, h->password))));
}

const char *
talk_cookie(struct arena *a, const struct hook *h)
{
	return mac(a, h, time_now_us() / HOUR_US);
}

bool
talk_cookie_is(struct arena *a, const struct hook *h, struct text cookie)
{
	int64_t now = time_now_us() / HOUR_US;
	bool is = false;
	for (int64_t hour = now - COOKIE_HOURS; hour <= now; hour++) {
		struct text one = text_of(mac(a, h, hour));
		is = is || (one.n == cookie.n && sign_same(one, cookie));
	}
	return is;
}

/* --- files --- */

int
talk_init(struct arena *a, struct db *db, const struct settings *s, const struct hook *h,
	struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_HOOK_FILE_SENDING,
		    DB_ARGS(val_int(h->company_id), val_int(h->source_id)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		files_drop(
			a, s, h->company_id, row_int(&rows.list->at[i], 0), TALK_FILE_KIND);
	return db_exec(db, QUERY_HOOK_FILE_FORGET,
		DB_ARGS(val_int(h->company_id), val_int(h->source_id),
			val_int(time_now_us() - KEEP_DAYS * DAY_US)),
		NULL, e);
}

struct file {
	int64_t id, bytes, job_id;
	const char *state;
	struct text report;
};

static int
find(struct arena *a, struct db *db, const struct hook *h, struct text name,
	struct file *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_HOOK_FILE_BY_NAME,
		DB_ARGS(val_int(h->company_id), val_int(h->source_id), val_of(name)), &row,
		e);
	if (found == 1)
		*out = (struct file){.id = row_int(&row, 0),
			.state = row_z(a, &row, 1),
			.bytes = row_int(&row, 2),
			.job_id = row_int(&row, 3),
			.report = row_text(&row, 4)};
	return found;
}

static int
keep(struct db *db, const struct hook *h, struct text name, const struct file *f,
	struct err *e)
{
	return db_exec(db, QUERY_HOOK_FILE_PUT,
		DB_ARGS(val_int(h->company_id), val_int(h->source_id), val_of(name),
			val_int(f->id), val_text(f->state), val_int(f->bytes),
			val_int(f->job_id), val_of(f->report), val_int(time_now_us())),
		NULL, e);
}

/* Whether a file ends with a part already: 1C sends a part again whose answer it did not get. A document or archive that really goes on with what it
 * ended with is none: whole records would stand in it twice. Smaller ones may do so by chance. */
static bool
ends_with(struct arena *a, const struct settings *s, const struct hook *h,
	const struct file *f, struct text part)
{
	if (part.n < SAME_FROM || f->bytes < (int64_t)part.n)
		return false;
	struct arena_mark mark = arena_mark(a);
	char *tail = arena_alloc(a, part.n);
	struct err ignored;
	int fd = strcmp(f->state, "sending") == 0
			 ? files_again(a, s, h->company_id, f->id, TALK_FILE_KIND, &ignored)
			 : open(files_path(a, s, h->company_id, f->id, TALK_FILE_KIND),
				   O_RDONLY | O_CLOEXEC);
	bool same = fd >= 0 &&
		    pread(fd, tail, part.n, (off_t)(f->bytes - (int64_t)part.n)) ==
			    (ssize_t)part.n &&
		    memcmp(tail, part.at, part.n) == 0;
	if (fd >= 0)
		close(fd);
	arena_rewind(a, mark);
	return same;
}

bool
talk_is_whole(struct text part)
{
	static const char *const names[] = {"</КоммерческаяИнформация>",
		/* the same in windows-1251 */
		"</\xCA\xEE\xEC\xEC\xE5\xF0\xF7\xE5\xF1\xEA\xE0\xFF"
		"\xC8\xED\xF4\xEE\xF0\xEC\xE0\xF6\xE8\xFF>"};
	if (part.n < TALK_PART_MAX)
		return true;
	part = text_trim(part);
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(names[i]);
		if (part.n >= n && memcmp(part.at + part.n - n, names[i], n) == 0)
			return true;
	}
	return false;
}

int
talk_part(struct arena *a, struct db *db, const struct settings *s, const struct hook *h,
	struct text name, struct text part, struct err *e)
{
	struct file f = {.report = {"", 0}};
	if (name.n == 0 || name.n > NAME_MAX_BYTES)
		return err_set(
			e, ERR_INPUT, "a file has a name of 1 to %d bytes", NAME_MAX_BYTES);
	int found = find(a, db, h, name, &f, e);
	if (found < 0)
		return -1;
	bool goes_on = found == 1 && strcmp(f.state, "sending") == 0,
	     waits = found == 1 && strcmp(f.state, "queued") == 0 &&
		     (int64_t)part.n < f.bytes; /* a whole file is read anew */
	if ((goes_on || waits) && ends_with(a, s, h, &f, part))
		return 0;
	if (!goes_on)
		f = (struct file){.id = id_make(), .state = "sending", .report = {"", 0}};
	if (f.bytes + (int64_t)part.n > COMMERCE_FILE_MAX)
		return err_set(e, ERR_SIZE, "a file has at most %d MB",
			COMMERCE_FILE_MAX / (1024 * 1024));
	int fd = goes_on ? files_again(a, s, h->company_id, f.id, TALK_FILE_KIND, e)
			 : files_begin(a, s, h->company_id, f.id, TALK_FILE_KIND, e);
	if (fd < 0)
		return -1;
	/* behind what the row knows of: a part that came and was not noted is written again */
	int rc = lseek(fd, f.bytes, SEEK_SET) < 0 || ftruncate(fd, f.bytes) < 0
			 ? err_set(e, ERR_BUSY, "cannot go on with the file: %m")
			 : files_write(fd, part.at, part.n, e);
	if (rc < 0)
		e->code = ERR_BUSY; /* a full disk is ours to mend: it comes again */
	close(fd);
	f.bytes += (int64_t)part.n;
	return rc < 0 ? -1 : keep(db, h, name, &f, e);
}

static int
begin(struct arena *a, struct db *db, const struct settings *s, const struct hook *h,
	struct text name, struct file *f, struct err *e)
{
	struct val args = val_map(a);
	int fd = files_again(a, s, h->company_id, f->id, TALK_FILE_KIND, e);
	if (fd < 0 || files_end(a, s, h->company_id, f->id, TALK_FILE_KIND, fd, e) < 0)
		return -1;
	val_put(a, &args, "source", val_id(a, h->source_id));
	val_put(a, &args, "file", val_id(a, f->id));
	val_put(a, &args, "name", val_of(name));
	f->state = "queued";
	if (db_begin(db, e) < 0)
		return -1;
	if (job_add(a, db, h->company_id, COMMERCE_JOB, &args, 0, &f->job_id, e) < 0 ||
		keep(db, h, name, f, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

int
talk_import(struct arena *a, struct db *db, const struct settings *s, const struct hook *h,
	struct text name, const char **state, struct text *report, struct err *e)
{
	struct file f;
	struct val job;
	int found = find(a, db, h, name, &f, e);
	if (found < 1)
		return found < 0 ? -1
				 : err_set(e, ERR_MISSING, "no file \"%.*s\" was sent",
					   (int)(name.n < 100 ? name.n : 100), name.at);
	if (strcmp(f.state, "sending") == 0 && begin(a, db, s, h, name, &f, e) < 0)
		return -1;
	*state = f.state;
	*report = f.report;
	if (strcmp(f.state, "queued") != 0)
		return 0;
	/* a job that was set aside has told nobody */
	found = job_by_id(a, db, h->company_id, f.job_id, &job, e);
	if (found == 1 && text_is(val_as_text(val_get(&job, "state")), "failed")) {
		*state = "failed";
		*report = val_as_text(val_get(&job, "error"));
	}
	return found < 0 ? -1 : 0;
}

int
talk_files(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_HOOK_FILE_ALL,
		    DB_ARGS(val_int(company_id), val_int(source_id)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, DB_KEYS("name", "state", "bytes", "report", "at_us"));
	return 0;
}

int
talk_end(struct db *db, int64_t company_id, int64_t source_id, struct text name,
	int64_t file_id, bool done, const char *report, struct err *e)
{
	return db_exec(db, QUERY_HOOK_FILE_END,
		DB_ARGS(val_text(done ? "done" : "failed"), val_text(report),
			val_int(time_now_us()), val_int(company_id), val_int(source_id),
			val_of(name), val_int(file_id)),
		NULL, e);
}
