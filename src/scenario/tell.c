/* See run.h: the events of runs. */
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "event/apply.h"
#include "scenario/run_parts.h"
#include "store/db.h"

enum { TELL_MAX = 500 };

/* One of RUN_UNTOLD; the hash is the same whenever it is told. */
static struct arrival
told(struct arena *a, const struct val *row, enum run_untold what)
{
	bool ended = what == RUN_ENDED;
	int64_t at_us = row_int(row, ended ? 8 : 7);
	struct val props = val_map(a);
	val_put(a, &props, "scenario", val_id(a, row_int(row, 1)));
	val_put(a, &props, "name", *row_at(row, 2));
	val_put(a, &props, "run", val_id(a, row_int(row, 0)));
	val_put(a, &props, "version", *row_at(row, 3));
	if (ended) {
		val_put(a, &props, "state", *row_at(row, 5));
		val_put(a, &props, "reason", *row_at(row, 6));
	}
	return (struct arrival){.who = {.node_id = row_int(row, 4)},
		.type = text_of(ended ? "scenario_finished" : "scenario_entered"),
		.props = props,
		.at_us = at_us,
		.time_key = at_us,
		.dedup = sign_hash64(text_of(
			arena_printf(a, "run %lld %d", (long long)row_int(row, 0), what)))};
}

int
scenario_news(struct arena *a, struct db *db, struct scenario_book *b, int64_t now_us,
	struct scenario_news *out, struct err *e)
{
	struct val rows;
	*out = (struct scenario_news){0};
	if (db_rows(a, db, QUERY_RUN_UNTOLD,
		    DB_ARGS(val_int(book_company(b)), val_int(TELL_MAX)), &rows, e) < 0)
		return err_wrap(e, "scenario.news");
	book_untold(b, rows.list->n == TELL_MAX);
	out->arrivals = arena_array(a, rows.list->n * 2, sizeof *out->arrivals);
	out->run_ids = arena_array(a, rows.list->n, sizeof *out->run_ids);
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		out->run_ids[out->run_n++] = row_int(row, 0);
		for (int what = RUN_BEGAN; what <= RUN_ENDED; what++)
			if (row_int(row, 9) & what)
				out->arrivals[out->n++] = told(a, row, what);
	}
	for (size_t i = 0; i < out->n; i++) {
		out->arrivals[i].company_id = book_company(b);
		out->arrivals[i].received_at_us = now_us;
	}
	return 0;
}

int
scenario_told(struct arena *a, struct db *db, const struct scenario_book *b,
	const struct scenario_news *news, struct err *e)
{
	if (news->run_n == 0)
		return 0;
	struct val *args = arena_array(a, news->run_n + 1, sizeof *args);
	args[0] = val_int(book_company(b));
	for (size_t i = 0; i < news->run_n; i++)
		args[i + 1] = val_int(news->run_ids[i]);
	return db_exec(db, QUERY_RUN_TOLD, args, news->run_n + 1, NULL, e);
}
