/* Runs of scenarios: one row a person and entry, with durable timers. Everything happens inside the caller's transaction, with the
 * caller's feed position, so each effect happens exactly once; a message's occurrence is the run and its step. */
#ifndef SCENARIO_RUN_H
#define SCENARIO_RUN_H

#include "base/val.h"

struct arena;
struct arrival;
struct db;
struct err;

/* Programs of the company's published scenarios, kept from call to call. One thread. */
struct scenario_book;
struct scenario_book *scenario_book_new(int64_t company_id);
void scenario_book_free(struct scenario_book *b);

struct scenario_event { /* one row of the feed */
	int64_t seq;
	struct text type; /* built-in name */
	int64_t person_id, at_us;
	int flags;	  /* EVENT_* */
	struct val props; /* a map */
};

struct scenario_hooks {
	void *obj;
	/* Does the rule (a segment's text) hold for the person now? 0 *yes, or -1 ERR_INPUT (the run fails with the sentence), other errors roll back. */
	int (*holds)(
		void *obj, struct text rule, int64_t person_id, bool *yes, struct err *e);
	const char *timezone; /* the company's */
};

/* In the order of the feed: starts runs, stops them, wakes those that wait for an event. EVENT_QUIET starts nothing. Applied again (the
 * transaction was rolled back) it does the same. 4 statements a batch and none when nothing is published. */
int scenario_trigger(struct arena *a, struct db *db, struct scenario_book *b,
	const struct scenario_event *events, size_t n, struct err *e);

/* Steps the runs that are due, at most limit. *stepped how many; less than limit: nothing else was due. */
int scenario_wake(struct arena *a, struct db *db, struct scenario_book *b, int64_t now_us,
	size_t limit, const struct scenario_hooks *hooks, size_t *stepped, struct err *e);

/* Runs that began or ended, as the events that tell it: scenario_entered, scenario_finished with {scenario, name, run, version} and, of an
 * end, {state, reason}. Read before event_apply, which the arrivals go to; scenario_told belongs into that transaction, before anything that
 * changes runs. An event told twice is recognised as a repeat. */
struct scenario_news {
	struct arrival *arrivals;
	int64_t *run_ids;
	size_t n, run_n;
};
bool scenario_has_news(const struct scenario_book *b); /* there may be some */
int scenario_news(struct arena *a, struct db *db, struct scenario_book *b, int64_t now_us,
	struct scenario_news *out, struct err *e);
int scenario_told(struct arena *a, struct db *db, const struct scenario_book *b,
	const struct scenario_news *news, struct err *e);

/* When the next run is due: INT64_MAX none. */
int scenario_next_us(
	struct arena *a, struct db *db, int64_t company_id, int64_t *at_us, struct err *e);

#endif
