/* Cancelling a job of any kind so that what it belongs to does not stay behind as if it went on. */
#ifndef EXCHANGE_STOP_H
#define EXCHANGE_STOP_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* Whether a kind of job can be stopped at all. */
bool stop_may(struct text kind);

/* 1 cancelled, 0 it was over already, -1 *e: ERR_MISSING no such job; ERR_CONFLICT one of a kind that is not stopped: an erasure, and what
 * goes on by itself and is paused at its own place. */
int stop_job(
	struct arena *a, struct db *db, int64_t company_id, int64_t job_id, struct err *e);

#endif
