/* What the files of runs share: rows of runs, programs by version. */
#ifndef SCENARIO_RUN_PARTS_H
#define SCENARIO_RUN_PARTS_H

#include "message/figure.h"
#include "scenario/program.h"
#include "scenario/run.h"

enum { RUN_COLUMNS = 15 };

enum run_untold { RUN_BEGAN = 1, RUN_ENDED = 2 }; /* no event says so yet */

enum run_state { RUN_ACTIVE, RUN_PAUSED, RUN_DONE, RUN_STOPPED, RUN_FAILED };

struct run {
	int64_t id, scenario_id, version, person_id, entry_seq;
	int step;
	int64_t step_at_us;
	bool waits;
	enum run_state state;
	struct text reason;
	int64_t wake_at_us, started_at_us, ended_at_us; /* ended 0: not yet */
	int untold; /* RUN_*, besides what the store knows */
	bool changed;
	size_t next; /* of the same person, + 1; 0 none */
};

void run_from_row(const struct val *row, struct run *out);
bool run_is_on(const struct run *r); /* active or paused */
void run_end(struct run *r, enum run_state state, struct text reason, int64_t now_us);

/* Writes those that changed, and notes what is to be told. */
int run_save(struct arena *a, struct db *db, struct scenario_book *b,
	const struct run *runs, size_t n, struct err *e);

/* Counters of one batch. */
struct run_figures {
	struct arena *arena;
	int64_t company_id;
	struct figure *at;
	size_t n, cap;
};
void run_count(struct run_figures *f, int64_t scenario_id, const char *name);
void run_count_end(struct run_figures *f, const struct run *r);

/* A version's program, read once: 1, 0 there is none or it is not understood, -1. */
int book_program(struct arena *a, struct db *db, struct scenario_book *b,
	int64_t scenario_id, int64_t version, const struct program **out, struct err *e);

/* Programs of all versions that have runs or are published, and which are published now. */
struct published {
	int64_t scenario_id, version;
	bool running; /* else paused */
	const struct program *program;
};
int book_published(struct arena *a, struct db *db, struct scenario_book *b,
	struct published **out, size_t *n, struct err *e);

/* Whether any program kept here stops or waits on events of that type. */
bool book_listens(const struct scenario_book *b, struct text type);

int64_t book_company(const struct scenario_book *b);

/* Whether some run may have a beginning or an end that is not told. */
void book_untold(struct scenario_book *b, bool some);

#endif
