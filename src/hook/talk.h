/* A session of 1C with an address: files it sends in parts, and the jobs that read them. */
#ifndef HOOK_TALK_H
#define HOOK_TALK_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct hook;
struct settings;

enum { TALK_PART_MAX = 4 * 1024 * 1024 };
#define TALK_FILE_KIND "1c"

/* Whether Basic's words are those of the source; a cookie that stands for them for 12 hours, and whether it is one. */
bool talk_may(
	struct arena *a, const struct hook *h, struct text user, struct text password);
const char *talk_cookie(struct arena *a, const struct hook *h);
bool talk_cookie_is(struct arena *a, const struct hook *h, struct text cookie);

/* What was being sent and did not come to its end is forgotten, and what was read more than 30 days ago. */
int talk_init(struct arena *a, struct db *db, const struct settings *s,
	const struct hook *h, struct err *e);

/* One more part of a file; the last part once more changes nothing. -1 ERR_INPUT its name, ERR_SIZE it grows beyond COMMERCE_FILE_MAX. */
int talk_part(struct arena *a, struct db *db, const struct settings *s,
	const struct hook *h, struct text name, struct text part, struct err *e);

/* Whether a file has nothing behind this part, as far as it tells: it is not full (TALK_PART_MAX), or ends as a document of 1C does. */
bool talk_is_whole(struct text part);

/* The file is whole: it is read by a job. *state "queued" (ask again), "done" or "failed" with its report; 0, or -1 ERR_MISSING no such file. */
int talk_import(struct arena *a, struct db *db, const struct settings *s,
	const struct hook *h, struct text name, const char **state, struct text *report,
	struct err *e);

/* The newest files: maps {name, state, bytes, report, at_us}. */
int talk_files(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *list, struct err *e);

/* For the job: how reading ended. */
int talk_end(struct db *db, int64_t company_id, int64_t source_id, struct text name,
	int64_t file_id, bool done, const char *report, struct err *e);

#endif
