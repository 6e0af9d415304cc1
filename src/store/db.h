/* One connection to a MySQL-protocol store. Statements are named (sql/query), prepared once, never built from values. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/val.h"
#include "store/query.h"

struct arena;
struct err;
struct settings;
struct db;

enum { DB_REPEAT_MAX = 1024, DB_BULK_MAX = 4096 };

/* Call once per process before any thread opens a connection. */
void db_library_init(void);

/* A connection of one thread; it connects at the first statement and again after it was lost. Closed with db_close. */
struct db *db_open(const struct settings *s);
void db_close(struct db *db);

/* Runs a statement. args in the order of its marks; where the text repeats a group, the arguments beyond the
 * fixed ones fill it (at most DB_REPEAT_MAX times; a list shorter than the next power of two is padded with its last tuple,
 * so only IN and OR lists go here, rows to insert go to db_bulk). affected may be NULL.
 * Errors: ERR_BUSY the store is away; ERR_CONFLICT a deadlock, a lock that took too long or a duplicate key: begin again. */
int db_exec(struct db *db, enum query q, const struct val *args, size_t n,
	int64_t *affected, struct err *e);

/* All rows, as a list of lists (columns in order) on a. Whole numbers come as VAL_INT, floats as VAL_NUM, the rest as text. */
int db_rows(struct arena *a, struct db *db, enum query q, const struct val *args, size_t n,
	struct val *rows, struct err *e);

/* All rows of a query of company_id and a repeated id, whatever n: DB_REPEAT_MAX ids a statement. */
int db_rows_of(struct arena *a, struct db *db, enum query q, int64_t company_id,
	const int64_t *ids, size_t n, struct val *rows, struct err *e);

/* The same for a statement that changes rows. */
int db_exec_of(struct arena *a, struct db *db, enum query q, int64_t company_id,
	const int64_t *ids, size_t n, struct err *e);

/* The first row as a list: 1 found, 0 none, -1 *e. */
int db_row(struct arena *a, struct db *db, enum query q, const struct val *args, size_t n,
	struct val *row, struct err *e);

/* Inserts count rows of width values each; the text's repeated group is one row's tuple and the only place with marks.
 * By bulk arrays where the server has them, else as multi-row statements; any count. */
int db_bulk(struct db *db, enum query q, const struct val *rows, size_t count, size_t width,
	int64_t *affected, struct err *e);

/* A transaction (READ COMMITTED). A failed commit whose outcome is unknown is ERR_BUSY. */
int db_begin(struct db *db, struct err *e);
int db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db); /* harmless without a transaction */

/* Whoever asks for the same name waits, in any process, until a is reset or the connection is lost. Ask for one name at a time. -1
 * ERR_BUSY: others had it for 10 s. */
int db_alone(struct arena *a, struct db *db, const char *name, struct err *e);

/* Server side facts for cxdp check: version, whether bulk arrays are used. */
int db_version(
	struct arena *a, struct db *db, const char **version, bool *bulk, struct err *e);

/* Prepares every statement of sql/query against the schema: *count of them, or -1 with the first one that does not fit. */
int db_check_queries(struct db *db, int64_t *count, struct err *e);

/* Runs a migration's text, statement by statement (split at ";\n"). A column or key that is there already was added by a run that died
 * before it could say so. Only for store/migrate.c. */
int db_script(struct db *db, struct text sql, struct err *e);

/* Shorthands to write arguments in place: db_exec(db, Q, DB_ARGS(val_int(1), val_text("x")), &n, e). */
#define DB_ARGS(...)                                                                       \
	(const struct val[]){__VA_ARGS__},                                                 \
		sizeof((const struct val[]){__VA_ARGS__}) / sizeof(struct val)

/* Column i of a row as db_rows and db_row give it. */
const struct val *row_at(const struct val *row, size_t i);
int64_t row_int(const struct val *row, size_t i); /* NULL is 0 */
struct text row_text(const struct val *row, size_t i);
const char *row_z(struct arena *a, const struct val *row, size_t i);

/* The row's columns from the first one on as a map, rows as a list of maps: row_map(a, &row, 0, DB_KEYS("id", "name")). A whole number
 * under "id" or "..._id" becomes an id: a text, 0 null. */
struct val row_map(struct arena *a, const struct val *row, size_t first,
	const char *const *keys, size_t n);
struct val row_maps(struct arena *a, const struct val *rows, size_t first,
	const char *const *keys, size_t n);
#define DB_KEYS(...)                                                                       \
	(const char *const[]){__VA_ARGS__},                                                \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

#endif
