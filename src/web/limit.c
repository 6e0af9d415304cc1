/* See limit.h. */
#include "web/limit.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/time.h"
#include "web/web.h"

#include <pthread.h>
#include <stdlib.h>

enum { DEEP_S = 10 };

struct bucket {
	int64_t left, at_us; /* tokens in millionths, when they were counted */
};

struct limit {
	pthread_mutex_t lock;
	int64_t per_second;
	struct dict *names;
	struct bucket *buckets;
	size_t cap;
};

struct limit *
limit_new(int64_t per_second)
{
	struct limit *l = calloc(1, sizeof *l);
	must(l != NULL);
	pthread_mutex_init(&l->lock, NULL);
	l->per_second = per_second;
	l->names = dict_new();
	return l;
}

void
limit_free(struct limit *l)
{
	if (l == NULL)
		return;
	dict_free(l->names);
	free(l->buckets);
	free(l);
}

static struct bucket *
bucket_of(struct limit *l, struct text name, int64_t full, int64_t now)
{
	bool added;
	size_t at = (size_t)dict_put(l->names, name, &added);
	if (at >= l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 64;
		l->buckets = realloc(l->buckets, l->cap * sizeof *l->buckets);
		must(l->buckets != NULL);
	}
	if (added)
		l->buckets[at] = (struct bucket){full, now};
	return &l->buckets[at];
}

/* What is left after taking n, in millionths; below zero and *taken false: nothing was taken. */
static int64_t
take(struct limit *l, struct text name, int64_t n, bool *taken)
{
	int64_t now = time_monotonic_us(), full = l->per_second * DEEP_S * SECOND_US;
	pthread_mutex_lock(&l->lock);
	struct bucket *b = bucket_of(l, name, full, now);
	int64_t passed = now - b->at_us < DEEP_S * 1000 * SECOND_US
				 ? now - b->at_us
				 : DEEP_S * 1000 * SECOND_US;
	b->left += passed * l->per_second;
	b->at_us = now;
	if (b->left > full)
		b->left = full;
	*taken = b->left >= SECOND_US;
	if (*taken)
		b->left -= n * SECOND_US;
	int64_t left = b->left;
	pthread_mutex_unlock(&l->lock);
	return left;
}

int
limit_take(struct web *w, struct limit *l, struct text name, int64_t n, struct err *e)
{
	bool taken;
	if (l->per_second == 0)
		return 0;
	int64_t left = take(l, name, n, &taken) / SECOND_US;
	/* until one may ask again, or until the bucket is full */
	int64_t wanted = taken ? l->per_second * DEEP_S - left : 1 - left;
	int64_t wait_s = (wanted + l->per_second - 1) / l->per_second;
	response_header(w, "RateLimit-Policy",
		arena_printf(w->arena, "\"key\";q=%lld;w=%d",
			(long long)(l->per_second * DEEP_S), DEEP_S));
	response_header(w, "RateLimit",
		arena_printf(w->arena, "\"key\";r=%lld;t=%lld",
			(long long)(left > 0 ? left : 0), (long long)wait_s));
	if (taken)
		return 0;
	w->response.retry_s = wait_s > 0 ? (int)wait_s : 1;
	return err_set(e, ERR_LIMIT,
		"this key may ask %lld times a second; again in %lld s",
		(long long)l->per_second, (long long)wait_s);
}
