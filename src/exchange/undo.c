/* See run.h: taking an import back. */
#include "base/arena.h"
#include "base/err.h"
#include "exchange/run.h"
#include "store/job.h"

int
import_undo_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	(void)s, (void)lease_us;
	(void)j, (void)a, (void)db;
	return err_set(e, ERR_BUG, "nothing is taken back yet");
}
