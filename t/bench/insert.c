/* What the store can do at best: the events of a company read and put into the same table of another database, a thousand rows a
 * transaction, by the same statement that apply uses. insert CONFIG OTHER_DATABASE COMPANY [FROM]: a line of JSON. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/time.h"
#include "event/history.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE = 1000, COLUMNS = 12, ROWS_MAX = 200000 };

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(), *turn = arena_new();
	struct settings from, into;
	struct err e = {0};
	must(argc >= 4 && settings_read(a, argv[1], &from, &e) == 0);
	into = from;
	into.store_name = argv[2];
	db_library_init();
	struct db *source = db_open(&from), *target = db_open(&into);
	int64_t company = atoll(argv[3]), after = argc > 4 ? atoll(argv[4]) : 0, rows_n = 0,
		us = 0;
	size_t n = SLICE;
	while (n == SLICE && rows_n < ROWS_MAX) {
		struct feed_row *feed;
		if (feed_read(turn, source, company, after, SLICE, &feed, &n, &e) < 0)
			break;
		struct val *rows = arena_array(turn, n * COLUMNS, sizeof *rows);
		for (size_t i = 0; i < n; i++) {
			const struct feed_row *r = &feed[i];
			struct val one[COLUMNS] = {val_int(company), val_int(r->seq),
				val_int(r->node_id), val_int(r->person_id),
				val_int(r->type_id), val_int(r->at_us),
				val_int(r->received_at_us), val_int(r->at_us),
				val_int(r->seq * 7919), val_int(r->source_id),
				val_int(r->flags), val_of(r->props)};
			memcpy(rows + i * COLUMNS, one, sizeof one);
			after = r->seq;
		}
		int64_t begun = time_monotonic_us();
		if (n > 0 && (db_begin(target, &e) < 0 ||
				     db_bulk(target, QUERY_EVENT_INSERT, rows, n, COLUMNS,
					     NULL, &e) < 0 ||
				     db_commit(target, &e) < 0))
			break;
		us += time_monotonic_us() - begun;
		rows_n += (int64_t)n;
		arena_reset(turn);
	}
	if (e.code != ERR_NONE)
		fprintf(stderr, "insert: %s\n", e.text);
	printf("{\"rows\":%lld,\"us\":%lld}\n", (long long)rows_n, (long long)us);
	db_close(source);
	db_close(target);
	return e.code != ERR_NONE;
}
