/* One company in the hands of this engine: its columns, kept current from the feed, its segments, its lease. */
#ifndef ENGINE_HOLD_H
#define ENGINE_HOLD_H

#include "event/history.h"
#include "event/lease.h"
#include "tenant/company.h"

struct arena;
struct column_base;
struct db;
struct err;
struct formulas;
struct load;
struct members;
struct scenario_book;
struct settings;
struct zone;

enum { FEED_SLICE = 2000, HISTORY_SLICE = 1000 };

struct hold {
	struct arena *arena; /* as long as the company is held */
	const struct settings *settings;
	struct db *db;
	struct event_types *types;
	struct company company;
	const struct zone *zone;
	struct lease lease;
	struct column_base *base;
	struct load *load; /* while it is loaded from the store */
	bool is_ready; /* the columns are level with the lease, the segments are there */
	struct members *members;
	struct formulas *formulas;
	struct scenario_book *book;
	int64_t scenario_due_us; /* when the next run wants to go on */
	int64_t followed_at_us;	 /* when it was last level with the feed, for the lag */
	int64_t last_seq;	 /* of the feed, as last seen */
	int64_t used_at_us;	 /* when somebody asked, or something came (monotonic) */
	int64_t kept_seq, kept_at_us; /* of the last snapshot; monotonic */
};

/* Takes the company if no other engine has it and begins with its snapshot, or with nothing. 1 *out, 0 another's, -1 *e. */
int hold_open(const struct settings *s, struct db *db, struct event_types *types,
	int64_t company_id, const char *holder, struct hold **out, struct err *e);
void hold_close(struct hold *h);

/* Goes on making it ready until the deadline (monotonic): the feed behind the snapshot, or everything from the store; then the
 * segments. 1 it is ready, 0 there is more to do, -1 *e: close it. */
int hold_prepare(struct arena *turn, struct hold *h, int64_t deadline_us, struct err *e);

/* ERR_LIMIT: the company alone is larger than what this engine may take (columns_memory_mb). */
int hold_check_size(const struct hold *h, struct err *e);

/* Nobody needs the company before this instant, unless something happens to it; only when it is ready. */
int64_t hold_next_us(const struct hold *h);

/* Takes in what is new in the feed, at most FEED_SLICE rows, and lets time pass up to now; writes memberships, their events,
 * scenarios' steps and the position in one transaction. *more: there is more waiting. After -1 the hold is of no use:
 * close it and open it anew. */
int hold_step(
	struct arena *turn, struct hold *h, int64_t now_us, bool *more, struct err *e);

/* Until the columns are level with a position, or the deadline (monotonic) has passed: then they stay behind. */
int hold_reach(struct arena *turn, struct hold *h, int64_t seq, int64_t deadline_us,
	struct err *e);

#endif
