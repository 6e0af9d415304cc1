/* What must not be kept of a call: values of telling parameters, and what looks like an e-mail or a card. */
#ifndef COLLECT_MASK_H
#define COLLECT_MASK_H

#include "tenant/source_rules.h"

struct arena;

/* A URL or a query with the values of masked parameters as "*"; a text without what looks like an e-mail or a card number. What has
 * none is returned as it came. */
struct text mask_url(struct arena *a, const struct source_rules *r, struct text url);
struct text mask_text(struct arena *a, struct text t);

/* The properties and the context of a call; a context. Both are changed in place. */
void mask_call(struct arena *a, const struct source_rules *r, struct val *item);
void mask_context(struct arena *a, const struct source_rules *r, struct val *context);

#endif
