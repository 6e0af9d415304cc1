/* See migrate.h. DDL commits by itself, so each file is one step that may be repeated: CREATE TABLE IF NOT EXISTS. */
#include "store/migrate.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024, FILES_MAX = 1000 };

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static int
list_files(struct arena *a, const char *dir, const char **names, int *n, struct err *e)
{
	DIR *d = opendir(dir);
	*n = 0;
	if (d == NULL)
		return err_set(e, ERR_BUG, "cannot read %s: %m", dir);
	struct dirent *entry;
	while ((entry = readdir(d)) != NULL && *n < FILES_MAX) {
		size_t length = strlen(entry->d_name);
		if (length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0)
			names[(*n)++] = arena_text(a, entry->d_name, length);
	}
	closedir(d);
	qsort(names, (size_t)*n, sizeof *names, by_name);
	return 0;
}

static int
read_file(struct arena *a, const char *path, struct text *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_BUG, "cannot read %s: %m", path);
	char *bytes = arena_alloc(a, FILE_MAX);
	size_t n = fread(bytes, 1, FILE_MAX - 1, f);
	fclose(f);
	/* comments go: the store need not read them */
	struct str s = str_new(a);
	char *rest;
	for (char *line = strtok_r(bytes, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest))
		if (strncmp(line, "--", 2) != 0) {
			str_addz(&s, line);
			str_addc(&s, '\n');
		}
	*out = str_text(&s);
	return n < FILE_MAX - 1
		       ? 0
		       : err_set(e, ERR_BUG, "%s is larger than %d bytes", path, FILE_MAX);
}

static int
is_applied(struct arena *a, struct db *db, int number, struct err *e)
{
	struct val row;
	return db_row(a, db, QUERY_MIGRATION_BY_NUMBER, DB_ARGS(val_int(number)), &row, e);
}

static int
apply_one(struct arena *a, struct db *db, const char *dir, const char *name, struct err *e)
{
	struct text sql;
	int number = atoi(name);
	int found = is_applied(a, db, number, e);
	if (found != 0)
		return found < 0 ? -1 : 0;
	if (read_file(a, arena_printf(a, "%s/%s", dir, name), &sql, e) < 0 ||
		db_script(db, sql, e) < 0 ||
		db_exec(db, QUERY_MIGRATION_DONE,
			DB_ARGS(val_int(number), val_text(name), val_int(time_now_us())),
			NULL, e) < 0)
		return err_wrap(e, name);
	log_line(LOG_INFO, "migrate: %s applied", name);
	return 1;
}

int
migrate_run(
	struct arena *a, struct db *db, const char *sql_dir, int *applied, struct err *e)
{
	const char **names = arena_array(a, FILES_MAX, sizeof *names);
	const char *dir = arena_printf(a, "%s/schema", sql_dir);
	struct val got;
	int n, failed = 0;
	*applied = 0;
	if (list_files(a, dir, names, &n, e) < 0 ||
		db_exec(db, QUERY_MIGRATION_TABLE, NULL, 0, NULL, e) < 0 ||
		db_row(a, db, QUERY_MIGRATION_LOCK, NULL, 0, &got, e) < 0)
		return -1;
	if (row_int(&got, 0) != 1)
		return err_set(
			e, ERR_BUSY, "another migration runs and did not end within 60 s");
	for (int i = 0; i < n && failed == 0; i++) {
		int rc = apply_one(a, db, dir, names[i], e);
		failed = rc < 0;
		*applied += rc > 0;
	}
	struct err ignored;
	db_row(a, db, QUERY_MIGRATION_UNLOCK, NULL, 0, &got, &ignored);
	return failed ? -1 : 0;
}

int
migrate_pending(struct arena *a, struct db *db, const char *sql_dir, struct err *e)
{
	const char **names = arena_array(a, FILES_MAX, sizeof *names);
	int n, missing = 0;
	if (list_files(a, arena_printf(a, "%s/schema", sql_dir), names, &n, e) < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		int found = is_applied(a, db, atoi(names[i]), e);
		if (found < 0)
			return -1;
		missing += found == 0;
	}
	return missing;
}
