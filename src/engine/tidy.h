/* Housekeeping: what nobody needs any more goes, a little at a time. */
#ifndef ENGINE_TIDY_H
#define ENGINE_TIDY_H

struct arena;
struct db;
struct err;
struct settings;

/* Of every company: dead letters after 14 days (those that wait after 180), idempotency keys and ended sessions after one, the log of requests
 * as tenant/request_log.h says, counts by the hour after 400 days, copies of letters after letters_kept_days. */
int tidy_up(struct arena *a, struct db *db, const struct settings *s, struct err *e);

#endif
