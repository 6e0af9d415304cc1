/* See once.h. */
#include "tenant/once.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/time.h"
#include "store/db.h"

int
once_find(struct arena *a, struct db *db, int64_t company_id, struct text key,
	struct text body, int *status, struct text *answer, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_IDEMPOTENCY_BY_KEY,
		DB_ARGS(val_int(company_id), val_text(sign_hash(a, key))), &row, e);
	if (found < 1)
		return found;
	if (!text_is(row_text(&row, 0), sign_hash(a, body)))
		return err_set(e, ERR_CONFLICT,
			"this Idempotency-Key came before with another body");
	*status = (int)row_int(&row, 1);
	*answer = row_text(&row, 2);
	return 1;
}

int
once_keep(struct arena *a, struct db *db, int64_t company_id, struct text key,
	struct text body, int status, struct text answer, struct err *e)
{
	return db_exec(db, QUERY_IDEMPOTENCY_PUT,
		DB_ARGS(val_int(company_id), val_text(sign_hash(a, key)),
			val_text(sign_hash(a, body)), val_int(status), val_of(answer),
			val_int(time_now_us())),
		NULL, e);
}
