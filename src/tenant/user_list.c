/* See user_list.h. */
#include "tenant/user_list.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "store/db.h"

enum { NAME_MAX = 300 }; /* bytes of a field's name, 64 characters at most */

int
user_list_get(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	const char *list, struct val *columns, struct text *sort, struct err *e)
{
	struct val row;
	struct err ignored;
	*columns = val_list(a);
	*sort = text_of("");
	int found = db_row(a, db, QUERY_USER_LIST_BY_NAME,
		DB_ARGS(val_int(company_id), val_int(user_id), val_text(list)), &row, e);
	if (found < 1)
		return found;
	if (json_parse(a, row_text(&row, 0), columns, &ignored) < 0 ||
		columns->kind != VAL_LIST)
		*columns = val_list(a);
	*sort = row_text(&row, 1);
	return 1;
}

int
user_list_set(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	const char *list, const struct val *columns, struct text sort, struct err *e)
{
	if (val_len(columns) > USER_LIST_COLUMNS_MAX)
		return err_field(e, "columns", "at most %d columns are shown",
			USER_LIST_COLUMNS_MAX);
	for (size_t i = 0; i < val_len(columns); i++)
		if (val_as_text(&columns->list->at[i]).n > NAME_MAX)
			return err_field(e, "columns", "a column is the name of a field");
	if (sort.n > USER_LIST_SORT_MAX)
		sort = text_of("");
	return db_exec(db, QUERY_USER_LIST_SET,
		DB_ARGS(val_int(company_id), val_int(user_id), val_text(list),
			val_of(json_text(a, columns)), val_of(sort),
			val_int(time_now_us())),
		NULL, e);
}
