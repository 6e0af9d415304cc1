/* Numbered migrations (sql/schema), each applied once, safe from several machines at once. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

struct arena;
struct db;
struct err;

/* Applies what is missing, in order, under the server's named lock. *applied says how many. 0 / -1. */
int migrate_run(
	struct arena *a, struct db *db, const char *sql_dir, int *applied, struct err *e);

/* How many numbered files are not applied yet; -1 *e. */
int migrate_pending(struct arena *a, struct db *db, const char *sql_dir, struct err *e);

#endif
