/* How much one key may ask: token buckets in this process's memory, filled steadily, ten seconds' worth deep. */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include "base/val.h"

struct err;
struct limit;
struct web;

/* per_second 0: no limit. For any number of threads. */
struct limit *limit_new(int64_t per_second);
void limit_free(struct limit *l);

/* Takes n (a request, a batch's events) under a name that exists: buckets are kept as long as the process, so strangers' names must
 * not come here. What is left may pass below zero once, so that a batch larger than the bucket is taken too.
 * Says RateLimit-Policy and RateLimit in the answer (draft-ietf-httpapi-ratelimit-headers-10).
 * 0, or -1 ERR_LIMIT, with w->response.retry_s filled. */
int limit_take(struct web *w, struct limit *l, struct text name, int64_t n, struct err *e);

#endif
