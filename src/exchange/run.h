/* The jobs behind imports: a check or a run, and the taking back. */
#ifndef EXCHANGE_RUN_H
#define EXCHANGE_RUN_H

#include "base/val.h"
#include "exchange/row.h"

struct arena;
struct db;
struct err;
struct job;
struct settings;

#define IMPORT_JOB	 "import"
#define IMPORT_UNDO_JOB	 "import-undo"
#define IMPORT_FETCH_JOB "import-fetch"
#define IMPORT_FEED_JOB	 "import-feed"

/* Why a row is refused, in words of a language, for the file of refused rows. Handed in at start by who knows words. */
typedef const char *import_words(
	struct arena *a, const char *language, const struct row *row, bool refused);
extern import_words *import_say;

/* One slice each: 1 there is more at once, 0 it rests or is over, -1 *e (ERR_BUSY, ERR_CONFLICT: again later; else it failed). */
int import_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);
int import_fetch_job(struct arena *a, struct db *db, const struct settings *s,
	struct job *j, int64_t lease_us, struct err *e);
int import_feed_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);
int import_undo_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
