/* How a user likes a list: which columns in which order, sorted by what. */
#ifndef TENANT_USER_LIST_H
#define TENANT_USER_LIST_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { USER_LIST_COLUMNS_MAX = 40, USER_LIST_SORT_MAX = 80 };

/* list: a word ("people"). *columns a list of names, *sort empty or a field with - for descending. 1 / 0 nothing is kept yet / -1. */
int user_list_get(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	const char *list, struct val *columns, struct text *sort, struct err *e);

/* Keeps both. ERR_INPUT: too many columns, a name too long. */
int user_list_set(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	const char *list, const struct val *columns, struct text sort, struct err *e);

#endif
