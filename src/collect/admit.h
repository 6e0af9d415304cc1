/* What the rules of a source make of a request and of each of its calls, before anything is written. */
#ifndef COLLECT_ADMIT_H
#define COLLECT_ADMIT_H

#include "tenant/source_rules.h"

struct arena;
struct err;
struct web;

/* Where a request comes from. */
struct visit {
	struct text
		ip; /* of the visitor, shortened as the rules say; empty: not known, or not to be kept */
	struct text agent; /* of the visitor's browser; empty: not known */
	bool excluded;	   /* an address that does not count */
};

/* 0, or -1 ERR_DENIED with the field "origin": pages of that origin may not send. */
int admit_request(struct web *w, const struct source_rules *r, bool pixel,
	struct visit *out, struct err *e);

/* A call is masked, and loses what this key may not say; "signed" in it says whether its userId was signed (by the
 * identityToken in it or in its context, or by the batch's: that of the secret). 0, or -1 ERR_INPUT: it
 * is not expected by the plan and to be refused. */
int admit_call(struct arena *a, const struct source_rules *r, const struct val *of_batch,
	struct val *item, struct err *e);

/* The context of a batch, masked. */
struct val admit_context(
	struct arena *a, const struct source_rules *r, const struct val *context);

#endif
